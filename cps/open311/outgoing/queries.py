"""Reads of other systems, of what was sent to them, and of what an administrator must know of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, case, func, or_, select

from cps.cases.models import Case, CaseEvent
from cps.cases.queries import first_photo
from cps.cases.rules import CLOSED, OPEN, Audience, EventKind, Turn
from cps.core.db import db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _
from cps.departments.models import Department
from cps.open311.outgoing.models import OtherSystem, SentCase
from cps.open311.outgoing.rules import LONGEST_REST, Ending, Stage

FAILED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases wait to be sent, are open there, are closed there, and could not be sent."""

    waiting: int = 0
    open: int = 0
    closed: int = 0
    failed: int = 0


def system_of(department_id: int) -> OtherSystem | None:
    """Return the system that a department is connected to."""
    return db.session.scalar(select(OtherSystem).where(OtherSystem.department_id == department_id))


def system(system_id: int) -> OtherSystem | None:
    """Return a system as it stands now."""
    return db.session.get(OtherSystem, system_id, populate_existing=True)


def lock_system(department_id: int, *, version: int | None = None) -> OtherSystem:
    """Return the system of a department, locked. Raises NotVisible, and StaleVersion where it was changed."""
    row = db.session.scalar(
        select(OtherSystem)
        .where(OtherSystem.department_id == department_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotVisible(_("This department is connected to no other system."))
    if version is not None and row.version != version:
        raise StaleVersion(_("Somebody changed this meanwhile. Compare, then save again."))
    return row


def awake(at: datetime) -> Sequence[OtherSystem]:
    """Return the systems that are on and may be asked now. A clock set back lets none rest for longer."""
    rests = OtherSystem.rest_until
    may_be_asked = or_(rests.is_(None), rests <= at, rests > at + LONGEST_REST)
    return db.session.scalars(select(OtherSystem).where(OtherSystem.is_on, may_be_asked)).all()


def case_as_it_stands(case_id: int) -> Case | None:
    """Return a case as it stands now."""
    return db.session.get(Case, case_id, populate_existing=True)


def sent(key: int) -> Row[SentCase, Case, str] | None:
    """Return (what was sent, its case, the name of its first photo) as they stand now."""
    found: Select[SentCase, Case, str] = (
        select(SentCase, Case, first_photo())
        .join(Case, Case.id == SentCase.case_id)
        .where(SentCase.id == key)
    )
    return db.session.execute(found.execution_options(populate_existing=True)).one_or_none()


def case_sent_before(event_id: int) -> int | None:
    """Return the case in which something happened, where it was put into the line of a system before."""
    found = select(CaseEvent.case_id).join(SentCase, SentCase.case_id == CaseEvent.case_id)
    return db.session.scalar(found.where(CaseEvent.id == event_id).limit(1))


def opened_again(case_id: int, *, at: datetime) -> CaseEvent | None:
    """Return what opened a case again that was closed last; None where it never was, or still is."""
    is_told = CaseEvent.audience != Audience.STAFF, CaseEvent.public_from <= at
    moves = select(CaseEvent).where(CaseEvent.case_id == case_id, *is_told)
    closed = moves.where(CaseEvent.status.in_(CLOSED)).with_only_columns(func.max(CaseEvent.id))
    opened = moves.where(CaseEvent.status.in_(OPEN), CaseEvent.id > closed.scalar_subquery())
    return db.session.scalar(opened.order_by(CaseEvent.id).limit(1))


def sent_back(case_id: int, *, since: datetime) -> CaseEvent | None:
    """Return how an officer sent back, since then, what was said to be done; None where nobody did."""
    found = select(CaseEvent).where(
        CaseEvent.case_id == case_id, CaseEvent.kind == EventKind.UPDATED, CaseEvent.at >= since
    )
    told = db.session.scalars(found.order_by(CaseEvent.id.desc()))
    return next((one for one in told if one.data.get("turn") == Turn.SYSTEM_SENT_BACK), None)


def lock_newest(case_id: int) -> SentCase | None:
    """Return the same as `newest_of`, locked and as it stands now."""
    row = newest_of(case_id)
    if row is not None:
        db.session.refresh(row, with_for_update=True)
    return row


def references(keys: Sequence[int]) -> dict[int, str]:
    """Return the references of sent cases, by the key of what was sent."""
    found = select(SentCase.id, Case.reference).join(Case, Case.id == SentCase.case_id)
    return {row.id: row.reference for row in db.session.execute(found.where(SentCase.id.in_(keys)))}


def numbers(keys: Sequence[int]) -> dict[int, str]:
    """Return what sent cases are called there."""
    found = select(SentCase.id, SentCase.number).where(SentCase.id.in_(keys))
    return {row.id: row.number for row in db.session.execute(found)}


def rows_of(case_id: int) -> Sequence[SentCase]:
    """Return everything that was sent of a case, the newest first, locked."""
    found = select(SentCase).where(SentCase.case_id == case_id).order_by(SentCase.id.desc())
    return db.session.scalars(found.with_for_update()).all()


def newest_of(case_id: int) -> SentCase | None:
    """Return where the department of a case sent it last, unless it was taken away from there."""
    here = or_(SentCase.ending.is_(None), SentCase.ending != Ending.ELSEWHERE)
    found = select(SentCase).join(OtherSystem, OtherSystem.id == SentCase.system_id)
    found = found.join(Case, Case.id == SentCase.case_id)
    found = found.where(Case.id == case_id, here, OtherSystem.department_id == Case.department_id)
    return db.session.scalar(found.order_by(SentCase.id.desc()).limit(1))


def lock_sent(department_id: int, key: int) -> SentCase:
    """Return what goes to the system of a department, locked; raises NotVisible."""
    row = db.session.scalar(
        select(SentCase)
        .join(OtherSystem, OtherSystem.id == SentCase.system_id)
        .where(SentCase.id == key, OtherSystem.department_id == department_id)
        .with_for_update(of=SentCase)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotVisible(_("There is no case with this number."))
    return row


def failed(system_id: int) -> Sequence[Row[SentCase, str, str]]:
    """Return (what failed, reference, title) of the newest cases that could not be sent or followed.

    The title is "" where not everybody reads it any more; a case that is about staff by now is not told of.
    """
    title = case((Case.is_listed, Case.title), else_="")
    found = select(SentCase, Case.reference, title).join(Case, Case.id == SentCase.case_id)
    is_here = SentCase.system_id == system_id, SentCase.failed_at.is_not(None)
    there = found.where(*is_here, Case.is_integrity.is_(False))
    return db.session.execute(there.order_by(SentCase.failed_at.desc()).limit(FAILED_SHOWN)).all()


def counts(system_id: int) -> Counts:
    """Count what was sent to a system, or waits for it."""
    lives = SentCase.done_at.is_(None) & SentCase.failed_at.is_(None)
    found = select(
        func.count().filter(lives, SentCase.stage.in_([Stage.WAITING, Stage.TAKEN])),
        func.count().filter(lives, SentCase.stage == Stage.OPEN),
        func.count().filter(lives, SentCase.stage == Stage.CLOSED),
        func.count().filter(SentCase.failed_at.is_not(None)),
    ).where(SentCase.system_id == system_id)
    return Counts(*db.session.execute(found).one())


def troubles() -> Sequence[Row[OtherSystem, Department, int]]:
    """Return (system, department, cases that failed) of every system that an administrator must look at."""
    number = (
        select(func.count())
        .where(SentCase.system_id == OtherSystem.id, SentCase.failed_at.is_not(None))
        .correlate(OtherSystem)
        .scalar_subquery()
    )
    found = select(OtherSystem, Department, number).join(
        Department, Department.id == OtherSystem.department_id
    )
    return db.session.execute(
        found.where(or_((OtherSystem.trouble != "") & OtherSystem.is_on, number > 0)).order_by(OtherSystem.id)
    ).all()
