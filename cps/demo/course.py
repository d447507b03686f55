"""What a course does to a case and its story, reckoned without the database.

The services do the same with rows, one at a time; a hundred thousand made cases would take them an hour. A
test plays the written complaints both ways and compares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cps.cases.rules import CLOSED, Audience, EventKind, Status, asking
from cps.cases.rules import clock as rules
from cps.demo.shapes import Step, StepKind
from cps.demo.timing import WorkDays

MEANWHILE: Final = {
    "en": "We have not forgotten you. We write again as soon as the work begins.",
    "ko": "잊지 않고 있습니다. 작업이 시작되는 대로 다시 알려 드리겠습니다.",
}
"""The interim reply to whoever waits longer than was promised."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who works for the city, by ids: officers by the id of their department."""

    officers: Mapping[int, int]
    triage: int
    department_ids: Mapping[str, int]


@dataclass(slots=True)
class Course:
    """A case on its way: columns that its course changes, and its story so far."""

    case_id: int
    language: str
    reporter_id: int | None
    received: datetime
    columns: dict[str, Any]
    events: list[dict[str, Any]] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)

    def move_due(self, key: str, after: datetime, at: datetime, **more: Any) -> None:
        """Move the due date, with the row that says why."""
        none = {"days": 0, "paused_from": None, "paused_until": None}
        move = {
            "case_id": self.case_id,
            "key": key,
            "before": self.columns["due_at"],
            "after": after,
            "at": at,
        }
        self.moves.append({**none, **move, **more})
        self.columns["due_at"] = after

    def add(self, kind: EventKind, at: datetime, actor: int | None, **more: Any) -> None:
        """Append an event; the case was updated then."""
        event = {
            "case_id": self.case_id,
            "kind": kind,
            "audience": Audience.PUBLIC,
            "at": at,
            "public_from": at,
            "actor_id": actor,
            "message": "",
            "language": "",
            "status": None,
            "outcome": None,
            "data": {},
        }
        self.events.append({**event, **more})
        self.columns["updated_at"] = at


def begin(
    case_id: int,
    *,
    department_id: int,
    reporter_id: int | None,
    language: str,
    received: datetime,
    due: datetime,
    runs_all_hours: bool = False,
) -> Course:
    """Return the course of a case that has just been filed."""
    columns = {
        "status": Status.RECEIVED,
        "outcome": None,
        "department_id": department_id,
        "assignee_id": None,
        "acknowledged_at": None,
        "promised_at": due,
        "due_at": due,
        "clock_started_at": received,
        "runs_all_hours": runs_all_hours,
        "extensions": 0,
        "paused_at": None,
        "pause_ends_at": None,
        "pause_used": False,
        "answered_at": None,
        "closed_at": None,
        "reopened": 0,
        "has_unread_reply": False,
    }
    course = Course(case_id, language, reporter_id, received, columns)
    course.add(EventKind.FILED, received, reporter_id)
    return course


def play(
    course: Course, steps: Sequence[Step], times: Sequence[datetime], hands: Hands, days: WorkDays
) -> None:
    """Do each step of a course at its time."""
    for step, at in zip(steps, times, strict=True):
        if step.kind is StepKind.REPLY:
            _reply(course, step, at, days)
        elif step.kind is StepKind.FEEDBACK:
            _say_whether_fixed(course, step, at)
        else:
            _act(course, step, at, hands, days)


def _reply(course: Course, step: Step, at: datetime, days: WorkDays) -> None:
    course.add(EventKind.REPLIED, at, course.reporter_id, message=step.message, language=course.language,
               audience=Audience.REPORTER)  # fmt: skip
    course.columns["has_unread_reply"] = True
    if course.columns["status"] is Status.WAITING_RESIDENT:
        _clock(course, Status.IN_PROGRESS, at, days)
        course.columns["status"] = Status.IN_PROGRESS


def _say_whether_fixed(course: Course, step: Step, at: datetime) -> None:
    said = {"message": step.message, "language": course.language}
    if step.fixed:
        course.add(EventKind.CONFIRMED_FIXED, at, course.reporter_id, **(said if step.message else {}))
    else:
        course.columns["reopened"] += 1
        _go(course, Status.REOPEN_ASKED, None)
        course.add(EventKind.REOPEN_ASKED, at, course.reporter_id, status=Status.REOPEN_ASKED, **said)


