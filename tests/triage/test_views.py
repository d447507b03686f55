"""Saved views: kept from what the list shows, counted, arranged, shared; and with what a desk opens."""

from typing import Any

import pytest
from sqlalchemy import select

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.rules import Priority
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.departments.models import Category, Department
from cps.triage import services
from cps.triage.models import DeskStart, SavedView
from tests.support.factories import (
    make_account,
    make_complaint,
    make_department,
    make_officer,
    make_resident,
    save,
)
from tests.support.site import Site

URGENT = {"box": "department", "priority": "urgent"}


def keep(name: str, by: Account, *, unit: Department | None = None, **asked: str) -> SavedView:
    with transaction():
        return services.keep_view(
            name, asked or URGENT, department_id=unit.id if unit else None, by=by, at=clock.now()
        )


def names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(SavedView.name).order_by(SavedView.ord, SavedView.id)))


@pytest.fixture
def head(roads: Department) -> Account:
    """The supervisor of the department."""
    return make_account(Role.SUPERVISOR, departments=[roads])


def test_what_the_list_shows_is_kept_under_a_name_and_counted(desk: Site, category: Category) -> None:
    make_complaint(category=category, priority=Priority.URGENT, title="Urgent one")
    make_complaint(category=category)
    desk.get("/desk?box=department&priority=urgent")

    page = desk.submit(desk.follow("Keep as a view"), form="/desk/views", name="Urgent  here ")

    assert page.has("Kept as “Urgent here”.")
    assert page.path == "/desk?box=department&priority=urgent"
    assert page.text_of(".desk-boxes [aria-current]") == "Urgent here1"
    assert page.all(".desk-title") == ["Urgent one"]


@pytest.mark.parametrize(("name", "words"), [("", "Give the view a name."), ("x" * 61, "This is too long.")])
def test_a_name_that_does_not_do_is_a_marked_field(desk: Site, name: str, words: str) -> None:
    page = desk.get("/desk/views?box=late&priority=urgent")

    page = desk.submit(page, form="/desk/views", name=name)

    assert page.status == 422
    assert page.has(words)
    form = page.form("/desk/views")
    assert (form.value("name"), form.value("priority"), form.value("box")) == (name, "urgent", "late")
    assert names() == []


def test_a_name_stands_once_for_each_owner(desk: Site, officer: Account, roads: Department) -> None:
    keep("Late", officer)
    keep("Late", make_officer(roads))
    page = desk.get("/desk/views?box=late")

    page = desk.submit(page, form="/desk/views", name="late")

    assert page.status == 422
    assert page.has("There is a view called “late” already. Choose another name.")


def test_there_may_be_twenty(officer: Account) -> None:
    for number in range(services.MOST_VIEWS):
        keep(str(number), officer)

    with pytest.raises(RuleViolation, match="There are 20 views already"):
        keep("one more", officer)


def test_pressing_twice_keeps_one(desk: Site) -> None:
    page = desk.get("/desk/views?box=late&q=" + "길" * 200)  # an address of two thousand characters

    answers = [desk.submit(page, form="/desk/views", name="Late") for _time in range(2)]

    assert [answer.text_of("title").startswith("Late") for answer in answers] == [True, True]
    assert names() == ["Late"]


def test_views_are_renamed_put_in_order_and_deleted(desk: Site, officer: Account) -> None:
    first, second = keep("First", officer), keep("Second", officer)

    page = desk.submit("/desk/views", form=f"/desk/views/{second.id}/rename", name="Other")
    assert page.has("Renamed.")
    desk.submit(page, form=f"/desk/views/{second.id}/up")
    assert names() == ["Other", "First"]
    desk.submit("/desk/views", form=f"/desk/views/{first.id}/delete")
    assert names() == ["Other"]


def test_a_view_that_somebody_else_changed_meanwhile_is_not_overwritten(
    site: Site, head: Account, roads: Department
) -> None:
    view = keep("Late", head, unit=roads)
    page = site.sign_in(head).get("/desk/views")
    with transaction():
        row = db.session.get_one(SavedView, view.id)
        services.rename_view(row, "Very late", version=row.version, by=head, at=clock.now())

    page = site.submit(page, form=f"/desk/views/{view.id}/rename", name="Mine")

    assert page.status == 409
    assert page.has("Somebody else changed this view meanwhile.")
    assert names() == ["Very late"]


def test_a_supervisor_shares_and_everybody_in_the_department_sees_it(
    site: Site, head: Account, roads: Department, officer: Account
) -> None:
    view = keep("Late", head)
    site.sign_in(head).submit("/desk/views", form=f"/desk/views/{view.id}/share")

    assert "Late0" in site.another().sign_in(officer).get("/desk").all(".desk-boxes a")
    elsewhere = make_officer(make_department("Water"))
    assert "Late0" not in site.another().sign_in(elsewhere).get("/desk").all(
        ".desk-boxes nav:nth-child(n+3) a"
    )


