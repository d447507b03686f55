"""The year of what came: what is counted, that it is counted once a day, and what its page shows."""

import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from cps.cases.rules import Channel
from cps.core import city as cities
from cps.core.db import db, transaction
from cps.insights import handlers, queries, services
from cps.insights.models import YearFigures
from cps.insights.rules import Month
from cps.insights.year import MonthCount, Year, months_until
from tests.insights.counting import answered
from tests.proposals.making import make_proposal
from tests.support.factories import make_category, make_complaint, make_department, make_ward
from tests.support.fixtures import Clock
from tests.support.site import Site

SEOUL = ZoneInfo("Asia/Seoul")
YESTERDAY = date(2026, 11, 17)
LAST_INSTANT = datetime(2026, 11, 17, 14, 59, 59, tzinfo=UTC)
"""The last second of yesterday in the city of the tests."""


def test_a_year_is_the_month_that_runs_and_the_eleven_before_it() -> None:
    months = months_until(date(2026, 2, 28))

    assert (str(months[0]), str(months[-1]), len(months)) == ("2025-03", "2026-02", 12)


def test_a_year_is_read_as_it_was_written() -> None:
    months = (MonthCount(Month(2026, 10), 5, 4, 1),)
    year = Year(date(2026, 10, 1), YESTERDAY, months, {3: 5}, {None: 2, 7: 3}, {Channel.PHONE: 5})

    assert Year.read(year.written()) == year


def make_year() -> None:
    """Make what counts, and around it what does not: not public, about staff, too early, of today."""
    roads = make_department("Roads", code="roads")
    hole, bin_ = make_category("Hole", department=roads), make_category("Bin", department=roads)
    harbour = make_ward("Harbour")
    for _number in range(3):
        make_complaint(category=hole, at=LAST_INSTANT, ward=harbour)
    answered(bin_, 10, channel=Channel.PHONE)
    make_complaint(category=hole, at=datetime(2025, 11, 30, 15, tzinfo=UTC))
    make_complaint(category=hole, at=datetime(2025, 11, 30, 14, 59, tzinfo=UTC))
    make_complaint(category=hole, at=LAST_INSTANT + timedelta(seconds=1))
    make_complaint(category=hole, at=LAST_INSTANT, is_private=True)
    make_complaint(category=hole, at=LAST_INSTANT, is_hidden=True)
    make_complaint(category=hole, at=LAST_INSTANT, is_private=True, is_integrity=True)
    make_proposal()


def test_a_year_counts_what_stands_on_the_public_lists_until_the_end_of_yesterday(app: Flask) -> None:
    make_year()

    year = queries.count_year(YESTERDAY, SEOUL)

    assert (year.since, year.until) == (date(2025, 12, 1), YESTERDAY)
    assert (year.complaints, year.answered, year.proposals) == (5, 1, 0)
    assert (year.months[0].complaints, year.months[-1].complaints, year.months[-2].answered) == (1, 3, 1)
    assert [*year.categories.values()] == [4, 1]
    assert sorted(year.wards.values()) == [2, 3]
    assert year.channels == {Channel.WEB: 4, Channel.PHONE: 1}
    assert queries.count_year(YESTERDAY + timedelta(days=1), SEOUL).proposals == 1


def test_the_worker_counts_once_a_day_and_keeps_the_newest_year_alone(app: Flask, clock: Clock) -> None:
    handlers.count_year(clock.now)
    make_year()
    handlers.count_year(clock.now + timedelta(hours=1))
    assert Year.read(kept().figures).complaints == 0

    handlers.count_year(clock.now + timedelta(days=1))

    assert kept().day == YESTERDAY + timedelta(days=1)
    assert Year.read(kept().figures).complaints == 6


def kept() -> YearFigures:
    db.session.rollback()
    return db.session.scalars(db.select(YearFigures)).one()


def test_two_workers_count_a_day_at_once_and_keep_one_year(app: Flask, clock: Clock) -> None:
    city, together = cities.get(), threading.Barrier(2)
    failed: list[BaseException] = []

    def work() -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    services.keep_year(city, clock.now)
            except Exception as error:  # noqa: BLE001 - told below
                failed.append(error)

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failed == []
    assert kept().day == YESTERDAY


def test_the_page_leads_from_each_figure_to_its_list(site: Site, clock: Clock) -> None:
    make_year()
    handlers.count_year(clock.now)

    page = site.get("/insights")

    row = next(text for text in page.all(".figure-table tr") if text.startswith("Hole"))
    assert "80%" in row
    assert page.link("4 – Hole, Reported").startswith(
        "/complaints?since=2025-12-01&until=2026-11-17&category="
    )


def test_before_the_first_count_the_page_says_so_and_the_table_is_empty(site: Site) -> None:
    assert site.get("/insights").has("Nothing is counted yet")
    assert site.get("/insights.csv").data.decode().splitlines() == ["\ufeffsince,until,figure,of,number"]


def test_the_table_holds_every_figure_with_the_codes_of_the_city(site: Site, clock: Clock) -> None:
    make_year()
    handlers.count_year(clock.now)

    lines = site.get("/insights.csv").data.decode().splitlines()

    assert "2025-12-01,2026-11-17,complaints-in-month,2026-11,3" in lines
    assert "2025-12-01,2026-11-17,complaints-by-channel,phone,1" in lines
