"""The other system of a department, for administrators."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug import Response

from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.departments.models import Department
from cps.open311.outgoing import presenting, queries, services
from cps.open311.outgoing.forms import ConnectionForm, RoutesForm, routes_form
from cps.open311.outgoing.models import OtherSystem

bp = Blueprint("open311_systems", __name__, url_prefix="/admin/departments/<int:department_id>/system")


@bp.get("")
@requires(Can.MANAGE_CITY)
def show(department_id: int) -> ResponseReturnValue:
    """Show the other system of a department, what goes there and what does not arrive."""
    department = _department(department_id)
    return _page(department, queries.system_of(department_id))


@bp.post("")
@requires(Can.MANAGE_CITY)
def connect(department_id: int) -> ResponseReturnValue:
    """Connect a department to another system, or change where that is."""
    department, form, known = _department(department_id), ConnectionForm(), queries.system_of(department_id)
    if not form.validate():
        return _page(department, known, connection=form), HTTPStatus.UNPROCESSABLE_ENTITY

    def write() -> None:
        if form.seen is None:
            if queries.system_of(department_id) is not None:
                raise StaleVersion(_("Somebody changed this meanwhile. Compare, then save again."))
            services.connect(department_id, form.connection, by=current_user.id, at=clock.now())
        else:
            row = queries.lock_system(department_id, version=form.seen)
            services.change(row, form.connection, by=current_user.id, at=clock.now())

    return _written(write, department, connection=form, done=_("Saved. Its services are being asked for."))


@bp.post("/routes")
@requires(Can.MANAGE_CITY)
def routes(department_id: int) -> ResponseReturnValue:
    """Say which category goes to which service."""
    department, known = _department(department_id), queries.system_of(department_id)
    if known is None:
        raise NotVisible(_("This department is connected to no other system."))
    form = _routes_form(department_id, known, is_sent=True)
    if not form.validate():
        return _page(department, known, chosen=form), HTTPStatus.UNPROCESSABLE_ENTITY

    def write() -> None:
        row = queries.lock_system(department_id, version=form.seen)
        services.set_routes(row, form.routes, by=current_user.id, at=clock.now())

    return _written(write, department, chosen=form, done=_("Saved."))


@bp.post("/look")
@requires(Can.MANAGE_CITY)
def look(department_id: int) -> ResponseReturnValue:
    """Let the worker ask the system for its services now."""
    return _act(
        department_id,
        lambda row: services.ask_anew(row, by=current_user.id, at=clock.now()),
        _("It is being asked. Load this page again in a moment."),
    )


@bp.post("/turn")
@requires(Can.MANAGE_CITY)
def turn(department_id: int) -> ResponseReturnValue:
    """Begin to send cases, or stop."""
    on = request.form.get("to") == "on"
    return _act(
        department_id,
        lambda row: services.turn(row, on=on, by=current_user.id, at=clock.now()),
        _("Cases that come from now on are sent.") if on else _("Nothing is sent any more."),
    )


@bp.post("/cases/<int:sent_id>/again")
@requires(Can.MANAGE_CITY)
def again(department_id: int, sent_id: int) -> ResponseReturnValue:
    """Let a case that failed be tried again."""

    def act() -> None:
        row = queries.lock_sent(department_id, sent_id)
        services.try_again(row, by=current_user.id, at=clock.now())

    return _done(department_id, act, _("It is tried again."))


@bp.post("/cases/<int:sent_id>/leave")
@requires(Can.MANAGE_CITY)
def leave(department_id: int, sent_id: int) -> ResponseReturnValue:
    """Leave a case that failed to the department."""

    def act() -> None:
        row = queries.lock_sent(department_id, sent_id)
        services.leave(row, by=current_user.id, at=clock.now())

    return _done(department_id, act, _("The department works on it here."))


def _act(department_id: int, act: Callable[[OtherSystem], None], done: str) -> ResponseReturnValue:
    return _done(department_id, lambda: act(queries.lock_system(department_id)), done)


def _done(department_id: int, act: Callable[[], None], done: str) -> ResponseReturnValue:
    try:
        with transaction():
            act()
    except RuleViolation as refused:
        db.session.rollback()
        return _back(department_id, refused.message, kind="warning")
    return _back(department_id, done)


def _back(department_id: int, said: str, *, kind: str = "success") -> Response:
    flash(said, kind)
    return redirect(url_for(".show", department_id=department_id), HTTPStatus.SEE_OTHER)


def _written(
    write: Callable[[], None],
    department: Department,
    *,
    done: str,
    connection: ConnectionForm | None = None,
    chosen: RoutesForm | None = None,
) -> ResponseReturnValue:
    """Write what a form asks for; where it was changed meanwhile its page goes on with what stands now."""
    department_id, form = department.id, connection or chosen
    try:
        with transaction():
            write()
    except StaleVersion as stale:
        db.session.rollback()
        known = queries.system_of(department_id)
        if form is not None:
            form.form_errors.append(stale.message)
            form.version.data = str(known.version) if known else ""
        again = _page(_department(department_id), known, connection=connection, chosen=chosen)
        return again, HTTPStatus.CONFLICT
    return _back(department_id, done)


def _page(
    department: Department,
    system: OtherSystem | None,
    *,
    connection: ConnectionForm | None = None,
    chosen: RoutesForm | None = None,
) -> str:
    if connection is None:
        connection = ConnectionForm(formdata=None)
        if system is not None:
            connection.fill(system)
    if chosen is None and system is not None and system.services:
        chosen = _routes_form(department.id, system, is_sent=False)
    return render_template(
        "open311/system.html",
        department=department,
        system=system,
        form=connection,
        chosen=chosen,
        state=presenting.state(system) if system is not None else None,
    )


def _routes_form(department_id: int, system: OtherSystem, *, is_sent: bool) -> RoutesForm:
    form_class = routes_form(presenting.categories_of(department_id, system))
    form = form_class() if is_sent else form_class(formdata=None)
    form.offer(system.services, system.routes, show=not is_sent)
    if not is_sent:
        form.version.data = str(system.version)
    return form


def _department(department_id: int) -> Department:
    row = departments.department(department_id)
    if row is None:
        raise NotVisible(_("There is no such department."))
    return row
