"""What a phone kept and sends: taken once whatever is repeated, by the same rules as in three steps."""

import hashlib
import threading
from io import BytesIO
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from cps.cases.models import Draft
from cps.complaints.views.drafts import NEW_DRAFTS_OF_ADDRESS
from cps.complaints.views.sending import NEW_CASES
from cps.core import limits, on_phone
from cps.core.db import db, transaction
from cps.core.keys import app_key, keyed_tag
from cps.departments.models import Category
from cps.departments.rules import Datatype
from tests.complaints.steps import (
    NEW,
    cases,
    drafts,
    huge_png,
    notes,
    photo,
    send,
    tell_details,
    tell_place,
    tell_words,
)
from tests.support.application import Application
from tests.support.factories import make_category, make_resident, make_ward, question
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import OWN, Site

KEPT, PHOTO, GO_ON = "/complaints/kept", "/complaints/kept/photo", "/complaints/kept/go-on"
KEY = "k" * 43


def whole(category: Category, **changes: Any) -> dict[str, Any]:
    """Return everything a phone sends."""
    return {
        "draft_key": KEY,
        "who": "",
        "step": ["place", "words", "details"],
        "address": "Mill Lane",
        "body": "A deep hole in the road",
        "category": category.code,
        "privacy": "public",
        "seconds": "60",
        **changes,
    }


def post(site: Site, path: str, fields: dict[str, Any], **options: Any) -> Page:
    return site.post_raw(path, fields, with_token=False, follow=False, **options)


def send_kept(site: Site, category: Category, **changes: Any) -> dict[str, Any]:
    """Send everything and return what the city says."""
    return post(site, KEPT, whole(category, **changes)).json


def send_photo(site: Site, content: bytes, **changes: Any) -> Page:
    fields = {"draft_key": KEY, "who": "", "photo": [(BytesIO(content), "hole.jpg")], **changes}
    return post(site, PHOTO, fields, content_type="multipart/form-data")


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_what_a_phone_kept_becomes_a_case_with_its_photos(site: Site) -> None:
    category, teal, red = make_category(), photo(), photo("red")
    for content in (teal, red):
        assert send_photo(site, content).json == {"photo": sha(content)}

    told = send_kept(site, category, photo=[sha(teal), sha(red)])

    [case] = cases()
    assert (case.body, case.address, case.photo_count) == ("A deep hole in the road", "Mill Lane", 2)
    assert told["state"] == "sent"
    assert told["number"].replace("-", "") == case.reference
    assert notes(case) == []


def test_the_pin_and_the_link_it_is_told_open_the_case(site: Site) -> None:
    told = send_kept(site, make_category())

    assert len(told["pin"]) == 4
    visitor = site.another()
    visitor.get(told["link"].removeprefix("http://localhost"))
    page = visitor.get(f"/complaints/{told['number']}")
    assert page.form(f"/complaints/{told['number']}/reply")


def test_sending_twice_makes_one_case_and_tells_the_same(site: Site) -> None:
    category = make_category()

    first, second = send_kept(site, category), send_kept(site, category)

    assert first == second
    assert len(cases()) == 1


def test_a_photo_sent_twice_hangs_there_once(site: Site) -> None:
    for _ in range(2):
        assert send_photo(site, photo()).status == 200

    send_kept(site, make_category(), photo=[sha(photo())])

    assert cases()[0].photo_count == 1


def test_eight_at_once_make_one_case(application: Application, site: Site) -> None:
    category, answers = make_category(), []
    data = MultiDict(whole(category))

    def press() -> None:
        answer = application.app.test_client().post(KEPT, data=data, headers=OWN)
        answers.append((answer.status_code, answer.json["number"]))

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()

    assert len(cases()) == 1
    assert len(set(answers)) == 1


def test_weeks_later_the_number_is_still_told_and_no_second_case_made(site: Site, clock: Clock) -> None:
    category = make_category()
    first = send_kept(site, category)
    with transaction():
        db.session.execute(db.delete(Draft))

    clock.move(days=20)
    second = send_kept(site, category)

    assert len(cases()) == 1
    assert second == {key: value for key, value in first.items() if key not in {"pin", "link"}}


