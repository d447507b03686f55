"""What the city sets: its thresholds, and who may support."""

from dataclasses import dataclass, field
from datetime import datetime

from cps.accounts.models import Account
from cps.core import audit, changes
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import queries as departments
from cps.proposals import queries
from cps.proposals.models import Threshold
from cps.proposals.rules import SETTING, Goal, Settings, Step, area_key, is_within
from cps.proposals.rules.goals import MOST_ANSWER_DAYS, MOST_DAYS, MOST_SUPPORTS
from cps.wards import queries as wards


@dataclass(frozen=True, slots=True)
class ThresholdSpec:
    """A threshold as the city wants it, for the whole city, a ward, a category, or a category in a ward.

    `why` is public, `{language: text}`. Without a department it is the one of the proposal's category.
    """

    goal: Goal
    ward_id: int | None = None
    category_id: int | None = None
    department_id: int | None = None
    why: dict[str, str] = field(default_factory=dict)
    step: Step = Step.ANSWER


def save_threshold(spec: ThresholdSpec, *, by: Account | None, at: datetime) -> Threshold:
    """Make or change the threshold of an area; proposals that gather already keep their goal.

    Raises RuleViolation for a goal of zero or beyond all measure, and for what the city does not have.
    """
    _check(spec)
    area = area_key(spec.ward_id, spec.category_id)
    row = queries.lock_threshold(spec.step, area)
    row = row or Threshold(step=spec.step, area=area, ward_id=spec.ward_id, category_id=spec.category_id)
    differing = changes.apply(
        row,
        {
            "supports": spec.goal.supports,
            "days": spec.goal.days,
            "answer_days": spec.goal.answer_days,
            "department_id": spec.department_id,
            "why": spec.why,
        },
    )
    if not differing:
        return row
    row.updated_at = at
    db.session.add(row)
    _trace("set-threshold", area, by, at, differing)
    db.session.flush()
    return row


def drop_threshold(area: str, *, by: Account | None, at: datetime, step: Step = Step.ANSWER) -> bool:
    """Let the next wider area hold again; False when nothing was set."""
    row = queries.lock_threshold(step, area)
    if row is None:
        return False
    db.session.delete(row)
    _trace("drop-threshold", area, by, at, {"supports": [row.supports, None]})
    db.session.flush()
    return True


def save_settings(settings: Settings, *, by: Account | None, at: datetime) -> bool:
    """Set who may support and whether answers need a second reader; False when it was so before."""
    city = lock_city()
    before = Settings.of(city.settings)
    if before == settings and SETTING in city.settings:
        return False
    city.settings = {**city.settings, SETTING: settings.written()}
    told = {SETTING: [before.written(), settings.written()]}
    audit.record("set-proposals", about=("city", 1), by=by.id if by else None, at=at, changes=told)
    db.session.flush()
    return True


def _check(spec: ThresholdSpec) -> None:
    if not is_within(spec.goal):
        raise RuleViolation(
            _(
                "Ask for 1 to %(supports)s supports within 1 to %(days)s days, and an answer within 1 to"
                " %(answer_days)s working days.",
                supports=MOST_SUPPORTS,
                days=MOST_DAYS,
                answer_days=MOST_ANSWER_DAYS,
            )
        )
    catalogue = departments.catalogue()
    if spec.department_id is not None and spec.department_id not in catalogue.departments:
        raise RuleViolation(_("The city has no such department."))
    if spec.category_id is not None and spec.category_id not in catalogue.categories:
        raise RuleViolation(_("The city has no such category."))
    if spec.ward_id is not None and spec.ward_id not in wards.areas().names:
        raise RuleViolation(_("The city has no such ward."))


def _trace(action: str, area: str, by: Account | None, at: datetime, told: dict[str, object]) -> None:
    audit.record(action, about=("threshold", area), by=by.id if by else None, at=at, changes=told)
