"""Departments: the list in its order, one department, and one that is closed or opened again."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts.rules import STAFF_ROLES, Role
from cps.accounts.wording import ROLE_NAMES
from cps.admin import history
from cps.admin import queries as changes
from cps.admin.known_values import known_value
from cps.admin.offices import queries, services
from cps.admin.offices.forms import CloseForm, DepartmentForm, department_form
from cps.admin.offices.queries import Count
from cps.admin.offices.wording import ACTS, LABELS
from cps.admin.views.categories import languages
from cps.admin.views.saving import code_for, do, save
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.departments import services as own
from cps.departments.models import Department

bp = Blueprint("offices", __name__, url_prefix="/admin/departments")

CODE_WORDS = 30
"""Characters of a name of which a code is made, which has 40 at most."""


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show every department in its order, with who works there and what is open."""
    counts, rows = queries.counts(), queries.departments()
    return render_template(
        "admin/departments.html",
        rows=[(row, counts.get(row.id, Count())) for row in rows],
        movable=[row.id for row in rows if row.is_active and not row.is_triage],
    )


@bp.get("/new")
@requires(Can.MANAGE_CITY)
def new() -> ResponseReturnValue:
    """Ask for a new department."""
    return _page(department_form(languages())(formdata=None), None)


@bp.post("/new")
@requires(Can.MANAGE_CITY)
def create() -> ResponseReturnValue:
    """Make a department, listed after all others."""
    return _save(None)


@bp.get("/<int:department_id>")
@requires(Can.MANAGE_CITY)
def show(department_id: int) -> ResponseReturnValue:
    """Show a department: who works there, what it answers, what is open, what was changed."""
    row = _get(department_id)
    form = department_form(languages())(formdata=None, version=row.version)
    form.show(row)
    return _page(form, row)


@bp.post("/<int:department_id>")
@requires(Can.MANAGE_CITY)
def change(department_id: int) -> ResponseReturnValue:
    """Change what everybody reads of a department."""
    return _save(department_id)


@bp.post("/<int:department_id>/move")
@requires(Can.MANAGE_CITY)
def move(department_id: int) -> ResponseReturnValue:
    """List a department one place earlier, or later where the button says so."""
    step = 1 if request.form.get("to") == "down" else -1
    with transaction():
        own.move_department(department_id, step, by=current_user.id, at=clock.now())
    flash(_("The order is changed."), "success")
    return redirect(f"{url_for('.index')}#department-{department_id}", HTTPStatus.SEE_OTHER)


@bp.get("/<int:department_id>/close")
@requires(Can.MANAGE_CITY)
def close(department_id: int) -> ResponseReturnValue:
    """Show what closing a department means, and ask who takes over."""
    row = _get(department_id)
    return _closing(_offered(CloseForm(formdata=None), row), row)


@bp.post("/<int:department_id>/close")
@requires(Can.MANAGE_CITY)
def submit_close(department_id: int) -> ResponseReturnValue:
    """Close a department; its open cases go to the one that takes over."""
    form = _offered(CloseForm(), _get(department_id))

    def write() -> None:
        services.close(department_id, form.successor.data or "", by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _closing(form, _get(department_id)),
        leads_to=url_for(".show", department_id=department_id),
        done=_("The department is closed."),
    )


@bp.post("/<int:department_id>/reopen")
@requires(Can.MANAGE_CITY)
def reopen(department_id: int) -> ResponseReturnValue:
    """Let a closed department work again."""
    return _act(department_id, own.reopen_department, _("The department is in use again."))


@bp.post("/<int:department_id>/sorts")
@requires(Can.MANAGE_CITY)
def sorts(department_id: int) -> ResponseReturnValue:
    """Let this department sort new cases, in place of the one that does."""
    return _act(department_id, own.sort_new_cases, _("This department sorts new cases now."))


def _act(department_id: int, act: Callable[..., None], said: str) -> ResponseReturnValue:
    return do(
        lambda: act(services.lock(department_id), by=current_user.id, at=clock.now()),
        leads_to=url_for(".show", department_id=department_id),
        done=said,
    )


def _save(department_id: int | None) -> ResponseReturnValue:
    form = department_form(languages())()

    def write() -> None:
        row = services.lock(department_id) if department_id else None
        words = str(form[f"name_{languages()[0]}"].data)[:CODE_WORDS]
        code = code_for(form, row, words=words, others=departments.all_departments, kind="department")
        last = max((one.ord for one in departments.all_departments()), default=0)
        saved = own.save_department(form.spec(row, code), by=current_user.id, at=clock.now())
        if row is None:
            saved.ord = last + 1

    return save(
        form,
        write,
        again=lambda: _page(form, _get(department_id) if department_id else None),
        leads_to=url_for(".show", department_id=department_id) if department_id else url_for(".index"),
        done=_("Saved.") if department_id else _("The department is made. Now invite who works there."),
    )


def _page(form: DepartmentForm, row: Department | None) -> str:
    if row is None:
        return render_template("admin/department_new.html", form=form, spoken=languages())
    successor = departments.department(row.successor_id) if row.successor_id else None
    staff = [(one, _roles(one.roles)) for one in queries.staff_of(row.id)]
    return render_template(
        "admin/department.html",
        form=form,
        spoken=languages(),
        row=row,
        successor=successor,
        count=queries.counts().get(row.id, Count()),
        staff=staff,
        categories=queries.categories_of(row.id),
        history=history.in_words(
            changes.history(["department"], row.code), LABELS, show=known_value, acts=ACTS
        ),
    )


def _closing(form: CloseForm, row: Department) -> str:
    rules = [one for one in departments.routing_rules() if one.department_id == row.id]
    return render_template(
        "admin/department_close.html",
        form=form,
        row=row,
        count=queries.counts().get(row.id, Count()),
        categories=queries.categories_of(row.id),
        rules=rules,
    )


def _offered(form: CloseForm, row: Department) -> CloseForm:
    others = [(one.code, localized(one.name)) for one in departments.departments() if one.id != row.id]
    rules = any(one.department_id == row.id for one in departments.routing_rules())
    is_used = queries.counts().get(row.id, Count()).open_cases or queries.categories_of(row.id) or rules
    form.offer(others, may_be_nobody=not is_used)
    return form


def _roles(roles: frozenset[Role]) -> str:
    return ", ".join(str(ROLE_NAMES[role]) for role in Role if role in roles & STAFF_ROLES)


def _get(department_id: int) -> Department:
    row = departments.department(department_id)
    if row is None:
        raise NotVisible(_("There is no such department."))
    return row
