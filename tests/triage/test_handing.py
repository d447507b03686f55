"""At the desk: what was handed over is answered, who decides, what may be the same is compared and joined."""

from typing import Any

from cps.accounts.models import Account
from cps.cases import queries as cases
from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import Status
from cps.cases.services import silence
from cps.core import clock as real_clock
from cps.core.db import db, transaction
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.departments.models import Category, Department
from tests.support.factories import (
    make_category,
    make_complaint,
    make_department,
    make_officer,
    make_supervisor,
    triage_department,
)
from tests.support.fixtures import Clock
from tests.support.site import Site
from tests.triage.steps import at, do, now

HERE: dict[str, Any] = {"lat": 36.01, "lon": 129.51}


def handed(desk: Site, category: Category, water: Department) -> tuple[Site, Case]:
    """Hand a case of the desk to another department; returns an officer there, and the case."""
    case = make_complaint(Status.TRIAGED, category=category, title="Wet street")
    do(desk, case, "transfer", department=water.code, reason="A pipe.")
    return desk.another().sign_in(make_officer(water)), case


def test_a_case_that_was_handed_over_lies_in_a_box_of_its_own_until_it_is_accepted(
    desk: Site, category: Category
) -> None:
    water = make_department("Water")
    make_complaint(department=water, title="Own one")
    plumber, case = handed(desk, category, water)

    assert plumber.get("/desk?box=handed").all(".desk-title") == ["Wet street"]
    page = do(plumber, case, "accept")

    assert page.has("The case is with your department now.")
    assert plumber.get("/desk?box=handed").all(".desk-title") == []


def test_a_refusal_needs_a_reason_and_leads_the_case_back_with_it(desk: Site, category: Category) -> None:
    plumber, case = handed(desk, category, make_department("Water"))

    page = do(plumber, case, "refuse", whose="The owner of the house", reason=" ")
    assert (page.status, page.has("Say why. The resident will read it.")) == (422, True)
    page = do(plumber, case, "refuse", whose="The owner of the house", reason="Private.")

    assert page.has("The case went back. The resident was told why.")
    triage = desk.another().sign_in(make_officer(triage_department()))
    page = triage.get(at(case))
    assert page.has("It names: The owner of the house")
    assert desk.get(f"/complaints/{display(case.reference)}").has("Handed back by the department")


def test_after_two_refusals_the_desk_says_that_it_is_unclear_and_lets_triage_decide(
    desk: Site, category: Category
) -> None:
    water, parks = make_department("Water"), make_department("Parks")
    plumber, case = handed(desk, category, water)
    do(plumber, case, "refuse", reason="No pipe.")
    triage = desk.another().sign_in(make_officer(triage_department()))
    do(triage, case, "transfer", department=parks.code, reason="In the park?")
    gardener = desk.another().sign_in(make_officer(parks))
    do(gardener, case, "refuse", reason="A street.")

    once, _noise = make_complaint(category=category, title="Once"), make_complaint(category=category)
    do(desk, once, "transfer", department=water.code, reason="A pipe.")
    do(plumber, once, "refuse", reason="No.")
    chief = desk.another().sign_in(make_supervisor(triage_department()))
    page = triage.get("/desk?box=department")
    assert page.all(f"#case-{display(case.reference)} strong") == ["It is not clear whose this is"]
    assert page.all(f"#case-{display(once.reference)} strong") == ["Handed back"]
    page = chief.get("/desk/supervisor")
    assert page.has("Decide whose 1 case is")
    assert chief.follow("Decide whose 1 case is").all(".desk-title") == ["Wet street"]
    triage.get("/desk")
    assert triage.follow("Whose is it?").all(".desk-title") == ["Wet street"]
    assert "Whose is it?" not in desk.get("/desk").text
    elsewhere = desk.another().sign_in(make_supervisor(parks))
    assert elsewhere.get("/desk/supervisor").has("Nothing waits for you.")

    page = triage.get(at(case))
    assert page.has("It is not clear whose this is")
    assert "Decide whose it is" in page.text_of(".desk-acts .is-primary")
    do(triage, case, "transfer", department=water.code, reason="We looked: a pipe.")

    page = plumber.get(at(case))
    assert page.has("It was decided that it is yours.")
    assert not page.has("Hand it back")
    assert chief.get("/desk/supervisor").has("Nothing waits for you.")
    assert triage.get("/desk?box=department&whose=unclear").all(".desk-title") == []


def test_what_may_be_the_same_is_shown_with_how_alike_and_joined_from_side_by_side(
    desk: Site, category: Category
) -> None:
    other = make_complaint(
        category=make_category("Hole", department=make_department("Parks")),
        title="Hole in the road",
        body="Hole in the road",
        **HERE,
    )
    words = "Deep hole in the road"
    case = make_complaint(category=category, title=words, body=words, **HERE)
    make_complaint(category=category, title="Noise at night", lat=36.2, lon=129.7)

    page = desk.get(at(case))
    assert page.has("1 case may be the same")
    page = desk.follow("Hole in the road")
    assert page.has("Join this case to the other")
    assert not page.has("Join the other to this case")
    page = desk.submit(page, button="Join this case to the other")

    assert page.has("The cases are joined. One answer reaches everybody.")
    assert (now(case).status, now(case).joined_to_id) == (Status.CLOSED, other.id)
    page = do(desk, case, "unjoin", message="Two holes.")
    assert page.has("The case is handled by itself again.")
    assert (now(case).status, now(case).joined_to_id) == (Status.RECEIVED, None)


def test_two_cases_are_joined_only_as_they_were_seen(desk: Site, category: Category) -> None:
    case, other = make_complaint(category=category), make_complaint(category=category)
    page = desk.get(f"{at(case)}/compare/{display(other.reference)}")
    do(desk, other, "take")

    page = desk.submit(page, button="Join the other to this case", message="Same hole.")

    assert page.status == 409
    assert page.has("Same hole.")
    assert now(other).joined_to_id is None


def test_the_silence_of_a_department_is_told_once_and_ends_when_somebody_looks(
    desk: Site, roads: Department, officer: Account, clock: Clock
) -> None:
    make_supervisor(roads)
    make_complaint(department=roads)

    assert tell() == 0  # it has only come
    clock.move(days=2)
    assert (tell(), tell()) == (1, 0)
    assert [one.department_id for one in silence.silent(clock.now)] == [roads.id]
    desk.get("/desk")

    assert silence.silent(clock.now) == []
    facts = db.session.scalars(db.select(OutboxFact).where(OutboxFact.fact == Fact.INBOX_SILENT)).all()
    assert [fact.about_id for fact in facts] == [roads.id]


def tell() -> int:
    with transaction():
        return silence.tell_silence(real_clock.now())


def test_a_case_of_another_desk_is_not_compared_by_who_may_not_see_it(desk: Site, category: Category) -> None:
    case, private = make_complaint(category=category), make_complaint(is_private=True)

    assert desk.get(f"{at(case)}/compare/{display(private.reference)}").status == 404
    assert cases.get_case(private.reference).joined_to_id is None
