"""The page of a result, and how anybody recounts it."""

import hashlib
import json
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from cps.core import clock, known
from cps.core.i18n import current_language, date_time, localized
from cps.core.i18n import gettext as _
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.polls import explaining, outcome, presenting, queries, so_far
from cps.polls.bundle import Kind, holds_ballots
from cps.polls.key_ring import specification_of
from cps.polls.models import Poll
from cps.polls.queries import Objection
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
    if poll.state not in RESULT_IS_PUBLIC:
        return cacheable(f"poll-no-result-{presenting.mark([poll], at)}") or _no_result(poll, at)
    result = _written(poll, queries.objections(poll.id), _times(poll, at), current_language(), known.mark())
    if (answer := cacheable(f"poll-result-{result.digest}")) is not None:
        return answer
    return render_template("polls/results.html", question=localized(poll.question), result=result.html)


class _Written(NamedTuple):
    """What a page says of a result, and the hash of that."""

    html: Markup
    digest: str


class _Times(NamedTuple):
    """What the page says by the clock."""

    takes_objections: bool
    decision_is_late: bool


def _times(poll: Poll, at: datetime) -> _Times:
    due = poll.decision_due_at
    return _Times(
        takes_objections=publishing.takes_objections(poll, at),
        decision_is_late=bool(not poll.decided_at and due and at > due),
    )


@lru_cache(maxsize=128)
def _written(
    poll: Poll, objections: tuple[Objection, ...], times: _Times, _language: str, _names: str
) -> _Written:
    """Write what a page says of a result, in one language: everything within its frame.

    Remembered, because nothing of it depends on who is looking. Of each version of a poll there is one object
    in this process; `_names` changes when the city or a ward is called otherwise.
    """
    specification = from_bytes(poll.spec_json.encode())
    told = outcome.told(specification, json.loads(poll.result_json))
    written = render_template(
        "polls/_result.html",
        poll=poll,
        question=localized(poll.question),
        decision=localized(poll.decision),
        checking=explaining.checking_words(poll),
        everybody_recounts=explaining.everybody_recounts(poll),
        told=told,
        bars=[{"text": row.label, "value": row.votes, "words": row.words} for row in told.rows],
        counted_line=outcome.counted_line(told),
        turnout_line=outcome.turnout_line(told),
        votes_table=votes_table(told.rows, told.blank_row, specification.currency),
        turnout_table=turnout_table(turnouts.read_kept(poll.turnout), _ward_names()),
        objections=objections,
        **times._asdict(),
    )
    html = Markup(written)  # noqa: S704 - the template has escaped it
    return _Written(html, hashlib.sha256(written.encode()).hexdigest()[:20])


def _ward_names() -> dict[str, str]:
    """Return what every ward is called, also those that are no longer used, by code."""
    areas = wards.areas()
    return {code: localized(areas.names[ward_id]) for ward_id, code in areas.codes.items()}


def _no_result(poll: Poll, at: datetime) -> str:
    why, what = _why_none(poll, at)
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
