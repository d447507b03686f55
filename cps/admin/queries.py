"""Reads of the pages that set the city's rules: changes, complaints to try rules on, what uses what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from cps.cases.models import OWN_SOURCE, Case
from cps.cases.rules import CaseKind
from cps.core.db import db
from cps.core.models import AuditRow
from cps.departments import queries as departments
from cps.departments.models import ReplyTemplate, RoutingRule
from cps.departments.promising import PastPromise
from cps.departments.routing import Filing, PastCase
from cps.wards import queries as wards

SHOWN_CHANGES = 20
TRIED = timedelta(days=30)
"""How far back rules are tried on complaints."""

MOST_TRIED = 5_000
"""Rules are tried on so many complaints at most, the newest ones."""


def history(
    kinds: Iterable[str], key: object = None, *, action: str | None = None, limit: int = SHOWN_CHANGES
) -> list[AuditRow]:
    """Return the last changes of objects of these kinds, or of the one with this key, newest first.

    With an action only those that did it.
    """
    told = select(AuditRow).where(AuditRow.object_kind.in_(list(kinds)))
    if action is not None:
        told = told.where(AuditRow.action == action)
    if key is not None:
        told = told.where(AuditRow.object_id == str(key))
    return list(db.session.scalars(told.order_by(AuditRow.id.desc()).limit(limit)))


def has_changed(kind: str, key: object, *, by: int, since: datetime) -> bool:
    """Return whether somebody changed this object since then."""
    told = select(AuditRow.id).where(AuditRow.object_kind == kind, AuditRow.object_id == str(key))
    mine = told.where(AuditRow.actor_id == by, AuditRow.at >= since)
    return db.session.scalar(mine.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Sample:
    """One complaint of the past as a trial shows it; without words where it is not for everybody."""

    reference: str
    title: str
    received_at: datetime
    is_listed: bool


def past_complaints(since: datetime, zone: ZoneInfo) -> list[PastCase]:
    """Return the complaints of this city's own since then that rules are tried on, the newest first.

    Those about staff or corruption are left out: they are never routed.
    """
    columns = (Case.id, Case.category_id, Case.ward_id, Case.received_at, Case.title, Case.body)
    rows = db.session.execute(
        select(*columns, Case.department_id)
        .where(Case.kind == CaseKind.COMPLAINT, Case.source == OWN_SOURCE)
        .where(Case.is_integrity.is_(False), Case.received_at >= since)
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(MOST_TRIED)
    )
    catalogue, codes = departments.catalogue().categories, wards.areas().codes
    return [
        PastCase(
            row.id,
            Filing(
                catalogue[row.category_id].code,
                codes.get(row.ward_id or 0, ""),
                row.received_at.astimezone(zone),
                f"{row.title}\n{row.body}",
            ),
            catalogue[row.category_id].department_id,
            row.department_id,
        )
        for row in rows
    ]


def past_promises(since: datetime, category_id: int | None = None) -> list[PastPromise]:
    """Return the complaints of this city's own since then, or those of a category, the newest first."""
    columns = (Case.category_id, Case.received_at, Case.answered_at)
    came = select(*columns).where(Case.kind == CaseKind.COMPLAINT, Case.source == OWN_SOURCE)
    came = came.where(Case.is_integrity.is_(False), Case.received_at >= since)
    if category_id is not None:
        came = came.where(Case.category_id == category_id)
    rows = db.session.execute(came.order_by(Case.received_at.desc(), Case.id.desc()).limit(MOST_TRIED))
    return [PastPromise(*row) for row in rows]


def samples(case_ids: Sequence[int]) -> dict[int, Sample]:
    """Return these complaints by id."""
    columns = (Case.id, Case.reference, Case.title, Case.received_at, Case.is_listed)
    rows = db.session.execute(select(*columns).where(Case.id.in_(case_ids)))
    return {
        row.id: Sample(row.reference, row.title if row.is_listed else "", row.received_at, row.is_listed)
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Uses:
    """What uses a category: open cases, all cases, rules of routing that name it, templates for it."""

    open_cases: int
    cases: int
    rules: Sequence[RoutingRule]
    templates: int


def uses_of(category_id: int, code: str) -> Uses:
    """Return what uses a category; of complaints about staff nobody here learns how many there are."""
    open_cases, cases = db.session.execute(
        select(func.count().filter(Case.closed_at.is_(None)), func.count()).where(
            Case.category_id == category_id, Case.is_integrity.is_(False)
        )
    ).one()
    rules = [row for row in departments.routing_rules() if code in row.conditions.get("categories", ())]
    templates = (
        select(func.count()).select_from(ReplyTemplate).where(ReplyTemplate.category_id == category_id)
    )
    return Uses(open_cases, cases, rules, db.session.scalar(templates) or 0)


def newest_case(*, department_id: int | None, category_id: int | None) -> Case | None:
    """Return the newest public complaint, of a department and a category where they are given."""
    found = select(Case).where(Case.kind == CaseKind.COMPLAINT, Case.is_listed.is_(True))
    if department_id is not None:
        found = found.where(Case.department_id == department_id)
    if category_id is not None:
        found = found.where(Case.category_id == category_id)
    return db.session.scalars(found.order_by(Case.received_at.desc(), Case.id.desc()).limit(1)).first()
