"""A partner outside the city opens a case by its link, answers once, and sees no more than is shared."""

from typing import Any

import pytest
from sqlalchemy import select

from cps.accounts.models import Account
from cps.cases import queries as cases
from cps.cases import services
from cps.cases.models import Attachment, Case
from cps.cases.reference import display
from cps.cases.rules import Audience, EventKind, Outcome, Status
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.models import AccessRow, OutboxFact
from cps.departments.models import Department
from cps.partners.models import Partner, PartnerLink
from tests.complaints.steps import photo
from tests.support.factories import make_administrator, make_complaint, make_department, make_officer, save
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

PHONE, MAIL = "+82595550177", "sunmi@example.org"
CONTACT = {"name": "Sunmi", "phone": PHONE, "email": MAIL}


@pytest.fixture
def roads(app: object) -> Department:
    return make_department("Roads")


@pytest.fixture
def officer(roads: Department) -> Account:
    return make_officer(roads)


@pytest.fixture
def case(roads: Department) -> Case:
    make_complaint(department=roads, title="Another hole")
    return make_complaint(
        Status.IN_PROGRESS, department=roads, contact=CONTACT, title="Pipe", body=f"Call {PHONE} about it"
    )


@pytest.fixture
def water(app: object) -> Partner:
    return save(Partner(name="Water company", email="water@example.org", language="en"))


def send(site: Site, case: Case, officer: Account, water: Partner, **more: Any) -> str:
    """Send a case to the partner at the desk, and return the path of the link in its mail."""
    desk = site.another().sign_in(officer)
    told = {"partner": str(water.id), "errand": "Is it your pipe?", "message": "We asked the water company."}
    page = desk.submit(
        desk.get(f"/desk/{display(case.reference)}"),
        form=f"/desk/{display(case.reference)}/partner",
        **{**told, **more},
    )
    assert page.has("Sent. The partner gets a link by mail.")
    fact = db.session.scalars(
        select(OutboxFact).where(OutboxFact.fact == "partner-asked").order_by(OutboxFact.id)
    ).all()[-1]
    return f"/partner/{fact.payload['token']}"


def now(case: Case) -> Case:
    db.session.rollback()
    return cases.get_case(case.reference)


def answer(site: Site, link: str, **more: Any) -> Page:
    return site.submit(site.get(link), form=f"{link}/answer", **{"message": "It is ours. Fixed.", **more})


def test_a_case_that_was_sent_waits_for_others_and_opens_by_a_link_kept_as_a_hash(
    site: Site, case: Case, officer: Account, water: Partner
) -> None:
    link = send(site, case, officer, water)

    page = site.get(link)

    assert page.has("Is it your pipe?")
    assert page.has("Call [phone number hidden] about it")
    assert not page.has("Sunmi")
    assert page.header("Cache-Control") == "no-store"
    assert now(case).status is Status.WAITING_OTHERS
    (kept,) = db.session.scalars(select(PartnerLink)).all()
    assert kept.token_hash not in link


def test_the_partner_sees_more_only_where_the_officer_ticked_it_and_the_reporter_sees_that(
    site: Site, case: Case, officer: Account, water: Partner
) -> None:
    link = send(site, case, officer, water, shares=["texts", "contact"])

    page = site.get(link)

    assert page.has(f"Call {PHONE} about it")
    assert page.has(MAIL)
    (looked,) = db.session.scalars(select(AccessRow).where(AccessRow.what == "partner")).all()
    assert (looked.case_id, looked.actor_id) == (case.id, officer.id)


