"""Two officers at once, pressing twice, coming back: nobody overwrites, nothing is doubled or lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from cps.cases import services
from cps.cases.models import Case, CaseEvent
from cps.cases.reference import display
from cps.cases.rules import EventKind, Outcome, Status
from cps.core.db import db, transaction
from cps.departments.models import Category, Department
from tests.complaints.steps import photo
from tests.support.factories import make_complaint, make_department, make_officer
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site
from tests.triage.steps import WORDS, at, do, events, now, sent

OTHERS = "The crew is on its way."


@pytest.fixture
def case(category: Category) -> Case:
    return make_complaint(category=category)


@pytest.fixture
def colleague(desk: Site, roads: Department) -> Site:
    """Another officer of the same department, at a computer of their own."""
    return desk.another().sign_in(make_officer(roads, display_name="Kim Haneul"))


def at_once(*acts: Callable[[], Page]) -> list[Page]:
    """Do things at the same moment, each in a thread of its own."""
    db.session.rollback()
    barrier = Barrier(len(acts))

    def one(act: Callable[[], Page]) -> Page:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def ready(site: Site, case: Case, act: str, **fields: object) -> Callable[[], Page]:
    """Open a case, fill the form of an act, and return what sends it."""
    form = site.get(at(case)).form(at(case, act))
    data = form.filled(fields, None)
    return lambda: site.post_raw(form.action, data, with_token=False, follow=False)


def test_of_two_replies_at_the_same_moment_one_wins_and_the_other_keeps_its_words(
    desk: Site, colleague: Site, case: Case
) -> None:
    first = ready(desk, case, "reply", message=WORDS, to="planned")
    second = ready(colleague, case, "reply", message=OTHERS, to="in-progress")

    pages = at_once(first, second)

    assert sorted(page.status for page in pages) == [303, 409]
    said = [(e.message, e.status) for e in events(case, EventKind.MOVED)]
    assert said in ([(WORDS, Status.PLANNED)], [(OTHERS, Status.IN_PROGRESS)])
    lost = next(page for page in pages if page.status == 409)
    kept = OTHERS if said[0][0] == WORDS else WORDS
    assert lost.form(at(case, "reply")).value("message") == kept
    assert lost.has("Somebody changed this case meanwhile.")


@pytest.mark.parametrize("officers", [4])
def test_of_many_who_take_a_case_at_the_same_moment_one_has_it(
    desk: Site, roads: Department, case: Case, officers: int
) -> None:
    sites = [desk.another().sign_in(make_officer(roads)) for _n in range(officers)]

    pages = at_once(*(ready(site, case, "take") for site in sites))

    assert sorted(page.status for page in pages) == [303] + [409] * (officers - 1)
    assert len(events(case, EventKind.ASSIGNED)) == 1


def test_closing_and_transferring_at_the_same_moment_do_not_both_happen(
    desk: Site, colleague: Site, case: Case
) -> None:
    water = make_department("Water")
    close = ready(desk, case, "close", outcome="answered", message=WORDS)
    transfer = ready(colleague, case, "transfer", department=water.code, reason=OTHERS)

    pages = at_once(close, transfer)

    done = [page.status for page in pages].index(303)
    after = now(case)
    if done == 0:
        assert (after.status, after.department_id) == (Status.CLOSED, case.department_id)
        assert pages[1].status == 409
    else:
        assert (after.status, after.department_id) == (Status.RECEIVED, water.id)
        assert pages[0].status == 404
        assert pages[0].has("We come on Tuesday.")


def test_one_form_sent_twice_at_the_same_moment_is_done_once(desk: Site, case: Case) -> None:
    press = ready(desk, case, "reply", message=WORDS)

    pages = at_once(press, press, press)

    assert {page.status for page in pages} == {303}
    assert len(events(case, EventKind.UPDATED)) == 1


def test_pressing_twice_leads_to_the_same_page(desk: Site, case: Case) -> None:
    press = ready(desk, case, "note", message=WORDS)

    first, second = press(), press()

    assert first.header("Location") == second.header("Location")
    assert len(events(case, EventKind.NOTED)) == 1


def test_the_form_of_before_sent_again_with_other_words_is_not_swallowed(
    desk: Site, case: Case, clock: Clock
) -> None:
    page = desk.get(at(case))
    clock.move(seconds=1)
    desk.submit(page, form=at(case, "note"), message=WORDS)

    again = desk.submit(page, form=at(case, "note"), message=OTHERS)

    assert again.status == 409
    assert again.form(at(case, "note")).value("message") == OTHERS
    desk.submit(again, form=at(case, "note"))
    assert [e.message for e in events(case, EventKind.NOTED)] == [WORDS, OTHERS]


def test_a_stale_form_shows_the_case_as_it_is_and_can_be_sent_after_a_look(
    desk: Site, colleague: Site, case: Case
) -> None:
    page = desk.get(at(case))
    do(colleague, case, "reply", message=OTHERS, to="planned")

    stale = desk.submit(page, form=at(case, "reply"), message=WORDS, to="waiting-others")

    assert stale.status == 409
    assert stale.has("Somebody changed this case meanwhile.")
    assert stale.has("Planned")
    assert stale.has(OTHERS)
    form = stale.form(at(case, "reply"))
    assert (form.value("message"), form.value("to")) == (WORDS, "waiting-others")

    assert desk.submit(stale, form=at(case, "reply")).status == 200
    assert now(case).status is Status.WAITING_OTHERS


def test_a_stale_photo_is_kept_too(desk: Site, colleague: Site, case: Case, clock: Clock) -> None:
    page = desk.get(at(case))
    clock.move(seconds=1)
    do(colleague, case, "note", message=OTHERS)

    stale = desk.submit(page, form=at(case, "close"), outcome="fixed", message=WORDS, photos=photo())
    assert stale.status == 409
    desk.submit(stale, form=at(case, "close"))

    assert (now(case).outcome, now(case).photo_count) == (Outcome.FIXED, 1)


def test_words_for_a_case_that_was_closed_meanwhile_are_given_back(
    desk: Site, colleague: Site, case: Case
) -> None:
    page = desk.get(at(case))
    do(colleague, case, "close", outcome="answered", message=OTHERS)

    stale = desk.submit(page, form=at(case, "reply"), message=WORDS)

    assert stale.status == 409
    assert stale.text_of(".notice .words").startswith("We come on Tuesday.")
    assert stale.has("Answered")


def test_words_for_a_case_that_went_to_another_department_are_given_back(
    desk: Site, colleague: Site, case: Case
) -> None:
    page = desk.get(at(case))
    do(colleague, case, "transfer", department=make_department("Water").code, reason=OTHERS)

    gone = desk.submit(page, form=at(case, "reply"), message=WORDS)

    assert gone.status == 404
    assert gone.has("This case is not at your desk any more")
    assert gone.text_of(".notice .words").startswith("We come on Tuesday.")
    assert not gone.has(case.title)


def test_what_residents_do_meanwhile_makes_no_page_stale(desk: Site, case: Case, clock: Clock) -> None:
    page = desk.get(at(case))
    backer = make_officer()
    clock.move(seconds=1)
    with transaction():
        row = db.session.get_one(Case, case.id)
        services.support(row, by=backer, at=clock.now)

    assert desk.submit(page, form=at(case, "reply"), message=WORDS).status == 200


@pytest.mark.parametrize("version", ["", "abc", "0", "-1", "1e9", "9" * 40, "\x00"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_page_that_does_not_know_what_it_showed_is_stale(desk: Site, case: Case, version: str) -> None:
    page = desk.post_raw(at(case, "note"), {**sent(case), "version": version, "message": WORDS})

    assert page.status == 409
    assert page.form(at(case, "note")).value("message") == WORDS
    assert page.form(at(case, "note")).value("version") == str(case.version)


def test_a_page_without_its_key_is_sent_again_with_one(desk: Site, case: Case) -> None:
    page = desk.post_raw(at(case, "note"), sent(case, form_key="", message=WORDS))

    assert page.status == 422
    assert page.has("The page was not complete. Please send it again.")
    assert desk.submit(page, form=at(case, "note")).status == 200
    assert len(events(case, EventKind.NOTED)) == 1


def test_a_busy_database_gives_the_words_back_and_they_go_through_afterwards(
    desk: Site, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr(services, "note", refuse)
        page = do(desk, case, "note", message=WORDS)

    assert page.status == 503
    assert page.header("Retry-After") == "10"
    assert page.form(at(case, "note")).value("message") == WORDS
    assert db.session.scalar(select(func.count(CaseEvent.id)).where(CaseEvent.message == WORDS)) == 0
    assert desk.submit(page, form=at(case, "note")).status == 200


def test_the_number_in_the_address_may_be_written_with_or_without_hyphens(desk: Site, case: Case) -> None:
    assert desk.get(f"/desk/{case.reference}").heading == case.title
    assert desk.get(f"/desk/{display(case.reference)}").heading == case.title
