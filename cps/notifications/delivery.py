"""The round in which messages leave: claimed, handed to the mail server, marked as sent.

At least once, honestly: between the server's "250" and our commit a worker or the database can die, or the
clock be set forward past the lease; then the message is sent again. It carries the same Message-ID each time,
by which mail servers and programs drop the second.

A server that cannot be reached is no message's fault: its messages are given back untouched, and the server
is left alone for a growing pause. Requests never wait for mail; a hanging server holds up the worker for one
connection at a time.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTP
from urllib.parse import urlsplit

from cps.core import city as cities
from cps.core import clock, leases, offline
from cps.core.db import db, transaction
from cps.core.leases import BEGUN_WITHIN, Turn
from cps.core.models import Leased
from cps.notifications import links, mail, queries, retelling, services
from cps.notifications.alerts import queries as alert_letters
from cps.notifications.alerts import services as alerts
from cps.notifications.mail import Envelope
from cps.notifications.models import Message, TextMessage
from cps.notifications.server import Server
from cps.notifications.told import queries as digest_letters

log = logging.getLogger(__name__)

MESSAGES_AT_ONCE = 50
SHORTEST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)


@dataclass(slots=True)
class Line:
    """This worker's line to one mail server: closed for a growing pause after each failure to reach it."""

    failures: int = 0
    closed_until: datetime | None = None

    def is_closed(self, now: datetime) -> bool:
        """Whether to leave the server alone; a clock set back does not keep it closed for longer."""
        return self.closed_until is not None and now < self.closed_until <= now + LONGEST_PAUSE

    def failed(self, now: datetime) -> None:
        """Close it for 5 s, 10 s, 20 s … to five minutes."""
        self.closed_until = now + min(SHORTEST_PAUSE * (1 << min(self.failures, 10)), LONGEST_PAUSE)
        self.failures += 1

    def works(self) -> None:
        """Open it."""
        self.failures, self.closed_until = 0, None


_lines: dict[str, Line] = {}


@contextmanager
def postponed_on_failure(table: type[Leased], key: int, owner: str) -> Iterator[None]:
    """Write down why a message did not leave: it is tried again later, or laid aside where it was refused.

    Raises Unreachable on, for the line is broken then.
    """
    try:
        yield
    except mail.Refused as error:
        leases.postpone(table, key, owner, str(error), for_good=True)
    except mail.TryLater as error:
        leases.postpone(table, key, owner, str(error))
    except mail.Unreachable as error:
        leases.postpone(table, key, owner, str(error))
        raise


def deliver(turn: Turn) -> int:
    """Send what is due; returns how many messages were tried.

    Without a mail server the demo keeps messages in its mailbox; in production they wait for one.
    """
    config = offline.settings()
    if config.smtp_url is None:
        return _keep_in_mailbox() if config.is_demo else 0
    line = _lines.setdefault(config.smtp_url, Line())
    if line.is_closed(clock.now()):
        return 0
    keys = _without_outdated(_claim(turn.owner))
    return _send_all(keys, Server.from_url(config.smtp_url), line, turn) if keys else 0


def warn_without_server(at: datetime) -> None:
    """Say in the log of production that messages wait for a mail server to be set."""
    config = offline.settings()
    if config.is_production and config.smtp_url is None and (waiting := queries.counts(at).waiting):
        log.warning("%s messages wait: no mail server is set (CPS_SMTP_URL)", waiting)


def _keep_in_mailbox() -> int:
    now = clock.now()
    if not queries.is_any_due(now):
        return 0
    with transaction():
        return services.put_into_mailbox(now)


def _claim(owner: str) -> list[int]:
    """Claim messages, those about accounts first: a code never waits behind ten thousand followers."""
    about_account = (
        Message.case_id.is_(None),
        Message.dedupe_key.not_like("notice-%"),
        Message.dedupe_key.not_like(alert_letters.LETTERS),
        Message.dedupe_key.not_like(digest_letters.LETTERS),
    )
    urgent = leases.claim(Message, owner, *about_account, limit=MESSAGES_AT_ONCE)
    room = MESSAGES_AT_ONCE - len(urgent)
    return urgent + (leases.claim(Message, owner, limit=room) if room else [])


def without_hidden(table: type[Message] | type[TextMessage], keys: list[int]) -> list[int]:
    """Drop claimed news of cases that were hidden or made private while it waited; returns the other keys."""
    hidden = set(queries.of_hidden_cases(table, keys)) if keys else set()
    if hidden:
        with transaction():
            services.drop(table, sorted(hidden))
    return [key for key in keys if key not in hidden]


def _without_outdated(keys: list[int]) -> list[int]:
    """Take back letters that name what was hidden while they waited; returns the other keys."""
    keys = retelling.take_back_outdated_news(Message, without_hidden(Message, keys), at=clock.now())
    if not keys or not alert_letters.outdated_letters(keys):
        return keys
    with transaction():
        return alerts.take_back_outdated(keys, at=clock.now())


def _send_all(keys: list[int], server: Server, line: Line, turn: Turn) -> int:
    """Send over one connection until the turn is over, the lease runs out or the line breaks."""
    began = time.monotonic()
    envelopes = [(message.id, _envelope(message)) for message in queries.messages(keys)]
    db.session.rollback()  # no transaction stays open while a server is talked to
    tried = 0
    try:
        with mail.connect(server, _own_name()) as smtp:
            line.works()
            while tried < len(envelopes) and not _must_stop(turn, tried, began):
                key, envelope = envelopes[tried]
                tried += 1
                _send_one(smtp, server, key, envelope, turn.owner)
    except mail.Unreachable as error:
        line.failed(clock.now())
        log.warning("mail server unreachable: %s", error, extra={"again_at": line.closed_until})
    leases.give_back(Message, keys[tried:], turn.owner)
    return tried


def _must_stop(turn: Turn, tried: int, began: float) -> bool:
    """A message may take four answers of the server; it is begun only while the lease outlasts them."""
    lease_runs_out = time.monotonic() - began > BEGUN_WITHIN
    return lease_runs_out or turn.stop.is_set() or (tried > 0 and turn.is_over())


def _send_one(smtp: SMTP, server: Server, key: int, envelope: Envelope, owner: str) -> None:
    """Send one message and write down what became of it; raises Unreachable when the line broke."""
    with postponed_on_failure(Message, key, owner):
        try:
            mail.send(smtp, mail.compose(envelope, server.sender))
        except mail.NobodyThere:
            with transaction():
                services.note_bounce(key, at=clock.now())
            raise
        with transaction():
            services.mark_sent(key, owner, at=clock.now())


def _envelope(message: Message) -> Envelope:
    return Envelope(
        address=message.address,
        subject=message.subject,
        text=message.body_text,
        html=message.body_html,
        language=message.language,
        message_id=f"<{links.message_tag(message.dedupe_key)}@{_own_name()}>",
        thread=links.thread_of(message.case_id, _own_name()) if message.case_id else "",
        unsubscribe=message.unsubscribe_url,
        at=message.created_at,
        reply_to=_reply_to(message),
        in_reply_to=message.in_reply_to,
    )


def _reply_to(message: Message) -> str:
    """Return where a mail to the reporter of a case is answered, where the city takes mail in."""
    taken_at = cities.get().settings.get(links.REPLIES_TO, "")
    if not (message.takes_replies and message.case_id and taken_at):
        return ""
    return links.reply_address(message.case_id, taken_at)


def _own_name() -> str:
    """Return the host of the Message-IDs made here."""
    return urlsplit(offline.absolute("/")).hostname or "localhost"
