"""The pages of promises: what stands beside a figure, where it leads, what a correction says."""

from datetime import date, datetime, timedelta

from flask import Flask

from cps.cases.rules import Status
from cps.core import city as cities
from cps.core.db import transaction
from cps.core.keys import app_keys_dir
from cps.departments.models import WorkSuspension
from cps.insights import services, signing
from cps.proposals import services as proposals
from tests.insights.counting import answered, make_october
from tests.insights.test_months import MONTH, SECOND, correct, freeze
from tests.proposals.making import drafted, make_proposal, make_theme, published, set_goal, support
from tests.support.factories import (
    make_administrator,
    make_category,
    make_complaint,
    make_department,
    make_officer,
    make_resident,
    save,
)
from tests.support.fixtures import Clock
from tests.support.site import Site


def late(department: object, now: datetime, **columns: object) -> None:
    """Make a complaint that has been late for three days."""
    category = make_category("Hole", department=department)  # type: ignore[arg-type]
    make_complaint(
        category=category,
        at=now - timedelta(days=9),
        due_at=now - timedelta(days=3),
        **columns,  # type: ignore[arg-type]
    )


def row(page: object, name: str) -> str:
    """Return the words of a row of a table, by the name that begins it."""
    return next(text for text in page.all(".figure-table tr") if text.startswith(name))  # type: ignore[attr-defined]


def test_what_is_late_is_said_in_a_sentence_and_by_department(site: Site, clock: Clock) -> None:
    roads = make_department("Roads", code="roads")
    late(roads, clock.now)
    late(roads, clock.now)
    for _number in range(3):
        late(roads, clock.now, is_private=True)
    late(roads, clock.now, is_private=True, is_integrity=True)
    make_complaint(department=make_department("Waste", code="waste"))

    page = site.get("/promises")

    assert page.has("2 of 3 open complaints are late.")
    assert page.has("And 3 not public.")
    assert "3 days" in row(page, "Roads")
    assert row(page, "Waste").split() == ["Waste", "1", "0", "none"]


def test_a_figure_leads_to_the_list_that_it_is_counted_from(site: Site, clock: Clock) -> None:
    roads = make_department("Roads", code="roads")
    late(roads, clock.now, title="Late hole")
    late(make_department("Waste"), clock.now, title="Late bin")

    site.get("/promises")

    assert site.follow("1 – Roads, Late").all(".case-title") == ["Late hole"]


def test_the_figures_of_proposals_lead_to_lists_of_proposals_too(site: Site, clock: Clock) -> None:
    parks, waste = make_department("Parks", code="parks"), make_department("Waste", code="waste")
    set_goal(supports=1, answer_days=5)
    lime_trees = make_proposal("Plant lime trees on the market", category=make_theme(department=parks))
    bins = make_proposal("Empty the bins on Sundays", category=make_theme(department=waste))
    make_proposal("Still gathering, and in no list of what is late", category=make_theme(department=waste))
    for proposal in (lime_trees, bins):
        support(proposal, make_resident())
        with transaction():
            proposals.recount(proposal.case_id, at=clock.now)
    officer = make_officer(parks)
    drafted(lime_trees, officer, unit_id=parks.id)
    published(lime_trees, officer)
    clock.move(days=60)

    site.get("/promises")

    assert site.follow("1 – Waste, Late").all(".case-title") == ["Empty the bins on Sundays"]
    answered_ones = site.get("/proposals?department=parks&answered-from=2026-01-01&answered-until=2098-12-31")
    assert answered_ones.all(".case-title") == ["Plant lime trees on the market"]


def test_of_few_cases_on_no_list_the_page_says_only_that(site: Site, clock: Clock) -> None:
    late(make_department("Roads"), clock.now, is_private=True)

    page = site.get("/promises")

    assert page.has("None of 0 open complaints is late.")
    assert page.has("and fewer than 3 not public")


def test_a_month_shows_its_figures_with_what_they_mean(site: Site) -> None:
    make_october()
    freeze()

    page = site.get("/promises")

    assert page.has("October 2026")
    assert page.has("In time: of all cases answered in the month")
    month = site.get("/promises/2026-10")
    assert "too few to say" in row(month, "Waste")
    assert "and 4 not public" in row(month, "Roads")


def test_the_list_behind_a_month_has_as_many_cases_as_the_figure_says(site: Site) -> None:
    make_october()
    freeze()
    site.get("/promises/2026-10")

    found = site.follow("13 – Roads, Answered")

    assert found.has("13 reports")


def test_a_department_has_a_page_of_its_own(site: Site, clock: Clock) -> None:
    make_october()
    freeze()

    page = site.get("/promises/departments/roads")

    assert page.text_of("h1") == "Roads"
    assert row(page, "October 2026").startswith("October 2026")
    assert site.get("/promises/departments/nothing").status == 404


