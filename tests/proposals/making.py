"""Proposals for tests, made by the services themselves: their goal and story are worth having whole."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from cps.accounts.models import Account
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import Outcome
from cps.core import city as cities
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.departments.models import Category
from cps.departments.rules import CategoryKind
from cps.proposals import queries, services
from cps.proposals.models import Proposal
from cps.proposals.rules import Goal, Settings
from cps.proposals.services import AnswerSpec, DeliverySpec, NewProposal, News, ThresholdSpec
from tests.support.factories import make_category, make_department, make_officer, make_resident, number

OPEN_TO_ALL = Settings()


def make_theme(name: str = "Parks", **columns: Any) -> Category:
    """Make a category of proposals."""
    return make_category(name, kind=CategoryKind.PROPOSAL, **columns)


def set_goal(supports: int = 3, days: int = 30, answer_days: int = 20, **where: Any) -> None:
    """Set the city's threshold, or that of an area."""
    with transaction():
        spec = ThresholdSpec(Goal(supports, days, answer_days), **where)
        services.save_threshold(spec, by=None, at=clock.now())


def make_proposal(title: str = "", *, author: Account | None = None, **fields: Any) -> Proposal:
    """Let somebody propose something; without a goal that was set it needs the usual number of supports."""
    title = title or f"Plant trees along canal no. {number()}"
    fields.setdefault(
        "body", "The path along the water has no shade at all. Trees would make it a place to be."
    )
    fields.setdefault("language", "en")
    fields.setdefault("category", None)
    category = fields.pop("category") or make_theme()
    author = author or make_resident()
    with transaction():
        new = NewProposal(title=title, category=category, author=author, **fields)
        made = services.propose(new, city=cities.get(), at=clock.now())
        reference = made.case.reference
    return queries.get(reference)


def support(proposal: Proposal, *accounts: Account, settings: Settings = OPEN_TO_ALL) -> None:
    """Let accounts support a proposal, each in a transaction of its own."""
    case_id = proposal.case_id
    for account in accounts:
        with transaction():
            services.support(case_id, by=account, settings=settings, at=clock.now())


def supporters(count: int) -> list[Account]:
    """Make so many residents."""
    return [make_resident() for _ in range(count)]


def fresh(proposal: Proposal) -> Proposal:
    """Return the proposal as it stands in the database now."""
    found = queries.of_case(proposal.case_id)
    assert found is not None
    return found


def at_once(app: Flask, acts: Iterable[Callable[[], object]]) -> list[object]:
    """Do each act in a thread and a transaction of its own, all together; returns results and refusals."""

    def alone(act: Callable[[], object]) -> object:
        with app.app_context():
            try:
                with transaction():
                    return act()
            except RuleViolation as refusal:
                return refusal

    every = list(acts)
    with ThreadPoolExecutor(len(every)) as threads:
        told = list(threads.map(alone, every))
    db.session.rollback()  # what is read from here on is what they have left
    return told


def supporting(case_id: int, account_id: int, at: datetime | None = None) -> Callable[[], object]:
    """Return the act of an account that supports a proposal, for `at_once`."""

    def act() -> bool:
        account = db.session.get_one(Account, account_id)
        return services.support(case_id, by=account, settings=OPEN_TO_ALL, at=at or clock.now())

    return act


def last_event(case: Case) -> CaseEvent:
    """Return what happened to a case last."""
    mine = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id.desc()).limit(1)
    return db.session.scalars(mine).one()


def done(proposal: Proposal, act: Callable[[Proposal], object]) -> Proposal:
    """Let something be done with a locked proposal; returns it as it stands then."""
    with transaction():
        act(queries.lock(proposal.case.reference))
    return fresh(proposal)


def drafted(proposal: Proposal, by: Account, **fields: Any) -> None:
    """Let an officer draft an answer that says yes."""
    spec: dict[str, Any] = {
        "outcome": Outcome.ACCEPTED,
        "text": "We will plant forty lindens in spring.",
        "language": "en",
        **fields,
    }
    done(proposal, lambda row: services.draft_answer(row, AnswerSpec(**spec), by=by, at=clock.now()))


def published(proposal: Proposal, by: Account, settings: Settings = OPEN_TO_ALL) -> Proposal:
    """Let an officer publish the answer that was drafted."""
    return done(proposal, lambda row: services.publish_answer(row, by=by, settings=settings, at=clock.now()))


def answered(author: Account | None = None, **fields: Any) -> tuple[Proposal, Account]:
    """Make a proposal that the city has answered; returns it with the officer."""
    proposal, officer, unit = make_proposal(author=author), make_officer(), make_department()
    drafted(proposal, officer, unit_id=unit.id, **fields)
    return published(proposal, officer), officer


def begun(proposal: Proposal, officer: Account, **fields: Any) -> Proposal:
    """Let an officer begin the delivery, by the proposal's own department where no other is given."""
    spec: dict[str, Any] = {"unit_id": proposal.case.department_id, **fields}
    return done(
        proposal,
        lambda row: services.begin_delivery(
            row,
            DeliverySpec(**spec),
            News("We begin."),
            by=officer,
            today=clock.now().date(),
            at=clock.now(),
        ),
    )


def now() -> datetime:
    """Return the time of the test."""
    return clock.now()
