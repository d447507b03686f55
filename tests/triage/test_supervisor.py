"""The page of supervisors: load, lateness and its cause, what waits for a yes, closed cases to check."""

from datetime import timedelta

import pytest

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.rules import Status
from cps.core import clock as clocks
from cps.core.db import db
from cps.departments.models import Category, Department
from cps.triage.work.models import ClosedCheck
from cps.triage.work.rules import week_before
from tests.support.factories import make_complaint, make_supervisor
from tests.support.site import Site
from tests.triage.steps import audited

LATE = timedelta(days=20)


@pytest.fixture
def head(site: Site, roads: Department) -> Site:
    """A supervisor of the department."""
    return site.sign_in(make_supervisor(roads, display_name="Sam Head"))


def closed_last_week(category: Category, number: int) -> list[Case]:
    at = clocks.now() - timedelta(days=7)
    return [make_complaint(Status.CLOSED, category=category, at=at) for _n in range(number)]


def test_who_has_how_much_and_what_late_cases_wait_for(
    head: Site, category: Category, officer: Account
) -> None:
    long_ago = clocks.now() - LATE
    make_complaint(Status.IN_PROGRESS, category=category, assignee=officer, at=long_ago)
    make_complaint(Status.WAITING_OTHERS, category=category, assignee=officer, at=long_ago)
    make_complaint(category=category)
    make_complaint(title="Somebody else’s")

    page = head.get("/desk/supervisor")

    rows = [row.split() for row in page.all("tbody tr")]
    assert rows[0][:5] == ["Jo", "Officer", "2", "2", "0"]
    assert rows[1][:4] == ["Nobody", "1", "0", "0"]
    assert page.has("2 cases are late")
    assert page.has("Somebody outside the city has to do something")


def test_all_open_cases_of_an_officer_are_chosen_to_be_given_to_somebody_else(
    head: Site, category: Category, officer: Account
) -> None:
    cases = [make_complaint(Status.IN_PROGRESS, category=category, assignee=officer) for _n in range(2)]
    make_complaint(category=category)

    page = head.submit("/desk/supervisor", form="tbody tr:first-child form")

    assert page.has("2 cases selected")
    assert str(officer.id) in page.form(".bulk-form").choices("account")
    assert cases


def test_a_closed_case_of_the_sample_is_checked_once(head: Site, category: Category) -> None:
    closed = closed_last_week(category, 7)
    page = head.get("/desk/supervisor")
    forms = [form for form in page.forms if form.action.endswith("/check")]
    assert len(forms) == 5

    data = forms[0].filled({"found": "not-good", "note": "No photo of the work."}, None)
    page = head.post_raw(forms[0].action, data, with_token=False)
    assert page.has("Checked by Sam Head: not good")
    again = head.post_raw(forms[0].action, {**data.to_dict(), "found": "good"}, with_token=False)

    assert again.has("Somebody has checked this case already.")
    (found,) = db.session.scalars(db.select(ClosedCheck))
    week = week_before(clocks.now().astimezone().date())
    assert (found.is_good, found.note, found.week) == (False, "No photo of the work.", week.isoformat())
    (checked,) = [case for case in closed if case.id == found.case_id]
    assert audited(checked) == ["check-closed-case"]


def test_what_was_not_good_is_said_and_other_cases_are_not_checked(head: Site, category: Category) -> None:
    closed_last_week(category, 1)
    page = head.get("/desk/supervisor")
    (form,) = [form for form in page.forms if form.action.endswith("/check")]

    page = head.post_raw(form.action, form.filled({"found": "not-good"}, None), with_token=False)
    other = make_complaint(category=category)

    assert (page.status, page.has("Say what was not good.")) == (422, True)
    assert head.post_raw(f"/desk/supervisor/{other.reference}/check", {"found": "good"}).status == 404
    assert db.session.scalars(db.select(ClosedCheck)).all() == []
