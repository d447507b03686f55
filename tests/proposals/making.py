"""Proposals for tests, made by the services themselves: their goal and story are worth having whole."""

from typing import Any

from cps.accounts.models import Account
from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction
from cps.departments.models import Category
from cps.departments.rules import CategoryKind
from cps.proposals import queries, services
from cps.proposals.models import Proposal
from cps.proposals.rules import Goal, Settings
from cps.proposals.services import NewProposal, ThresholdSpec
from tests.support.factories import make_category, make_resident, number

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
