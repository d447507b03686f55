"""Public lists and their entries as JSON at `/api/v1`: read only, without a key, the columns of the files.

A list has `items` and `next`, the address of its rest or null. `/api/v1/openapi.json` describes it.
"""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus

from flask import Blueprint, Response, abort, g, json, jsonify, request
from flask.typing import ResponseReturnValue

from cps.cases import queries as cases
from cps.complaints.asking import asked_for
from cps.core import clock
from cps.core.i18n import current_language, html_language
from cps.core.paging import read_key, write_key
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.knowledge import queries as knowledge
from cps.knowledge.queries import SeenText
from cps.opendata import queries
from cps.opendata.rows import Record, answer_record, case_record, poll_record, proposal_record
from cps.opendata.views.base import next_of, pages, whole
from cps.polls import presenting as poll_presenting
from cps.polls import queries as polls
from cps.proposals import asking as proposals_asking

bp = Blueprint("api", __name__, url_prefix="/api/v1")

SIZE = 100
"""Entries of one part of a list."""


@bp.after_request
def errors_as_json(response: Response) -> Response:
    """Give errors for which the site has a page the form of everything else here."""
    if response.status_code >= HTTPStatus.BAD_REQUEST and response.mimetype == "text/html":
        status = HTTPStatus(response.status_code)
        response.data = json.dumps({"code": status.value, "description": status.phrase})
        response.mimetype = "application/json"
    return response


@bp.get("/complaints")
@public
def complaints() -> ResponseReturnValue:
    """Give the public complaints, newest first, narrowed as their page is."""
    if (same := cacheable(_tag())) is not None:
        return same
    wanted, asked = asked_for(request.args)
    part = queries.part_of_cases(wanted, after=request.args.get("after"), most=SIZE)
    rows = [row for some in queries.cases(wanted, part) for row in some]
    to = pages()
    return _list([case_record(row, to) for row in rows], next_of(".complaints", asked, part))


@bp.get("/complaints/<reference:reference>")
@public
def complaint(reference: str) -> ResponseReturnValue:
    """Give one public complaint."""
    if (same := cacheable(_tag())) is not None:
        return same
    return jsonify(case_record(queries.complaint(reference), pages()))


@bp.get("/proposals")
@public
def proposals() -> ResponseReturnValue:
    """Give the public proposals, newest first, narrowed as their page is."""
    if (same := cacheable(_tag())) is not None:
        return same
    wanted, asked = proposals_asking.asked_for(request.args)
    wished = proposals_asking.as_filter(wanted)
    part = queries.part_of_cases(wished, after=request.args.get("after"), most=SIZE)
    rows = [row for some in queries.proposals(wished, part) for row in some]
    to = pages()
    return _list([proposal_record(row, to) for row in rows], next_of(".proposals", asked, part))


@bp.get("/proposals/<reference:reference>")
@public
def proposal(reference: str) -> ResponseReturnValue:
    """Give one public proposal."""
    if (same := cacheable(_tag())) is not None:
        return same
    return jsonify(proposal_record(queries.proposal(reference), pages()))


@bp.get("/polls")
@public
def poll_list() -> ResponseReturnValue:
    """Give every poll that is no draft."""
    at, known = clock.now(), polls.listed()
    if (same := cacheable(f"api-polls-{poll_presenting.mark(known, at)}")) is not None:
        return same
    to = pages()
    return _list([poll_record(poll, at, to) for poll in known], None)


@bp.get("/polls/<code:slug>")
@public
def poll(slug: str) -> ResponseReturnValue:
    """Give one poll that is no draft."""
    at = clock.now()
    found = next((one for one in polls.listed() if one.slug == slug), None)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return jsonify(poll_record(found, at, pages()))


@bp.get("/answers")
@public
def answers() -> ResponseReturnValue:
    """Give the answers that everybody reads, each in every language it has."""
    key = read_key(request.args.get("after"), int, str)
    rows = knowledge.seen_texts(_today(), after=key, limit=SIZE + 1)
    shown = rows[:SIZE]
    more = write_key((shown[-1].id, shown[-1].language)) if len(rows) > SIZE else None
    rest = whole(".answers", after=more) if more else None
    return _list([_answer(row) for row in shown], rest)


@bp.get("/answers/<code:slug>")
@public
def answer(slug: str) -> ResponseReturnValue:
    """Give one answer in the language that is asked for, where it has it, else in its own."""
    wanted = request.args.get("language") or html_language(current_language())
    found = knowledge.shown(slug, day=_today(), language=wanted)
    article, text = found.article, found.text
    row = SeenText(
        id=article.id,
        slug=article.slug,
        title=text.title,
        body=text.body,
        language=text.language,
        category_id=article.category_id,
        published_at=article.published_at,
        updated_at=text.updated_at,
        department_id=article.department_id,
        valid_until=article.valid_until,
    )
    return jsonify(_answer(row))


def _answer(row: SeenText) -> Record:
    return answer_record(row, whole("knowledge.show", slug=row.slug, language=row.language))


def _list(items: Sequence[Record], rest: str | None) -> Response:
    return jsonify(items=items, next=rest)


def _tag() -> str:
    return cases.tag_of_hour("api", clock.now())


def _today() -> date:
    return clock.now().astimezone(g.city.zone).date()