def test_a_draft_of_the_three_steps_that_was_sent_is_not_sent_again_by_the_phone(site: Site) -> None:
    category = make_category()
    page = tell_place(site)
    key = page.form(f"{NEW}/words").filled({}, None)["draft_key"]
    tell_words(site, category)
    tell_details(site)
    send(site)

    told = send_kept(site, category, draft_key=key)

    assert told["state"] == "sent"
    assert len(cases()) == 1


def test_the_phone_goes_on_with_the_draft_of_the_three_steps(site: Site) -> None:
    category = make_category()
    key = tell_place(site, address="At the mill").form(f"{NEW}/words").filled({}, None)["draft_key"]

    send_kept(site, category, draft_key=key, step=["words", "details"], address="")

    assert [case.address for case in cases()] == ["At the mill"]
    assert len(drafts()) == 1


def test_the_first_step_takes_the_token_that_the_phone_drew(site: Site) -> None:
    site.get(f"{NEW}/place")
    site.post_raw(f"{NEW}/place", {"address": "Mill Lane", "draft_key": KEY})
    site.another().post_raw(f"{NEW}/words", {"body": "A hole", "draft_key": KEY})

    [draft] = drafts()
    assert set(draft.content["typed"]) == {"place", "words"}


@pytest.mark.parametrize("seconds", ["123456789x", "9" * 5_000, "-1", "\u0661", ""])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_whatever_stands_for_the_time_of_writing_the_report_is_taken(site: Site, seconds: str) -> None:
    assert send_kept(site, make_category(), seconds=seconds)["state"] == "sent"


