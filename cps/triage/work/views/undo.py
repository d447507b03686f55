"""Undoing what was done a moment ago."""

from http import HTTPStatus

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.security import Can, allows, requires
from cps.departments import queries as departments
from cps.triage.views.address import asked
from cps.triage.views.desk import bp
from cps.triage.work import queries, services
from cps.triage.work.services import Undone
from cps.wards import queries as wards


@bp.post("/undo/<int:act_id>")
@requires(Can.WORK_CASES)
def undo(act_id: int) -> ResponseReturnValue:
    """Undo an act of one's own, on one case or on many, and say what became of it."""
    try:
        with transaction():
            act = queries.lock_act(act_id)
            if act is None or not services.may_undo(act, current_user):
                raise NotVisible(_("There is nothing to undo."))
            is_bulk = act.is_bulk
            done = services.undo(act, by=current_user, at=clock.now())
    except (RuleViolation, StaleVersion) as refusal:
        flash(refusal.message, "warning")
        return _on(act_id, is_bulk)
    flash(_said(done))
    return _on(act_id, is_bulk)


def _said(done: Undone) -> str:
    if not done.undone:
        return _("It was undone already.")
    words = ngettext("Undone: %(num)s case stands as before.", "Undone: %(num)s cases stand as before.",
                     done.undone)  # fmt: skip
    if not done.kept:
        return str(words)
    kept = ngettext("%(num)s stays: somebody changed it since.", "%(num)s stay: somebody changed them since.",
                    done.kept)  # fmt: skip
    return f"{words} {kept}"


def _on(act_id: int, is_bulk: bool) -> ResponseReturnValue:
    """Lead on to the result of many, or to the one case, where it is at this desk."""
    wanted = asked(departments.catalogue(), wards.areas())
    if is_bulk:
        return redirect(wanted.to("triage.bulk", act_id=act_id), HTTPStatus.SEE_OTHER)
    case = queries.case_of(act_id)
    stays = case is not None and allows(current_user, Can.WORK_CASE, case)
    to = wanted.to_case(case.reference) if case and stays else wanted.to_list()
    return redirect(to, HTTPStatus.SEE_OTHER)
