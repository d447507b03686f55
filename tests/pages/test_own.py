"""One's own cases and one's own data: all of one's own, and nothing of anybody else's."""

from datetime import timedelta

import pytest

from cps.cases.rules import EventKind, Status
from cps.core import audit
from cps.core.db import transaction
from cps.notices.models import NoticeFollow
from tests.support.factories import (
    PASSWORD,
    make_complaint,
    make_event,
    make_follow,
    make_notice,
    make_officer,
    make_resident,
    make_support,
    save,
)
from tests.support.fixtures import WEDNESDAY
from tests.support.site import Site

ANN = "ann@example.org"
OWN_PAGES = ["/accounts/me/cases", "/accounts/me/data", "/accounts/me/data.json"]


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.first_case("who may do what is decided by the program")
def test_visitors_are_sent_to_sign_in(site: Site, path: str) -> None:
    page = site.get(path, follow=False)

    assert (page.status, page.header("Location")) == (303, f"/accounts/sign-in?next={path}")


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.first_case("who may do what is decided by the program")
def test_own_pages_are_never_kept_by_a_cache(site: Site, path: str) -> None:
    site.sign_in(make_resident())

    assert site.get(path).header("Cache-Control") == "no-store"


def test_own_cases_are_shown_newest_first_and_nobody_elses(site: Site) -> None:
    ann = make_resident()
    make_complaint(title="Somebody else's", reporter=make_resident())
    make_complaint(title="Nobody's")
    make_complaint(Status.CLOSED, title="Old", reporter=ann, at=WEDNESDAY - timedelta(days=9))
    make_complaint(title="New", reporter=ann)
    site.sign_in(ann)

    page = site.get("/accounts/me/cases")

    assert page.all(".case-title") == ["New", "Old"]
    assert page.all(".status") == ["Received", "Fixed"]


def test_an_own_private_case_is_shown_and_opens(site: Site) -> None:
    ann = make_resident()
    make_complaint(title="Quiet", reporter=ann, is_private=True)
    site.sign_in(ann)

    page = site.get("/accounts/me/cases")

    assert "only you and the city see it" in page.text_of(".case-meta")
    assert site.follow("Quiet").heading == "Quiet"


def test_many_own_cases_come_page_by_page(site: Site) -> None:
    ann = make_resident()
    for number in range(25):
        make_complaint(title=f"No. {number}", reporter=ann)
    site.sign_in(ann)

    first = site.get("/accounts/me/cases")
    second = site.follow("Show more")

    assert (len(first.all(".case-title")), len(second.all(".case-title"))) == (20, 5)
    assert not set(first.all(".case-title")) & set(second.all(".case-title"))


@pytest.mark.parametrize(
    "key", ["", "x", "W10", "WyJhIl0", "WzFd" * 100, "\0", "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd"]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_damaged_key_begins_at_the_first_page(site: Site, key: str) -> None:
    ann = make_resident()
    make_complaint(title="Mine", reporter=ann)
    site.sign_in(ann)

    page = site.get("/accounts/me/cases", query_string={"after": key})

    assert page.status == 200
    assert page.all(".case-title") == ["Mine"]


def test_without_cases_one_is_shown_the_way_to_the_first(site: Site) -> None:
    make_complaint()
    site.sign_in(make_resident())

    page = site.get("/accounts/me/cases")

    assert page.has("No cases yet")
    assert page.link("Report a problem") == "/complaints/new"


def test_what_is_held_is_counted(site: Site) -> None:
    ann, bob = make_resident(email=ANN), make_resident()
    theirs = make_complaint(reporter=bob)
    make_complaint(reporter=ann)
    make_support(theirs, ann)
    make_follow(theirs, ann, bob)
    page = site.sign_in(ann).get("/accounts/me/data")

    facts = dict(zip(page.all(".facts dt"), page.all(".facts dd"), strict=True))

    assert (facts["Cases you filed"], facts["Cases you back"], facts["Cases you follow"]) == ("1", "1", "1")
    assert facts["E-mail"] == ANN


def test_who_looked_is_shown_to_the_person_concerned_alone(site: Site) -> None:
    ann, bob, officer = make_resident(), make_resident(), make_officer()
    mine, theirs = make_complaint(reporter=ann), make_complaint(reporter=bob)
    with transaction():
        for case, person in ((mine, ann), (theirs, bob)):
            audit.record_access("contact", by=officer.id, at=WEDNESDAY, subject_id=person.id, case_id=case.id)
    site.sign_in(ann)

    page = site.get("/accounts/me/data")

    assert len(page.all("tbody tr")) == 1
    assert mine.reference[:4] in page.all("tbody td")[0]


def test_nobody_looked_is_said_too(site: Site) -> None:
    site.sign_in(make_resident())

    assert site.get("/accounts/me/data").has("Nobody of the city has opened your contact data so far.")


def test_the_file_holds_everything_of_ones_own(site: Site) -> None:
    ann, bob = make_resident(email=ANN, password=PASSWORD, display_name="이해솔"), make_resident()
    mine = make_complaint(
        reporter=ann, body="A hole. Call 010-4711-0815.", contact={"phone": "+82 59-555-0101"}
    )
    theirs = make_complaint(reporter=bob, body="Somebody else's words")
    make_event(mine, EventKind.REPLIED, actor_id=ann.id, message="It grew.")
    make_support(theirs, ann)
    make_follow(theirs, ann)
    notice = make_notice("No water")
    save(NoticeFollow(notice_id=notice.id, account_id=ann.id, at=WEDNESDAY))
    site.sign_in(ann)

    page = site.get("/accounts/me/data.json")

    held = page.json
    assert "attachment" in page.header("Content-Disposition")
    assert (held["account"]["email"], held["account"]["display_name"]) == (ANN, "이해솔")
    assert [case["body"] for case in held["cases"]] == ["A hole. Call 010-4711-0815."]
    assert held["cases"][0]["contact"]["phone"] == "+82 59-555-0101"
    assert "It grew." in [row["message"] for row in held["written_in_cases"]]
    assert [row["reference"] for row in held["backed_cases"]] == [theirs.reference]
    assert [row["reference"] for row in held["followed_cases"]] == [theirs.reference]
    assert [row["title"]["en"] for row in held["followed_notices"]] == ["No water"]
    assert len(held["signed_in_devices"]) == 1


def test_the_file_holds_no_secret_and_nothing_of_others(site: Site) -> None:
    ann, bob = make_resident(password=PASSWORD), make_resident(email="bob@example.org", display_name="Bob")
    make_complaint(reporter=ann)
    make_support(make_complaint(reporter=bob, body="Somebody else's words"), ann)
    site.sign_in(ann)

    text = site.get("/accounts/me/data.json").data.decode()

    for secret in (
        "argon2",
        "token_hash",
        "secret_hash",
        "pin_hash",
        "tag",
        "bob@example.org",
        "Somebody else's",
    ):
        assert secret not in text
