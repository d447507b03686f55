"""Many cases at once: selected in the list, what is to be done, a look at what will happen, done."""

import time
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from cps.cases import reference as references
from cps.cases.policy import reach_of
from cps.cases.reference import NotAReference
from cps.cases.rules.holding import MOST_AT_ONCE
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.forms import add_error
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.triage.queries import queue
from cps.triage.views.address import Asked, asked
from cps.triage.views.desk import bp
from cps.triage.views.list_parts import moment_now
from cps.triage.work import queries, services
from cps.triage.work.models import DeskAct
from cps.triage.work.rules import CHOOSING
from cps.triage.work.views import filled, shown
from cps.wards import queries as wards

PATIENCE_SECONDS = 12.0
"""So long a request goes on doing; then the worker does the rest."""


@bp.post("/bulk")
@requires(Can.WORK_CASES)
def bulk_begin() -> ResponseReturnValue:
    """Keep what was selected in the list, and ask what is to be done."""
    wanted = _asked()
    versions, left = _selected(wanted)
    if not versions:
        flash(_("Select at least one case first."), "warning")
        return redirect(wanted.to_list(), HTTPStatus.SEE_OTHER)
    with transaction():
        act = services.choose(versions, by=current_user, at=clock.now())
        act_id = act.id
    if left:
        flash(ngettext("%(num)s case is not at your desk any more.",
                       "%(num)s cases are not at your desk any more.", left), "warning")  # fmt: skip
    return _to(act_id)


def _asked() -> Asked:
    return asked(departments.catalogue(), wards.areas())


def _selected(wanted: Asked) -> tuple[dict[int, int], int]:
    """Return the versions of what was selected, and how many of it are not at this desk."""
    if "all" in request.form:
        rows = queue(wanted.queue, current_user, moment_now(), size=MOST_AT_ONCE).rows
        return queries.versions(current_user, ids=[row.id for row in rows]), 0
    if "of" in request.form:
        holder = (
            int(request.form["of"]) if request.form["of"].isascii() and request.form["of"].isdigit() else None
        )
        ids = queries.open_ids_of(holder, reach_of(current_user), limit=MOST_AT_ONCE)
        return queries.versions(current_user, ids=ids), 0
    chosen = {_reference(typed) for typed in request.form.getlist("case")[:MOST_AT_ONCE]} - {""}
    versions = queries.versions(current_user, references=sorted(chosen)) if chosen else {}
    return versions, len(chosen) - len(versions)


def _reference(typed: str) -> str:
    try:
        return references.parse(typed[:40])
    except NotAReference:
        return ""


def _to(act_id: int) -> ResponseReturnValue:
    return redirect(_asked().to("triage.bulk", act_id=act_id), HTTPStatus.SEE_OTHER)


def _own(act: DeskAct | None) -> DeskAct:
    """Return an act on many cases of one's own; all others do not exist."""
    if act is None or not act.is_bulk or act.by_id != current_user.id:
        raise NotVisible(_("There is no such selection of cases."))
    return act


@bp.get("/bulk/<int:act_id>")
@requires(Can.WORK_CASES)
def bulk(act_id: int) -> ResponseReturnValue:
    """Ask what is to be done, show what will happen, or what became of it: whatever comes next."""
    act = _own(queries.act_of(act_id, current_user.id))
    if act.started_at is not None:
        return shown.result(act, _asked())
    if act.kind == CHOOSING or "change" in request.args:
        return _form_page(act, filled.form_of(act))
    return shown.preview(act, _asked())


def _form_page(act: DeskAct, form: Any) -> str:
    parts = shown.selected(act, _asked())
    return render_template("triage/bulk_form.html", form=form, **parts)


@bp.post("/bulk/<int:act_id>")
@requires(Can.WORK_CASES)
def bulk_plan(act_id: int) -> ResponseReturnValue:
    """Note what is to be done, and lead on to what will happen."""
    act, form = _own(queries.act_of(act_id, current_user.id)), filled.sent_form()
    if not form.validate():
        return _form_page(act, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        wanted = filled.wanted_of(form)
    except RuleViolation as refusal:
        add_error(form.into, refusal.message)
        return _form_page(act, form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction():
        act = _own(queries.lock_act(act_id))
        if act.started_at is None:
            services.plan(act, wanted, by=current_user)
    return _to(act_id)


@bp.post("/bulk/<int:act_id>/do")
@requires(Can.WORK_CASES)
def bulk_do(act_id: int) -> ResponseReturnValue:
    """Do what was planned, once, however often the button is pressed."""
    with transaction():
        begun = services.begin(_own(queries.lock_act(act_id)), at=clock.now())
    if begun:
        _go_on(act_id)
    return _to(act_id)


def _go_on(act_id: int) -> None:
    """Do batch after batch; what takes too long, or finds the database busy, is left to the worker."""
    end, is_done = time.monotonic() + PATIENCE_SECONDS, False
    while not is_done and time.monotonic() < end:
        try:
            with transaction():
                is_done = services.go_on(_own(queries.lock_act(act_id)), by=current_user, at=clock.now())
        except OperationalError:
            return
