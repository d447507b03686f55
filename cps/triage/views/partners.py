"""Sending a case to a partner outside the city, and taking it back."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.models import Case
from cps.core import clock
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.partners import queries, services
from cps.partners.rules import Share
from cps.partners.services import Errand
from cps.triage.forms import PartnerForm
from cps.triage.rules import Act
from cps.triage.views.desk import bp
from cps.triage.views.opened import Open
from cps.triage.views.perform import perform
from cps.triage.views.proposal_steps import language_of


@bp.post("/<reference:reference>/partner")
@requires(Can.WORK_CASES)
def partner(reference: str) -> ResponseReturnValue:
    """Send the case to a partner by a link; the case waits for it."""

    def do(case: Case, desk: Open) -> None:
        form = desk.sent_as(PartnerForm)
        to = queries.active_partner(int(form.partner.data))
        if to is None:
            raise RuleViolation(_("Choose a partner from the list."))
        errand = Errand(
            words=form.errand.data or "",
            shares=frozenset(Share(one) for one in form.shares.data or () if one in list(Share)),
            message=form.words,
            language=language_of(form.words),
        )
        services.send(case, to, errand, by=current_user, at=clock.now())

    return perform(reference, Act.PARTNER, do, _("Sent. The partner gets a link by mail."))


@bp.post("/<reference:reference>/recall")
@requires(Can.WORK_CASES)
def recall(reference: str) -> ResponseReturnValue:
    """End the link of the partner that has the case."""

    def do(case: Case, _desk: Open) -> None:
        services.revoke(case, by=current_user, at=clock.now())

    return perform(reference, Act.RECALL, do, _("The link is ended. It opens nothing any more."))
