"""Which goal a new proposal gets."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from cps.core.db import db
from cps.departments.catalogue import KnownCategory
from cps.departments.models import Category
from cps.proposals.models import Threshold
from cps.proposals.rules import Goal, Step, areas_of, narrowest, usual_goal
from cps.wards.models import Ward


@dataclass(frozen=True, slots=True)
class GoalHere:
    """The goal of a proposal about a category in a ward, and the department that will have to answer."""

    goal: Goal
    department_id: int
    threshold: Threshold | None


def thresholds() -> Sequence[Threshold]:
    """Return what the city has set, in the order in which it was set."""
    return db.session.scalars(select(Threshold).order_by(Threshold.id)).all()


def lock_threshold(step: Step, area: str) -> Threshold | None:
    """Return the threshold of an area, locked for the running write transaction."""
    found = select(Threshold).where(Threshold.step == step, Threshold.area == area).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def goal_for(ward_id: int | None, category: Category | KnownCategory) -> GoalHere:
    """Return the goal of the narrowest area that has one, else the usual one for the city's people."""
    areas = areas_of(ward_id, category.id)
    held = select(Threshold).where(Threshold.step == Step.ANSWER, Threshold.area.in_(areas))
    found = narrowest(db.session.scalars(held).all(), areas)
    if found is None:
        return GoalHere(usual_goal(population()), category.department_id, None)
    goal = Goal(found.supports, found.days, found.answer_days)
    return GoalHere(goal, found.department_id or category.department_id, found)


def population() -> int | None:
    """Return how many people live in the wards in use; None where a ward does not say."""
    known = select(func.sum(Ward.population), func.count(Ward.population), func.count(Ward.id))
    people, told, wards = db.session.execute(known.where(Ward.is_active)).one()
    return people if wards and told == wards else None
