"""Languages: who reads what, in which direction, with which dates and numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, g

from cps.core import i18n
from cps.core.db import db, transaction
from cps.core.models import City
from tests.support import factories
from tests.support.site import Site

AT = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("app")
ONE = pytest.mark.one_database("wording")


@ONE
@pytest.mark.parametrize(
    ("accepts", "cookie", "language"),
    [
        ("ko", "", "ko"),
        ("ko-KR,en;q=0.5", "", "ko"),
        ("fr", "", "en"),
        ("", "", "en"),
        ("en", "ko", "ko"),
        ("ko", "fr", "ko"),
        ("ko", "../../x", "ko"),
        ("pseudo", "", "en"),
        ("en", "pseudo-rtl", "pseudo-rtl"),
        ("*", "", "en"),
        ("\x7f;;q=9,,", "", "en"),
    ],
)
def test_a_visitor_reads_the_language_they_chose_or_their_browser_asks_for(
    app: Flask, accepts: str, cookie: str, language: str
) -> None:
    choices = i18n.available(["en", "ko"], with_pseudo=True)
    headers = {"Accept-Language": accepts, "Cookie": f"{i18n.LANGUAGE_COOKIE}={cookie}"}

    with app.test_request_context(headers=headers):
        assert i18n.choose_language(choices, "en") == language


@ONE
def test_pseudo_languages_are_not_offered_in_production() -> None:
    assert i18n.available(["en", "ko"], with_pseudo=False) == ["en", "ko"]


@ONE
def test_a_page_says_its_language_and_its_direction(site: Site) -> None:
    page = site.get("/no-such-page", headers={"Accept-Language": "ko"})

    assert (page.value_of("html", "lang"), page.value_of("html", "dir")) == ("ko", "ltr")


@ONE
def test_an_account_reads_its_own_language_whatever_the_browser_asks_for(site: Site) -> None:
    site.sign_in(factories.make_resident(language="ko"))

    page = site.get("/no-such-page", headers={"Accept-Language": "en"})

    assert page.value_of("html", "lang") == "ko"


@ONE
def test_a_language_the_city_gave_up_is_not_used_any_more(site: Site) -> None:
    with transaction():
        db.session.get_one(City, 1).languages = ["en"]

    page = site.get("/no-such-page", headers={"Accept-Language": "ko"})

    assert page.value_of("html", "lang") == "en"


@ONE
def test_right_to_left_turns_the_page(site: Site) -> None:
    site.client.set_cookie(i18n.LANGUAGE_COOKIE, "pseudo-rtl")

    page = site.get("/no-such-page")

    assert page.value_of("html", "dir") == "rtl"
    assert page.heading.startswith("[")


@ONE
def test_pseudo_text_is_longer_and_keeps_its_places() -> None:
    i18n.use_language("pseudo")

    text = i18n.gettext("Dear %(name)s, <b>hello</b> &amp; welcome", name="Kim")

    assert "Kim" in text
    assert "<b>" in text
    assert "&amp;" in text
    assert "hello" not in text
    assert len(text) > len("Dear Kim, <b>hello</b> &amp; welcome")


@ONE
@pytest.mark.parametrize(
    ("texts", "wanted", "shown"),
    [
        ({"en": "Roads", "ko": "도로과"}, "ko", "도로과"),
        ({"en": "Roads"}, "ko", "Roads"),
        ({"ko": "도로과", "vi": "Đường"}, "en", "도로과"),
        ({"vi": "Đường"}, "en", "Đường"),
        ({"en": "", "vi": "Đường"}, "en", "Đường"),
        ({}, "en", ""),
        (None, "en", ""),
    ],
)
def test_data_is_shown_in_the_readers_language_else_the_citys_else_any(
    texts: dict[str, str] | None, wanted: str, shown: str
) -> None:
    g.default_language = "ko"

    assert i18n.localized(texts, wanted) == shown


@ONE
@pytest.mark.parametrize(("language", "shown"), [("en", "Wednesday 18 November"), ("ko", "11월 18일 수요일")])
def test_a_date_is_written_out_in_the_citys_zone(language: str, shown: str) -> None:
    i18n.use_language(language)
    g.zone = "Asia/Seoul"

    assert i18n.long_date(AT - timedelta(hours=10)) == shown.replace("18", "18")


@ONE
def test_midnight_in_the_city_decides_the_day() -> None:
    i18n.use_language("en")
    g.zone = "Asia/Seoul"

    before, after = AT.replace(hour=14, minute=59), AT.replace(hour=15)

    assert i18n.long_date(before).startswith("Wednesday")
    assert i18n.long_date(after).startswith("Thursday")


@ONE
def test_another_year_is_named() -> None:
    i18n.use_language("en")

    assert i18n.long_date(AT - timedelta(days=365)) == "Tuesday 18 November 2025"


@ONE
@pytest.mark.parametrize(
    ("language", "later", "shown"),
    [
        ("en", timedelta(days=3), "in 3 days"),
        ("en", timedelta(hours=-2), "2 hours ago"),
        ("ko", timedelta(days=3), "3일 후"),
    ],
)
def test_a_distance_is_said_in_words(language: str, later: timedelta, shown: str) -> None:
    i18n.use_language(language)

    assert i18n.ago(AT + later, AT) == shown


@ONE
@pytest.mark.parametrize(("num", "shown"), [(0, "0 cases"), (1, "1 case"), (1200, "1,200 cases")])
def test_a_text_depends_on_its_number(num: int, shown: str) -> None:
    i18n.use_language("en")

    assert i18n.ngettext("%(num)s case", "%(num)s cases", num) == shown


@ONE
def test_what_a_person_typed_is_escaped_inside_a_translated_text(app: Flask) -> None:
    html = app.jinja_env.from_string('{{ _("Dear %(name)s", name=name) }}').render(name="<script>")

    assert html == "Dear &lt;script&gt;"


@ONE
def test_a_percent_sign_in_a_text_without_places_is_kept() -> None:
    assert i18n.gettext("100 % done") == "100 % done"


@ONE
@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Friday 27 November"),
        ("ko", "11월 27일 금요일"),
        ("id", "Jumat, 27 November"),
        ("fil", "Biyernes, Nobyembre 27"),
        ("vi", "Thứ Sáu, 27 tháng 11"),
        ("es", "viernes, 27 de noviembre"),
        ("fr", "vendredi 27 novembre"),
        ("ar", "الجمعة، 27 نوفمبر"),
    ],
)
def test_a_day_of_this_year_is_written_out_as_its_language_does(app: Flask, language: str, says: str) -> None:
    with app.test_request_context():
        i18n.use_language(language)

        assert i18n.long_date(AT + timedelta(days=9)) == says


@ONE
@pytest.mark.parametrize(
    ("country", "says"), [("EG", "١٬٢٣٤"), ("MA", "1,234"), ("ZZ", "1,234"), ("", "1,234")]
)
def test_arabic_has_the_digits_of_its_country(app: Flask, country: str, says: str) -> None:
    with app.test_request_context():
        i18n.use_language("ar")
        g.country = country

        assert i18n.number(1234) == says


@ONE
def test_dates_have_the_digits_that_numbers_have(app: Flask) -> None:
    with app.test_request_context():
        i18n.use_language("ar")
        g.country = "EG"

        assert not set("0123456789") & set(
            i18n.date_time(AT) + i18n.dated(AT) + i18n.hour(9) + i18n.ago(AT, AT + timedelta(days=3))
        )


def test_staff_without_pages_for_staff_in_their_language_read_the_citys(
    site: Site,
) -> None:
    site.sign_in(factories.make_officer(language="es"))
    with transaction():
        db.session.get_one(City, 1).languages = ["en", "es"]

    assert site.get("/desk").value_of("html", "lang") == "en"
    assert site.get("/").value_of("html", "lang") == "es"


@ONE
@pytest.mark.parametrize("number", ["2611-4839-1260", "+82 59-555-0120", "010‑2000‑0000"])
def test_groups_of_digits_keep_their_order_among_words_from_right_to_left(app: Flask, number: str) -> None:
    with app.test_request_context():
        i18n.use_language("ar")

        assert i18n.gettext("Case %(reference)s", reference=number).endswith(f" \u200e{number}")
        page = app.jinja_env.from_string('{{ _("Case %(reference)s", reference=number) }}').render(
            number=number
        )
        assert page.endswith(f" \u200e{number}")
        i18n.use_language("en")
        assert i18n.gettext("Case %(reference)s", reference=number) == f"Case {number}"


@ONE
def test_a_date_with_its_time_has_the_comma_of_its_language(app: Flask) -> None:
    with app.test_request_context():
        i18n.use_language("ar")

        assert "نوفمبر، " in i18n.date_time(AT)
        assert i18n.listed(["Harbour", None, ""]) == "Harbour"
