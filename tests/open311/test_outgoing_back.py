"""An officer sends a case back that another system says is done, and that is not."""

import pytest
from sqlalchemy import select

from cps.accounts.models import Account
from cps.cases import services as cases
from cps.cases.models import Case, CaseEvent
from cps.cases.queries import lock_case
from cps.cases.reference import display
from cps.cases.rules import Outcome, Status
from cps.core.db import db, transaction
from cps.core.models import AuditRow
from cps.departments.models import Category, Department
from cps.open311.outgoing import queries, services
from cps.open311.outgoing.rules import Ending, Stage
from tests.open311.connected import connect, file, fresh, sent, told, work
from tests.open311.other_city import BREAK_OFF, OtherCity, Said
from tests.support import factories as make
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

WHY = "Only half of it is filled."
BUTTON = "Send it back with this reason"


@pytest.fixture
def officer(roads: Department, site: Site) -> Account:
    found = make.make_officer(roads)
    site.sign_in(found)
    return found


@pytest.fixture
def done(url: str, city: OtherCity, roads: Department, pothole: Category, clock: Clock) -> Case:
    """A case that is done there, and open here."""
    connect(roads, url)
    case = file(pothole, body="A deep hole.")
    file(pothole)  # another one that nobody touches
    work()
    city.say("1-26", "closed", "Filled.")
    look(clock)
    return case


def look(clock: Clock, hours: float = 7) -> None:
    clock.move(hours=hours)
    work()


def desk(case: Case) -> str:
    return f"/desk/{display(case.reference)}"


def send_back(site: Site, case: Case, why: str = WHY) -> Page:
    page = site.get(f"{desk(case)}?box=replies")
    return site.submit(page, form=f"{desk(case)}/send-back?box=replies", why=why)


def test_it_goes_there_as_a_new_one_with_the_reason_and_is_followed_under_its_new_number(
    done: Case, site: Site, officer: Account, city: OtherCity, clock: Clock
) -> None:
    assert BUTTON in site.get(desk(done)).text
    page = send_back(site, done)
    assert "It is sent there again with your reason." in page.text
    assert "done there, waits to be sent again" in page.text
    assert BUTTON not in page.text
    work()

    assert len(city.keys) == len(set(city.keys)) == 3
    words = city.sent[2]["description"][0]
    assert words.startswith("It is not done. Your number 1-26 was closed; the city has looked at it.")
    assert "Only half of it is filled." in words
    assert "A deep hole." in words
    assert (sent(done).number, sent(done).stage) == ("3-26", Stage.OPEN)

    city.say("3-26", "closed", "Filled to the brim.")
    look(clock)
    assert told(done) == [
        ("system-done", "Filled."),
        ("system-sent-back", "Only half of it is filled."),
        ("system-done", "Filled to the brim."),
    ]
    assert BUTTON in site.get(desk(done)).text  # and again, as often as it is said


def test_the_page_of_sending_back_is_one_of_the_desk(done: Case, site: Site, officer: Account) -> None:
    page = site.get(f"{desk(done)}/send-back")

    assert [link.strip() for link in page.all(".places a[aria-current=page]")] == ["Desk"]
    assert page.status == 200


def test_it_is_told_and_written_down_and_leaves_the_box_of_replies_with_its_date_as_it_was(
    done: Case, site: Site, officer: Account, clock: Clock
) -> None:
    due = fresh(done).due_at
    assert fresh(done).has_unread_reply
    send_back(site, done)

    now = fresh(done)
    assert (now.has_unread_reply, now.due_at, now.is_open) == (False, due, True)
    assert "Not done yet: sent back to the department" in site.get(desk(done)).text
    rows = list(db.session.scalars(select(AuditRow).where(AuditRow.object_id == done.reference)))
    row = next(one for one in rows if one.action == "send-back-to-system")
    assert (row.actor_id, row.changes["number"]) == (officer.id, ["1-26", None])
    page = site.another().get(f"/complaints/{display(done.reference)}").text
    assert "Not done yet: sent back to the department" in page
    assert "Only half of it is filled." in page


