"""Setting up ways in: by a command of whoever runs the server, because secrets and addresses are in it."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cps.channels import queries
from cps.channels.models import WayIn
from cps.channels.rules import WayKind
from cps.channels.tags import sealed
from cps.channels.wire import is_safe_url
from cps.core import audit
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.core.email import BadAddress, normal_email
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.notifications.links import REPLIES_TO

SECRET_BYTES = 32
RESERVED = frozenset({"pasted", "paper"})
"""Names under which what staff enter is written down."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Way:
    """What is set of a way in."""

    name: str
    kind: WayKind
    address: str = ""
    answers_url: str = ""
    greeting: Mapping[str, str] = field(default_factory=dict)


def why_not(way: Way) -> str:
    """Return, in English and for operators, what is wrong with a way; "" where nothing is."""
    if not _NAME.fullmatch(way.name) or way.name in RESERVED:
        return "A name has small letters, digits and hyphens, at most 40."
    if way.answers_url and not is_safe_url(way.answers_url):
        return "--answers-url must be https://, or http:// on this machine."
    if way.kind is WayKind.MAIL:
        try:
            normal_email(way.address)
        except BadAddress:
            return "--address must be the address whose mail is handed over."
    return ""


def save_way(way: Way, *, at: datetime, new_secret: bool = False) -> str | None:
    """Add a way in, or change one; returns its secret where a new one was made, which is told only now.

    Raises RuleViolation where the name is that of another kind.
    """
    row = queries.lock_way(way.name)
    if row is not None and row.kind is not way.kind:
        raise RuleViolation(_("There is a channel of another kind under this name."))
    secret = secrets.token_urlsafe(SECRET_BYTES) if row is None or new_secret else None
    if row is None:
        row = WayIn(name=way.name, kind=way.kind)
        db.session.add(row)
    row.is_on, row.address, row.answers_url = True, way.address, way.answers_url
    row.greeting = dict(way.greeting)
    if secret is not None:
        row.sealed_secret = sealed(secret)
    _trace("save-channel", way.name, at)
    return secret


def switch(name: str, *, on: bool, at: datetime) -> None:
    """Turn a way in on or off; raises RuleViolation where there is none of this name."""
    row = queries.lock_way(name)
    if row is None:
        raise RuleViolation(_("There is no channel of this name."))
    row.is_on = on
    _trace("turn-on-channel" if on else "turn-off-channel", name, at)


def _trace(action: str, name: str, at: datetime) -> None:
    audit.record(action, about=("channel", name), by=None, at=at)
    db.session.flush()
    _let_mail_be_answered()


def _let_mail_be_answered() -> None:
    """Write into the settings of the city where answers to its mails go: the mail that is taken in."""
    way = queries.mail_way()
    row = lock_city()
    if row.settings.get(REPLIES_TO, "") != (address := way.address if way else ""):
        row.settings = {**row.settings, REPLIES_TO: address}
        db.session.flush()
