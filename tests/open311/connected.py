"""A department that is connected to another system, as an administrator does it."""

from typing import Any

from sqlalchemy import select

from cps.cases.models import Case, CaseEvent
from cps.cases.rules import Audience
from cps.core import clock, worker
from cps.core.db import db, transaction
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.departments.models import Category, Department
from cps.open311.outgoing import queries, services
from cps.open311.outgoing.models import OtherSystem, SentCase
from cps.open311.outgoing.rules import EVERYTHING_ELSE, Connection
from tests.open311.other_city import KEY
from tests.support import factories as make


def connect(
    department: Department, url: str, routes: dict[str, str] | None = None, key: str = KEY
) -> OtherSystem:
    """Connect a department and begin to send."""
    by = make.make_administrator().id
    with transaction():
        row = services.connect(department.id, Connection(url, key=key), by=by, at=clock.now())
        services.set_routes(row, routes or {EVERYTHING_ELSE: "hole"}, by=by, at=clock.now())
        services.turn(row, on=True, by=by, at=clock.now())
    work()
    return row


def file(category: Category, **columns: Any) -> Case:
    """Let a complaint come to the department of a category."""
    columns.setdefault("lat", 36.018)
    columns.setdefault("lon", 129.52)
    case = make.make_complaint(category=category, **columns)
    fact = OutboxFact(
        fact=Fact.CASE_FILED.value,
        about_id=case.id,
        dedupe_key=f"test:{case.id}",
        stated_at=clock.now(),
        run_at=clock.now(),
    )
    make.save(fact)
    return case


def work() -> int:
    """Let a worker do what is due now."""
    done = worker.run_until_idle("here")
    db.session.rollback()
    return done


def sent(case: Case) -> SentCase:
    """Return what was sent of a case."""
    db.session.rollback()
    return db.session.scalars(select(SentCase).where(SentCase.case_id == case.id)).one()


def all_sent() -> list[SentCase]:
    """Return everything that was sent, or waits."""
    db.session.rollback()
    return list(db.session.scalars(select(SentCase).order_by(SentCase.id)))


def system(department: Department) -> OtherSystem:
    """Return the system of a department as it stands now."""
    db.session.rollback()
    found = queries.system_of(department.id)
    assert found is not None
    return found


def told(case: Case, audience: Audience = Audience.PUBLIC) -> list[tuple[str, str]]:
    """Return what the system said of a case: (which turn, words)."""
    db.session.rollback()
    events = db.session.scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.audience == audience)
        .order_by(CaseEvent.id)
    )
    found = [(str(event.data.get("turn", "")), event.message) for event in events]
    return [one for one in found if one[0].startswith("system-")]


def fresh(case: Case) -> Case:
    """Return a case as it stands now."""
    db.session.rollback()
    return db.session.get_one(Case, case.id, populate_existing=True)
