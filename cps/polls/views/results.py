"""The page of a result, and how anybody recounts it."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from cps.cases.models import Case
from cps.core import clock, known
from cps.core.i18n import current_language, date_time, localized, number, percent
from cps.core.i18n import gettext as _
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.polls import outcome, queries
from cps.polls.bundle import Kind, holds_ballots
from cps.polls.key_ring import specification_of
from cps.polls.models import Poll
from cps.polls.rules import RESULT_IS_PUBLIC
from cps.polls.services import publishing, turnouts
from cps.polls.specification import from_bytes
from cps.polls.turnout import Group, Turnout
from cps.polls.views.base import bp, published_poll, visible_poll
from cps.wards import queries as wards


@bp.get("/<code:slug>/results")
@public
def results(slug: str) -> ResponseReturnValue:
    """Show the result, or say from when there is one."""
    poll = visible_poll(slug)
    objections = queries.objection_cases(poll.id)
    if (answer := cacheable(_tag(poll, objections))) is not None:
        return answer
    if poll.state not in RESULT_IS_PUBLIC:
        return _no_result(poll)
    at = clock.now()
    return render_template(
        "polls/results.html",
        poll=poll,
        decision=localized(poll.decision),
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
        **_votes_table(told),
        **_turnout_table(found),
    }


def _tag(poll: Poll, objections: Sequence[Case]) -> str:
    """Return what the page depends on: the poll, its objections, and the hour for what is late by then."""
    newest = max((case.updated_at.timestamp() for case in objections), default=0)
    return f"poll-result-{poll.id}-{poll.version}-{newest}-{clock.now():%Y%m%d%H}"


def _no_result(poll: Poll) -> str:
    closes = poll.closes_at or clock.now()
    is_over = clock.now() >= closes
    return render_template(
        "polls/no_results.html",
        poll=poll,
        question=localized(poll.question),
        why=_("The votes are being counted.") if is_over else _("The poll is still open."),
        what=_("The result appears here as soon as it is published.")
        if is_over
        else _("It closes on %(date)s. Nobody can see before then how people vote.", date=date_time(closes)),
    )


def _votes_table(told: outcome.Told) -> dict[str, list[object]]:
    """Return head, rows and columns of figures of the table beside the bars."""
    head: list[object] = [_("Option"), _("Votes"), _("Share")]
    rows: list[object] = []
    with_cost = any(row.cost is not None for row in told.rows)
    with_paper = any(row.paper is not None for row in told.rows)
    head += [_("Of these on paper")] * with_paper + [_("Cost"), _("Funded")] * with_cost
    for row in told.rows:
        cells: list[object] = [row.label, number(row.votes), percent(row.votes / row.of if row.of else 0)]
        cells += [number(row.paper or 0)] * with_paper
        cells += [number(row.cost or 0), _("yes") if row.won else _("no")] * with_cost
        rows.append(cells)
    return {"head": head, "rows": rows, "numbers": [1, 2, *([3] if with_paper or with_cost else [])]}


def _age_words(found: Turnout, age: int) -> str:
    following = next((other for other in found.ages if other > age), None)
    if following is None:
        return _("%(age)s and older", age=age)
    return _("%(first)s to %(last)s", first=age, last=following - 1)


def _turnout_table(found: Turnout) -> dict[str, list[object]]:
    """Return head and rows of the turnout: a line for each ward and a column for each age that show any.

    The sums stand first: small groups are hidden, and a phone shows the first columns.
    """
    wards_shown = [ward for ward in (*found.wards, None) if any(_line(found, ward))]
    ages = [age for age in found.ages if any(found.at(ward, age) for ward in wards_shown)]
    if not found.wards or wards_shown in ([], [None]):
        return {"turnout_head": [], "turnout_rows": []}
    areas = wards.areas()
    names = {code: areas.names[ward_id] for ward_id, code in areas.codes.items()}
    rows: list[object] = []
    for ward in wards_shown:
        name = localized(names.get(ward)) or _("Unknown") if ward else _("All wards")
        groups = [found.at(ward), *(found.at(ward, age) for age in ages)]
        rows.append([name, *(_of(group) for group in groups)])
    head: list[object] = [_("Ward"), _("All ages"), *(_age_words(found, age) for age in ages)]
    return {"turnout_head": head, "turnout_rows": rows}


def _line(found: Turnout, ward: str | None) -> list[Group | None]:
    return [*(found.at(ward, age) for age in found.ages), found.at(ward)]


def _of(group: Group | None) -> str:
    if group is None:
        return "–"
    if group.eligible is None:
        return number(group.voted)
    return _("%(voted)s of %(eligible)s", voted=number(group.voted), eligible=number(group.eligible))


@bp.get("/<code:slug>/recount")
@public
def recount(slug: str) -> ResponseReturnValue:
    """Say in plain words how anybody recounts this result."""
    poll = published_poll(slug)
    return render_template(
        "polls/recount.html",
        poll=poll,
        question=localized(poll.question),
        has_ballots=holds_ballots(specification_of(poll), Kind.PUBLIC),
    )