def test_a_correction_says_what_was_and_what_is(site: Site) -> None:
    make_october()
    freeze()
    answered(make_category("Hole", department=make_department("Trees", code="trees")), 9)
    correct("The trees had been forgotten.")

    page = site.get("/promises/2026-10")

    assert page.has("The trees had been forgotten.")
    assert any(text.startswith("All departments Answered 18") for text in page.all("table tr"))
    assert "corrected" in row(site.get("/promises"), "October 2026")
    site.client.set_cookie("lang", "ko", domain="localhost")
    heads = site.get("/promises/2026-10").all("table th")
    assert {"정정 전", "정정 후"} <= set(heads)
    assert not {"처리 전", "현재"} & set(heads)
    site.client.set_cookie("lang", "en", domain="localhost")
    before = site.get("/promises/2026-10?edition=1")
    assert before.has("This edition was corrected")
    assert not before.has("Trees")


def test_the_files_of_a_month_are_what_was_signed(app: Flask, site: Site) -> None:
    make_october()
    kept = freeze()

    text = site.client.get("/promises/2026-10/1.json").data
    signature = site.client.get("/promises/2026-10/1.sig").data

    assert text == kept.text.encode()
    assert signing.is_signed(text, signature.hex(), kept.public_key)
    assert site.client.get("/promises/key.pem").text == signing.as_pem(kept.public_key)
    table = site.client.get("/promises/2026-10/1.csv").text.splitlines()
    assert table[0].startswith("\ufeffmonth,edition,kind,department")
    assert table[2].startswith("2026-10,1,complaint,roads,Roads,")


def test_what_was_never_published_leads_nowhere(site: Site) -> None:
    make_october()
    freeze()

    for path in ("2026-09", "2026-9", "2026-10/2.json", "2026-10/0.sig", "2026-13/1.csv", "october"):
        assert site.get(f"/promises/{path}").status == 404


def test_an_edition_larger_than_any_number_of_one_leads_nowhere(site: Site) -> None:
    make_october()
    freeze()

    for number in (2**31, 2**63 - 1):
        for suffix in ("json", "sig", "csv"):
            assert site.get(f"/promises/2026-10/{number}.{suffix}").status == 404


def test_internal_figures_show_their_day_and_nothing_else(site: Site, clock: Clock) -> None:
    make_october()
    with transaction():
        services.keep_internal(date(2026, 12, 1), cities.get(), at=clock.now)
    freeze()

    page = site.get("/promises")

    assert page.text_of("h1") == "Figures start on Tuesday 1 December"
    for path in (
        "2026-10",
        "2026-10/1.json",
        "2026-10/1.csv",
        "2026-10/1.sig",
        "key.pem",
        "departments/roads",
    ):
        assert site.get(f"/promises/{path}").status == 404
    assert site.another().sign_in(make_resident()).get("/promises").has("Figures start on")
    staff = site.another().sign_in(make_administrator()).get("/promises")
    assert staff.has("Everybody sees these figures from Tuesday 1 December on.")
    clock.set_to(datetime.combine(date(2026, 12, 1), datetime.min.time(), cities.get().zone))
    assert site.get("/promises").has("October 2026")


def test_the_page_is_not_sent_twice_while_nothing_has_changed(site: Site, clock: Clock) -> None:
    make_october()
    freeze()
    tag = site.get("/promises").header("ETag")

    assert site.client.get("/promises", headers={"If-None-Match": tag}).status_code == 304
    make_complaint(Status.RECEIVED)
    assert site.client.get("/promises", headers={"If-None-Match": tag}).status_code == 200


def test_a_page_asks_the_database_as_often_with_many_departments_and_months_as_with_few(
    site: Site, clock: Clock
) -> None:
    make_october()
    freeze()
    site.get("/promises")
    site.get("/promises")
    few = len(site.statements)
    for number in range(5):
        late(make_department(f"Office {number}"), clock.now)
    with transaction():
        services.freeze(MONTH.before, cities.get(), at=SECOND, keys=app_keys_dir())
    site.get("/promises")
    site.get("/promises")

    assert len(site.statements) == few <= 9


def test_when_the_city_did_not_work_is_said_with_its_reason(site: Site, clock: Clock) -> None:
    now = clock.now
    save(
        WorkSuspension(
            starts_at=now - timedelta(days=3), ends_at=now - timedelta(days=2), entered_at=now,
            reason={"en": "Typhoon Mawar"},
        )
    )  # fmt: skip

    assert site.get("/promises").has("Typhoon Mawar")
