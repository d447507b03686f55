"""The filters of the public list: together, one by one, and what the page says of them."""

from datetime import UTC, datetime, timedelta

import pytest

from cps.cases.models import Attachment
from cps.cases.rules import Outcome, PhotoStage, Status
from cps.cases.vocabulary import learn_words
from cps.core import clock as clocks
from tests.support.factories import make_category, make_complaint, make_department, make_ward, save
from tests.support.fixtures import Clock
from tests.support.site import Site


def titles(site: Site, path: str) -> list[str]:
    return site.get(path).all(".case-title")


def give_photo(case_id: int, name: str, **columns: object) -> None:
    """Hang a photo on a case."""
    facts = {"original_sha256": name * 2, "perceptual_hash": "0" * 16, "width": 4, "height": 3}
    save(Attachment(case_id=case_id, name=name, added_at=clocks.now(), **{**facts, **columns}))


def test_words_and_every_filter_combine(site: Site, clock: Clock) -> None:
    ward, lamp, works = (
        make_ward("hill"),
        make_category("Lamp", code="lamp"),
        make_department("Works", code="works"),
    )
    whole = {"ward": ward, "category": lamp, "department": works, "title": "Light", "photo_count": 1}
    wanted = make_complaint(Status.CLOSED, **whole, body="Wanted")  # type: ignore[arg-type]
    give_photo(wanted.id, "a" * 32)
    others = [
        {"ward": make_ward()}, {"category": make_category()}, {"department": make_department()},
        {"title": "Hole"}, {"photo_count": 0},
    ]  # fmt: skip
    for other in others:
        case = make_complaint(Status.CLOSED, **{**whole, **other}, body="Other")  # type: ignore[arg-type]
        if case.photo_count:
            give_photo(case.id, f"{case.id:032d}")
    make_complaint(**{**whole, "photo_count": 0}, body="Open")  # type: ignore[arg-type]

    page = site.get(
        "/complaints?q=light&ward=hill&category=lamp&department=works&state=done&photo=1&closed=30"
        "&since=2026-11-18&until=2026-11-18"
    )

    assert page.all(".case-title") == ["Light"]
    assert len(page.all(".chips a")) == 9
    assert page.has("1 report")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("since=2026-11-18", ["Today"]),
        ("until=2026-11-17", ["Last minute of yesterday"]),
        ("since=2026-11-17&until=2026-11-18", ["Today", "Last minute of yesterday"]),
        ("since=2026-11-19", []),
        ("since=2026-02-30&until=yesterday", ["Today", "Last minute of yesterday"]),
        ("until=0001-01-01&since=9999-12-31", ["Today", "Last minute of yesterday"]),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_days_are_those_of_the_city_and_what_is_no_day_does_not_filter(
    site: Site, asked: str, shown: list[str]
) -> None:
    midnight = datetime(2026, 11, 17, 15, tzinfo=UTC)  # of the 18th in Seoul
    make_complaint(title="Last minute of yesterday", at=midnight - timedelta(minutes=1))
    make_complaint(title="Today", at=midnight)

    assert titles(site, f"/complaints?{asked}") == shown


def test_a_photo_that_is_hidden_or_the_reporters_own_does_not_count(site: Site) -> None:
    for title, columns in (
        ("Shown", {}),
        ("Hidden", {"is_hidden": True}),
        ("Reply", {"stage": PhotoStage.REPLY}),
    ):
        case = make_complaint(title=title, photo_count=1)
        give_photo(case.id, title.ljust(32, "0"), **columns)  # type: ignore[arg-type]

    assert titles(site, "/complaints?photo=1") == ["Shown"]


def test_closed_of_late_are_those_of_so_many_days(site: Site, clock: Clock) -> None:
    make_complaint(Status.CLOSED, title="Long ago")
    clock.move(days=20)
    make_complaint(Status.CLOSED, title="Lately")
    make_complaint(title="Open")
    clock.move(days=5)

    assert titles(site, "/complaints?closed=7") == ["Lately"]
    assert titles(site, "/complaints?closed=30") == ["Lately", "Long ago"]
    assert len(titles(site, "/complaints?closed=8")) == 3


def test_late_are_those_whose_date_has_passed_and_that_wait_for_the_city(site: Site, clock: Clock) -> None:
    works = make_department("Works", code="works")
    make_complaint(title="Late", department=works)
    make_complaint(title="Late elsewhere")
    make_complaint(Status.CLOSED, title="Done")
    clock.move(days=6)  # a working day after the date they are on the list, not before
    make_complaint(title="New", department=works)
    assert titles(site, "/complaints?late=1") == []
    clock.move(hours=9)

    assert titles(site, "/complaints?late=1") == ["Late elsewhere", "Late"]
    assert site.get("/complaints").all(".is-late-words") == ["was due Monday 23 November"] * 2
    assert site.get("/complaints?late=1&department=works").all(".chips a") == [
        "Remove filter: Works",
        "Remove filter: Late: the promised date has passed",
    ]
    assert titles(site, "/complaints?late=1&department=works") == ["Late"]


