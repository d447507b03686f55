"""Handing an ordinary case to the integrity officers: who may, who is told, what is undone."""

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import Case, CaseNotice
from cps.cases.queries import lock_case
from cps.cases.rules import MoveRefused, Status
from cps.cases.services import join
from cps.cases.services.integrity import About, make_ordinary
from cps.channels.models import IncomingMessage
from cps.channels.rules import Incoming
from cps.core import clock as clocks
from cps.core import worker
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.departments import queries as departments
from cps.departments.models import Category, Department
from cps.notifications.models import Message
from cps.notifications.queries import of_hidden_cases
from cps.notifications.rules import MessageChannel
from cps.partners.models import Partner, PartnerLink
from cps.partners.services import Errand, send
from tests.support import factories as make
from tests.support.fixtures import Clock
from tests.support.handed_over import category_about_staff, hand_over
from tests.support.page import Page
from tests.support.site import Site

REASON = "She says the inspector asked for money."


@pytest.fixture
def roads(app: Flask) -> Department:
    return make.make_department("Roads")


@pytest.fixture
def staff(app: Flask) -> Category:
    return category_about_staff()


@pytest.fixture
def officer(roads: Department) -> Account:
    return make.make_officer(roads)


def at(case: Case, rest: str = "") -> str:
    return f"/desk/{case.reference}{rest}"


def now(case: Case) -> Case:
    return db.session.get_one(Case, case.id, populate_existing=True)


def hole(roads: Department, **columns: object) -> Case:
    category = make.make_category("Hole", department=roads)
    return make.make_complaint(category=category, title="The hole that costs money", **columns)  # type: ignore[arg-type]


def press(site: Site, case: Case, **typed: str) -> Page:
    return site.submit(at(case), form='form[action*="about-staff"]', **{"reason": REASON, **typed})


def test_one_act_takes_it_from_the_desk_and_gives_it_to_the_integrity_officers(
    site: Site, roads: Department, staff: Category, officer: Account, clock: Clock
) -> None:
    free, named = make.make_integrity_officer(), make.make_integrity_officer(display_name="Theodora Kim")
    case = hole(roads, assignee=officer, status=Status.IN_PROGRESS, contact={"email": "kim@testford.test"})
    site.sign_in(officer)

    page = press(site, case, person="It is Theodora Kim")

    assert page.has("It is not at your desk any more.")
    assert (now(case).is_integrity, now(case).is_private, now(case).assignee_id) == (True, True, None)
    assert (now(case).category_id, now(case).status) == (staff.id, Status.TRIAGED)
    assert site.get(at(case)).status == 404
    assert site.another().sign_in(named).get(at(case)).status == 404
    assert site.another().sign_in(free).get(at(case)).has(REASON)
    clock.move(seconds=10)
    worker.run_until_idle()
    (letter,) = db.session.scalars(db.select(Message)).all()
    assert letter.address == "kim@testford.test"
    assert REASON not in letter.body_text
    assert case.title not in letter.body_text + letter.subject


def test_an_agent_hands_over_what_a_caller_tells(site: Site, roads: Department, staff: Category) -> None:
    integrity_officer, case = make.make_integrity_officer(), hole(roads)
    site.sign_in(make.make_agent())
    address = f"/contact/cases/{case.reference}"

    refused = site.submit(address, form='form[action*="about-staff"]', reason=" ")
    assert (refused.status, now(case).is_integrity) == (422, False)
    site.submit(address, form='form[action*="about-staff"]', reason=REASON)

    assert now(case).is_integrity
    assert site.get(address).status == 404
    assert site.another().sign_in(integrity_officer).get(at(case)).has(REASON)


def test_an_agent_does_not_hand_over_what_was_not_opened_to_them(
    site: Site, roads: Department, staff: Category
) -> None:
    make.make_integrity_officer()
    case = hole(roads, is_private=True)
    site.sign_in(make.make_agent())

    sent = site.post_raw(f"/contact/cases/{case.reference}/about-staff", {"reason": REASON, "form_key": "k"})

    assert (sent.status, now(case).is_integrity) == (404, False)


def test_undone_it_stands_as_before_and_nobody_was_told(
    site: Site, roads: Department, staff: Category, officer: Account, clock: Clock
) -> None:
    make.make_integrity_officer()
    case = hole(roads, assignee=officer, status=Status.IN_PROGRESS, contact={"email": "kim@testford.test"})
    notice = make.make_notice()
    make.save(CaseNotice(case_id=case.id, notice_id=notice.id, at=clocks.now()))
    site.sign_in(officer)

    page = press(site, case, department=roads.code)
    assert db.session.get(CaseNotice, case.id) is None
    site.submit(page, form=".desk-undo form")

    after = now(case)
    assert (after.is_integrity, after.is_private, after.assignee_id) == (False, False, officer.id)
    assert (after.category_id, after.status) == (case.category_id, Status.IN_PROGRESS)
    assert db.session.get(IntegrityReport, case.id) is None
    assert db.session.get_one(CaseNotice, case.id).notice_id == notice.id
    clock.move(seconds=10)
    worker.run_until_idle()
    assert db.session.scalars(db.select(Message)).all() == []


