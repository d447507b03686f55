"""The page of a result, and how anybody recounts it."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from cps.cases.models import Case
from cps.core import clock, known
from cps.core.i18n import current_language, date_time, localized
from cps.core.i18n import gettext as _
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.polls import explaining, outcome, queries, so_far
from cps.polls.bundle import Kind, holds_ballots
from cps.polls.key_ring import specification_of
from cps.polls.models import Poll
from cps.polls.result_tables import turnout_table, votes_table
from cps.polls.rules import RESULT_IS_PUBLIC, PollState
from cps.polls.services import publishing, turnouts
from cps.polls.specification import from_bytes
from cps.polls.views.base import bp, published_poll, visible_poll
from cps.polls.views.so_far import page as so_far_page
from cps.wards import queries as wards


@bp.get("/<code:slug>/results")
@public
def results(slug: str) -> ResponseReturnValue:
    """Show the result, or the counts so far of a live poll, or say from when there is a result."""
    poll, at = visible_poll(slug), clock.now()
    if so_far.is_shown(poll, at):
        return so_far_page(poll, at)
    objections = queries.objection_cases(poll.id)
    if (answer := cacheable(_tag(poll, objections))) is not None:
        return answer
    if poll.state not in RESULT_IS_PUBLIC:
        return _no_result(poll)
    return render_template(
        "polls/results.html",
        poll=poll,
        decision=localized(poll.decision),
        checking=explaining.checking_words(poll),
        everybody_recounts=explaining.everybody_recounts(poll),
        **_figures(
            poll.spec_json, poll.result_json, json.dumps(poll.turnout), current_language(), known.mark()
        ),
        objections=objections,
        takes_objections=publishing.takes_objections(poll, at),
        decision_is_late=bool(not poll.decided_at and poll.decision_due_at and at > poll.decision_due_at),
    )


@lru_cache(maxsize=128)
def _figures(spec: str, result: str, turnout: str, _language: str, _names: str) -> dict[str, Any]:
    """Return everything on the page that stays as it is once a result is published, in one language.

    Remembered, because tables of numbers in words take longer to make than the rest of the page. `_names`
    changes when a ward is called otherwise.
    """
    specification = from_bytes(spec.encode())
    told, found = outcome.told(specification, json.loads(result)), turnouts.read_kept(json.loads(turnout))
    return {
        "question": localized(specification.question),
        "told": told,
        "bars": [{"text": row.label, "value": row.votes, "words": row.words} for row in told.rows],
        "counted_line": outcome.counted_line(told),
        "turnout_line": outcome.turnout_line(told),
        "votes_table": votes_table(told.rows, told.blank_row, specification.currency),
        "turnout_table": turnout_table(found, _ward_names()),
    }


def _ward_names() -> dict[str, str]:
    """Return what every ward is called, also those that are no longer used, by code."""
    areas = wards.areas()
    return {code: localized(areas.names[ward_id]) for ward_id, code in areas.codes.items()}


def _tag(poll: Poll, objections: Sequence[Case]) -> str:
    """Return what the page depends on: the poll, its objections, and the hour for what is late by then."""
    newest = max((case.updated_at.timestamp() for case in objections), default=0)
    return f"poll-result-{poll.id}-{poll.version}-{newest}-{clock.now():%Y%m%d%H}"


def _no_result(poll: Poll) -> str:
    why, what = _why_none(poll, clock.now())
    question = localized(poll.question)
    return render_template("polls/no_results.html", poll=poll, question=question, why=why, what=what)


def _why_none(poll: Poll, at: datetime) -> tuple[str, str]:
    if poll.state is PollState.VOID:
        return _("This poll is void."), _("It does not count and is not counted.")
    closes = poll.closes_at or at
    if at >= closes:
        return _("The votes are being counted."), _("The result appears here as soon as it is published.")
    until = _("It closes on %(date)s. Nobody can see before then how people vote.", date=date_time(closes))
    return _("The poll is still open."), until


@bp.get("/<code:slug>/recount")
@public
def recount(slug: str) -> ResponseReturnValue:
    """Say in plain words how anybody recounts this result."""
    poll = published_poll(slug)
    return render_template(
        "polls/recount.html",
        poll=poll,
        question=localized(poll.question),
        lines=explaining.lines_words(poll),
        has_ballots=holds_ballots(specification_of(poll), Kind.PUBLIC),
    )
