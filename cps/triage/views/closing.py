"""Closing a case: at once, or once a colleague has said yes where a second pair of eyes is wanted."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import services
from cps.cases.models import Case
from cps.cases.rules import Outcome
from cps.cases.services import Ending
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.triage.forms import CloseForm, SecondForm
from cps.triage.rules import Act
from cps.triage.views.desk import bp
from cps.triage.views.opened import Open
from cps.triage.views.perform import perform
from cps.triage.views.proposal_steps import language_of


@bp.post("/<reference:reference>/close")
@requires(Can.WORK_CASES)
def close(reference: str) -> ResponseReturnValue:
    """End the case with an outcome, words and proof."""

    def do(case: Case, desk: Open) -> None:
        form = desk.sent_as(CloseForm)
        ending = Ending(
            Outcome(form.outcome.data),
            form.words,
            language_of(form.words),
            photos=desk.received.rows if desk.received else [],
            why_no_photo=form.why_no_photo.data or "",
            told=form.told,
        )
        services.end(case, ending, by=current_user, at=clock.now())

    return perform(reference, Act.CLOSE, do, _how_it_ended)


def _how_it_ended(case: Case) -> str:
    """Return what to tell whoever closed a case, which may wait for a colleague."""
    if case.is_open:
        return _("A colleague has to say yes before it is closed. The resident hears of it then.")
    return _("The case is closed.")


@bp.post("/<reference:reference>/second")
@requires(Can.WORK_CASES)
def second(reference: str) -> ResponseReturnValue:
    """Say yes or no to an end that a colleague wrote."""

    def do(case: Case, desk: Open) -> None:
        form = desk.sent_as(SecondForm)
        services.answer_end(case, is_granted=form.is_granted, by=current_user, at=clock.now(), why=form.words)

    return perform(reference, Act.SECOND, do, _how_it_was_decided)


def _how_it_was_decided(case: Case) -> str:
    return _("The case stays open. Your colleague reads why.") if case.is_open else _("The case is closed.")
