"""What a supervisor found at a photo of the work."""

from http import HTTPStatus

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.policy import reach_of
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.rendering import address
from cps.core.security import Can, requires
from cps.triage.views.desk import bp
from cps.triage.work import services
from cps.triage.work.forms import CheckForm
from cps.triage.work.queries import doubts
from cps.triage.work.views.supervising import page


@bp.post("/supervisor/photos/<int:doubt_id>/check")
@requires(Can.SUPERVISE)
def check_photo(doubt_id: int) -> ResponseReturnValue:
    """Keep what was found at a photo of the work."""
    form, about = CheckForm(), f"photo-{doubt_id}"
    if not doubts.is_theirs(doubt_id, reach_of(current_user)):
        raise NotVisible(_("There is no such photo to look at."))
    if not form.validate():
        return page(form, about), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            is_new = _check(doubt_id, form)
    except RuleViolation as refusal:
        form.note.errors = [refusal.message]
        return page(form, about), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved.") if is_new else _("Somebody has looked at this photo already."))
    return redirect(address("triage.supervisor") + "#photos", HTTPStatus.SEE_OTHER)


def _check(doubt_id: int, form: CheckForm) -> bool:
    doubt = doubts.lock_doubt(doubt_id, reach_of(current_user))
    if doubt is None:
        raise NotVisible(_("There is no such photo to look at."))
    found = {"is_good": form.found.data == "good", "note": form.note.data or ""}
    return services.check_photo(doubt, by=current_user, at=clock.now(), **found)
