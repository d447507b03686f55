"""Answers for whoever is writing just now: residents, agents, officers, and programs."""

from flask import current_app, get_template_attribute, request, url_for
from flask.typing import ResponseReturnValue

from cps.core.http import origin_only, own_origin
from cps.core.search import LONGEST_QUERY
from cps.core.security import public
from cps.knowledge import presenting, prose, queries
from cps.knowledge.queries import AnswerRow
from cps.knowledge.views.base import bp, page_language, today
from cps.knowledge.views.public import asked, wanted_language

MOST_FOR_PROGRAMS = 10


@bp.post("/offered")
@origin_only
@public
def offered() -> ResponseReturnValue:
    """Give what may already answer a text that is being written: a piece of a page, for its script.

    It comes by POST, so that what somebody writes stands in no address and no log; nothing is changed.
    """
    written = request.form.get("title", "")[:LONGEST_QUERY]
    rows = queries.offered(written, day=today(), language=page_language())
    write = get_template_attribute("knowledge/_parts.html", "offered")
    return {"piece": write(presenting.cards(rows))}


@bp.get("/search.json")
@public
def search_json() -> ResponseReturnValue:
    """Give what a question finds to programs and to the screens of staff; it is counted nowhere."""
    question = asked()
    found = queries.answers(question, day=today(), language=wanted_language(), most=MOST_FOR_PROGRAMS)
    return {
        "question": question,
        "instead": found.instead,
        "answers": [_as_json(row) for row in found.rows],
    }


def _as_json(row: AnswerRow) -> dict[str, str]:
    origin = own_origin(current_app.extensions["cps_config"])
    return {
        "slug": row.slug,
        "title": row.title,
        "text": prose.unmarked(row.body),
        "excerpt": prose.beginning(row.body),
        "language": row.language,
        "page": origin + url_for(".show", slug=row.slug),
    }
