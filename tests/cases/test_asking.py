"""Questions to reporters: asked with answers to tap, answered once, late or never, and told plainly."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.cases import queries, services
from cps.cases.models import Case, CaseEvent
from cps.cases.queries import asking
from cps.cases.question_models import CaseQuestion
from cps.cases.rules import EventKind, MoveRefused, Outcome, QuestionEnding, Refusal, Status
from cps.cases.rules.asking import Tapped, ToAsk, are_choices, choices_of
from cps.core import worker
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.notifications.models import Message
from tests.support.factories import make_complaint, make_department, make_officer
from tests.support.fixtures import Clock

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # ten in the morning in Seoul
FRIDAY_EVENING = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
TO_TAP = ToAsk(("On the left", "On the right"), 4)
pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.one_database("nothing is asked of the database")
def test_answers_to_tap_are_two_to_four_short_lines_each_once() -> None:
    assert choices_of(" Left \n\nRight\n Left") == ["Left", "Right"]
    assert [are_choices(each) for each in ([], ["a", "b"], ["a", "b", "c", "d"])] == [True] * 3
    assert not any(are_choices(each) for each in (["a"], ["a", "b", "c", "d", "e"], ["a", "b" * 61]))


@dataclass
class World:
    """A case that an officer has, whose reporter can be reached."""

    case: Case
    officer: Account

    def do(self, act: Callable[[Case], object]) -> Case:
        """Do something to the case, locked."""
        with transaction():
            act(queries.lock_case(self.case.reference))
        return self.now()

    def now(self) -> Case:
        """Return the case as it stands."""
        db.session.rollback()
        return queries.get_case(self.case.reference)

    def ask(self, asks: ToAsk = TO_TAP, at: datetime = MONDAY) -> CaseQuestion:
        """Ask on which side; return the question that waits."""
        self.do(lambda case: services.move(case, Status.WAITING_RESIDENT, by=self.officer, at=at, asks=asks,
                                           message="On which side?", language="en"))  # fmt: skip
        return self.question()

    def question(self) -> CaseQuestion:
        """Return what was asked last."""
        found = asking.newest_question(self.case.id)
        assert found is not None
        return found

    def tap(self, question_id: int, choice: int = 1, words: str = "", at: datetime = MONDAY) -> Case:
        """Answer with a tap."""
        tapped = Tapped(question_id, choice)
        return self.do(lambda case: services.answer_city(case, words, by=None, at=at, tapped=tapped))

    def story(self, kind: EventKind) -> list[CaseEvent]:
        """Return what of this kind happened."""
        found = db.select(CaseEvent).where(CaseEvent.case_id == self.case.id, CaseEvent.kind == kind)
        return list(db.session.scalars(found.order_by(CaseEvent.id)))


@pytest.fixture
def world(app: Flask, clock: Clock) -> World:
    clock.set_to(MONDAY)
    roads = make_department("Roads")
    officer = make_officer(roads)
    noise = make_complaint(Status.IN_PROGRESS, department=roads)
    case = make_complaint(
        Status.IN_PROGRESS, department=roads, assignee=officer, contact={"email": "kim@testford.test"}
    )
    World(noise, officer).ask()
    return World(case, officer)


def mails() -> list[str]:
    worker.run_until_idle()
    db.session.rollback()
    return [one.subject for one in db.session.scalars(db.select(Message).order_by(Message.id)) if one.subject]


def test_a_tap_answers_and_the_reply_lands_with_who_asked(world: World) -> None:
    question = world.ask()
    world.do(lambda case: setattr(case, "assignee_id", None))

    case = world.tap(question.id, words="Beside the tree.")

    assert (case.status, case.has_unread_reply, case.assignee_id) == (
        Status.IN_PROGRESS, True, world.officer.id
    )  # fmt: skip
    (event,) = world.story(EventKind.REPLIED)
    assert event.message == "On the right\n\nBeside the tree."
    after = world.question()
    assert (after.ending, after.choice, after.answer_event_id) == (QuestionEnding.ANSWERED, 1, event.id)


def test_a_reply_about_staff_lands_not_with_an_asker_whom_it_names_by_now(world: World) -> None:
    question = world.ask()

    def name_the_asker(case: Case) -> None:
        case.is_private = case.is_integrity = True
        case.assignee_id = None

    world.do(name_the_asker)

    case = world.tap(question.id)

    assert (case.has_unread_reply, case.assignee_id) == (True, None)


def test_a_question_waits_until_the_end_of_its_last_working_day_by_itself_as_the_city_chose(
    world: World,
) -> None:
    assert world.ask().ends_at == FRIDAY_EVENING
    assert world.ask(ToAsk()).ends_at == FRIDAY_EVENING + timedelta(days=3)  # the next working day, a Monday


@pytest.mark.parametrize("asks", [ToAsk(("Yes",)), ToAsk(days=11), ToAsk(days=-1)])
@pytest.mark.first_case("the rules refuse before the database is asked")
def test_one_answer_to_tap_or_too_long_a_time_is_refused(world: World, asks: ToAsk) -> None:
    with pytest.raises(RuleViolation):
        world.ask(asks)


def test_the_second_answer_to_a_question_is_refused_by_tap_and_welcome_in_words(world: World) -> None:
    question = world.ask()
    world.tap(question.id)

    with pytest.raises(MoveRefused, match=Refusal.ANSWERED_ALREADY):
        world.tap(question.id, 0)
    world.do(lambda case: services.answer_city(case, "And dark.", by=None, at=MONDAY))

    assert world.question().choice == 1
    assert len(world.story(EventKind.REPLIED)) == 2


def test_what_was_asked_before_or_left_behind_is_not_answered_by_a_tap(world: World) -> None:
    first, second = world.ask().id, world.ask().id

    with pytest.raises(MoveRefused, match=Refusal.ASKED_ANEW):
        world.tap(first)
    with pytest.raises(MoveRefused, match=Refusal.ASKED_ANEW):
        world.tap(second, 2)
    world.do(lambda case: services.move(case, Status.IN_PROGRESS, by=world.officer, at=MONDAY))
    with pytest.raises(MoveRefused, match=Refusal.ASKED_ANEW):
        world.tap(second)
    assert world.question().ending is QuestionEnding.WENT_ON


def test_no_tap_answers_after_the_end_of_a_case_and_words_are_never_lost(world: World) -> None:
    question = world.ask()
    world.do(lambda case: services.move(case, Status.CLOSED, by=world.officer, at=MONDAY, message="Done.",
                                        outcome=Outcome.ANSWERED))  # fmt: skip

    with pytest.raises(MoveRefused, match=Refusal.CLOSED_MEANWHILE):
        world.tap(question.id)
    case = world.do(lambda case: services.answer_city(case, "Here.", by=None, at=MONDAY))

    assert (case.status, case.has_unread_reply) == (Status.CLOSED, True)
    assert world.question().ending is QuestionEnding.WENT_ON


def test_one_reminder_half_way_then_the_case_comes_back_and_is_not_closed(world: World, clock: Clock) -> None:
    world.ask()
    asked = [one for one in mails() if "waits for your answer" not in one]

    clock.set_to(FRIDAY_EVENING - timedelta(hours=20))
    reminded = mails()
    clock.set_to(FRIDAY_EVENING - timedelta(minutes=1))
    assert mails() == reminded
    clock.set_to(FRIDAY_EVENING)
    assert mails() == reminded

    assert len(reminded) == len(asked) + 1
    case = world.now()
    assert (case.status, case.has_unread_reply, case.assignee_id) == (
        Status.IN_PROGRESS, True, world.officer.id
    )  # fmt: skip
    assert world.question().ending is QuestionEnding.LAPSED
    assert asking.silent_among([case.id]) == {case.id}


def test_an_answer_after_the_time_is_kept_and_called_late(world: World, clock: Clock) -> None:
    question = world.ask()
    clock.set_to(FRIDAY_EVENING)
    worker.run_until_idle()

    case = world.tap(question.id, 0, at=FRIDAY_EVENING)

    assert (world.question().ending, world.question().choice) == (QuestionEnding.LAPSED, 0)
    assert world.story(EventKind.REPLIED)[-1].data == {"turn": "late-reply"}
    assert asking.silent_among([case.id]) == frozenset()


def test_who_has_answered_is_neither_reminded_nor_late(world: World, clock: Clock) -> None:
    world.tap(world.ask().id)

    clock.set_to(FRIDAY_EVENING)

    assert [one for one in mails() if "waits for your answer" in one] == []
    assert world.question().ending is QuestionEnding.ANSWERED


def test_of_two_taps_at_once_one_answers(app: Flask, world: World) -> None:
    question_id = world.ask().id

    def tap(choice: int) -> bool:
        with app.app_context():
            try:
                world.tap(question_id, choice)
            except MoveRefused:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(tap, (0, 1)))

    assert sorted(taken) == [False, True]
    world.now()
    assert world.question().choice == taken.index(True)
    assert len(world.story(EventKind.REPLIED)) == 1