def test_what_was_about_staff_once_goes_back_to_them_for_good(
    site: Site, roads: Department, staff: Category, officer: Account
) -> None:
    integrity_officer, case = make.make_integrity_officer(), hole(roads)
    hand_over(case, officer, about=About(None, "The inspector"))
    again = make.make_category("Again", department=roads)
    category = departments.catalogue().categories[again.id]
    with transaction():
        locked, at_last = lock_case(case.reference), clocks.now()
        make_ordinary(locked, category, by=integrity_officer, at=at_last, reason="It is not.")
    site.sign_in(officer)

    page = press(site, case)

    assert not page.all(".desk-undo")
    assert now(case).is_integrity
    assert db.session.get_one(IntegrityReport, case.id).about_person == "The inspector"


def test_it_is_refused_where_it_would_be_lost_or_seen_elsewhere(
    roads: Department, staff: Category, officer: Account
) -> None:
    case = hole(roads)
    with pytest.raises(RuleViolation, match="No integrity officer"):
        hand_over(case, officer)
    make.make_integrity_officer()
    closed = hole(roads, status=Status.CLOSED)
    into, joined = hole(roads), hole(roads)
    with transaction():
        join(
            lock_case(joined.reference),
            lock_case(into.reference),
            by=officer,
            at=clocks.now(),
            message="Same.",
        )

    with pytest.raises(RuleViolation, match="joined"):
        hand_over(into, officer)
    for other in (closed, joined):
        with pytest.raises(MoveRefused):
            hand_over(other, officer)
    with pytest.raises(MoveRefused):
        hand_over(case, officer, reason=" ")

    assert not any(now(one).is_integrity for one in (case, closed, into, joined))


def test_a_partner_opens_it_no_more_also_once_it_is_ordinary_again(
    site: Site, roads: Department, staff: Category, officer: Account, clock: Clock
) -> None:
    make.make_integrity_officer()
    case = hole(roads)
    partner = make.save(Partner(name="Water company", email="water@example.org"))
    with transaction():
        errand = Errand("Look.", frozenset(), "We asked.")
        token = send(lock_case(case.reference), partner, errand, by=officer, at=clocks.now())
    assert site.get(f"/partner/{token}").has(case.title)

    hand_over(case, officer)
    page = site.get(f"/partner/{token}")
    worker.run_until_idle()

    assert (page.status, page.has(case.title)) == (410, False)
    assert db.session.scalars(db.select(PartnerLink)).one().ended_at is not None
    assert [one.address for one in db.session.scalars(db.select(Message))] == []


def test_letters_that_wait_leave_only_to_the_reporter_and_to_integrity_officers(
    roads: Department, staff: Category, officer: Account
) -> None:
    ida, follower = make.make_integrity_officer(), make.make_resident()
    case = hole(roads, contact={"email": "kim@testford.test"})
    to = {
        "escalation:1:late": officer.id,
        "more-time:1": None,
        "partner:1": None,
        "escalation:1:again": ida.id,
        "event:1:reporter": None,
        "event:1:follower": follower.id,
    }
    made = {key: letter(case, key, account_id) for key, account_id in to.items()}
    ids = {row.id: key for key, row in made.items()}
    assert of_hidden_cases(Message, list(ids)) == []

    hand_over(case, officer)

    dropped = {ids[key] for key in of_hidden_cases(Message, list(ids))}
    assert dropped == {"escalation:1:late", "more-time:1", "partner:1", "event:1:follower"}


def letter(case: Case, key: str, account_id: int | None) -> Message:
    at = clocks.now()
    address = "kim@testford.test" if key.endswith("reporter") else f"{key[:6]}@example.org"
    words = {"subject": case.title, "body_text": case.title, "language": "en"}
    sent = {"channel": MessageChannel.MAIL, "address": address, "created_at": at, "run_at": at}
    return make.save(Message(dedupe_key=key, account_id=account_id, case_id=case.id, **words, **sent))


def test_a_mail_that_waited_for_a_person_is_read_in_the_case(
    site: Site, roads: Department, staff: Category, officer: Account
) -> None:
    ida, case = make.make_integrity_officer(), hole(roads)
    row = make.make_incoming(case_id=case.id, text="He did it again", left_out=["proof.pdf"])
    site.sign_in(officer)
    assert site.get(f"/channels/messages/{row.id}").status == 200

    hand_over(case, officer)

    assert site.get(f"/channels/messages/{row.id}").status == 404
    worker.run_until_idle()
    assert db.session.get_one(IncomingMessage, row.id, populate_existing=True).state is Incoming.JOINED
    assert site.another().sign_in(ida).get(at(case)).has("He did it again")
