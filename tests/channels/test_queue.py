"""What was set apart waits for a person: a case, a reply, nothing, or a block; once, whoever is faster."""

import pytest
from flask import Flask

from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import CaseContact
from cps.channels.models import BlockedSender
from cps.channels.rules import WayKind
from cps.core import clock
from cps.core.db import db
from cps.core.models import AccessRow
from tests.channels.support import cases, messages
from tests.support.factories import (
    make_agent,
    make_category,
    make_complaint,
    make_incoming,
    make_officer,
    make_way,
    save,
    triage_department,
)
from tests.support.site import Site

SETTLE = "form.section"


@pytest.fixture
def desk(app: Flask, site: Site) -> Site:
    make_category("Something else", code="other")
    make_way(WayKind.MAIL, "post", address="city@testford.example")
    return site.sign_in(make_agent())


def test_what_waits_is_listed_with_why_and_without_whole_addresses(desk: Site) -> None:
    make_incoming(subject="Lamp")
    make_incoming(subject="Landed", state="refused", reason="blocked")

    page = desk.get("/channels")

    assert "Lamp" in page.text
    assert "too many came from this sender" in page.text
    assert "minji@example.org" not in page.text
    assert "Landed" not in page.text


def test_a_message_becomes_a_case_of_its_sender_once(desk: Site) -> None:
    row = make_incoming(left_out=["plan.pdf"])
    page = desk.get(f"/channels/messages/{row.id}")

    desk.submit(page, form=SETTLE, button="Make it a case")
    again = desk.submit(page, form=SETTLE, button="Make it a case")

    (case,) = cases()
    assert db.session.get_one(CaseContact, case.id).email == "minji@example.org"
    assert "Somebody else has settled this message already." in again.text
    assert messages()[0].state.value == "landed"


def test_a_message_is_put_into_the_case_that_it_is_about(desk: Site) -> None:
    case = make_complaint()
    row = make_incoming(case_id=case.id, reason="not-reporter")

    page = desk.get(f"/channels/messages/{row.id}")
    desk.submit(page, form=SETTLE, button="Put it into that case")

    assert [one.has_unread_reply for one in cases()] == [True]


def test_a_sender_is_blocked_with_a_reason_and_taken_again(desk: Site) -> None:
    row = make_incoming()
    page = desk.get(f"/channels/messages/{row.id}")
    assert desk.submit(page, button="Block the sender", reason="").status == 422

    page = desk.submit(page, button="Block the sender", reason="Insults")
    assert messages()[0].state.value == "refused"
    assert "Insults" in page.text

    desk.submit(page, form="/channels/unblock")
    assert db.session.scalars(db.select(BlockedSender)).all() == []


def test_the_whole_mail_of_a_case_is_for_who_works_it_alone(desk: Site) -> None:
    waiting = make_incoming()
    landed = make_incoming(case_id=make_complaint().id, state="landed", reason="")

    assert desk.get(f"/channels/messages/{waiting.id}/original").data.startswith(b"Subject: Lamp")
    assert desk.get(f"/channels/messages/{landed.id}/original").status == 404
    triage = desk.another().sign_in(make_officer(triage_department()))
    assert triage.get(f"/channels/messages/{landed.id}/original").status == 200


def test_the_whole_mail_of_a_complaint_about_staff_stays_unread_where_it_was_given_to_a_department(
    desk: Site,
) -> None:
    case = make_complaint(department=triage_department(), is_private=True)
    landed = make_incoming(case_id=case.id, state="landed", reason="")
    save(IntegrityReport(case_id=case.id, released_at=clock.now()))
    triage = desk.another().sign_in(make_officer(triage_department()))

    assert triage.get(f"/channels/messages/{landed.id}/original").status == 404


def test_who_opens_the_whole_mail_of_a_case_is_kept(desk: Site) -> None:
    case = make_complaint(is_private=True)
    landed = make_incoming(case_id=case.id, state="landed", reason="")
    triage = desk.another().sign_in(make_officer(triage_department()))

    triage.get(f"/channels/messages/{landed.id}/original")

    assert db.session.scalars(db.select(AccessRow.case_id)).all() == [case.id]
