"""A case handed from department to department: never lost, never for ever to and fro."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.cases import queries, services
from cps.cases.handoff_models import Transfer
from cps.cases.models import Case
from cps.cases.queries import handing
from cps.cases.rules import Audience, EventKind, HandOff, Status, TransferAnswer, Turn, hand_off, speakers
from cps.cases.services import Refused
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.departments.models import Department
from tests.support.factories import (
    make_complaint,
    make_department,
    make_event,
    make_officer,
    make_supervisor,
    save,
    triage_department,
)
from tests.support.fixtures import WEDNESDAY

ACCEPTED, REFUSED, PASSED_ON, TAKEN_BACK = TransferAnswer


@dataclass
class One:
    """A transfer as the rules see it."""

    answer: TransferAnswer | None = None
    is_decision: bool = False


@pytest.mark.parametrize(
    ("transfers", "stands"),
    [
        ([], HandOff()),
        ([One()], HandOff(waits=True)),
        ([One(ACCEPTED)], HandOff()),
        ([One(REFUSED)], HandOff(refusals=1)),
        ([One(REFUSED), One()], HandOff(refusals=1, waits=True)),
        ([One(REFUSED), One(ACCEPTED), One(REFUSED)], HandOff(refusals=1)),
        ([One(TAKEN_BACK), One(REFUSED)], HandOff(refusals=1)),
        ([One(REFUSED), One(REFUSED)], HandOff(refusals=2)),
        ([One(REFUSED), One(REFUSED), One(is_decision=True)], HandOff(waits=True, is_decided=True)),
    ],
)
def test_where_a_case_stands_follows_from_its_transfers(transfers: list[One], stands: HandOff) -> None:
    assert hand_off(transfers) == stands


def test_the_second_refusal_makes_it_unclear_and_a_decision_ends_that() -> None:
    twice = [One(PASSED_ON), One(REFUSED)]

    assert hand_off(twice).is_unclear
    assert not hand_off([One(REFUSED)]).is_unclear
    assert not hand_off([*twice, One(is_decision=True)]).is_unclear
    assert not hand_off([*twice, One(is_decision=True)]).may_refuse


@dataclass
class Said:
    """An event as the rules see it."""

    kind: EventKind = EventKind.UPDATED
    data: dict[str, Any] = field(default_factory=dict)


def over(before: int, after: int, **data: Any) -> Said:
    return Said(EventKind.TRANSFERRED, {"from": before, "to": after, **data})


@pytest.mark.parametrize(
    ("events", "said_by"),
    [
        ([Said(), Said()], [3, 3]),
        ([Said(), over(1, 2), Said(), over(2, 3, turn=Turn.REFUSED), Said()], [1, 1, 2, 2, 3]),
        ([Said(), over(1, 2, by=7), Said(), over(2, 3)], [1, 7, 2, 2]),
        ([Said(), over(1, 2, undone=True), Said()], [3, 3, 3]),
        ([Said(), over(1, 3, turn=Turn.RELEASED)], [3, 3]),
        ([Said(EventKind.CATEGORISED, {"from": 8, "to": 9}), Said()], [3, 3]),
    ],
)
def test_words_are_those_of_the_department_that_had_the_case_then(
    events: list[Said], said_by: list[int]
) -> None:
    assert speakers(events, 3) == said_by


@dataclass
class World:
    """Two departments, each with an officer, and a case at the first."""

    roads: Department
    water: Department
    roadie: Account
    plumber: Account
    case: Case

    def do(self, act: str, *args: object, **more: object) -> Case:
        """Do something to the case, locked, at its time."""
        with transaction():
            case = queries.lock_case(self.case.reference)
            getattr(services, act)(case, *args, at=WEDNESDAY, **more)
        db.session.rollback()
        return queries.get_case(self.case.reference)


@pytest.fixture
def world(app: Flask) -> World:
    triage_department()
    roads, water = make_department("Roads"), make_department("Water")
    case, noise = (make_complaint(Status.TRIAGED, department=roads) for _n in range(2))
    make_officer()
    found = World(roads, water, make_officer(roads), make_officer(water), case)
    with transaction():
        locked = queries.lock_case(noise.reference)
        services.transfer(locked, water, by=found.roadie, at=WEDNESDAY, reason="Also a pipe.")
    return found


def answers(case: Case) -> list[TransferAnswer | None]:
    return [one.answer for one in handing.transfers_of(case.id)]


def test_a_case_that_was_handed_over_waits_for_an_answer_with_its_date_as_it_was(world: World) -> None:
    due = world.case.due_at

    case = world.do("transfer", world.water, by=world.roadie, reason="A pipe.")

    assert (case.department_id, case.due_at, answers(case)) == (world.water.id, due, [None])
    case = world.do("accept", by=world.plumber)
    assert (case.department_id, answers(case)) == (world.water.id, [ACCEPTED])
    with pytest.raises(RuleViolation):
        world.do("accept", by=world.plumber)


def test_whoever_of_the_department_takes_it_has_accepted_it_and_others_have_not(world: World) -> None:
    world.do("transfer", world.water, by=world.roadie, reason="A pipe.")

    triage = make_officer(triage_department())
    assert answers(world.do("update", by=triage, message="It is with Water.")) == [None]
    assert answers(world.do("take", by=world.plumber)) == [ACCEPTED]


def test_who_takes_it_from_another_department_writes_the_reason_and_not_that_one(world: World) -> None:
    triage = triage_department()

    case = world.do("transfer", world.water, by=make_officer(triage), reason="A pipe.")

    handed = queries.story(case.id, reader=Audience.PUBLIC, at=WEDNESDAY)[-1]
    assert handed.data["by"] == triage.id
    assert speakers([handed], case.department_id) == [triage.id]


def test_a_refused_case_goes_to_triage_with_the_reason_and_whom_it_names(world: World) -> None:
    world.do("transfer", world.water, by=world.roadie, reason="A pipe.")
    due = world.case.due_at

    case = world.do("refuse", Refused("A private pipe.", "en", whose="The owner"), by=world.plumber)

    assert (case.department_id, case.due_at, case.is_open) == (triage_department().id, due, True)
    (transfer,) = handing.transfers_of(case.id)
    assert (transfer.answer, transfer.whose) == (REFUSED, "The owner")
    told = queries.story(case.id, reader=Audience.PUBLIC, at=WEDNESDAY)[-1]
    assert (told.message, told.data["turn"]) == ("A private pipe.", "refused")


def test_after_two_refusals_only_a_supervisor_or_triage_decides_and_that_stands(world: World) -> None:
    triage = make_officer(triage_department())
    for department, officer in ((world.water, world.plumber), (world.roads, world.roadie)):
        by = world.roadie if department is world.water else triage
        world.do("transfer", department, by=by, reason="Yours.")
        world.do("refuse", Refused("Not ours."), by=officer)

    with pytest.raises(RuleViolation):
        world.do("transfer", world.water, by=world.roadie, reason="Yours.")
    case = world.do("transfer", world.water, by=make_supervisor(world.roads), reason="The pipe is theirs.")

    assert answers(case) == [REFUSED, REFUSED, None]
    with pytest.raises(RuleViolation):
        world.do("refuse", Refused("Still not ours."), by=world.plumber)
    with pytest.raises(RuleViolation):
        world.do("transfer", world.roads, by=world.plumber, reason="Theirs.")
    assert answers(world.do("accept", by=world.plumber)) == [REFUSED, REFUSED, ACCEPTED]


def test_what_is_passed_on_counts_as_not_ours_so_that_no_third_department_is_asked(world: World) -> None:
    parks = make_department("Parks")
    gardener = make_officer(parks)
    world.do("transfer", world.water, by=world.roadie, reason="A pipe.")
    world.do("transfer", parks, by=world.plumber, reason="In the park.")

    with pytest.raises(RuleViolation):
        world.do("transfer", world.roads, by=gardener, reason="A road.")
    case = world.do("refuse", Refused("A road."), by=gardener)

    assert answers(case) == [PASSED_ON, REFUSED]
    assert hand_off(handing.transfers_of(case.id)).is_unclear


def test_what_goes_to_triage_needs_no_yes_and_a_closed_case_waits_for_none(world: World) -> None:
    case = world.do("transfer", triage_department(), by=world.roadie, reason="Whose is it?")
    assert answers(case) == [ACCEPTED]

    world.do("transfer", world.water, by=make_officer(triage_department()), reason="A pipe.")
    closed = world.do("join", queries.get_case(make_complaint().reference), by=world.plumber, message="Same.")
    assert (closed.is_open, answers(closed)) == (False, [ACCEPTED, ACCEPTED])


STORIES: list[list[tuple[TransferAnswer | None, bool]]] = [
    [(REFUSED, False)],
    [(REFUSED, False), (REFUSED, False)],
    [(PASSED_ON, False), (REFUSED, False)],
    [(REFUSED, False), (ACCEPTED, False), (REFUSED, False)],
    [(ACCEPTED, False), (REFUSED, False), (TAKEN_BACK, False), (REFUSED, False)],
    [(REFUSED, False), (REFUSED, False), (None, False)],
    [(REFUSED, False), (REFUSED, False), (None, True)],
    [(REFUSED, False), (REFUSED, False), (TAKEN_BACK, True)],
    [(REFUSED, False), (REFUSED, False), (ACCEPTED, True), (REFUSED, False)],
    [(REFUSED, False), (REFUSED, False), (ACCEPTED, True), (REFUSED, False), (REFUSED, False)],
]


def test_of_many_cases_the_database_says_as_the_rules_do_whose_owner_is_unclear(world: World) -> None:
    cases = [make_complaint(department=world.roads) for _story in STORIES]
    for case, story in zip(cases, STORIES, strict=True):
        event = make_event(case, EventKind.TRANSFERRED).id
        for answer, is_decision in story:
            said = {"answer": answer, "answered_at": WEDNESDAY, "answer_event_id": event} if answer else {}
            ways = {"from_id": world.roads.id, "to_id": world.water.id, "event_id": event}
            save(Transfer(case_id=case.id, is_decision=is_decision, asked_at=WEDNESDAY, **ways, **said))

    ids = [case.id for case in cases]
    wanted = {key for key in ids if hand_off(handing.transfers_of(key)).is_unclear}
    assert [ids.index(key) for key in sorted(wanted)] == [1, 2, 4, 9]
    assert handing.unclear_among(ids) == wanted
    assert handing.unclear_among([]) == frozenset()
