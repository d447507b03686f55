"""What obliges the city to answer proposals, for administrators: goals by area, and who may support."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.names import names
from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.departments.rules import CategoryKind
from cps.proposals import queries, services
from cps.proposals.models import Threshold
from cps.proposals.rules import CITY, Goal, Settings, usual_goal
from cps.proposals.services import ThresholdSpec
from cps.triage import goal_words
from cps.triage import queries as desk
from cps.triage.goal_forms import GoalForm, ProposalSettingsForm
from cps.triage.views.proposal_steps import unit_code, unit_id, units
from cps.wards import queries as wards

bp = Blueprint("goals", __name__, url_prefix="/admin/proposals")


@dataclass(frozen=True, slots=True)
class Row:
    """A goal that is set, in words, with the key of its area."""

    area: str
    where: str
    asks: str
    department: str
    why: str


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show what holds now; `?area=…` fills the form with the goal of this area."""
    return _page()


@bp.post("/goal")
@requires(Can.MANAGE_CITY)
def save_goal() -> ResponseReturnValue:
    """Set the goal of an area; proposals that gather already keep theirs."""
    form = GoalForm()
    _offer(form)
    if not form.validate():
        return _page(goal=form), HTTPStatus.UNPROCESSABLE_ENTITY
    spec = ThresholdSpec(
        form.goal,
        ward_id=_ward(form.ward.data),
        category_id=_category(form.category.data),
        department_id=unit_id(form.department.data),
        why={g.city.default_language: form.why.data} if form.why.data else {},
    )
    with transaction():
        services.save_threshold(spec, by=current_user, at=clock.now())
    flash(_("Saved. It holds for proposals from now on; those that gather keep their goal."), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/goal/drop")
@requires(Can.MANAGE_CITY)
def drop_goal() -> ResponseReturnValue:
    """Let the goal of the next wider area hold again."""
    with transaction():
        gone = services.drop_threshold(request.form.get("area", ""), by=current_user, at=clock.now())
    flash(_("Taken away. The next wider goal holds again.") if gone else _("No goal is set there."))
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("")
@requires(Can.MANAGE_CITY)
def submit() -> ResponseReturnValue:
    """Set who may support, and whether answers have a second reader."""
    form = ProposalSettingsForm()
    if not form.validate():
        return _page(settings=form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction():
        services.save_settings(form.chosen, by=current_user, at=clock.now())
    flash(_("Saved."), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _page(*, goal: GoalForm | None = None, settings: ProposalSettingsForm | None = None) -> str:
    held, people = queries.thresholds(), queries.population()
    usual = usual_goal(people)
    changed = desk.goal_changes()
    actors = desk.names_of(row.actor_id for row in changed if row.actor_id is not None)
    return render_template(
        "triage/goal_settings.html",
        goal_form=goal or _goal_form(held, usual),
        settings_form=settings or _settings_form(),
        rows=[_row(one) for one in held],
        has_city_goal=any(one.area == CITY for one in held),
        usual=goal_words.in_words(usual),
        reason=goal_words.reason_of(people),
        history=goal_words.history(changed, actors),
    )


def _goal_form(held: Sequence[Threshold], usual: Goal) -> GoalForm:
    """Return the form with the goal of the area in the address, else with the usual one for another area."""
    form = GoalForm(formdata=None)
    _offer(form)
    found = next((one for one in held if one.area == request.args.get("area")), None)
    form.show(Goal(found.supports, found.days, found.answer_days) if found else usual)
    if found is not None:
        form.ward.data, form.category.data = _codes(found)
        form.department.data = unit_code(found.department_id)
        form.why.data = localized(found.why, g.city.default_language)
    return form


def _settings_form() -> ProposalSettingsForm:
    return ProposalSettingsForm(formdata=None, data=Settings.of(g.city.settings).written())


def _row(row: Threshold) -> Row:
    return Row(
        area=row.area,
        where=goal_words.where(row.area),
        asks=goal_words.in_words(Goal(row.supports, row.days, row.answer_days)),
        department=names().departments[row.department_id] if row.department_id else "",
        why=localized(row.why),
    )


def _codes(row: Threshold) -> tuple[str, str]:
    """Return the codes of the ward and the category where a goal holds."""
    category = departments.catalogue().categories.get(row.category_id or 0)
    return wards.areas().codes.get(row.ward_id or 0, ""), category.code if category else ""


def _offer(form: GoalForm) -> None:
    areas = [(one.code, localized(one.name)) for one in wards.areas().wards.values()]
    offered = departments.catalogue().offered(CategoryKind.PROPOSAL)
    form.offer(areas, [(one.code, localized(one.name)) for one in offered], units())


def _ward(code: str | None) -> int | None:
    known = wards.areas().wards.get(code or "")
    return known.id if known else None


def _category(code: str | None) -> int | None:
    known = departments.catalogue().category(code or "")
    return known.id if known else None