def test_answered_are_those_that_the_city_answered_itself_in_those_days(site: Site, clock: Clock) -> None:
    kept = make_complaint(Status.CLOSED, title="Answered")
    make_complaint(Status.CLOSED, outcome=Outcome.JOINED, title="Joined", joined_to_id=kept.id)
    make_complaint(Status.CLOSED, title="Imported closed", closed_at=clock.now - timedelta(minutes=5))
    clock.move(days=1)
    make_complaint(Status.CLOSED, title="Answered the day after", extensions=1)

    assert titles(site, "/complaints?answered-from=2026-11-18&answered-until=2026-11-18") == ["Answered"]
    assert titles(site, "/complaints?answered-from=2026-11-19") == ["Answered the day after"]
    assert titles(site, "/complaints?answered-until=2026-11-17") == []
    assert titles(site, "/complaints?extended=1") == ["Answered the day after"]


def test_each_filter_is_taken_off_by_itself(site: Site) -> None:
    make_ward("hill")
    make_complaint(title="Light")

    page = site.get("/complaints?q=light&ward=hill&state=waiting")
    without_ward = site.follow("Remove filter: Ward 1")

    assert page.all(".case-title") == []
    assert without_ward.all(".case-title") == ["Light"]
    assert without_ward.all(".chips a") == ["Remove filter: “light”", "Remove filter: Waiting"]


def test_where_filters_keep_all_hits_away_the_page_says_how_many_there_are(site: Site) -> None:
    make_complaint(title="Light")

    page = site.get("/complaints?q=light&state=done")

    assert page.has("One report has these words, but does not fit the filters.")
    assert site.follow("Search without filters").all(".case-title") == ["Light"]


def test_a_search_by_notice_keeps_it_when_a_filter_is_chosen(site: Site) -> None:
    make_complaint(title="Light")

    form = site.get("/complaints?notice=7&outcome=fixed&q=light").form("/complaints")

    assert (form.value("notice"), form.value("outcome")) == ("7", "fixed")


def test_a_slip_is_said_in_words_and_can_be_searched_for_exactly(site: Site) -> None:
    for _number in range(3):
        make_complaint(title="Streetlight")
    learn_words(clocks.now())

    page = site.get("/complaints?q=streetlihgt")

    assert page.has("Nothing for “streetlihgt”. Showing “streetlight”.")
    assert page.all(".case-title") == ["Streetlight"] * 3
    assert "/complaints.csv?q=streetlight" in page.html
    exactly = site.follow("Search for exactly what I typed")
    assert exactly.has("Nothing fits")
    assert not exactly.has("Showing")


def test_what_was_typed_is_never_taken_for_markup(site: Site) -> None:
    for _number in range(3):
        make_complaint(title="Streetlight")
    learn_words(clocks.now())

    page = site.get("/complaints?q=%3Cb%3Estreetlihgt%3C/b%3E&ward=%3Cscript%3E")

    assert "<b>streetlihgt" not in page.html
    assert "<script>" not in page.html


def test_a_search_with_a_slip_costs_few_statements(site: Site) -> None:
    for _number in range(3):
        make_complaint(title="Streetlight")
    learn_words(clocks.now())
    for _time in range(2):  # the first visitor of a process pays for what is remembered
        site.get("/complaints?q=streetlight")
    straight = len(site.statements)

    site.get("/complaints?q=streetlihgt")

    # on SQLite each search asks first, in two small statements, whether its words are common
    assert len(site.statements) <= straight + 4
    assert straight <= 7


@pytest.mark.parametrize("path", ["/complaints", "/complaints.csv", "/feeds/complaints.atom"])
def test_a_list_and_its_files_show_what_lies_around_a_place(site: Site, path: str) -> None:
    lat, lon = 36.01, 129.51
    near = {"North within": 0.0044, "North beyond": 0.0047, "Far away": 0.3}
    for title, north in near.items():
        make_complaint(title=title, lat=lat + north, lon=lon)
    make_complaint(title="East within", lat=lat, lon=lon + 0.0054)
    make_complaint(title="East beyond", lat=lat, lon=lon + 0.0058)
    make_complaint(title="No place known")

    text = site.get(f"{path}?near={lat},{lon},500").text

    shown = [title for title in (*near, "East within", "East beyond", "No place known") if title in text]
    assert shown == ["North within", "East within"]


@pytest.mark.parametrize(
    "near", ["36.01,129.51", "36.01,129.51,0", "91,0,500", "a,b,500", "36.01,129.51,99999"]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_circle_that_is_none_does_not_narrow_a_list(site: Site, near: str) -> None:
    make_complaint(title="Anywhere")

    assert titles(site, f"/complaints?near={near}") == ["Anywhere"]


def test_a_place_in_an_address_counts_to_some_hundred_metres_only(site: Site) -> None:
    make_complaint(lat=36.012, lon=129.512)

    page = site.get("/complaints?near=36.012345,129.512345,500")

    assert page.has("Around one place")
    assert "near=36.012,129.512,500" in page.link("Feed (Atom)").replace("%2C", ",")