def test_a_reason_is_needed(done: Case, site: Site, officer: Account, city: OtherCity) -> None:
    page = send_back(site, done, "   ")
    assert page.status == 422
    assert "Say what is not done." in page.text
    work()

    assert len(city.keys) == 2


def test_of_two_who_send_it_back_at_once_the_second_looks_at_it_anew_and_keeps_the_words(
    done: Case, site: Site, officer: Account, city: OtherCity
) -> None:
    stale = site.get(desk(done))
    send_back(site, done)
    page = site.submit(stale, form=f"{desk(done)}/send-back", why="The other half is open.")

    assert page.status == 409
    assert "Somebody changed this case meanwhile" in page.text
    assert "The other half is open." in page.text
    work()
    assert len(city.keys) == 3


def test_pressed_twice_it_is_sent_once(done: Case, site: Site, officer: Account, city: OtherCity) -> None:
    page = site.get(desk(done))
    for _press in range(2):
        answer = site.submit(page, form=f"{desk(done)}/send-back", why=WHY)
        assert answer.status == 200
    work()

    assert len(city.keys) == 3
    found = select(CaseEvent).where(CaseEvent.case_id == done.id)
    turns = [event.data.get("turn") for event in db.session.scalars(found)]
    assert turns.count("system-sent-back") == 1


def test_a_lost_answer_leads_to_one_case_there(
    done: Case, site: Site, officer: Account, city: OtherCity, clock: Clock
) -> None:
    city.answers = [Said(BREAK_OFF)]
    send_back(site, done)
    work()
    look(clock)

    assert len(city.keys) == 4
    assert len(city.filed) == 3
    assert sent(done).number == "3-26"


def test_what_is_open_there_again_by_then_goes_on_under_its_number(
    done: Case, site: Site, officer: Account, city: OtherCity
) -> None:
    city.say("1-26", "open", "We come back.")
    send_back(site, done)
    work()

    assert len(city.keys) == 2
    assert (sent(done).number, sent(done).stage) == ("1-26", Stage.OPEN)


def test_closed_here_before_it_left_it_does_not_leave(
    done: Case, site: Site, officer: Account, city: OtherCity, clock: Clock
) -> None:
    send_back(site, done)
    with transaction():
        locked, words = lock_case(done.reference), "It is done after all."
        cases.move(locked, Status.CLOSED, by=officer, at=clock.now, message=words, outcome=Outcome.ANSWERED)
    work()

    assert len(city.keys) == 2
    assert sent(done).ending is Ending.DONE
    assert BUTTON not in site.get(desk(done)).text


@pytest.mark.parametrize("columns", [{"is_private": True}, {"is_hidden": True}])
def test_it_is_not_offered_for_what_not_everybody_reads(
    done: Case, site: Site, officer: Account, columns: dict[str, bool]
) -> None:
    page = site.get(desk(done))
    with transaction():
        locked = lock_case(done.reference)
        for name, value in columns.items():
            setattr(locked, name, value)

    assert BUTTON not in site.get(desk(done)).text
    with transaction():
        db.session.expire_all()
    answer = site.submit(page, form=f"{desk(done)}/send-back", why=WHY)
    assert answer.status == 409
    assert WHY in answer.text


def test_it_is_not_offered_while_it_is_open_there_nor_while_nothing_is_sent(
    done: Case, site: Site, officer: Account, city: OtherCity, roads: Department, clock: Clock
) -> None:
    by = make.make_administrator().id
    with transaction():
        services.turn(queries.lock_system(roads.id), on=False, by=by, at=clock.now)
    assert BUTTON not in site.get(desk(done)).text
    with transaction():
        services.turn(queries.lock_system(roads.id), on=True, by=by, at=clock.now)
    assert BUTTON in site.get(desk(done)).text
    city.say("1-26", "open")
    look(clock)
    assert BUTTON not in site.get(desk(done)).text


def test_who_does_not_work_the_case_cannot_send_it_back(
    done: Case, site: Site, officer: Account, city: OtherCity
) -> None:
    page = site.get(desk(done))
    site.sign_in(make.make_officer(make.make_department("Parks")))
    answer = site.submit(page, form=f"{desk(done)}/send-back", why=WHY)

    assert answer.status == 404
    assert WHY in answer.text
    work()
    assert len(city.keys) == 2
