"""Rules of routing: the list in its order with what it would have done last month, and one rule."""

from http import HTTPStatus

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts.queries import names_of
from cps.admin import history, queries, routing_words
from cps.admin.forms.routing import RoutingForm
from cps.admin.routing_words import LABELS, Known
from cps.admin.views.saving import as_seen, save
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.departments import services
from cps.departments.models import RoutingRule
from cps.departments.routing import Conditions, KnownRule, RoutingSpec, Trial, try_out
from cps.wards import queries as wards

bp = Blueprint("routing", __name__, url_prefix="/admin/routing")

NEW = 0
"""The key under which a rule is tried that is not saved yet."""


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show the rules in their order, what they would have done last month, and what was changed."""
    rows, known = departments.routing_rules(), _known()
    trial = _trial(departments.routing())
    changed = queries.history(["routing"])
    return render_template(
        "admin/routing.html",
        rules=[routing_words.shown(row, known, trial) for row in rows],
        trial=trial,
        moved=_moved(trial, known),
        days=queries.TRIED.days,
        history=history.in_words(
            changed,
            LABELS,
            show=known.value,
            name=lambda row: {one.id: one.name for one in rows}.get(int(row.object_id), ""),
        ),
    )


@bp.get("/new")
@requires(Can.MANAGE_CITY)
def new() -> ResponseReturnValue:
    """Ask for a new rule."""
    return _page(_offered(RoutingForm(formdata=None)), None)


@bp.post("/new")
@requires(Can.MANAGE_CITY)
def create() -> ResponseReturnValue:
    """Make a rule, or only try it on last month's complaints."""
    form = _offered(RoutingForm())
    if form.tries.data:
        return _try(form, None)
    return save(
        form,
        lambda: services.add_routing_rule(form.spec, by=current_user.id, at=clock.now()),
        again=lambda: _page(form, None),
        leads_to=url_for(".index"),
        done=_("The rule is made. It holds for complaints from now on."),
    )


@bp.get("/<int:rule_id>")
@requires(Can.MANAGE_CITY)
def rule(rule_id: int) -> ResponseReturnValue:
    """Show a rule to change it."""
    row = _get(rule_id)
    form = _offered(RoutingForm(formdata=None, version=row.version))
    form.show(_spec(row))
    return _page(form, row)


@bp.post("/<int:rule_id>")
@requires(Can.MANAGE_CITY)
def change(rule_id: int) -> ResponseReturnValue:
    """Change a rule, or only try the change on last month's complaints."""
    form = _offered(RoutingForm())
    if form.tries.data:
        return _try(form, _get(rule_id))

    def write() -> None:
        row = _get(rule_id)
        as_seen(form, row.version)
        services.change_routing_rule(row, form.spec, by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(form, _get(rule_id)),
        leads_to=url_for(".index"),
        done=_("Saved. It holds for complaints from now on."),
    )


@bp.post("/<int:rule_id>/move")
@requires(Can.MANAGE_CITY)
def move(rule_id: int) -> ResponseReturnValue:
    """Try a rule one place earlier, or later where the button says so."""
    step = 1 if request.form.get("to") == "down" else -1
    with transaction():
        services.move_routing_rule(rule_id, step, by=current_user.id, at=clock.now())
    flash(_("The order is changed."), "success")
    return redirect(f"{url_for('.index')}#rule-{rule_id}", HTTPStatus.SEE_OTHER)


@bp.post("/<int:rule_id>/remove")
@requires(Can.MANAGE_CITY)
def remove(rule_id: int) -> ResponseReturnValue:
    """Take a rule away."""
    with transaction():
        row = departments.routing_rule(rule_id)
        if row is not None:
            services.remove_routing_rule(row, by=current_user.id, at=clock.now())
    flash(_("The rule is gone. What it did stays as it is."))
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _try(form: RoutingForm, row: RoutingRule | None) -> ResponseReturnValue:
    """Show what the rule would have done, at its place in the order; nothing is saved."""
    if not form.validate():
        return _page(form, row), HTTPStatus.UNPROCESSABLE_ENTITY
    spec = form.spec
    try:
        spec.check()
    except RuleViolation as refused:
        form.form_errors.append(refused.message)
        return _page(form, row), HTTPStatus.UNPROCESSABLE_ENTITY
    key = row.id if row else NEW
    department = departments.catalogue().department(spec.department)
    tried = KnownRule(
        key, spec.name, spec.conditions, department.id if department else None, None, spec.makes_urgent
    )
    others = [
        departments.known_rule(one) for one in departments.routing_rules() if one.is_active or one is row
    ]
    order = [tried if one.id == key else one for one in others]
    return _page(form, row, _trial(order if row else [*order, tried]))


def _trial(rules: list[KnownRule] | tuple[KnownRule, ...]) -> Trial:
    since = clock.now() - queries.TRIED
    return try_out(rules, queries.past_complaints(since, g.city.zone))


def _page(form: RoutingForm, row: RoutingRule | None, trial: Trial | None = None) -> str:
    key, known = row.id if row else NEW, _known()
    changed = queries.history(["routing"], row.id) if row else ()
    return render_template(
        "admin/routing_rule.html",
        form=form,
        rule=row,
        key=key,
        trial=trial,
        problem=routing_words.problem_of(key, trial) if trial else "",
        moved=_moved(trial, known, key) if trial else [],
        ours=sum(one.rule_id == key for one in trial.elsewhere) if trial else 0,
        days=queries.TRIED.days,
        history=history.in_words(changed, LABELS, show=known.value),
    )


def _moved(trial: Trial, known: Known, rule_id: int | None = None) -> list[routing_words.Moved]:
    keys = [one.key for one in trial.elsewhere if rule_id is None or one.rule_id == rule_id]
    return routing_words.moved(trial, queries.samples(keys[: routing_words.MOST_SAMPLES]), known, rule_id)


def _known() -> Known:
    officers = (row.officer_id for row in departments.routing_rules())
    return Known(departments.catalogue(), wards.areas(), names_of(officers))


def _offered(form: RoutingForm) -> RoutingForm:
    """Return the form with what it offers: complaints' categories, wards, departments and their officers."""
    catalogue = departments.catalogue()
    active = [one for one in catalogue.departments.values() if one.is_active]
    officers: dict[str, list[tuple[str, str]]] = {}
    for account_id, department_id, name in departments.staff_of([one.id for one in active]):
        group = localized(catalogue.departments[department_id].name)
        officers.setdefault(group, []).append((str(account_id), name or _("without a name")))
    form.offer(
        [(one.code, localized(one.name)) for one in catalogue.offered() if not one.is_integrity],
        [(one.code, localized(one.name)) for one in wards.areas().wards.values()],
        [(one.code, localized(one.name)) for one in active],
        officers,
    )
    return form


def _spec(row: RoutingRule) -> RoutingSpec:
    department = departments.catalogue().departments.get(row.department_id or 0)
    return RoutingSpec(
        name=row.name,
        conditions=Conditions.of(row.conditions),
        department=department.code if department else "",
        officer_id=row.officer_id,
        makes_urgent=row.makes_urgent,
        is_active=row.is_active,
    )


def _get(rule_id: int) -> RoutingRule:
    row = departments.routing_rule(rule_id)
    if row is None:
        raise NotVisible(_("There is no such rule. Somebody may have taken it away."))
    return row
