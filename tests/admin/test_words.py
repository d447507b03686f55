"""What the city says itself beside our texts: looked at first, in every language, never as code."""

import pytest

from cps.admin.townhall import queries
from cps.admin.townhall.rules import LONGEST_OWN_WORDS, OwnPage
from cps.core.db import db, transaction
from cps.core.models import AuditRow, City
from tests.support.factories import make_administrator
from tests.support.site import Site

HERE = "/admin/city/words"
PRIVACY = f"{HERE}/privacy"
HEADING = "What the city says about your data"


def words(page: OwnPage = OwnPage.PRIVACY) -> dict[str, str]:
    db.session.rollback()
    return queries.words_of(page)[0]


def test_words_are_looked_at_first_and_stand_beside_ours_once_published(site: Site) -> None:
    site.sign_in(make_administrator())
    visitor = site.another()

    page = site.submit(
        PRIVACY, form=PRIVACY, button="Look at it first", words_en="## Ask\n\n- Ms Kim, room 2"
    )
    assert page.has("Nothing is saved yet.")
    assert "<li>Ms Kim, room 2</li>" in page.html
    assert (words(), visitor.get("/privacy").has(HEADING)) == ({}, False)
    page = site.submit(page, form=PRIVACY, button="Publish")

    assert page.has("Published. Everybody reads it from now on.")
    page = visitor.get("/privacy")
    assert all(page.has(one) for one in (HEADING, "Ms Kim, room 2", "We never show who reported."))
    assert "<h3>Ask</h3>" in page.html
    assert not visitor.get("/about").has("Ms Kim")


@pytest.mark.parametrize("page", list(OwnPage))
def test_each_of_the_pages_has_words_of_its_own(site: Site, page: OwnPage) -> None:
    site.sign_in(make_administrator())

    site.submit(f"{HERE}/{page}", form=f"{HERE}/{page}", button="Publish", words_en="Room 7, first floor.")

    assert [site.get(f"/{one}").has("Room 7, first floor.") for one in OwnPage] == [
        one is page for one in OwnPage
    ]
    assert site.get(HERE).has("Room 7, first floor.")


def test_a_reader_gets_their_language_else_the_citys_own_marked_as_such(site: Site) -> None:
    site.sign_in(make_administrator())
    site.submit(
        PRIVACY, form=PRIVACY, button="Publish", words_en="Ask Ms Kim.", words_ko="김 주무관에게 물으세요."
    )
    with transaction() as session:
        session.get_one(City, 1).languages = ["en", "ko", "ar"]
    visitor = site.another()

    visitor.client.set_cookie("lang", "ko")
    assert visitor.get("/privacy").has("김 주무관에게 물으세요.")
    visitor.client.set_cookie("lang", "ar")
    page = visitor.get("/privacy")
    assert '<div lang="en" dir="auto">' in page.html
    assert page.has("Ask Ms Kim.")


def test_emptied_words_leave_the_page_as_it_was(site: Site) -> None:
    site.sign_in(make_administrator())
    site.submit(PRIVACY, form=PRIVACY, button="Publish", words_en="Ask Ms Kim.")

    site.submit(PRIVACY, form=PRIVACY, button="Publish", words_en="")

    assert words() == {}
    assert not site.get("/privacy").has(HEADING)
    assert site.get(HERE).has("The city says nothing here yet.")


def test_a_language_that_is_no_longer_offered_keeps_its_words(site: Site) -> None:
    site.sign_in(make_administrator())
    site.submit(PRIVACY, form=PRIVACY, button="Publish", words_en="Ask Ms Kim.", words_ko="김 주무관")
    with transaction() as session:
        session.get_one(City, 1).languages = ["en"]

    site.submit(PRIVACY, form=PRIVACY, button="Publish", words_en="Ask Mr Lee.")

    assert words() == {"en": "Ask Mr Lee.", "ko": "김 주무관"}


