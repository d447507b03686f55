"""The page of officers in the field, and what they tell from the place."""

import re
import secrets

import pytest

from cps.accounts.models import Account
from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.queries import lock_case
from cps.cases.rules import Audience, PhotoStage, Status
from cps.cases.services import note
from cps.core import clock
from cps.core.db import db, transaction
from cps.departments.models import Category, Department
from tests.support import factories as make
from tests.support.site import Site

FIELD = "/desk/field"


def titles(site: Site) -> list[str]:
    return site.get(FIELD).all(".field-card h2")


def told(case: Case) -> list[tuple[str | None, str]]:
    found = db.session.scalars(db.select(CaseEvent).filter_by(case_id=case.id).order_by(CaseEvent.id)).all()
    return [(one.data.get("turn"), one.message) for one in found if one.audience is Audience.STAFF]


def photo_of(case: Case, **columns: object) -> str:
    name = secrets.token_hex(16)
    hashes = {"original_sha256": "0" * 64, "perceptual_hash": "0" * 16}
    make.save(
        Attachment(
            name=name, case_id=case.id, width=640, height=480, added_at=clock.now(), **hashes, **columns
        )
    )
    return name


def test_only_ones_own_open_cases_stand_there_and_none_about_staff(
    desk: Site, officer: Account, category: Category, roads: Department
) -> None:
    ward = make.make_ward()
    make.make_complaint(category=category, assignee=officer, ward=ward, title="Mine")
    make.make_complaint(category=category, title="Nobody's", ward=ward)
    make.make_complaint(Status.CLOSED, category=category, assignee=officer, title="Done")

    assert titles(desk) == ["Mine"]
    assert desk.get(FIELD).header("CPS-Keep") == "field"
    assert 'href="geo:' in desk.get(FIELD).html
    both = make.make_account(*officer.roles, make.Role.INTEGRITY_OFFICER, departments=[roads])
    make.make_complaint(
        category=category, assignee=both, is_private=True, is_integrity=True, title="About staff"
    )
    assert titles(desk.another().sign_in(both)) == []


def test_the_first_small_photos_of_the_problem_stand_there(
    desk: Site, officer: Account, category: Category
) -> None:
    case = make.make_complaint(category=category, assignee=officer)
    shown = [photo_of(case) for _ in range(4)][:3]
    photo_of(case, stage=PhotoStage.REPLY)
    photo_of(make.make_complaint(category=category))

    drawn = re.findall(r'src="/photos/(\w+)/thumbnail"', desk.get(FIELD).html)

    assert drawn == [shown[0], *shown]


def test_who_is_there_or_does_not_find_it_tells_staff_alone(
    desk: Site, officer: Account, category: Category
) -> None:
    case = make.make_complaint(category=category, assignee=officer)

    assert desk.submit(FIELD, form="form[action$='/here']").path == FIELD
    desk.submit(FIELD, form="form[action$='/missing']", message="Only a bin.")

    assert told(case) == [("arrived", ""), ("not-found", "Only a bin.")]
    assert desk.get(f"/desk/{case.reference}").has("Was at the place")
    assert not desk.get(f"/complaints/{case.reference}").has("Only a bin.")


def test_what_was_done_there_arrives_in_turn_unless_somebody_else_changed_the_case(
    desk: Site, officer: Account, category: Category
) -> None:
    case = make.make_complaint(category=category, assignee=officer)
    page = desk.get(FIELD)
    sent = {
        act: {name: values[0] for name, values in form.values.items() if values}
        for act in ("here", "note", "close")
        for form in page.forms
        if form.action.endswith(f"/{act}")
    }
    sent["note"]["message"], sent["close"]["message"] = "The lamp is new.", "We put in a new lamp."

    for act in ("here", "here", "note"):
        answer = desk.post_raw(
            f"/desk/{case.reference}/{act}", dict(sent[act]), with_token=False, follow=False
        )
        assert answer.status == 303
    assert told(case) == [("arrived", ""), (None, "The lamp is new.")]

    other = make.make_officer(make.triage_department())
    with transaction():
        note(db.session.get_one(Case, case.id), "I changed it", by=other, at=clock.now())
    late = desk.post_raw(f"/desk/{case.reference}/close", dict(sent["close"]), with_token=False, follow=False)
    assert (late.status, late.has("We put in a new lamp.")) == (409, True)


@pytest.mark.parametrize("shown", ["9223372036854775808", "-1", "x", "1" + "0" * 30, "9223372036854775807"])
def test_what_no_page_of_the_field_says_it_showed_makes_nothing_ones_own(
    desk: Site, category: Category, officer: Account, shown: str
) -> None:
    case, colleague = make.make_complaint(category=category), make.make_officer()
    with transaction():
        note(lock_case(case.reference), "Look first.", by=colleague, at=clock.now())

    page = desk.post_raw(f"/desk/{case.reference}/take", {"version": 7, "form_key": "k" * 24, "shown": shown})

    assert page.status == 409
    assert "Somebody changed this case meanwhile" in page.text
