"""The category that the words are surer of than whoever chose: whether it is applied, and what staff read."""

from datetime import datetime

from cps.cases.models import Case, Draft
from cps.cases.rules import Audience, EventKind
from cps.cases.services.story import record
from cps.complaints import learning
from cps.complaints.rules import SUGGESTIONS, Step
from cps.core import audit
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.suggesting import Suggestion


def set_suggestions(*, applies: bool, by: int, at: datetime) -> None:
    """Let sure suggestions be applied to what is filed from now on, or no more.

    From how sure on, the measure says. Raises RuleViolation where nothing is right often enough.
    """
    known = departments.learned_words()
    threshold = known.measured.threshold() if known and known.measured else None
    if applies and threshold is None:
        raise RuleViolation(_("Suggestions are not right often enough to be applied by themselves."))
    row = lock_city()
    before, after = row.settings.get(SUGGESTIONS), threshold if applies else None
    if before != after:
        row.settings = {**row.settings, SUGGESTIONS: after}
        changes = {SUGGESTIONS: [before, after]}
        audit.record("set-suggestions", about=("city", 1), by=by, at=at, changes=changes)
        db.session.flush()


def surer_category(draft: Draft, chosen: KnownCategory, *, least: float | None) -> learning.Found | None:
    """Return the category that the words are surer of; answers to questions belong to the chosen one."""
    body = draft.content["typed"][Step.WORDS.value]["body"]
    if draft.content["answers"] or not body:
        return None
    return learning.surer(body, chosen, least=least)


def tell_surer(
    case: Case, before: KnownCategory, after: KnownCategory, suggestion: Suggestion, *, at: datetime
) -> None:
    """Leave in the story, for staff, that the words and not the resident chose the category."""
    data = {"from": before.id, "to": after.id, "sure": round(suggestion.sure, 3)}
    record(case, EventKind.CATEGORISED, by=None, at=at, audience=Audience.STAFF, data=data)
    told = {"category_id": [before.id, after.id], "sure": [None, data["sure"]]}
    audit.record("apply-suggestion", about=("case", case.reference), by=None, at=at, changes=told)