def test_a_category_that_vanished_is_told_and_everything_else_is_kept(site: Site) -> None:
    category, other = make_category(), make_category()
    with transaction():
        db.session.merge(category).is_active = False

    told = send_kept(site, category)

    assert told["state"] == "look"
    assert told["problems"] == ["Its category is not offered any more. Please choose another one."]
    assert cases() == []
    page = post(site, GO_ON, {"draft_key": KEY})
    words = site.get(page.header("Location"))
    assert words.path == f"{NEW}/words"
    assert "A deep hole in the road" in words.html
    tell_words(site, other)
    tell_details(site)
    send(site)
    assert [case.address for case in cases()] == ["Mill Lane"]
    assert send_kept(site, other)["state"] == "sent"
    assert len(cases()) == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"address": ""}, "Say where it is"),
        ({"body": ""}, "Write in a few words"),
        ({"lat": "1", "lon": "1"}, "lies outside"),
        ({"privacy": ""}, "Choose who may read it."),
        ({"email": "nobody"}, "leave it empty"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_is_wrong_is_told_and_nothing_is_filed(
    site: Site, changes: dict[str, str], problem: str
) -> None:
    make_ward()

    page = post(site, KEPT, whole(make_category(), **changes))

    assert page.status == 422
    assert page.json["state"] == "look"
    assert any(problem in sentence for sentence in page.json["problems"])
    assert cases() == []


def test_a_question_that_has_to_be_answered_is_asked_back(site: Site) -> None:
    depth = question("depth", Datatype.SINGLE, choices={"deep": "Deep"}, is_required=True)
    category = make_category(questions=[depth])

    assert send_kept(site, category)["state"] == "look"
    assert send_kept(site, category, **{"answer-depth": "deep"})["state"] == "sent"


def test_a_photo_that_cannot_be_read_is_refused_and_the_rest_is_taken(site: Site) -> None:
    page = send_photo(site, b"no photo at all")

    assert page.status == 422
    assert page.json["refused"]
    assert send_kept(site, make_category())["state"] == "sent"


def test_a_photo_too_large_to_decode_is_refused(site: Site) -> None:
    assert send_photo(site, huge_png()).status == 422


def test_photos_past_the_sixth_are_left_out(site: Site) -> None:
    colours = ("teal", "red", "blue", "green", "black", "white", "navy")
    answers = [send_photo(site, photo(colour)) for colour in colours]

    assert [page.status for page in answers] == [200] * 6 + [422]


def test_a_photo_the_draft_no_longer_has_is_asked_for_again(site: Site) -> None:
    told = send_kept(site, make_category(), photo=[sha(photo())])

    assert told == {"state": "photos-missing", "photos": [sha(photo())]}
    assert cases() == []


def test_begun_signed_in_it_is_not_sent_after_signing_out(site: Site) -> None:
    category, resident = make_category(), make_resident()
    site.sign_in(resident)
    who = site.get("/").header(on_phone.WHO)

    page = post(site.another(), KEPT, whole(category, who=who))

    assert who
    assert (page.status, page.json) == (409, {"state": "other-person", "who": ""})
    assert cases() == []
    assert send_kept(site, category, who=who)["state"] == "sent"
    assert cases()[0].reporter_id == resident.id


def test_begun_as_a_visitor_it_is_not_sent_in_the_name_of_whoever_signs_in(site: Site) -> None:
    site.sign_in(make_resident())

    assert send_kept(site, make_category())["state"] == "other-person"
    assert cases() == []


def test_a_draft_of_another_account_wants_another_key(site: Site) -> None:
    category, first, second = make_category(), site.another(), site.another()
    first.sign_in(make_resident())
    second.sign_in(make_resident())
    whos = [one.get("/").header(on_phone.WHO) for one in (first, second)]
    send_kept(first, category, who=whos[0], body="")

    assert send_kept(second, category, who=whos[1])["state"] == "new-key"
    assert send_kept(second, category, who=whos[1], draft_key="n" * 43)["state"] == "sent"


@pytest.mark.parametrize("key", ["", "short", "a" * 81, "k" * 42 + "!", "\x00" * 43])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_key_that_no_phone_draws_is_refused(site: Site, key: str) -> None:
    page = post(site, KEPT, whole(make_category(), draft_key=key))

    assert page.status == 422
    assert drafts() == []


@pytest.mark.parametrize("path", [KEPT, PHOTO, GO_ON])
@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.test"}, {**OWN, "Sec-Fetch-Site": "cross-site"}]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_another_site_and_nobody_known_are_refused(site: Site, path: str, headers: dict[str, str]) -> None:
    assert post(site, path, whole(make_category()), headers=headers).status == 403
    assert drafts() == []


def test_it_touches_no_cookie_so_what_is_being_written_meanwhile_goes_on(site: Site) -> None:
    tell_place(site, address="Elsewhere")

    page = post(site, KEPT, whole(make_category()))

    assert page.header("Set-Cookie") == ""
    assert site.get(f"{NEW}/place").form(f"{NEW}/place").filled({}, None)["address"] == "Elsewhere"


@pytest.mark.settings(rate_limits=True)
def test_the_limit_of_filing_counts_here_too_and_keeps_what_came(site: Site, clock: Clock) -> None:
    category, resident = make_category(), make_resident()
    site.sign_in(resident)
    who = site.get("/").header(on_phone.WHO)
    for number in range(NEW_CASES.times):
        assert send_kept(site, category, who=who, draft_key=f"{number:043}")["state"] == "sent"

    page = post(site, KEPT, whole(category, who=who))

    assert page.status == 429
    assert int(page.header("Retry-After")) > 0
    assert len(cases()) == NEW_CASES.times
    clock.move(hours=1)
    assert send_kept(site, category, who=who)["state"] == "sent"


@pytest.mark.settings(rate_limits=True)
def test_a_visitor_without_a_cookie_is_counted_by_the_network(site: Site, clock: Clock) -> None:
    here = keyed_tag(app_key("limits"), "127.0.0.1")[:32]
    for _ in range(NEW_DRAFTS_OF_ADDRESS.times):
        limits.count(NEW_DRAFTS_OF_ADDRESS, here, at=clock.now)

    assert post(site, KEPT, whole(make_category())).status == 429
    assert send_photo(site, photo()).status == 429
    assert drafts() == []


def test_what_comes_too_fast_or_falls_into_the_trap_is_marked(site: Site) -> None:
    category = make_category()
    send_kept(site, category, draft_key="f" * 43, seconds="1")
    send_kept(site, category, draft_key="t" * 43, website="https://spam.test")

    assert [len(notes(case)) for case in cases()] == [1, 1]
