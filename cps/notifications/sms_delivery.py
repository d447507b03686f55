"""The round in which text messages leave: claimed, counted in their budget, handed to the gateway, marked.

At least once, as mail: between the gateway's answer and our commit a worker can die, and then the message is
handed over again under the same key, by which the gateway knows it. Requests never wait for a gateway.

A code was counted in its budget when it was asked for; news and notices are counted here, and wait where a
budget is spent. A code that can no longer be used is not sent: it would only cost money. Anybody may leave
anybody's number with a complaint, so that one number gets only so much: the rest of an hour waits, the rest
of a day is laid aside.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPConnection

from cps.accounts.rules import CODE_FOR
from cps.core import city as cities
from cps.core import clock, leases, limits, offline, sms_budget
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation, TooMany
from cps.core.keys import app_key, keyed_tag
from cps.core.leases import BEGUN_WITHIN, Turn
from cps.core.limits import Limit
from cps.core.sms_budget import BudgetSpent, SmsPurpose
from cps.notifications import gateway, queries, retelling, services
from cps.notifications.delivery import Line, postponed_on_failure, without_hidden
from cps.notifications.gateway import Gateway, Handover
from cps.notifications.mail import Unreachable
from cps.notifications.models import TextMessage

log = logging.getLogger(__name__)

MESSAGES_AT_ONCE = 20
KEY_LENGTH = 32
TOO_OLD = "the code could no longer be used"
TOO_MANY = "this number had all messages of its day"
TO_NUMBER_HOURLY = Limit("sms-news-to", 6, timedelta(hours=1))
TO_NUMBER_DAILY = Limit("sms-news-to-daily", 20, timedelta(days=1))

_lines: dict[str, Line] = {}

Send = Callable[[Handover], None]


def deliver(turn: Turn) -> int:
    """Send what is due; returns how many messages were tried.

    Without a gateway the demo keeps messages in its mailbox; in production they wait for one.
    """
    config = offline.settings()
    if config.sms_url is None:
        return _deliver_into_mailbox(turn) if config.is_demo else 0
    line = _lines.setdefault(config.sms_url, Line())
    if line.is_closed(clock.now()):
        return 0
    keys = without_hidden(TextMessage, _claim(turn.owner))
    keys = retelling.take_back_outdated_news(TextMessage, keys, at=clock.now())
    return _deliver_over(Gateway.from_url(config.sms_url), keys, line, turn) if keys else 0


def warn_without_gateway(at: datetime) -> None:
    """Say in the log of production that text messages wait for a gateway to be set."""
    config = offline.settings()
    if config.is_production and config.sms_url is None and (waiting := queries.text_counts(at).waiting):
        log.warning("%s text messages wait: no gateway is set (CPS_SMS_URL)", waiting)


def _claim(owner: str) -> list[int]:
    """Claim messages, codes first."""
    is_code = TextMessage.purpose == SmsPurpose.CODE
    urgent = leases.claim(TextMessage, owner, is_code, limit=MESSAGES_AT_ONCE)
    room = MESSAGES_AT_ONCE - len(urgent)
    return urgent + (leases.claim(TextMessage, owner, limit=room) if room else [])


def _deliver_into_mailbox(turn: Turn) -> int:
    keys = _claim(turn.owner)
    return _send_all(keys, lambda _message: None, Line(), turn, keeps=True) if keys else 0


def _deliver_over(to: Gateway, keys: list[int], line: Line, turn: Turn) -> int:
    """Send over one connection until the turn is over, the lease runs out or the line breaks."""
    try:
        with gateway.connect(to) as connection:
            return _send_all(keys, _sender(connection, to), line, turn)
    except Unreachable as error:
        _close(line, error)
        leases.give_back(TextMessage, keys, turn.owner)
        return 0


def _sender(connection: HTTPConnection, to: Gateway) -> Send:
    return lambda message: gateway.send(connection, to, message)


def _send_all(keys: list[int], send: Send, line: Line, turn: Turn, *, keeps: bool = False) -> int:
    """Send one after the other and give back what was not tried; returns how many were."""
    began = time.monotonic()
    tried = 0
    for key in keys:
        if tried and (turn.is_over() or time.monotonic() - began > BEGUN_WITHIN):
            break
        tried += 1
        try:
            _send_one(key, send, turn.owner, keeps=keeps)
        except Unreachable as error:
            _close(line, error)
            break
        line.works()
    leases.give_back(TextMessage, keys[tried:], turn.owner)
    return tried


def _close(line: Line, error: Unreachable) -> None:
    line.failed(clock.now())
    log.warning("SMS gateway unreachable: %s", error, extra={"again_at": line.closed_until})


def _send_one(key: int, send: Send, owner: str, *, keeps: bool) -> None:
    """Send one message and write down what became of it; raises Unreachable when the line broke."""
    message = queries.text_message(key)
    if message is None:
        return
    purpose, phone, text = message.purpose, message.phone, message.text
    handover = Handover(keyed_tag(app_key("sms-key"), message.dedupe_key)[:KEY_LENGTH], phone, text)
    is_too_old = purpose is SmsPurpose.CODE and clock.now() >= message.created_at + CODE_FOR
    db.session.rollback()  # no transaction stays open while a gateway is talked to
    if is_too_old:
        leases.postpone(TextMessage, key, owner, TOO_OLD, for_good=True)
        return
    if not _may_leave(key, purpose, phone, owner):
        return
    with postponed_on_failure(TextMessage, key, owner):
        send(handover)
        with transaction():
            services.mark_text_sent(key, owner, at=clock.now(), keeps=keeps)


def _may_leave(key: int, purpose: SmsPurpose, phone: str, owner: str) -> bool:
    """Count a message in its budget; where it is spent the message waits for the next window."""
    if purpose is SmsPurpose.CODE:
        return True
    if not _number_may_have_more(key, phone, owner):
        return False
    try:
        sms_budget.take(purpose, phone, city=cities.get(), at=clock.now())
    except BudgetSpent as spent:
        _put_off(key, owner, spent)
        return False
    except RuleViolation:
        leases.postpone(TextMessage, key, owner, "this country is not on the list", for_good=True)
        return False
    return True


def _number_may_have_more(key: int, phone: str, owner: str) -> bool:
    who = keyed_tag(app_key("limits"), phone)[:KEY_LENGTH]
    try:
        limits.count(TO_NUMBER_HOURLY, who, at=clock.now())
    except TooMany as many:
        _put_off(key, owner, many)
        return False
    try:
        limits.count(TO_NUMBER_DAILY, who, at=clock.now())
    except TooMany:
        leases.postpone(TextMessage, key, owner, TOO_MANY, for_good=True)
        return False
    return True


def _put_off(key: int, owner: str, until: TooMany) -> None:
    with transaction():
        services.put_off_text(key, owner, until=clock.now() + timedelta(seconds=until.retry_after))