def _act(course: Course, step: Step, at: datetime, hands: Hands, days: WorkDays) -> None:
    columns = course.columns
    officer = hands.officers[columns["department_id"]]
    said = {"message": step.message, "language": course.language}
    if step.kind is StepKind.NOTE:
        course.add(EventKind.NOTED, at, officer, message=step.message, audience=Audience.STAFF)
        return
    if step.kind is StepKind.EXTEND:
        _extend(course, step, at, officer, days)
        return
    columns["acknowledged_at"] = columns["acknowledged_at"] or at
    if step.kind is StepKind.UPDATE:
        columns["has_unread_reply"] = False
        course.add(EventKind.UPDATED, at, officer, **said)
    elif step.kind is StepKind.TRANSFER:
        _transfer(course, hands.department_ids[str(step.department)], at, officer, said)
    elif step.move is Status.TRIAGED:
        _clock(course, Status.TRIAGED, at, days)
        _go(course, Status.TRIAGED, None)
        course.add(EventKind.MOVED, at, hands.triage, status=Status.TRIAGED, **said)
    elif step.move is not None:
        _clock(course, step.move, at, days)
        _work(course, step, step.move, at, officer, said, days)


def _work(
    course: Course,
    step: Step,
    to: Status,
    at: datetime,
    officer: int,
    said: Mapping[str, str],
    days: WorkDays,
) -> None:
    if course.columns["assignee_id"] is None and to is not Status.CLOSED:
        course.columns["assignee_id"] = officer
        course.add(EventKind.ASSIGNED, at, officer, audience=Audience.STAFF, data={"to": officer})
    _go(course, to, at)
    course.columns["outcome"] = step.outcome
    kind = EventKind.ASKED if to is Status.WAITING_RESIDENT else EventKind.MOVED
    data: dict[str, Any] = {"why_no_photo": step.why_no_photo} if step.why_no_photo else {}
    if kind is EventKind.ASKED:
        until = asking.ends_at(at, rules.ClockSettings().reply_days, days.calendar)
        data |= {"choices": [], "until": until.isoformat()}
    course.add(kind, at, officer, status=to, outcome=step.outcome, data=data, **said)


def _go(course: Course, to: Status, at: datetime | None) -> None:
    closed_at = at if to in CLOSED else None
    course.columns.update(status=to, outcome=None, closed_at=closed_at, has_unread_reply=False)
    course.columns["answered_at"] = course.columns["answered_at"] or closed_at


def _transfer(course: Course, to: int, at: datetime, officer: int, said: Mapping[str, str]) -> None:
    columns = course.columns
    moved = {"from": columns["department_id"], "to": to}
    columns.update(department_id=to, assignee_id=None)
    if columns["status"] is not Status.RECEIVED:
        columns["status"] = Status.TRIAGED
    course.add(EventKind.TRANSFERRED, at, officer, status=columns["status"], data=moved, **said)


def _extend(course: Course, step: Step, at: datetime, officer: int, days: WorkDays) -> None:
    """Promise a later date, before the one that was promised has passed."""
    columns, number = course.columns, step.days or 1
    before = columns["due_at"]
    at, after = min(at, before), days.calendar.add_working_days(before, number)
    columns.update(
        extensions=columns["extensions"] + 1,
        acknowledged_at=columns["acknowledged_at"] or at,
        has_unread_reply=False,
    )
    course.move_due(f"extension:{columns['extensions']}", after, at, days=number)
    said = {"language": course.language}
    dates = {"from": before.isoformat(), "to": after.isoformat(), "days": number}
    course.add(EventKind.EXTENDED, at, officer, message=step.message, data=dates, **said)
    reply = MEANWHILE.get(course.language, MEANWHILE["en"])
    course.add(EventKind.UPDATED, at, officer, message=reply, audience=Audience.REPORTER, **said)


def _clock(course: Course, to: Status, at: datetime, days: WorkDays) -> None:
    """Pause the clock at the first wait for the resident, and let it go on with the next move."""
    columns = course.columns
    if columns["paused_at"] is not None and to is not Status.WAITING_RESIDENT:
        start, end = columns["paused_at"], min(at, columns["pause_ends_at"])
        after = rules.after_pause(
            columns["due_at"], start, end, days.calendar, all_hours=columns["runs_all_hours"]
        )
        columns.update(paused_at=None, pause_ends_at=None)
        course.move_due("pause", after, at, paused_from=start, paused_until=end)
    elif to is Status.WAITING_RESIDENT and not columns["pause_used"] and at <= columns["due_at"]:
        end = rules.pause_end(days.calendar, at)
        columns.update(paused_at=at, pause_ends_at=end, pause_used=True)