def test_an_answer_with_a_photo_lies_with_the_same_officer_and_ends_the_link(
    site: Site, case: Case, officer: Account, water: Partner
) -> None:
    link = send(site, case, officer, water)
    site.submit(site.get(link), form=f"{link}/take")

    page = answer(site, link, photos=(photo(), "pipe.jpg"))

    assert page.status == 410
    assert page.has("Thank you, the city has your answer")
    after = now(case)
    assert (after.status, after.assignee_id, after.has_unread_reply) == (
        Status.IN_PROGRESS,
        officer.id,
        True,
    )
    event = cases.story(case.id, reader=Audience.STAFF, at=clock.now())[-1]
    assert (event.kind, event.message) == (EventKind.NOTED, "It is ours. Fixed.")
    assert db.session.scalars(select(Attachment.event_id)).all() == [event.id]
    again = site.post_raw(f"{link}/answer", {"message": "Once more"})
    assert again.status == 410
    assert again.has("Once more")
    desk = site.another().sign_in(officer).get(f"/desk/{display(case.reference)}")
    assert desk.has("Water company replied")


def test_what_is_not_theirs_comes_back(site: Site, case: Case, officer: Account, water: Partner) -> None:
    link = send(site, case, officer, water)

    page = site.post_raw(f"{link}/return", {"message": "Not our pipe.", "form_key": "key"})

    assert page.status == 410
    assert page.has("Thank you, the city has it back")
    assert now(case).has_unread_reply
    desk = site.another().sign_in(officer).get(f"/desk/{display(case.reference)}")
    assert desk.has("Water company sent it back")


def test_an_empty_answer_is_refused_and_the_link_stays(
    site: Site, case: Case, officer: Account, water: Partner
) -> None:
    link = send(site, case, officer, water)

    page = answer(site, link, message=" ")

    assert page.status == 422
    assert page.has("Write a message to the city.")
    assert not now(case).has_unread_reply


def test_each_end_of_a_link_is_said_plainly(
    site: Site, case: Case, officer: Account, water: Partner, clock: Clock
) -> None:
    first = send(site, case, officer, water)
    second = send(site, case, officer, water)
    assert site.get(first).has("The city ended this link")

    clock.move(days=31)
    assert site.get(second).has("The time of this link is over")
    assert site.post_raw(f"{second}/answer", {"message": "Late"}).status == 410
    desk = site.another().sign_in(officer).get(f"/desk/{display(case.reference)}")
    assert desk.has("and opens nothing any more. Send the case again, or go on without an answer.")
    assert not desk.has("the link opens until")

    third = send(site, case, officer, water)
    with transaction():
        locked = cases.lock_case(case.reference)
        services.move(
            locked,
            Status.CLOSED,
            by=officer,
            at=clock.now,
            message="Done.",
            outcome=Outcome.ANSWERED,
        )
    assert site.get(third).has("The case is closed")
    assert site.get(f"/partner/{'x' * 32}").status == 404


def test_an_officer_takes_a_case_back_from_a_partner(
    site: Site, case: Case, officer: Account, water: Partner
) -> None:
    link = send(site, case, officer, water)
    desk = site.another().sign_in(officer)

    page = desk.submit(
        desk.get(f"/desk/{display(case.reference)}"), form=f"/desk/{display(case.reference)}/recall"
    )

    assert page.has("The link is ended.")
    assert site.get(link).status == 410


def test_administrators_keep_partners_and_one_out_of_use_gets_no_case(
    site: Site, case: Case, officer: Account
) -> None:
    admin = site.another().sign_in(make_administrator())
    fields: dict[str, Any] = {"name": "Rail", "email": "rail@example.org"}
    assert admin.submit("/admin/partners", form="/admin/partners", **fields).has("Rail")
    again = admin.submit("/admin/partners", form="/admin/partners", **fields)
    assert (again.status, again.has("There is a partner of this name already.")) == (422, True)
    wrong = admin.submit("/admin/partners", form="/admin/partners", name="Port", email="port")
    assert wrong.status == 422

    (rail,) = db.session.scalars(select(Partner)).all()
    address = f"/admin/partners/{rail.id}"
    admin.submit(address, form=address, is_active=False)

    assert db.session.scalars(select(Partner.is_active)).all() == [False]
    desk = site.another().sign_in(officer)
    assert not desk.get(f"/desk/{display(case.reference)}").has("Send it to a partner")
