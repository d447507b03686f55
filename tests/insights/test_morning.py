"""The morning report: what it counts, whom it reaches at seven, once, and how it is stopped."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from cps.accounts import services as accounts
from cps.accounts.rules import Role
from cps.cases.rules import EventKind, Status
from cps.core import city as cities
from cps.core import upkeep, worker
from cps.core.db import db, transaction
from cps.core.models import AuditRow
from cps.insights import mornings, queries, services
from cps.insights.mornings import OfDepartment
from cps.insights.stopping import Stop, Whom
from cps.notifications.models import Message
from tests.support.factories import (
    ZONE,
    make_account,
    make_administrator,
    make_category,
    make_complaint,
    make_department,
    make_event,
    make_resident,
    make_supervisor,
    make_support,
)
from tests.support.fixtures import Clock
from tests.support.site import Site

THURSDAY_SEVEN = datetime(2026, 11, 18, 22, tzinfo=UTC)
"""Seven in the morning of Thursday 19 November in the city of the tests."""


def part(report: mornings.Report, code: str) -> OfDepartment:
    return next(one for one in report.parts if one.code == code)


def letters(text: str = "") -> list[Message]:
    found = db.session.scalars(db.select(Message).order_by(Message.id)).all()
    return [one for one in found if one.dedupe_key.startswith("morning:") and text in one.body_text]


def work_at_seven(clock: Clock) -> None:
    """Let the worker look at ten in the evening, and at seven."""
    clock.set_to(THURSDAY_SEVEN - timedelta(hours=9))
    upkeep.run(clock.now)
    worker.run_until_idle()
    clock.set_to(THURSDAY_SEVEN + timedelta(minutes=1))
    worker.run_until_idle()


def add_reader(language: str, clock: Clock) -> None:
    administrator = make_administrator()
    with transaction():
        services.add_reader("mayor@city.test", language, by=administrator, at=clock.now)


def test_each_department_has_its_counts_and_the_cases_that_matter_most(app: Flask, clock: Clock) -> None:
    roads, waste = make_department("Roads", code="roads"), make_department("Waste", code="waste")
    hole, now = make_category("Hole", department=roads), clock.now
    for days in (1, 9, 3, 5):
        make_complaint(
            category=hole, at=now - timedelta(days=20), due_at=now - timedelta(days=days), title=f"{days}"
        )
    make_complaint(category=hole, due_at=now + timedelta(hours=2))
    make_complaint(category=hole, due_at=now + timedelta(days=2))
    make_complaint(Status.REOPEN_ASKED, category=hole)
    make_complaint(
        category=hole,
        at=now - timedelta(days=9),
        due_at=now - timedelta(days=8),
        is_private=True,
        is_integrity=True,
    )
    backed = make_complaint(category=hole, title="Backed")
    make_support(backed, make_resident(), make_resident())
    thanked = make_complaint(Status.CLOSED, category=hole)
    make_event(thanked, EventKind.CONFIRMED_FIXED, message="Thank you!")
    make_event(thanked, EventKind.CONFIRMED_FIXED, message="")

    report = mornings.report(None, now=now, zone=ZONE)

    of = part(report, "roads")
    assert (of.late, of.today, of.reopened) == (4, 1, 1)
    assert [row.title for row in of.longest] == ["9", "5", "3"]
    assert [row.title for row in of.backed] == ["Backed"]
    assert [row.message for row in of.thanks] == ["Thank you!"]
    assert part(report, "waste").is_quiet
    assert [one.code for one in mornings.report({waste.id}, now=now, zone=ZONE).parts] == ["waste"]


def test_the_report_leaves_at_seven_to_heads_and_readers_once(app: Flask, clock: Clock) -> None:
    roads, waste = make_department("Roads", code="roads"), make_department("Waste", code="waste")
    make_complaint(
        category=make_category("Hole", department=roads), title="Hole", at=clock.now - timedelta(days=9)
    )
    make_complaint(
        category=make_category("Bin", department=waste), title="Bin", at=clock.now - timedelta(days=9)
    )
    make_supervisor(roads, email="roads@city.test")
    make_account(Role.OFFICER, email="officer@city.test", departments=[roads])
    add_reader("ko", clock)

    work_at_seven(clock)
    upkeep.run(clock.now)
    worker.run_until_idle()

    assert [one.address for one in letters()] == ["roads@city.test", "mayor@city.test"]
    head, mayor = letters()
    assert "Hole" in head.body_text
    assert "Bin" not in head.body_text
    assert "Hole" in mayor.body_text
    assert "Bin" in mayor.body_text
    assert mayor.language == "ko"


@pytest.mark.parametrize(
    ("last_look", "day"),
    [(datetime(2026, 11, 20, 9, tzinfo=UTC), "2026-11-23"), (THURSDAY_SEVEN, "2026-11-20")],
)
def test_it_is_called_for_on_working_days_only(app: Flask, last_look: datetime, day: str) -> None:
    city = cities.get()
    look = last_look
    with transaction():
        while not (
            stated := db.session.scalars(
                db.text("SELECT dedupe_key FROM outbox WHERE fact = 'morning-due'")
            ).all()
        ):
            services.call_for_report(city, look)
            look += timedelta(hours=1)

    assert stated == [day]


def test_a_report_that_comes_a_day_late_is_left_out(app: Flask, clock: Clock) -> None:
    make_supervisor(email="roads@city.test")
    upkeep.run(clock.now)
    clock.move(days=3)

    worker.run_until_idle()

    assert letters() == []


def test_a_private_case_is_named_by_its_number_alone(app: Flask, site: Site, clock: Clock) -> None:
    roads = make_department("Roads", code="roads")
    case = make_complaint(
        category=make_category("Hole", department=roads), is_private=True, title="A secret",
        at=clock.now - timedelta(days=9),
    )  # fmt: skip
    make_supervisor(roads, email="roads@city.test")

    work_at_seven(clock)
    page = site.sign_in(make_administrator()).get("/desk/morning")

    assert [("A secret" in one.body_text, case.reference[:4] in one.body_text) for one in letters()] == [
        (False, True)
    ]
    assert not page.has("A secret")
    assert page.has("Private:")


def test_a_head_stops_the_mail_by_its_link_and_takes_it_up_again(
    app: Flask, site: Site, clock: Clock
) -> None:
    head = make_supervisor(email="roads@city.test")

    path = Stop(Whom.HEAD, head.id).path
    page = site.get(path)
    assert page.has("Stop the morning report?")
    assert site.submit(page, form=path).has("You get no morning report")
    work_at_seven(clock)
    assert letters() == []

    mine = site.sign_in(head).get("/desk/morning")
    assert site.submit(mine, form="/desk/morning/mail").has("Stop the mail at seven")


def reader_stop(key: int) -> str:
    """Return the path of the link that an address on the list gets."""
    reader = queries.reader(key)
    assert reader is not None
    return Stop.reader(reader.id, reader.added_at).path


def test_a_link_of_an_address_that_is_gone_does_not_stop_the_report_of_the_next_one(
    app: Flask, site: Site, clock: Clock
) -> None:
    add_reader("en", clock)
    path = reader_stop(1)
    site.submit(path, form=path)
    clock.move(seconds=1)
    add_reader("en", clock)  # on SQLite with the same number

    assert site.get(path).has("You get no morning report")
    site.post_raw(path, {"List-Unsubscribe": "One-Click"}, with_token=False)

    assert len(queries.readers()) == 1


def test_a_reader_stops_the_mail_and_is_forgotten(app: Flask, site: Site, clock: Clock) -> None:
    add_reader("en", clock)

    path = reader_stop(1)
    site.submit(path, form=path)
    work_at_seven(clock)

    assert letters() == []
    assert site.get(path).has("You get no morning report")
    assert site.get(Stop(Whom.HEAD, 1).path.replace("h-1", "r-1"), follow=False).status == 404


def test_a_link_that_stopped_the_mail_leaves_no_trace_when_it_is_used_again(
    app: Flask, site: Site, clock: Clock
) -> None:
    add_reader("en", clock)
    path = reader_stop(1)

    for _press in range(3):
        site.post_raw(path, {"List-Unsubscribe": "One-Click"}, with_token=False)

    removed = select(func.count()).where(AuditRow.action == "remove-morning-reader")
    assert db.session.scalar(removed) == 1


def test_two_accounts_that_both_stopped_the_report_become_one(app: Flask, clock: Clock) -> None:
    first, second, other = (make_resident().id for _account in range(3))
    with transaction():
        for account_id in (first, second, other):
            services.stop_reports(account_id, at=clock.now)

    with transaction():
        accounts.join_accounts(first, second, at=clock.now)

    assert [queries.has_stopped(one) for one in (first, second, other)] == [True, False, True]


def test_administrators_say_who_else_gets_it(app: Flask, site: Site) -> None:
    site.sign_in(make_administrator())

    wrong = site.submit("/admin/morning", form="/admin/morning", email="no address")
    assert wrong.status == 422
    added = site.submit("/admin/morning", form="/admin/morning", email="Mayor@City.test")
    assert added.has("mayor@city.test")
    again = site.submit("/admin/morning", form="/admin/morning", email="mayor@city.test")
    assert again.html.count("mayor@city.test") == 1
    assert site.submit(again, form="/admin/morning/1/remove").has("No address yet.")


def test_a_head_reads_of_own_departments_and_an_administrator_of_all(app: Flask, site: Site) -> None:
    roads = make_department("Roads")
    make_department("Waste")

    own = site.sign_in(make_supervisor(roads)).get("/desk/morning")
    every = site.another().sign_in(make_administrator()).get("/desk/morning")

    assert own.all(".morning-part h2") == ["Roads"]
    assert {"Roads", "Waste"} <= set(every.all(".morning-part h2"))
