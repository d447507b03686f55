"""More time at the desk: what an officer promises, a supervisor decides, and everybody reads."""

from datetime import UTC, datetime, timedelta

import pytest

from cps.accounts.models import Account
from cps.cases import queries
from cps.cases.models import Case
from cps.cases.rules import Audience, EventKind, Status
from cps.core.db import db
from cps.departments.models import Department
from tests.support.factories import make_complaint, make_event, make_supervisor
from tests.support.fixtures import WEDNESDAY, Clock
from tests.support.site import Site
from tests.triage.steps import at, audited, do, events, now, sent

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NEXT_FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
REASON, REPLY = "The part comes from abroad.", "We have ordered it."
WORDS = {"days": "5", "reason": REASON, "message": REPLY}


@pytest.fixture
def case(roads: Department) -> Case:
    make_complaint(department=roads, due_at=FRIDAY)
    return make_complaint(Status.IN_PROGRESS, department=roads, due_at=FRIDAY)


@pytest.fixture
def chief(site: Site, roads: Department) -> Account:
    return make_supervisor(roads)


def test_an_officer_promises_a_later_date_once(desk: Site, case: Case) -> None:
    page = do(desk, case, "extend", **WORDS)

    after = now(case)
    assert (after.due_at, after.promised_at, after.extensions) == (NEXT_FRIDAY, FRIDAY, 1)
    assert "Friday 27 November" in page.text
    assert "extend-case" in audited(case)


def test_the_form_offers_dates_and_says_how_many_there_are(desk: Site, case: Case) -> None:
    page = desk.get(at(case))

    assert "Monday 23 November, 1 working day more" in page.text
    assert "Friday 4 December, 10 working days more" in page.text
    assert "11 working days more" not in page.text
    assert "This is the first time." in page.text


def test_everybody_reads_the_old_date_the_new_one_and_why(desk: Site, case: Case) -> None:
    do(desk, case, "extend", **WORDS)

    page = desk.another().get(f"/complaints/{case.reference}")

    assert "moved from Friday 20 November to Friday 27 November" in page.text
    assert REASON in page.text
    assert REPLY not in page.text


def test_the_reporter_alone_reads_the_interim_reply(desk: Site, case: Case) -> None:
    do(desk, case, "extend", **WORDS)

    told = {
        e.kind: (e.audience, e.message)
        for e in queries.story(case.id, reader=Audience.REPORTER, at=WEDNESDAY)
    }
    assert told[EventKind.EXTENDED] == (Audience.PUBLIC, REASON)
    assert told[EventKind.UPDATED] == (Audience.REPORTER, REPLY)


@pytest.mark.parametrize("missing", ["days", "reason", "message"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_date_reason_and_reply_are_all_needed(desk: Site, case: Case, missing: str) -> None:
    page = do(desk, case, "extend", **{**WORDS, missing: ""})

    assert page.status == 422
    assert now(case).due_at == FRIDAY
    assert all(words in page.text for name, words in WORDS.items() if name not in {missing, "days"})


@pytest.mark.parametrize("days", ["0", "-1", "11", "365", "x"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_no_other_number_of_days_is_taken(desk: Site, case: Case, days: str) -> None:
    page = desk.post_raw(at(case, "extend"), sent(case, **{**WORDS, "days": days}))

    assert page.status == 422
    assert now(case).due_at == FRIDAY


def test_the_second_time_waits_for_a_supervisor(desk: Site, case: Case, chief: Account) -> None:
    do(desk, case, "extend", **WORDS)

    page = do(desk, case, "extend", **WORDS)

    assert now(case).extensions == 1
    assert now(case).due_at == NEXT_FRIDAY
    assert "A supervisor has to decide." in page.text
    assert "A supervisor has to say yes before the later date counts." in page.text
    assert "Ask for more time" not in page.text

    site = desk.another().sign_in(chief)
    do(site, case, "decide", decision="yes")

    assert now(case).extensions == 2
    assert now(case).due_at == datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
    assert [e.actor_id for e in events(case, EventKind.EXTENDED)][-1] != chief.id


def test_a_supervisor_says_no_with_words(desk: Site, case: Case, chief: Account) -> None:
    do(desk, case, "extend", **WORDS)
    do(desk, case, "extend", **WORDS)
    site = desk.another().sign_in(chief)

    refused = do(site, case, "decide", decision="no")
    assert (refused.status, refused.has("Say why not, so that your colleague knows")) == (422, True)
    do(site, case, "decide", decision="no", message="Five days are enough.")

    assert (now(case).extensions, now(case).due_at) == (1, NEXT_FRIDAY)
    assert queries.waiting_request(case.id) is None
    assert "Five days are enough." not in desk.another().get(f"/complaints/{case.reference}").text


def test_an_officer_decides_nothing(desk: Site, case: Case) -> None:
    do(desk, case, "extend", **WORDS)
    do(desk, case, "extend", **WORDS)

    page = desk.post_raw(at(case, "decide"), sent(now(case), decision="yes"))

    assert page.status == 422
    assert now(case).extensions == 1


def test_after_two_the_button_is_gone_and_the_page_says_why(desk: Site, case: Case, chief: Account) -> None:
    site = desk.another().sign_in(chief)
    for _time in range(2):
        do(site, case, "extend", **WORDS)

    page = desk.get(at(case))

    assert now(case).extensions == 2
    assert "This case had more time twice." in page.text
    assert "Promise a later date" not in page.text
    assert desk.post_raw(at(case, "extend"), sent(now(case), **WORDS)).status == 422


def test_what_is_late_gets_no_more_time(desk: Site, case: Case, clock: Clock) -> None:
    clock.set_to(FRIDAY + timedelta(seconds=1))

    page = desk.get(at(case))

    assert "What is late stays late" in page.text
    assert desk.post_raw(at(case, "extend"), sent(now(case), **WORDS)).status == 422
    assert now(case).due_at == FRIDAY


def test_a_closed_case_has_no_button_and_no_word_about_it(desk: Site, roads: Department) -> None:
    case = make_complaint(Status.CLOSED, department=roads)

    page = desk.get(at(case))

    assert "Promise a later date" not in page.text


def test_two_extensions_from_one_page_are_one(desk: Site, case: Case) -> None:
    page = desk.get(at(case))

    desk.submit(page, form=at(case, "extend"), **WORDS)
    desk.submit(page, form=at(case, "extend"), **WORDS)

    assert now(case).extensions == 1


def test_a_paused_case_says_until_when_and_is_not_late(desk: Site, case: Case, clock: Clock) -> None:
    do(desk, case, "reply", to="waiting-resident", message="Which of the two lamps?")
    clock.set_to(FRIDAY + timedelta(hours=1))

    page = desk.get(at(case))
    public = desk.another().get(f"/complaints/{case.reference}")

    assert "Paused until Wednesday 2 December at most" in page.text
    assert "Paused until Wednesday 2 December at most" in public.text
    assert str(case.reference) not in desk.get("/desk?box=late").text.replace("-", "")


def test_what_nobody_looked_at_in_time_is_late(desk: Site, roads: Department) -> None:
    unseen = make_complaint(department=roads, acknowledge_by=WEDNESDAY - timedelta(hours=1))
    seen = make_complaint(
        department=roads, acknowledge_by=WEDNESDAY - timedelta(hours=1), acknowledged_at=WEDNESDAY
    )
    make_event(seen)

    page = desk.get("/desk?box=late")

    assert unseen.title in page.text
    assert seen.title not in page.text
    assert "not seen in time" in page.text
    assert "Nobody has looked at it yet." in desk.another().get(f"/complaints/{unseen.reference}").text
    db.session.rollback()
