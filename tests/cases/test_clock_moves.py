"""Every move of both kinds from every status, with the date it leads to: only the rules of the clock move it.

The id of each test says kind and status; within it every act is tried; docs/clock.md says why.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from cps.accounts.models import Account
from cps.cases import queries, services
from cps.cases.models import Case
from cps.cases.rules import MOVES, OPEN, OUTCOMES, CaseKind, MoveRefused, Outcome, Priority, Status
from cps.cases.rules.clock import ExtensionRefused
from cps.cases.services import MoreTime
from cps.cases.services.clock import resume
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from tests.support.factories import (
    make_category,
    make_complaint,
    make_department,
    make_officer,
    make_resident,
    make_supervisor,
)
from tests.support.fixtures import Clock

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # ten in the morning in Seoul
DUE = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # Friday, the end of the working day
AFTER_FIVE_DAYS = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
PAUSED_FROM = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # Friday evening: until Monday at ten an hour is lost
AFTER_PAUSE = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)

Act = Callable[[Case, "World"], object]
pytestmark = pytest.mark.usefixtures("app")


class World:
    """Whom and what the acts need; made before the case, which is loaded and locked by each act."""

    def __init__(self) -> None:
        self.officer = make_officer()
        self.supervisor = make_supervisor()
        self.resident: Account = make_resident()
        self.category = make_category()
        self.department = make_department()
        self.other = make_complaint(Status.IN_PROGRESS)


def _move(to: Status) -> Act:
    def act(case: Case, world: World) -> object:
        outcome = min(OUTCOMES[case.kind] - {Outcome.JOINED}) if to not in OPEN else None
        if case.status not in OPEN:
            outcome = None
        return services.move(
            case, to, by=world.officer, at=MONDAY, message="Words.", outcome=outcome, why_no_photo="Dark."
        )

    return act


def _extend(case: Case, world: World) -> object:
    more = MoreTime(5, "The part is late.", "We wait for it.", "en")
    return services.extend(case, more, by=world.supervisor, at=MONDAY)


ACTS: dict[str, Act] = {
    **{f"move to {to.value}": _move(to) for to in Status},
    "take": lambda case, world: services.take(case, by=world.officer, at=MONDAY),
    "give back": lambda case, world: services.release(case, by=world.officer, at=MONDAY),
    "say something": lambda case, world: services.update(case, by=world.officer, at=MONDAY, message="News."),
    "note": lambda case, world: services.note(case, "For us.", by=world.officer, at=MONDAY),
    "categorise": lambda case, world: services.categorise(case, world.category, by=world.officer, at=MONDAY),
    "prioritise": lambda case, world: services.prioritise(case, Priority.URGENT, by=world.officer, at=MONDAY),
    "transfer": lambda case, world: services.transfer(
        case, world.department, by=world.officer, at=MONDAY, reason="Theirs."
    ),
    "join": lambda case, world: services.join(
        case, world.other, by=world.officer, at=MONDAY, message="Same."
    ),
    "reply": lambda case, _world: services.answer_city(case, "Here it is.", by=None, at=MONDAY),
    "ask to reopen": lambda case, _world: services.ask_reopen(case, "No.", by=None, at=MONDAY),
    "say it is fixed": lambda case, _world: services.confirm_fixed(case, by=None, at=MONDAY),
    "back it": lambda case, world: services.support(case, by=world.resident, at=MONDAY),
    "follow it": lambda case, world: services.follow(case, by=world.resident, at=MONDAY),
    "extend": _extend,
    "let the pause end": lambda case, _world: resume(case, MONDAY),
}
ENDS_PAUSE = {"transfer", "reply", "let the pause end", "join"}


def expected(status: Status, act: str, *, is_paused: bool, is_done: bool) -> datetime:
    """Return the date that a case is due at after an act: the rule of docs/clock.md in a few lines."""
    moves_on = act in ENDS_PAUSE or (act.startswith("move to ") and act != f"move to {status.value}")
    if is_paused and is_done and moves_on:
        return AFTER_PAUSE
    return AFTER_FIVE_DAYS if act == "extend" and is_done else DUE


STANDINGS = [
    *((kind, status, False) for kind in CaseKind for status in MOVES[kind]),
    (CaseKind.COMPLAINT, Status.WAITING_RESIDENT, True),
]


def named(kind: CaseKind, status: Status, is_paused: bool) -> str:
    return f"{kind.value}, {status.value}{' and paused' if is_paused else ''}"


def made(kind: CaseKind, status: Status, is_paused: bool) -> Case:
    pause = {"paused_at": PAUSED_FROM, "pause_ends_at": DUE + timedelta(days=7)} if is_paused else {}
    outcome = {} if status in OPEN else {"outcome": min(OUTCOMES[kind] - {Outcome.JOINED})}
    case = make_complaint(
        status, due_at=DUE, at=MONDAY - timedelta(days=5), pause_used=is_paused, **pause, **outcome
    )
    if kind is CaseKind.PROPOSAL:
        with transaction() as session:
            session.get_one(Case, case.id).kind = kind
    return queries.get_case(case.reference)


@pytest.mark.parametrize("standing", STANDINGS, ids=lambda standing: named(*standing))
def test_every_act_leaves_the_date_that_the_rules_say(
    standing: tuple[CaseKind, Status, bool], clock: Clock
) -> None:
    clock.set_to(MONDAY)
    world = World()
    case = made(*standing)

    table = {act: tried(case, act, world) for act in ACTS}

    _kind, status, is_paused = standing
    assert {act: due for act, (due, _done) in table.items()} == {
        act: expected(status, act, is_paused=is_paused, is_done=done) for act, (_due, done) in table.items()
    }
    assert any(done for _due, done in table.values())


class Undone(Exception):
    """What an act did is taken back, so that the next one is tried on the same case."""


def tried(case: Case, act: str, world: World) -> tuple[datetime, bool]:
    """Do an act on the case and take it back; returns the date it led to, and whether it was done at all."""
    found, is_done = DUE, False
    with suppress(MoveRefused, ExtensionRefused, RuleViolation, Undone), transaction():
        locked = queries.lock_case(case.reference)
        ACTS[act](locked, world)
        db.session.flush()
        db.session.refresh(locked)
        found, is_done = locked.due_at, True
        assert locked.promised_at == DUE
        assert queries.get_case(world.other.reference).due_at == world.other.due_at
        raise Undone
    assert queries.get_case(case.reference).due_at == DUE
    return found, is_done
