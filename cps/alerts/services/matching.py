"""Finding who hears of something new, some hundreds at a time, and writing down what they will be told.

One job asks who hears of one thing; where there are more than fit into its transaction it leaves the next.
Each row names account, thing and alert: whatever is done twice is told once.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row

from cps.alerts import queries
from cps.alerts.models import Alert, AlertNews
from cps.alerts.queries import Reached
from cps.alerts.rules import NewsKind, Rhythm, next_letter
from cps.cases.models import Case
from cps.core import city as cities
from cps.core import outbox
from cps.core.db import db
from cps.core.models import Job
from cps.core.upsert import insert_into
from cps.notices import queries as notices

MATCH = "alert-match"
"""Looks for who hears of something."""

LETTERS = "alert-letters"
"""Writes the letters that are due; the feature above that writes letters does it."""

AT_ONCE = 500

Hearers = tuple[Sequence[ColumnElement[bool]], Collection[int]]
"""The conditions of alerts that hear of something, and the accounts that are not told."""


def hear_of(kind: NewsKind, about_id: int, *, at: datetime) -> None:
    """Leave the worker to find out who hears of a case, an answer or a notice."""
    _look_behind((0, 0), kind, about_id, at)


def match(payload: dict[str, Any], *, at: datetime) -> None:
    """Write down what the next accounts will be told, and leave a job for those behind them.

    The payload is that of a job of the kind `MATCH`. Of what is not for everybody to see nobody hears.
    """
    kind, about_id = NewsKind(payload["what"]), int(payload["about_id"])
    hearers = _hearers(kind, about_id, at)
    if hearers is None:
        return
    conditions, but = hearers
    after: Reached = (payload["after"][0], payload["after"][1])
    found = queries.hearing(conditions, but=but, after=after, limit=AT_ONCE)
    _write_down(found, kind, about_id, at)
    if len(found) == AT_ONCE:
        _look_behind((found[-1].account_id, found[-1].id), kind, about_id, at)


def _look_behind(reached: Reached, kind: NewsKind, about_id: int, at: datetime) -> None:
    outbox.enqueue(MATCH, at=at, what=kind.value, about_id=about_id, after=reached)


def _hearers(kind: NewsKind, about_id: int, at: datetime) -> Hearers | None:
    """Return who hears of something; None where nobody may."""
    if kind is NewsKind.NOTICE:
        notice = notices.find(about_id)
        return (queries.hears_of_notice(notice), ()) if notice and notice.ends_at > at else None
    if kind is NewsKind.FILED:
        case = queries.case_of(about_id)
        if case is None or not case.is_listed:
            return None
        return [*queries.hears_of_case(case), queries.wants_kind(case.kind)], _insiders(case)
    event = queries.event_of(about_id)
    if event is None or not event.case.is_listed:
        return None
    case = event.case
    conditions = [*queries.hears_of_case(case), Alert.answers.is_(True), queries.follows_not(case.id)]
    return conditions, {*_insiders(case), *((event.actor_id,) if event.actor_id else ())}


def _insiders(case: Case) -> set[int]:
    """Return whose own case it is: who reported it, and who typed it in for them."""
    return {key for key in (case.reporter_id, case.filed_by_id) if key is not None}


def _write_down(found: Sequence[Row[int, int, Rhythm]], kind: NewsKind, about_id: int, at: datetime) -> None:
    if not found:
        return
    zone = cities.get().zone
    due = {rhythm: next_letter(rhythm, at, zone) for rhythm in {row.rhythm for row in found}}
    rows = [
        {
            "account_id": row.account_id,
            "kind": kind,
            "about_id": about_id,
            "alert_id": row.id,
            "due_at": due[row.rhythm],
        }
        for row in found
    ]
    db.session.execute(insert_into(AlertNews).on_conflict_do_nothing(), rows)
    for rhythm, moment in due.items():
        if rhythm is Rhythm.AT_ONCE:
            outbox.enqueue(LETTERS, at=at, after=0)
        else:
            _wake_up_at(moment, at)


def _wake_up_at(moment: datetime, at: datetime) -> None:
    """Leave one job for the letters of a moment, however many things they tell."""
    row = {
        "kind": LETTERS,
        "dedupe_key": moment.isoformat(),
        "payload": {"after": 0},
        "created_at": at,
        "run_at": moment,
    }
    db.session.execute(insert_into(Job).values(row).on_conflict_do_nothing())