def test_what_is_typed_is_never_code_and_no_sign_breaks_the_page(site: Site) -> None:
    site.sign_in(make_administrator())
    typed = (
        "<script>alert(1)</script> [here](javascript:alert(1)) [there](//evil.example) <img src=x>\n\n"
        "[town hall](https://testford.test/hall) NUL\x00 and \u202eturned\u202c"
    )

    site.submit(PRIVACY, form=PRIVACY, button="Publish", words_en=typed)

    page = site.another().get("/privacy")
    assert "<script>alert" not in page.html
    assert "<img src=x" not in page.html
    assert 'href="javascript' not in page.html
    assert 'href="//evil' not in page.html
    assert '<a href="https://testford.test/hall" rel="nofollow noopener">town hall</a>' in page.html
    assert "\u202e" not in words()["en"]
    assert "\x00" not in words()["en"]


@pytest.mark.parametrize("button", ["Publish", "Look at it first"])
def test_a_text_that_is_too_long_is_refused_and_kept_on_the_page(site: Site, button: str) -> None:
    site.sign_in(make_administrator())
    for typed in ("x" * (LONGEST_OWN_WORDS + 1), "y " * 500_000):
        page = site.submit(PRIVACY, form=PRIVACY, button=button, words_en=typed)

        assert (page.status, page.has("This is too long. Please shorten it.")) == (422, True)
        assert page.form(PRIVACY).value("words_en").strip() == typed.strip()
    assert words() == {}


def test_the_longest_text_is_published_whole(site: Site) -> None:
    site.sign_in(make_administrator())
    long = "\n\n".join(["word " * 159 + "end."] * (LONGEST_OWN_WORDS // 801))

    site.submit(PRIVACY, form=PRIVACY, button="Publish", words_en=long)

    assert words()["en"] == long
    assert site.get("/privacy").html.count("end.") == LONGEST_OWN_WORDS // 801


def test_two_who_write_at_once_do_not_overwrite_each_other(site: Site) -> None:
    site.sign_in(make_administrator())
    other = site.another().sign_in(make_administrator())
    for before in ("", "Ask Ms Kim."):
        mine, theirs = site.get(PRIVACY), other.get(PRIVACY)
        assert mine.form(PRIVACY).value("words_en") == before
        site.submit(mine, form=PRIVACY, button="Publish", words_en=f"{before}Ask Ms Kim.")

        page = other.submit(theirs, form=PRIVACY, button="Publish", words_en="Ask Mr Lee.")

        assert (page.status, page.has("Somebody changed this meanwhile.")) == (409, True)
        assert page.form(PRIVACY).value("words_en") == "Ask Mr Lee."


def test_the_history_keeps_old_and_new_words_of_what_changed(site: Site) -> None:
    site.sign_in(make_administrator(display_name="Ada"))
    site.submit(PRIVACY, form=PRIVACY, button="Publish", words_en="Ask Ms Kim.", words_ko="김 주무관")
    site.submit(PRIVACY, form=PRIVACY, button="Publish", words_en="Ask Mr Lee.")
    site.submit(PRIVACY, form=PRIVACY, button="Publish")

    rows = db.session.scalars(
        db.select(AuditRow).where(AuditRow.object_kind == "city-text").order_by(AuditRow.id)
    ).all()
    assert [row.changes for row in rows] == [
        {"words": [{}, {"en": "Ask Ms Kim.", "ko": "김 주무관"}]},
        {"words": [{"en": "Ask Ms Kim."}, {"en": "Ask Mr Lee."}]},
    ]
    assert site.get(PRIVACY).has("Ask Ms Kim. → Ask Mr Lee.")
    assert site.get("/admin/audit").has("Words of the city Privacy")


def test_there_are_words_on_no_other_page(site: Site) -> None:
    site.sign_in(make_administrator())

    assert site.get(f"{HERE}/home").status == 404
    assert site.post_raw(f"{HERE}/home", {"words_en": "x"}).status == 404
