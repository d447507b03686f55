"""Reads for messages that were refused, given up, or wait for another try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import Case
from cps.core.db import db
from cps.notifications.models import Message, TextMessage

MOST_SHOWN = 50
CODES = "code:"
"""How the dedupe keys of codes begin."""

Table = type[Message] | type[TextMessage]

_RELEASED = select(IntegrityReport.case_id).where(IntegrityReport.released_at.is_not(None))
_NOT_ABOUT_STAFF = or_(Case.id.is_(None), and_(Case.is_integrity.is_(False), Case.id.not_in(_RELEASED)))
"""That complaints about staff exist, and who reported them, is not told to administrators."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One message that did not arrive; `failed_at` is when it was given up, else it is tried at `run_at`."""

    id: int
    is_text: bool
    about: str
    address: str
    why: str
    tries: int
    failed_at: datetime | None
    run_at: datetime
    reference: str | None

    @property
    def is_code(self) -> bool:
        """Whether it is a one-time code, which is of no use later."""
        return self.about.startswith(CODES)


def given_up() -> list[Undelivered]:
    """Return the newest messages that were given up, mails and text messages."""
    found = [*_found(Message, Message.address, True), *_found(TextMessage, TextMessage.phone, True)]
    return sorted(found, key=lambda one: one.failed_at or one.run_at, reverse=True)[:MOST_SHOWN]


def tried_again() -> list[Undelivered]:
    """Return messages that failed and wait for their next try, the next first."""
    found = [*_found(Message, Message.address, False), *_found(TextMessage, TextMessage.phone, False)]
    return sorted(found, key=lambda one: one.run_at)[:MOST_SHOWN]


def lock_undelivered(table: Table, key: int) -> Message | TextMessage | None:
    """Return a message that has not left and failed at least once, locked; None for any other."""
    failed = (table.done_at.is_(None), table.last_error != "", table.dedupe_key.not_like(f"{CODES}%"))
    found: Any = db.session.scalars(select(table).where(table.id == key, *failed).with_for_update())
    row: Message | TextMessage | None = found.one_or_none()
    return row


def _found(table: Table, address: Any, is_given_up: bool) -> Sequence[Undelivered]:
    rows = db.session.execute(_undelivered(table, address, is_given_up))
    return [Undelivered(row[0], table is TextMessage, *row[1:]) for row in rows]


def _undelivered(table: Table, address: Any, is_given_up: bool) -> Select[*tuple[Any, ...]]:
    state = table.failed_at.is_not(None) if is_given_up else table.failed_at.is_(None)
    order = table.failed_at.desc() if is_given_up else table.run_at
    return (
        select(
            *(table.id, table.dedupe_key, address, table.last_error, table.attempts),
            *(table.failed_at, table.run_at, Case.reference),
        )
        .outerjoin(Case, Case.id == table.case_id)
        .where(table.done_at.is_(None), table.last_error != "", state, _NOT_ABOUT_STAFF)
        .order_by(order, table.id.desc())
        .limit(MOST_SHOWN)
    )
