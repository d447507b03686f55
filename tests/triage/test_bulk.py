"""Many cases at once at the desk: a look at what will happen, done once, undone, nobody overwritten."""

from typing import Any

import pytest
from sqlalchemy import select

from cps.accounts.models import Account
from cps.cases.models import Case, Follow
from cps.cases.queries import lock_case
from cps.cases.reference import display
from cps.cases.rules import Audience, EventKind, Outcome, Priority, Status
from cps.cases.services import assign
from cps.core import clock as clocks
from cps.core import worker
from cps.core.db import db, transaction
from cps.departments.models import Category, Department
from cps.notifications.models import Message
from cps.triage.work import queries, services
from cps.triage.work.models import DeskAct
from cps.triage.work.rules import BulkAct, CaseState, Wanted
from tests.support.factories import (
    make_category,
    make_complaint,
    make_department,
    make_follow,
    make_integrity_officer,
    make_officer,
    make_resident,
)
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site
from tests.triage.steps import WORDS, audited, do, events, now
from tests.triage.test_together import at_once

UNDO = ".desk-undo form"


def select_in_list(desk: Site, *cases: Case, query: str = "?box=department") -> Page:
    """Tick cases in the list and press the button below it."""
    chosen = [display(case.reference) for case in cases]
    page = desk.get(f"/desk{query}")
    return desk.post_raw(page.form("#bulk").action, {"case": chosen})


def preview(desk: Site, *cases: Case, **fields: Any) -> Page:
    """Select cases and say what is to be done."""
    return desk.submit(select_in_list(desk, *cases), form=".bulk-form", **fields)


def confirm(desk: Site, page: Page) -> Page:
    return desk.submit(page, form=".bulk-buttons form")


def test_the_preview_says_how_many_change_which_are_skipped_and_why_and_changes_nothing(
    desk: Site, category: Category, officer: Account
) -> None:
    free, planned = make_complaint(category=category), make_complaint(Status.PLANNED, category=category)

    page = preview(desk, free, planned, act="move", move="planned", message=WORDS)

    assert page.has("1 case will change")
    assert page.has("1 case is skipped")
    assert page.has("1 case: It is so already")
    assert page.has("We come on Tuesday.")
    assert (now(free).status, audited(free)) == (Status.RECEIVED, [])


def test_all_that_can_be_is_done_and_everybody_is_told_once_the_time_to_undo_is_over(
    desk: Site, category: Category, clock: Clock
) -> None:
    cases = [make_complaint(category=category, contact={"email": f"kim{n}@testford.test"}) for n in range(3)]
    noise = make_complaint(category=category, contact={"email": "noise@testford.test"})

    page = confirm(desk, preview(desk, *cases, act="move", move="planned", message=WORDS))

    assert page.has("3 cases changed")
    assert {now(case).status for case in cases} == {Status.PLANNED}
    assert [events(case, EventKind.MOVED)[-1].message for case in cases] == [WORDS] * 3
    assert all(audited(case) == ["move-case"] for case in cases)
    worker.run_until_idle()
    assert db.session.scalars(select(Message)).all() == []
    clock.move(seconds=11)
    worker.run_until_idle()
    told = sorted(db.session.scalars(select(Message.address)))
    assert told == ["kim0@testford.test", "kim1@testford.test", "kim2@testford.test"]
    assert now(noise).status is Status.RECEIVED


def test_undo_lets_all_stand_as_before_but_those_that_somebody_changed_since(
    desk: Site, category: Category, roads: Department, clock: Clock
) -> None:
    cases = [make_complaint(category=category, contact={"email": f"kim{n}@testford.test"}) for n in range(3)]
    page = confirm(desk, preview(desk, *cases, act="move", move="answered", message=WORDS))
    clock.move(seconds=1)
    colleague = desk.another().sign_in(make_officer(roads))
    do(colleague, cases[0], "note", message="Look here.")

    page = desk.submit(page, form=UNDO)

    assert page.has("Undone: 2 cases stand as before.")
    assert page.has("1 case: Somebody changed it meanwhile")
    assert [now(case).status for case in cases] == [Status.CLOSED, Status.RECEIVED, Status.RECEIVED]
    assert [events(case, EventKind.MOVED)[0].audience for case in cases] == [
        Audience.PUBLIC, Audience.STAFF, Audience.STAFF
    ]  # fmt: skip
    clock.move(minutes=1)
    worker.run_until_idle()
    assert list(db.session.scalars(select(Message.address))) == ["kim0@testford.test"]


