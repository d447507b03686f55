"""What a box and each filter of the desk select, as conditions on a case.

Values stand in the statement; only what every page gives anew is a parameter: the officer and the moments.
So a statement can be kept for everybody who asks for the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, extract, func, select, true

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.handoff_models import Transfer
from cps.cases.models import Case
from cps.cases.policy import workable
from cps.cases.queries import Reach, asked_tokens, is_late, matches, matches_read
from cps.cases.queries.handing import UNCLEAR
from cps.cases.queries.map_cells import within
from cps.cases.queries.voice import UNWRITTEN
from cps.cases.rules import Status
from cps.triage.rules import NOBODY_WORKS, NOT_YET, Box
from cps.triage.wanted import DAYS_WITHIN, Due, Moment, Queue, Who, Within

Condition = ColumnElement[bool]

EQUAL: Mapping[str, Any] = {
    "kind": Case.kind,
    "status": Case.status,
    "outcome": Case.outcome,
    "category_id": Case.category_id,
    "department_id": Case.department_id,
    "ward_id": Case.ward_id,
    "priority": Case.priority,
    "channel": Case.channel,
    "language": Case.language,
    "has_reply": Case.has_unread_reply,
}


def values_of(officer: Account, moment: Moment, queues: Iterable[Queue] = ()) -> dict[str, Any]:
    """Return what the statements of the desk are asked with."""
    back = {f"ago_{days}": at for days, at in moment.days_back(queues).items()}
    return {
        "officer": officer.id,
        "now": moment.now,
        "end_of_day": moment.end_of_day,
        "end_of_week": moment.end_of_week,
        **back,
    }


def moment_named(name: str) -> ColumnElement[Any]:
    """Return a parameter that is a moment."""
    return bindparam(name, type_=Case.due_at.type)


def selected(wanted: Queue, roles: frozenset[Role], reach: Reach) -> list[Condition]:
    """Return every condition of a list: who may work a case, the box, the filters."""
    few = not wanted.is_closed
    return [*at_desk(wanted, roles, reach), *in_box(wanted.box), *narrowed(wanted, among_few=few)]


def at_desk(wanted: Queue, roles: frozenset[Role], reach: Reach) -> Iterator[Condition]:
    """Yield the conditions that a case is open and waits for the city, or was closed, and whose it is."""
    if not wanted.is_closed:
        yield Case.closed_at.is_(None)
        yield Case.status.not_in(NOT_YET)
    else:
        yield closed_within(wanted.within)
    yield workable(roles, reach)


def closed_within(within: Within) -> Condition:
    """Return the condition that a case was closed, and not too long ago."""
    if within in DAYS_WITHIN:
        return Case.closed_at >= moment_named(f"ago_{DAYS_WITHIN[within]}")
    return Case.closed_at.is_not(None)


def boxes() -> dict[Box, Condition]:
    """Return what each box of open cases holds."""
    now, end_of_day = moment_named("now"), moment_named("end_of_day")
    return {
        Box.NEW: and_(Case.status.in_(NOBODY_WORKS), Case.assignee_id.is_(None)),
        Box.HANDED: Case.id.in_(select(Transfer.case_id).where(Transfer.answered_at.is_(None))),
        Box.MINE: Case.assignee_id == bindparam("officer"),
        Box.DEPARTMENT: true(),
        Box.TODAY: and_(Case.due_at >= now, Case.due_at < end_of_day, Case.paused_at.is_(None)),
        Box.LATE: is_late(now),
        Box.REPLIES: Case.has_unread_reply.is_(True),
        Box.REOPENED: Case.status == Status.REOPEN_ASKED,
    }


def in_box(box: Box) -> list[Condition]:
    """Return the condition of a box; closed cases have none but that they are."""
    return [] if box is Box.CLOSED else [boxes()[box]]


def narrowed(wanted: Queue, *, among_few: bool) -> Iterator[Condition]:
    """Yield the conditions of the filters that are set.

    `among_few`: other conditions leave few cases, so that words are looked for in each; places always are.
    """
    for name, column in EQUAL.items():
        value = getattr(wanted, name)
        if value is not None:
            yield column.is_(value) if isinstance(value, bool) else column == value
    if wanted.assignee is not None:
        yield _assigned(wanted.assignee)
    if wanted.due is not None:
        yield _due(wanted.due)
    yield from _numbered(wanted)
    yield from _received(wanted)
    if wanted.area is not None:
        yield and_(*within(wanted.area, by_index=False))
    if wanted.words:
        yield (matches_read if among_few else matches)(asked_tokens(wanted.words))


def _assigned(to: Who | int) -> Condition:
    if to is Who.NOBODY:
        return Case.assignee_id.is_(None)
    return Case.assignee_id == (bindparam("officer") if to is Who.ME else to)


def _due(due: Due) -> Condition:
    now, running = moment_named("now"), Case.paused_at.is_(None)
    if due is Due.LATE:
        return is_late(now)
    if due is Due.THRICE:
        return _thrice(now)
    until = moment_named("end_of_day" if due is Due.TODAY else "end_of_week")
    return and_(Case.due_at >= now, Case.due_at < until, running)


def _thrice(now: ColumnElement[Any]) -> Condition:
    """Return the condition that a case runs three times as long as was promised first, and is late."""
    began = _seconds(func.coalesce(Case.clock_started_at, Case.received_at))
    promised, passed = _seconds(Case.promised_at) - began, _seconds(now) - began
    return and_(is_late(now), Case.due_at < now, passed >= 3 * promised)


def _seconds(at: Any) -> ColumnElement[Any]:
    return extract("epoch", at)


def _numbered(wanted: Queue) -> Iterator[Condition]:
    if wanted.has_photo is not None:
        yield Case.photo_count > 0 if wanted.has_photo else Case.photo_count == 0
    if wanted.is_unwritten:
        yield Case.id.in_(UNWRITTEN)
    if wanted.is_unclear:
        yield Case.id.in_(UNCLEAR)
    if wanted.backed is not None:
        yield Case.support_count >= wanted.backed


def _received(wanted: Queue) -> Iterator[Condition]:
    if wanted.older_than is not None:
        yield Case.received_at <= moment_named(f"ago_{wanted.older_than}")
    if wanted.received_from is not None:
        yield Case.received_at >= wanted.received_from
    if wanted.received_before is not None:
        yield Case.received_at < wanted.received_before
