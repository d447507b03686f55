"""Ten seconds in which an act of the desk can be taken back, and nobody outside is told."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from cps.accounts.models import Account
from cps.cases.models import Case, Follow
from cps.cases.reference import display
from cps.cases.rules import Audience, EventKind, Status
from cps.core import clock as clocks
from cps.core import worker
from cps.core.db import db
from cps.departments.models import Category, Department
from cps.notifications.models import Message
from tests.support.factories import (
    make_complaint,
    make_department,
    make_follow,
    make_officer,
    make_resident,
)
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site
from tests.triage.steps import WORDS, at, audited, do, events, now

UNDO = ".desk-undo form"


def undo(page: Page, site: Site) -> Page:
    """Press the button of the page."""
    return site.submit(page, form=UNDO)


def on_public_page(site: Site, case: Case) -> bool:
    return "We come on Tuesday." in site.another().get(f"/complaints/{display(case.reference)}").text


def test_nobody_outside_reads_or_hears_of_an_act_before_ten_seconds_have_passed(
    desk: Site, category: Category, clock: Clock
) -> None:
    case = make_complaint(category=category, contact={"email": "kim@testford.test"})

    do(desk, case, "reply", message=WORDS, to="planned")
    worker.run_until_idle()

    assert now(case).status is Status.PLANNED
    assert not on_public_page(desk, case)
    assert db.session.scalars(select(Message)).all() == []
    clock.move(seconds=10)
    worker.run_until_idle()
    assert on_public_page(desk, case)
    assert len(db.session.scalars(select(Message)).all()) == 1


def test_what_is_undone_stands_as_before_and_stays_in_the_story_for_staff_alone(
    desk: Site, category: Category, clock: Clock
) -> None:
    case = make_complaint(category=category, contact={"email": "kim@testford.test"})
    noise = make_complaint(category=category)
    before = now(case).version

    page = undo(do(desk, case, "reply", message=WORDS, to="planned"), desk)

    assert page.has("Undone: 1 case stands as before.")
    assert not page.has("Nobody outside is told for")
    after = now(case)
    assert (after.status, after.assignee_id, after.acknowledged_at) == (Status.RECEIVED, None, None)
    assert after.version > before
    (moved,) = events(case, EventKind.MOVED)
    assert (moved.message, moved.audience) == (WORDS, Audience.STAFF)
    assert audited(case) == ["assign-case", "move-case", "undo"]
    assert page.has("Undone; nobody outside was told.")
    clock.move(minutes=1)
    worker.run_until_idle()
    assert not on_public_page(desk, case)
    assert db.session.scalars(select(Message)).all() == []
    assert events(noise, EventKind.NOTED) == []


def test_a_closing_is_undone_with_its_outcome(desk: Site, category: Category, officer: Account) -> None:
    case = make_complaint(Status.IN_PROGRESS, category=category, assignee=officer)

    undo(do(desk, case, "close", message=WORDS, outcome="answered"), desk)

    after = now(case)
    assert (after.status, after.outcome, after.closed_at) == (Status.IN_PROGRESS, None, None)


def test_a_join_is_undone_with_the_followers_that_it_brought(
    desk: Site, category: Category, clock: Clock
) -> None:
    case, other = make_complaint(category=category), make_complaint(category=category)
    brought, there = make_resident(), make_resident()
    make_follow(case, brought, there)
    make_follow(other, there)
    clock.move(minutes=1)

    undo(do(desk, case, "join", into=display(other.reference), message=WORDS), desk)

    assert (now(case).status, now(case).joined_to_id) == (Status.RECEIVED, None)
    assert db.session.scalars(select(Follow.account_id).filter_by(case_id=other.id)).all() == [there.id]


def test_a_transfer_is_undone_by_whoever_handed_it_over(desk: Site, category: Category) -> None:
    waste = make_department("Waste")
    case = make_complaint(category=category)
    home = case.department_id

    page = undo(do(desk, case, "transfer", department=waste.code, reason=WORDS), desk)

    assert now(case).department_id == home
    assert page.path.startswith(at(case))


def late(clock: Clock, case: Case, desk: Site) -> None:
    clock.move(seconds=10)


def changed(clock: Clock, case: Case, desk: Site) -> None:
    clock.move(seconds=3)
    colleague = make_officer(db.session.get_one(Department, case.department_id))
    do(desk.another().sign_in(colleague), case, "note", message="Look here.")


@pytest.mark.parametrize(
    ("meanwhile", "says"), [(late, "It is too late to undo this."), (changed, "Nothing was undone.")]
)
def test_undo_is_refused_after_its_time_and_when_somebody_was_there_since(
    desk: Site, category: Category, clock: Clock, meanwhile: Callable[..., None], says: str
) -> None:
    case = make_complaint(category=category)
    page = do(desk, case, "reply", message=WORDS, to="planned")

    meanwhile(clock, case, desk)
    answer = undo(page, desk)

    assert answer.has(says)
    assert now(case).status is Status.PLANNED
    clock.move(seconds=10)
    assert on_public_page(desk, case)


def test_nobody_undoes_what_a_colleague_did(desk: Site, category: Category, roads: Department) -> None:
    case = make_complaint(category=category)
    form = do(desk, case, "take").form(UNDO)
    colleague = desk.another().sign_in(make_officer(roads))

    assert colleague.post_raw(form.action).status == 404
    assert now(case).status is Status.IN_PROGRESS


def test_an_act_with_which_the_date_moved_cannot_be_undone(
    desk: Site, category: Category, officer: Account, clock: Clock
) -> None:
    at = clocks.now()
    case = make_complaint(
        Status.WAITING_RESIDENT, category=category, assignee=officer, clock_started_at=at,
        paused_at=at, pause_ends_at=at.replace(year=at.year + 1), pause_used=True,
    )  # fmt: skip
    promised = case.due_at
    clock.move(days=3)

    page = do(desk, case, "reply", message=WORDS, to="in-progress")

    assert not page.has("Nobody outside is told for")
    assert now(case).due_at > promised