def test_the_preview_leaves_out_what_needs_a_second_pair_of_eyes_or_a_photo_as_doing_will(
    desk: Site, category: Category, roads: Department, officer: Account
) -> None:
    needy = make_category("Hole", department=roads, needs={"second": ["answered"]})
    shown = make_category("Wall", department=roads, needs={"photo": ["answered"]})
    colleague, idle = make_officer(roads), make_officer(roads)
    free, own, seen, passed, unseen = (
        make_complaint(Status.IN_PROGRESS, category=needy, assignee=holder)
        for holder in (None, officer, colleague, colleague, idle)
    )
    plain, bare = make_complaint(category=category), make_complaint(category=shown)
    site = desk.another().sign_in(colleague)
    for case in (seen, passed):
        do(site, case, "note", message="I look at it.")
    with transaction():
        locked, jo = lock_case(passed.reference), db.session.get_one(Account, officer.id)
        for holder in (jo, db.session.get_one(Account, colleague.id)):
            assign(locked, holder, by=jo, at=clocks.now())

    every = [free, own, seen, passed, unseen, plain, bare]
    page = preview(desk, *every, act="move", move="answered", message=WORDS)

    assert page.has("2 cases will change")
    assert page.has("4 cases: Here a second pair of eyes is needed")
    assert page.has("1 case: Add a photo of the work")
    assert audited(own) == []
    page = confirm(desk, page)
    assert page.has("2 cases changed")
    assert page.has("4 cases: Here a second pair of eyes is needed")
    assert page.has("1 case: Add a photo of the work")
    assert [case for case in every if not now(case).is_open] == [seen, plain]


WAYS: list[tuple[dict[str, str], str, Any]] = [
    ({"act": "priority", "priority": "urgent"}, "priority", Priority.URGENT),
    (
        {"act": "move", "move": "not-ours", "whose": "The railway", "message": WORDS},
        "outcome",
        Outcome.NOT_OURS,
    ),
    ({"act": "assign", "account": "me"}, "status", Status.IN_PROGRESS),
]


@pytest.mark.parametrize(("fields", "column", "value"), WAYS)
def test_each_act_does_what_it_says_and_is_undone(
    desk: Site, category: Category, officer: Account, fields: dict[str, str], column: str, value: Any
) -> None:
    case = make_complaint(category=category)
    before = getattr(now(case), column)
    if "account" in fields:
        fields = {**fields, "account": str(officer.id)}

    page = confirm(desk, preview(desk, case, **fields))
    assert getattr(now(case), column) == value
    desk.submit(page, form=UNDO)

    assert getattr(now(case), column) == before
    assert now(case).assignee_id is None


def test_many_are_transferred_and_join_one_and_come_back(
    desk: Site, category: Category, clock: Clock
) -> None:
    waste, other_lamps = make_department("Waste"), make_category("Pole")
    case, into = make_complaint(category=category), make_complaint(category=other_lamps)
    fan = make_resident()
    make_follow(case, fan)
    clock.move(minutes=1)

    page = confirm(desk, preview(desk, case, act="transfer", department=waste.code, message=WORDS))
    assert now(case).department_id == waste.id
    desk.submit(page, form=UNDO)
    assert now(case).department_id != waste.id

    page = confirm(desk, preview(desk, case, act="join", into=display(into.reference), message=WORDS))
    assert now(case).joined_to_id == into.id
    assert fan.id in db.session.scalars(select(Follow.account_id).filter_by(case_id=into.id)).all()
    desk.submit(page, form=UNDO)
    assert now(case).joined_to_id is None
    assert db.session.scalars(select(Follow).filter_by(case_id=into.id)).all() == []


