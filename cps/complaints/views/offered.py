"""Answers of the city that may make a complaint unnecessary, and the button that says so."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cps.cases.models import Draft
from cps.complaints import services
from cps.complaints.rules import Step
from cps.complaints.views import drafts
from cps.complaints.views.filing import is_urgent, typed_in
from cps.complaints.views.public import bp
from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import current_language, html_language
from cps.core.i18n import gettext as _
from cps.core.security import public
from cps.core.storage import delete_files
from cps.departments.catalogue import KnownCategory
from cps.knowledge import presenting
from cps.knowledge import queries as knowledge
from cps.knowledge import services as answers
from cps.knowledge.presenting import AnswerCard
from cps.knowledge.services import Told


def answers_for(draft: Draft, category: KnownCategory) -> list[AnswerCard]:
    """Return what may already answer a complaint that is being written, with everything it says.

    Nothing where somebody may be in danger or it is about staff: that is always to be sent.
    """
    if category.is_integrity or is_urgent(draft, category):
        return []
    body = typed_in(draft, Step.WORDS).get("body", "")
    day, language = clock.now().astimezone(g.city.zone).date(), html_language(current_language())
    return presenting.cards(knowledge.offered(body, day=day, language=language), whole=True)


@bp.post("/new/answered")
@public
def answered() -> ResponseReturnValue:
    """Throw away what was written, because an answer is enough; this alone counts as solved."""
    at, slug, keys = clock.now(), request.form.get("answer", "")[:60], list[str]()
    day = at.astimezone(g.city.zone).date()
    article = knowledge.find_slug(slug)
    if article is None or article.published_at is None:
        return redirect(url_for(".check"), 303)
    with transaction():
        draft = drafts.lock_newest(at)
        if draft is not None and draft.case_id is None:
            keys = services.drop_draft(draft)
            answers.count_told(article.id, Told.SOLVED, day=day)
    delete_files(keys)
    flash(_("Good that it is answered. Nothing was sent, and what you wrote is gone."))
    return redirect(url_for("knowledge.show", slug=slug), 303)