def test_an_officer_changes_neither_what_is_shared_nor_what_is_anothers(
    desk: Site, head: Account, officer: Account, roads: Department
) -> None:
    shared, others, own = keep("Shared", head, unit=roads), keep("Theirs", head), keep("Own", officer)

    for path in (f"{shared.id}/delete", f"{others.id}/delete", f"{others.id}/up", f"{shared.id}/rename"):
        assert desk.post_raw(f"/desk/views/{path}", {"name": "Mine", "version": 1}).status == 404
    assert desk.post_raw(f"/desk/views/{own.id}/share", {"department": roads.code}).status == 422
    sent = {"form_key": "k", "name": "For all", "share_with": roads.code}
    desk.post_raw("/desk/views", sent)
    assert [
        view.department_id for view in db.session.scalars(select(SavedView).filter_by(name="For all"))
    ] == [None]


def test_a_view_whose_category_has_gone_says_so(desk: Site, officer: Account, roads: Department) -> None:
    keep("Lamps", officer, box="department", category="no-such")
    make_complaint(department=roads)

    page = desk.get("/desk")
    assert page.all(".desk-boxes nav:nth-of-type(2) a") == ["Lamps"]  # without a number
    page = desk.follow("Lamps")
    assert page.has("Category: there is no “no-such” here, or no longer. The list is shown without it.")
    assert desk.get("/desk/views").has("Part of what it asks for has gone.")


def test_the_desk_opens_with_what_one_chose_until_that_is_deleted(
    desk: Site, officer: Account, category: Category
) -> None:
    view = keep("Urgent", officer)
    make_complaint(category=category, priority=Priority.URGENT, title="Urgent one")
    make_complaint(category=category, title="Plain one")

    desk.submit("/desk/views", form="/desk/views/start", start=str(view.id))
    assert desk.get("/desk").all(".desk-title") == ["Urgent one"]
    desk.submit("/desk/views", form="/desk/views/start", start="mine")
    assert desk.get("/desk").text_of(".desk-boxes [aria-current] span:first-child") == "Mine"
    desk.submit("/desk/views", form="/desk/views/start", start=str(view.id))
    desk.submit("/desk/views", form=f"/desk/views/{view.id}/delete")

    assert desk.get("/desk").text_of(".desk-boxes [aria-current] span:first-child") == "New"


def test_a_supervisors_desk_opens_with_what_is_late(site: Site, head: Account) -> None:
    page = site.sign_in(head).get("/desk")

    assert page.text_of(".desk-boxes [aria-current] span:first-child") == "Late"


def test_whoever_leaves_a_department_does_not_begin_with_its_view(
    site: Site, head: Account, roads: Department
) -> None:
    view = keep("Late", head, unit=roads)
    officer = make_officer(make_department("Water"))
    save(DeskStart(account_id=officer.id, view_id=view.id))

    assert site.sign_in(officer).get("/desk").text_of(".desk-boxes [aria-current] span:first-child") == "New"


def test_every_filter_stands_on_a_page_and_leads_to_the_list(desk: Site, category: Category) -> None:
    make_complaint(category=category, support_count=3, title="Backed one")
    make_complaint(category=category)
    desk.get("/desk?box=department&backed=2")
    page = desk.follow("All filters")
    assert page.value_of("#filter-backed") == "2"

    page = desk.submit(page, form="form.stack", backed="3", since="2026-01-01", sort="backed")

    assert page.all(".desk-title") == ["Backed one"]
    received, backed = page.all(".chips a")
    assert received.startswith("Remove filter: Received from ")
    assert backed == "Remove filter: Backed by 3 or more"


def test_the_name_of_an_account_is_said_only_where_it_has_cases_here(
    desk: Site, category: Category, roads: Department
) -> None:
    colleague, resident = make_officer(roads, display_name="Kim Haneul"), make_resident(display_name="Robin")
    make_complaint(category=category, assignee=colleague)

    assert desk.get(f"/desk?assignee={colleague.id}").all(".chips a") == ["Remove filter: Kim Haneul"]
    assert not desk.get(f"/desk?assignee={resident.id}").has("Robin")


def test_words_that_no_open_case_has_lead_to_the_closed_ones(desk: Site) -> None:
    desk.get("/desk?q=bakery")

    assert desk.follow("Look among closed cases").path == "/desk?box=closed&q=bakery"


def forgotten(site: Site) -> list[Any]:
    db.session.rollback()
    return [*db.session.scalars(select(SavedView)), *db.session.scalars(select(DeskStart))]


def test_with_an_account_its_own_views_go_and_shared_ones_stay(
    site: Site, head: Account, roads: Department, officer: Account
) -> None:
    view, shared = keep("Own", head), keep("Shared", head, unit=roads)
    save(DeskStart(account_id=head.id, view_id=view.id))

    with transaction():
        services.forget_views(head.id)

    assert [one.id for one in forgotten(site)] == [shared.id]
