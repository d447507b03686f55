"""Writing down at the desk what a voice note says."""

from flask import g
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.models import Case
from cps.cases.queries.voice import note_of
from cps.cases.services.voice import write_down
from cps.core import clock
from cps.core.errors import RuleViolation
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires
from cps.core.text import detect_language
from cps.triage.rules import Act
from cps.triage.views.desk import bp
from cps.triage.views.opened import Open
from cps.triage.views.perform import perform


@bp.post("/<reference:reference>/transcribe")
@requires(Can.WORK_CASES)
def transcribe(reference: str) -> ResponseReturnValue:
    """Let the case say what its voice note says; words of danger make it urgent, as those of a writer do."""

    def do(case: Case, desk: Open) -> None:
        note, words, at = note_of(case.id), desk.forms[Act.TRANSCRIBE].words, clock.now()
        if note is None or not allows(current_user, Can.SEE_REPORTER, case):
            raise RuleViolation(_("This case has no voice note any more."))
        language = detect_language(words, OWN_NAMES) or case.language
        known = g.city.danger_words
        write_down(case, note, words, danger_words=known, language=language, by=current_user, at=at)

    return perform(reference, Act.TRANSCRIBE, do, _("The words of the voice note stand in the case."))
