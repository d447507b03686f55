"""A case that was done at another system, and is opened again here, goes there again."""

import pytest
from sqlalchemy import select

from cps.accounts.models import Account
from cps.cases import services as cases
from cps.cases.models import Case, CaseEvent
from cps.cases.queries import lock_case
from cps.cases.reference import display
from cps.cases.rules import Audience, Outcome, Status, Turn
from cps.core.db import db, transaction
from cps.core.leases import Turn as WorkTurn
from cps.core.models import AuditRow
from cps.departments.models import Category, Department
from cps.open311.outgoing import delivery, following, queries, services
from cps.open311.outgoing.rules import Ending, Stage
from tests.open311.connected import connect, file, fresh, sent, told, work
from tests.open311.other_city import BREAK_OFF, OtherCity, Said
from tests.support import factories as make
from tests.support.fixtures import Clock
from tests.support.site import Site


@pytest.fixture
def officer(roads: Department) -> Account:
    return make.make_officer(roads)


@pytest.fixture
def url(url: str, roads: Department) -> str:
    """The other system, connected to the roads department."""
    connect(roads, url)
    return url


def close(case: Case, officer: Account, clock: Clock) -> None:
    with transaction():
        locked = lock_case(case.reference)
        cases.move(locked, Status.CLOSED, by=officer, at=clock.now, message="Done.", outcome=Outcome.ANSWERED)
    work()


def say_no(case: Case, clock: Clock, message: str = "The hole is still there.") -> None:
    clock.move(minutes=5)
    with transaction():
        cases.ask_reopen(lock_case(case.reference), message, by=None, at=clock.now)
    work()


def take(case: Case, officer: Account, clock: Clock) -> None:
    clock.move(minutes=5)
    with transaction():
        cases.take(lock_case(case.reference), by=officer, at=clock.now)
    work()


def look(clock: Clock, hours: float = 7) -> None:
    clock.move(hours=hours)
    work()


@pytest.fixture
def done(url: str, city: OtherCity, pothole: Category, officer: Account, clock: Clock) -> Case:
    """A case that was done there, and then closed here."""
    case = file(pothole, body="A deep hole.")
    file(pothole)  # another one that nobody touches
    work()
    city.say("1-26", "closed", "Filled.")
    look(clock)
    close(case, officer, clock)
    return case


def test_it_goes_there_as_a_new_one_that_names_the_old_and_says_what_the_resident_says(
    done: Case, city: OtherCity, officer: Account, clock: Clock
) -> None:
    say_no(done, clock, "Still there. Call 010-1234-5678.")
    take(done, officer, clock)

    assert len(city.keys) == 3
    assert city.keys[2].startswith(f"{done.reference}-")
    words = city.sent[2]["description"][0]
    assert words.startswith("It is not fixed. Your number 1-26 was closed; the case is open again.")
    assert "Still there. Call [phone number hidden]." in words
    assert "A deep hole." in words
    assert words.endswith(f"/complaints/{display(done.reference)}")
    assert (sent(done).number, sent(done).stage) == ("3-26", Stage.OPEN)
    changes = db.session.scalars(select(AuditRow.changes).order_by(AuditRow.id.desc())).first()
    assert changes is not None
    assert changes["number"] == ["1-26", "3-26"]


def test_nothing_goes_there_before_somebody_here_has_looked(
    done: Case, city: OtherCity, officer: Account, clock: Clock
) -> None:
    say_no(done, clock)
    look(clock)
    close(done, officer, clock)
    look(clock)

    assert len(city.keys) == 2


def test_staff_who_open_it_again_themselves_send_it_there_with_their_words(
    done: Case, city: OtherCity, officer: Account, clock: Clock
) -> None:
    clock.move(minutes=5)
    with transaction():
        locked = lock_case(done.reference)
        cases.move(locked, Status.IN_PROGRESS, by=officer, at=clock.now, message="It sank again.")
    work()

    assert "It sank again." in city.sent[2]["description"][0]


def test_staff_read_both_numbers_in_the_story_and_nobody_else_does(
    done: Case, officer: Account, clock: Clock
) -> None:
    say_no(done, clock)
    with transaction():
        cases.take(lock_case(done.reference), by=officer, at=clock.now)
    version = fresh(done).version
    work()

    found = select(CaseEvent).where(CaseEvent.case_id == done.id).order_by(CaseEvent.id.desc()).limit(1)
    event = db.session.scalars(found).one()
    assert event.message == "1-26 → 3-26"
    assert event.data["turn"] == Turn.SYSTEM_SENT_AGAIN
    assert event.audience is Audience.STAFF
    assert fresh(done).version == version  # nobody's page is stale by it


