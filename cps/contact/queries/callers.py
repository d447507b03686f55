"""Callers by number and by name, and what follows from abuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from cps.contact.models import Caller, CallerName, CallerWarning
from cps.contact.rules import beginning_of_name
from cps.core.db import db
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _

MOST_FOUND = 12
_HIGHEST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class CallerRow:
    """One caller of a list."""

    id: int
    name: str
    phone: str
    language: str
    last_at: datetime


def caller(caller_id: int) -> Caller | None:
    """Return a caller by number of the row."""
    return db.session.get(Caller, caller_id)


def caller_by_phone(phone: str) -> Caller | None:
    """Return who calls from this number (E.164)."""
    return db.session.scalars(_by_phone(phone)).one_or_none()


def lock_caller_by_phone(phone: str) -> Caller | None:
    """Return the same, locked for the running write transaction and loaded anew."""
    locked = _by_phone(phone).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).one_or_none()


def _by_phone(phone: str) -> Select[Caller]:
    return select(Caller).where(
        Caller.phone == phone, Caller.phone != ""
    )  # the second lets the index be used


def lock_caller(caller_id: int) -> Caller:
    """Return a caller locked for the running write transaction; raises NotVisible where there is none."""
    found = db.session.get(Caller, caller_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotVisible(_("This caller is not known any more."))
    return found


def callers_called(words: str, *, most: int = MOST_FOUND) -> list[CallerRow]:
    """Return callers whose name begins with these words, from any of its words on, in order of the name.

    A range of an index, read from its beginning: as quick among a million as among ten.
    """
    beginning = beginning_of_name(words)
    if not beginning:
        return []
    found = (
        select(CallerName.caller_id)
        .where(CallerName.term >= beginning, CallerName.term < beginning + _HIGHEST)
        .order_by(CallerName.term, CallerName.caller_id)
        .limit(most)
    )
    keys = list(dict.fromkeys(db.session.scalars(found)))
    rows = {
        row.id: CallerRow(*row)
        for row in db.session.execute(
            select(Caller.id, Caller.name, Caller.phone, Caller.language, Caller.last_at).where(
                Caller.id.in_(keys)
            )
        )
    }
    return [rows[key] for key in keys if key in rows]


def warnings_of(caller_id: int) -> Sequence[CallerWarning]:
    """Return what followed from abuse by a caller, the newest first."""
    found = select(CallerWarning).where(CallerWarning.caller_id == caller_id)
    return db.session.scalars(found.order_by(CallerWarning.at.desc(), CallerWarning.id.desc())).all()


def lock_warning(key: int) -> CallerWarning:
    """Return a step locked for the running write transaction; raises NotVisible where there is none."""
    found = db.session.get(CallerWarning, key, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotVisible(_("This is not there any more."))
    return found


def warnings_to_review(now: datetime) -> Sequence[CallerWarning]:
    """Return the steps that hold and that nobody else has looked at, the oldest first."""
    waits = CallerWarning.reviewed_at.is_(None), CallerWarning.until > now
    return db.session.scalars(select(CallerWarning).where(*waits).order_by(CallerWarning.id).limit(100)).all()