def test_whoever_does_not_work_a_case_gives_it_to_nobody_and_gets_none(
    desk: Site, category: Category, roads: Department
) -> None:
    mine, foreign = make_complaint(category=category), make_complaint()
    hidden = make_complaint(category=make_category(is_integrity=True), is_integrity=True, is_private=True)
    make_integrity_officer()

    page = select_in_list(desk, mine, foreign, hidden)

    assert page.has("1 case selected")
    assert page.has("2 cases are not at your desk any more.")
    assert not page.has(display(hidden.reference))


def test_what_changed_after_the_preview_is_skipped(
    desk: Site, category: Category, roads: Department, clock: Clock
) -> None:
    case, other = make_complaint(category=category), make_complaint(category=category)
    page = preview(desk, case, other, act="priority", priority="urgent")
    clock.move(seconds=1)
    do(desk.another().sign_in(make_officer(roads)), case, "note", message="Look here.")

    page = confirm(desk, page)

    assert page.has("1 case changed")
    assert page.has("1 case: Somebody changed it meanwhile")
    assert (now(case).priority, now(other).priority) == (Priority.NORMAL, Priority.URGENT)


def test_pressing_twice_at_the_same_moment_does_it_once(desk: Site, category: Category) -> None:
    case = make_complaint(category=category)
    form = preview(desk, case, act="move", move="planned", message=WORDS).form(".bulk-buttons form")
    data = form.filled({}, None)

    def press() -> Page:
        return desk.post_raw(form.action, data, with_token=False, follow=False)

    assert [page.status for page in at_once(press, press)] == [303, 303]
    assert len(events(case, EventKind.MOVED)) == 1


def test_what_was_cut_off_the_worker_does_later(
    desk: Site, category: Category, officer: Account, clock: Clock
) -> None:
    cases = [make_complaint(category=category) for _n in range(3)]
    with transaction():
        versions = queries.versions(officer, ids=[case.id for case in cases])
        act = services.choose(versions, by=officer, at=clocks.now())
        services.plan(act, Wanted(BulkAct.PRIORITY, priority=Priority.URGENT), by=officer)
        services.begin(act, at=clocks.now())
    assert desk.get(f"/desk/bulk/{act.id}").has("3 cases are still to be done")

    clock.move(minutes=1)
    worker.run_until_idle()

    assert {now(case).priority for case in cases} == {Priority.URGENT}
    assert queries.count_parts(act.id) == {CaseState.DONE: 3}


def test_all_in_the_list_means_all_that_fit_its_filters(desk: Site, category: Category) -> None:
    urgent = [make_complaint(category=category, priority=Priority.URGENT) for _n in range(2)]
    calm = make_complaint(category=category)
    page = desk.get("/desk?box=new&priority=urgent")

    page = desk.post_raw(page.form("#bulk").action, {"all": "1"})

    assert page.has("2 cases selected")
    confirm(desk, desk.submit(page, form=".bulk-form", act="priority", priority="normal"))
    assert {now(case).priority for case in (*urgent, calm)} == {Priority.NORMAL}
    assert audited(calm) == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Choose what is to be done."),
        ({"act": "assign"}, "Choose one of these."),
        ({"act": "transfer", "message": "It is a lamp."}, "Choose a department from the list."),
        ({"act": "move", "move": "planned"}, "Write a message."),
        ({"act": "join", "into": "1234", "message": "The same."}, "There is no case with this number."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    desk: Site, category: Category, fields: dict[str, str], says: str
) -> None:
    page = preview(desk, make_complaint(category=category), **fields)

    assert (page.status, page.has(says)) == (422, True)
    assert page.form(".bulk-form").value("message") == fields.get("message", "")


def test_nobody_opens_or_undoes_what_a_colleague_selected(
    desk: Site, category: Category, roads: Department
) -> None:
    confirm(desk, preview(desk, make_complaint(category=category), act="priority", priority="urgent"))
    act = db.session.scalars(select(DeskAct)).one()
    colleague = desk.another().sign_in(make_officer(roads))

    assert colleague.get(f"/desk/bulk/{act.id}").status == 404
    assert colleague.post_raw(f"/desk/undo/{act.id}").status == 404
