"""What agents see and send: one box, cases for callers, what is private, pressing twice, bad input."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cps.accounts.models import Account, Identity
from cps.accounts.queries import address_tag
from cps.accounts.rules import IdentityKind
from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import Priority
from cps.contact.models import CallBack, CallerFollow, Contact, ReadOut
from cps.contact.rules import Ending
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.models import AccessRow
from cps.departments.rules import Datatype
from cps.knowledge import services as answers
from cps.knowledge.rules import Move, Words
from tests.support import factories as make
from tests.support.factories import PIN
from tests.support.site import Site

PHONE, E164 = "010-1234-5678", "+821012345678"


@pytest.fixture
def agent(app: object) -> Account:
    return make.make_agent(display_name="Ann Agent")


@pytest.fixture
def calls(site: Site, agent: Account) -> Site:
    """An agent at the contact centre."""
    return site.sign_in(agent)


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def endings() -> list[Ending]:
    return list(db.session.scalars(select(Contact.ending).order_by(Contact.id)))


def test_a_telephone_system_opens_the_caller_by_one_address(calls: Site) -> None:
    case = make.make_complaint(title="Dark lamp", contact={"phone": E164})
    make.make_complaint(title="Other hole", contact={"phone": "+821099998888"})

    page = calls.get(f"/contact?phone={PHONE}&call=pbx-1&waited=12")

    assert page.heading == PHONE
    assert "Dark lamp" in page.text
    assert display(case.reference) in page.text
    assert "Other hole" not in page.text


def test_one_box_leads_to_the_case_the_caller_or_what_the_words_find(calls: Site) -> None:
    case = make.make_complaint(title="Dark lamp", address="Mill Lane 12")

    assert calls.get(f"/contact?q={display(case.reference)}").heading == "Dark lamp"
    assert calls.get(f"/contact?q={PHONE}").heading == PHONE
    assert "Dark lamp" in calls.get("/contact?q=mill lane").text
    wrong = calls.get("/contact?q=2611-4839-1267")
    assert "no case with this number" in wrong.text
    assert 'value="2611-4839-1267"' in wrong.html
    assert "Nothing found" in calls.get("/contact?q=zzzzzz").text
    assert "no phone number" in calls.get("/contact?phone=12").text


def test_a_case_is_filed_read_back_and_found_again_under_the_number(calls: Site) -> None:
    make.make_category("Lamp", code="lamp", questions=[make.question()])
    calls.get(f"/contact?phone={PHONE}&call=pbx-2")
    calls.follow("File a case")
    more = calls.submit(form="/contact/file", body="The lamp is dark", category="lamp", address="Mill Lane")
    assert more.status == 200
    assert count(Case) == 0

    page = calls.submit(form="/contact/file", **{"answer-depth": "5"})

    case = db.session.scalars(select(Case)).one()
    assert page.heading == "Filed. Read it back"
    assert " ".join(case.reference[:4]) in page.text
    assert "The lamp is dark" in page.text
    assert "The lamp is dark" in calls.get(f"/contact?phone={PHONE}").text
    assert endings() == [Ending.FILED]
    assert db.session.scalars(select(Contact.call_ref)).one() == "pbx-2"


def test_an_answer_of_danger_makes_the_case_of_a_caller_urgent(calls: Site) -> None:
    asked = make.question("threat", Datatype.SINGLE, choices={"yes": "Yes", "no": "No"}, dangers=["yes"])
    make.make_category("Lamp", code="lamp", questions=[asked, make.question("count", Datatype.NUMBER)])
    calls.get(f"/contact?phone={PHONE}")
    calls.follow("File a case")
    calls.submit(form="/contact/file", body="The lamp is dark", category="lamp", address="Mill Lane")

    wrong = calls.submit(form="/contact/file", **{"answer-threat": "yes", "answer-count": "many"})
    assert "This sounds like danger" in wrong.text
    calls.submit(form="/contact/file", **{"answer-count": "2"})

    assert db.session.scalars(select(Case.priority)).one() is Priority.URGENT


def test_a_filed_case_is_read_back_only_to_the_agent_who_filed_it(calls: Site, site: Site) -> None:
    reference = make.make_complaint(body="Secret words").reference

    page = calls.get(f"/contact/filed/{reference}")

    assert page.path == "/contact"
    assert "Secret words" not in page.text


def test_sent_twice_a_case_is_filed_once(calls: Site) -> None:
    make.make_category("Lamp", code="lamp")
    form = calls.get(f"/contact/file?phone={PHONE}").form("/contact/file")
    data = form.filled({"body": "The lamp is dark", "category": "lamp", "address": "Mill Lane"}, None)
    data["agreed"] = "1"

    pages = [calls.post_raw("/contact/file", data, with_token=False) for _again in range(2)]

    assert [page.heading for page in pages] == ["Filed. Read it back"] * 2
    assert count(Case) == 1
    assert count(Contact) == 1


def test_what_a_colleague_filed_for_this_number_a_moment_ago_is_shown_before_it_is_filed_again(
    calls: Site,
) -> None:
    lamp = make.make_category("Lamp", code="lamp")
    make.make_complaint(title="Lamp of Mill Lane", category=lamp, contact={"phone": E164})
    calls.get(f"/contact/file?phone={PHONE}")

    page = calls.submit(form="/contact/file", body="Lamp is dark", category="lamp", address="Mill Lane")

    assert "Filed for this number a moment ago" in page.text
    assert count(Case) == 1
    calls.submit(form="/contact/file", button="No, file it anewn")
    assert count(Case) == 2


def test_others_have_told_us_already_is_one_press(calls: Site) -> None:
    ward, lamp = make.make_ward(), make.make_category("Lamp", code="lamp")
    lat, lon = make.middle(ward)
    known = make.make_complaint(title="Dark lamp", category=lamp, ward=ward, lat=lat, lon=lon)
    calls.get(f"/contact/file?phone={PHONE}")
    fields = {"body": "Dark lamp here", "category": "lamp", "lat": str(lat), "lon": str(lon)}
    page = calls.submit(form="/contact/file", **fields)
    assert "Dark lamp" in page.text

    form = page.form("/contact/file")
    assert "Yes: add the callera" in form.buttons
    calls.post_raw(f"/contact/cases/{known.reference}/add", form.filled({}, None), with_token=False)

    assert count(Case) == 1
    assert db.session.scalars(select(CallerFollow.case_id)).all() == [known.id]
    assert endings() == [Ending.ADDED]


def test_bad_input_of_a_case_says_what_to_do_and_keeps_what_was_typed(calls: Site) -> None:
    make.make_category("Lamp", code="lamp")
    calls.get("/contact/file")

    page = calls.submit(
        form="/contact/file", body="The lamp", phone="12", received="nonsense", category="lamp", email="x"
    )

    assert page.status == 422
    for words in ("no phone number", "where it is", "day and time", "name@example.org"):
        assert words in page.text, words
    assert "The lamp" in page.html
    assert count(Case) == 0


def test_an_answer_of_the_base_is_recorded_in_two_clicks(calls: Site, agent: Account) -> None:
    supervisor = make.make_supervisor()
    with transaction():
        article = answers.begin("en", Words("Parking cards", "Ask at the desk."), by=agent, at=clock.now())
        answers.move(article, Move.SEND, by=agent, at=clock.now())
        answers.move(article, Move.PUBLISH, by=supervisor, at=clock.now())
        key = article.id
    calls.get(f"/contact?q=parking&phone={PHONE}")

    calls.submit(form="/contact/answered")

    contact = db.session.scalars(select(Contact)).one()
    assert (contact.ending, contact.article_id) == (Ending.ANSWERED, key)


def test_a_private_case_opens_by_its_pin_and_leaves_a_trace(calls: Site, agent: Account) -> None:
    reporter = make.make_resident()
    case = make.make_complaint(title="Secret garden", is_private=True, reporter=reporter)
    page = calls.get(f"/contact/cases/{case.reference}")
    assert "Secret garden" not in page.text

    wrong = calls.submit(form=f"/contact/cases/{display(case.reference)}/prove", pin="0000")
    assert wrong.status == 422
    assert "does not agree" in wrong.text
    right = calls.submit(form=f"/contact/cases/{display(case.reference)}/prove", pin=PIN)

    assert right.heading == "Secret garden"
    look = db.session.scalars(select(AccessRow)).one()
    assert (look.what, look.subject_id, look.case_id, look.actor_id) == (
        "read-out",
        reporter.id,
        case.id,
        agent.id,
    )
    assert db.session.scalars(select(ReadOut.proofs)).one() == ["pin"]
    other = calls.another().sign_in(make.make_agent())
    assert "Secret garden" not in other.get(f"/contact/cases/{case.reference}").text


def test_one_fact_is_too_little_for_a_private_case_and_two_are_enough(calls: Site) -> None:
    case = make.make_complaint(
        title="Secret garden",
        is_private=True,
        address="Mill Lane 12",
        contact={"name": "Kim Minjun", "phone": E164},
    )
    form = f"/contact/cases/{display(case.reference)}/prove"
    calls.get(f"/contact/cases/{case.reference}?phone={PHONE}")

    assert calls.submit(form=form, name="Kim Minjun").status == 422
    assert calls.submit(form=form, name="Minjun Kim", place="Mill Lane").heading == "Secret garden"


@pytest.mark.settings(rate_limits=True)
def test_nobody_tries_the_pins_of_a_case_one_after_another(calls: Site) -> None:
    case = make.make_complaint(title="Secret garden", is_private=True)
    form = f"/contact/cases/{display(case.reference)}/prove"
    calls.get(f"/contact/cases/{case.reference}")
    assert calls.submit(form=form).status == 422  # Nothing told is no try
    for _try in range(5):
        assert calls.submit(form=form, pin="0000").status == 422

    assert calls.submit(form=form, pin=PIN).status == 429
    assert count(ReadOut) == 0


def test_a_private_case_is_not_told_without_proof_and_its_words_stand_on_no_list(calls: Site) -> None:
    case = make.make_complaint(title="Secret garden", is_private=True, contact={"phone": E164})

    assert "Secret garden" not in calls.get(f"/contact?phone={PHONE}").text
    assert "Secret garden" not in calls.get("/contact?q=secret garden").text
    refused = calls.post_raw(f"/contact/cases/{case.reference}/told", {"form_key": "k"})
    assert refused.status == 422
    assert count(Contact) == 0


def test_who_has_an_account_sees_that_an_agent_looked_up_their_number(calls: Site) -> None:
    person = make.make_resident()
    make.save(
        Identity(
            kind=IdentityKind.PHONE, tag=address_tag(E164), account_id=person.id, verified_at=clock.now()
        )
    )
    for _again in range(2):
        calls.get(f"/contact?phone={PHONE}")

    looks = db.session.scalars(select(AccessRow)).all()
    assert [(look.what, look.subject_id) for look in looks] == [("caller", person.id)]


def test_a_call_back_is_promised_taken_and_kept(calls: Site) -> None:
    case = make.make_complaint()
    calls.get(f"/contact/call-backs/new?phone={PHONE}&reference={case.reference}")
    calls.submit(form="/contact/call-backs/new", about="The day of the repair")
    call_back = db.session.scalars(select(CallBack)).one()
    assert call_back.waits_for_answer
    assert call_back.case_id == case.id

    page = calls.get("/contact/call-backs")
    assert "The day of the repair" in page.text
    calls.submit(form=f"/contact/call-backs/{call_back.id}/take")
    stale = calls.post_raw(f"/contact/call-backs/{call_back.id}/reached", {"version": "1"})
    assert stale.status == 409
    calls.get("/contact/call-backs")
    calls.submit(form=f"/contact/call-backs/{call_back.id}/reached")

    assert "Nobody waits for a call" in calls.get("/contact/call-backs").text
    assert endings() == [Ending.CALL_BACK]


def test_a_call_back_without_number_or_time_says_so(calls: Site) -> None:
    calls.get("/contact/call-backs/new")

    page = calls.submit(form="/contact/call-backs/new", due="")

    assert page.status == 422
    assert "number that we shall call" in page.text
    assert "by when" in page.text


def test_a_call_back_is_handed_over_only_with_what_was_told_and_the_department_sees_it(calls: Site) -> None:
    roads = make.make_department("Roads", code="roads")
    officer, elsewhere = make.make_officer(roads), make.make_officer(make.make_department("Waste"))
    calls.get(f"/contact/call-backs/new?phone={PHONE}")
    calls.submit(form="/contact/call-backs/new", about="The gate")
    form = f"/contact/call-backs/{db.session.scalars(select(CallBack.id)).one()}/hand-over"
    calls.get("/contact/call-backs")

    refused = calls.submit(form=form, department="roads")
    assert refused.status == 422
    assert "what the caller was told" in refused.text
    calls.submit(form=form, department="roads", note="Has the key.")

    assert "The gate" in calls.another().sign_in(officer).get("/contact/call-backs").text
    assert "The gate" not in calls.another().sign_in(elsewhere).get("/contact/call-backs").text


def test_a_second_agent_is_told_who_recorded_the_call(calls: Site) -> None:
    other = calls.another().sign_in(make.make_agent(display_name="Bo Agent"))
    address = f"/contact?phone={PHONE}&call=pbx-9"
    for visitor in (calls, other):
        visitor.get(address)
    calls.submit(form="/contact/end", ending="answered")

    page = other.submit(form="/contact/end", ending="broken-off", note="My words")

    assert page.status == 409
    assert "Ann Agent" in page.text
    assert "My words" in page.html
    assert endings() == [Ending.ANSWERED]


def test_an_agent_limits_nobody_and_a_supervisor_only_after_a_warning(calls: Site) -> None:
    calls.get(f"/contact?phone={PHONE}")
    calls.submit(form="/contact/end", ending="abusive")
    caller_id = db.session.scalars(select(Contact.caller_id)).one()
    assert calls.post_raw(f"/contact/callers/{caller_id}/limit", {"reason": "Shouts"}).status == 404
    head = calls.another().sign_in(make.make_supervisor())
    assert head.post_raw(f"/contact/callers/{caller_id}/limit", {"reason": "Shouts"}).status == 422

    calls.get(f"/contact?caller={caller_id}")
    calls.submit(form=f"/contact/callers/{caller_id}/warn", reason="Shouted names.")
    head.get(f"/contact?caller={caller_id}")
    page = head.post_raw(f"/contact/callers/{caller_id}/limit", {"reason": "Again.", "form_key": "k"})

    assert "Calls are limited" in page.text
    assert "whether somebody is in danger" in page.text


def test_the_board_asks_anew_by_itself_and_names_nobody(calls: Site) -> None:
    calls.get(f"/contact?phone={PHONE}&name=Kim+Minjun")
    calls.submit(form="/contact/end", ending="answered")

    page = calls.get("/contact/board")

    assert page.header("Refresh") == "30"
    assert "100%" in page.text
    assert "Kim" not in page.text


def test_figures_take_days_that_make_no_sense_as_today(calls: Site) -> None:
    today = clock.now().astimezone(make.ZONE).date()

    for days in ("from=x&to=y", f"from={today + timedelta(days=9)}", "from=0001-01-01&to=2"):
        assert calls.get(f"/contact/figures?{days}").status == 200


def test_what_was_a_complaint_about_staff_is_not_found_nor_opened_by_who_reported_it(calls: Site) -> None:
    case = make.make_complaint(
        is_private=True, address="Mill Lane 12", contact={"name": "Kim Minjun", "phone": E164}
    )
    make.save(IntegrityReport(case_id=case.id, released_at=clock.now()))

    assert display(case.reference) not in calls.get(f"/contact?phone={PHONE}").text
    calls.get(f"/contact/cases/{case.reference}")
    form = f"/contact/cases/{display(case.reference)}/prove"
    assert calls.submit(form=form, name="Kim Minjun", place="Mill Lane").status == 422
    assert calls.submit(form=form, pin=PIN).status == 200