def test_what_they_say_of_the_new_one_is_told_and_each_end_leads_to_one_more_at_most(
    done: Case, city: OtherCity, officer: Account, clock: Clock
) -> None:
    say_no(done, clock)
    take(done, officer, clock)
    city.say("3-26", "closed", "Filled anew.")
    look(clock)
    assert told(done)[-1] == ("system-done", "Filled anew.")
    with transaction():  # working on it, to look whether it is done, sends it nowhere
        cases.update(lock_case(done.reference), by=officer, at=clock.now, message="We look at it.")
    look(clock)
    assert len(city.keys) == 3

    close(done, officer, clock)
    say_no(done, clock)
    take(done, officer, clock)
    assert len(city.keys) == len(set(city.keys)) == 4
    assert sent(done).number == "4-26"


def test_what_is_still_open_there_is_not_filed_twice(
    url: str, city: OtherCity, pothole: Category, officer: Account, clock: Clock
) -> None:
    case = file(pothole)
    work()
    close(case, officer, clock)
    say_no(case, clock)
    take(case, officer, clock)
    city.say("1-26", "closed", "Filled.")
    look(clock)
    with transaction():
        cases.update(lock_case(case.reference), by=officer, at=clock.now, message="We look at it.")
    look(clock)

    assert city.keys == [case.reference]
    assert told(case) == [("system-done", "Filled.")]


def test_what_is_open_there_again_already_is_followed_under_its_number(
    done: Case, city: OtherCity, officer: Account, clock: Clock
) -> None:
    city.say("1-26", "open", "We come back.")
    say_no(done, clock)
    take(done, officer, clock)

    assert len(city.keys) == 2
    assert (sent(done).number, sent(done).stage) == ("1-26", Stage.OPEN)


def test_what_they_have_forgotten_by_now_is_filed_anew(
    done: Case, city: OtherCity, officer: Account, clock: Clock
) -> None:
    del city.records["1-26"]
    say_no(done, clock)
    take(done, officer, clock)

    assert sent(done).number == "3-26"


def test_a_lost_answer_leads_to_one_case_there(
    done: Case, city: OtherCity, officer: Account, clock: Clock
) -> None:
    city.answers = [Said(BREAK_OFF)]
    say_no(done, clock)
    take(done, officer, clock)
    assert sent(done).stage is Stage.WAITING
    look(clock)

    assert len(city.keys) == 4
    assert len(city.filed) == 3
    assert sent(done).number == "3-26"


def test_a_look_under_way_does_not_undo_it(
    done: Case, city: OtherCity, officer: Account, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_no(done, clock)
    clock.move(hours=7)
    with transaction():
        cases.take(lock_case(done.reference), by=officer, at=clock.now)
    look_at = following.looked

    def late(*given: object) -> None:
        with transaction():
            services.go_on(done.id, at=clock.now)
        look_at(*given)

    with monkeypatch.context() as patch:
        patch.setattr(following, "looked", late)
        delivery.deliver(WorkTurn("slow"))
    assert sent(done).stage is Stage.WAITING
    work()

    assert sent(done).number == "3-26"
    assert [turn for turn, _words in told(done)] == ["system-done"]


def test_a_month_after_its_end_it_goes_there_again_as_well(
    done: Case, city: OtherCity, officer: Account, clock: Clock
) -> None:
    look(clock, hours=31 * 24)
    assert sent(done).ending is Ending.DONE
    say_no(done, clock)
    take(done, officer, clock)

    assert (sent(done).number, sent(done).ending) == ("3-26", None)


def test_what_was_closed_here_before_it_left_goes_there_when_it_is_opened_again(
    url: str, city: OtherCity, pothole: Category, officer: Account, clock: Clock
) -> None:
    case = file(pothole)
    with transaction():
        services.put_in_line(case.id, at=clock.now)
    close(case, officer, clock)
    assert sent(case).ending is Ending.DONE
    say_no(case, clock)
    take(case, officer, clock)

    assert city.keys == [case.reference]


@pytest.mark.parametrize("columns", [{"is_private": True}, {"is_hidden": True}])
def test_what_not_everybody_reads_any_more_stays_here(
    done: Case, city: OtherCity, officer: Account, clock: Clock, columns: dict[str, bool]
) -> None:
    with transaction():
        locked = lock_case(done.reference)
        for name, value in columns.items():
            setattr(locked, name, value)
    say_no(done, clock)
    take(done, officer, clock)

    assert len(city.keys) == 2
    assert sent(done).ending is Ending.NOT_PUBLIC


def test_nothing_goes_there_while_it_is_turned_off(
    done: Case, city: OtherCity, roads: Department, officer: Account, clock: Clock
) -> None:
    by = make.make_administrator().id
    with transaction():
        services.turn(queries.lock_system(roads.id), on=False, by=by, at=clock.now)
    say_no(done, clock)
    take(done, officer, clock)

    assert len(city.keys) == 2


def test_the_desk_says_that_it_goes_there_again_and_when_it_has(
    done: Case, site: Site, officer: Account, clock: Clock
) -> None:
    site.sign_in(officer)
    page = f"/desk/{display(done.reference)}"
    say_no(done, clock)
    assert "Once somebody here works on it, it is sent there again" in site.get(page).text

    take(done, officer, clock)
    text = site.get(page).text
    assert "In the system of the department: open there" in text
    assert "Sent again to the system of the department" in text
    assert "1-26 → 3-26" in text
