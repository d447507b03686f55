"""What is done with saved views: kept, renamed, put in order, shared, deleted, begun with."""

from collections.abc import Callable
from http import HTTPStatus

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.forms import add_error, spend_key, used_key
from cps.core.i18n import gettext as _
from cps.core.rendering import address
from cps.core.security import Can, allows, requires
from cps.departments import queries as departments
from cps.triage import queries, services
from cps.triage.models import SavedView
from cps.triage.rules import Box
from cps.triage.view_forms import RenameForm
from cps.triage.views.desk import bp
from cps.triage.views.views_page import asked_for, keep_form, start_form, views_page

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/views")
@requires(Can.WORK_CASES)
def views() -> ResponseReturnValue:
    """Show the views one sees; with filters in the address, ask for a name for them."""
    return views_page()


@bp.post("/views")
@requires(Can.WORK_CASES)
def keep_view() -> ResponseReturnValue:
    """Keep what the list shows under a name; pressing twice makes one view."""
    form, found = keep_form(), asked_for(request.form)
    key, to_list = form.form_key.data or "", address("triage.index", **found.values)
    if used_key(key) is not None:
        return redirect(to_list, HTTPStatus.SEE_OTHER)
    if not form.validate():
        return views_page(kept=form), UNPROCESSABLE
    unit, name, at = departments.catalogue().department(form.department), form.name.data or "", clock.now()
    try:
        with transaction():
            if spend_key(key, purpose="view", leads_to=url_for(".views"), at=at):
                services.keep_view(
                    name, found.values, department_id=unit.id if unit else None, by=current_user, at=at
                )
    except RuleViolation as error:
        add_error(form.name, error.message)
        return views_page(kept=form), UNPROCESSABLE
    flash(_("Kept as “%(name)s”.", name=name))
    return redirect(to_list, HTTPStatus.SEE_OTHER)


@bp.post("/views/<int:view_id>/rename")
@requires(Can.WORK_CASES)
def rename_view(view_id: int) -> ResponseReturnValue:
    """Give a view another name."""
    form = RenameForm(view_id)
    if not form.validate():
        _get_view(view_id)
        return views_page(renamed=(view_id, form)), UNPROCESSABLE

    def rename(view: SavedView) -> None:
        name, version = form.name.data or "", form.version.data
        services.rename_view(view, name, version=version, by=current_user, at=clock.now())

    try:
        return _change(view_id, rename, _("Renamed."))
    except (RuleViolation, StaleVersion) as error:
        add_error(form.name, error.message)
        return views_page(renamed=(view_id, form)), error.status


@bp.post("/views/<int:view_id>/up")
@requires(Can.WORK_CASES)
def move_view_up(view_id: int) -> ResponseReturnValue:
    """Put a view farther up."""
    return _change(view_id, services.move_view_up, "")


@bp.post("/views/<int:view_id>/share")
@requires(Can.WORK_CASES)
def share_view(view_id: int) -> ResponseReturnValue:
    """Make one's own view one of a department whose views one chooses."""
    _get_view(view_id)
    unit = departments.catalogue().department(request.form.get("department", ""))
    if unit is None or not allows(current_user, Can.SHARE_VIEWS, unit.id):
        return views_page(problem=_("Choose a department whose supervisor you are.")), UNPROCESSABLE

    def share(view: SavedView) -> None:
        if view.account_id is not None:
            services.share_view(view, unit.id, by=current_user, at=clock.now())

    try:
        return _change(view_id, share, _("Shared. Everybody in the department sees it now."))
    except RuleViolation as error:
        return views_page(problem=error.message), UNPROCESSABLE


@bp.post("/views/<int:view_id>/delete")
@requires(Can.WORK_CASES)
def delete_view(view_id: int) -> ResponseReturnValue:
    """End a view."""
    return _change(
        view_id, lambda view: services.delete_view(view, by=current_user, at=clock.now()), _("Deleted.")
    )


@bp.post("/views/start")
@requires(Can.WORK_CASES)
def choose_start() -> ResponseReturnValue:
    """Let one's desk open with a box or a view."""
    form = start_form()
    if not form.validate():
        return views_page(start=form), UNPROCESSABLE
    chosen = form.start.data or ""
    with transaction():
        view = queries.view_for(int(chosen), current_user) if chosen.isdecimal() else None
        box = Box(chosen) if chosen in list(Box) else None
        services.begin_with(view or box, account_id=current_user.id)
    return _back(_("Your desk opens with it from now on."))


def _change(view_id: int, act: Callable[[SavedView], None], done: str) -> ResponseReturnValue:
    """Do something to a view that this person may change, loaded anew in the transaction."""
    with transaction():
        act(_get_view(view_id))
    return _back(done)


def _get_view(view_id: int) -> SavedView:
    view = queries.view_for(view_id, current_user)
    if view is None or not allows(current_user, Can.CHANGE_VIEW, view):
        abort(HTTPStatus.NOT_FOUND)
    return view


def _back(done: str) -> ResponseReturnValue:
    if done:
        flash(done)
    return redirect(url_for(".views"), HTTPStatus.SEE_OTHER)
