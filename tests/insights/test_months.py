"""A month is counted from the cases, signed, never changed, and corrected in public."""

import json
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from cps.cases.models import Case
from cps.cases.rules import CaseKind, Status
from cps.core import city as cities
from cps.core import doctor
from cps.core.db import db, transaction
from cps.core.errors import ConfigurationError
from cps.core.keys import app_keys_dir
from cps.insights import files, queries, services, signing, verifying
from cps.insights.handlers import publish_months
from cps.insights.models import PromiseFile
from cps.insights.presenting import tiles
from cps.insights.rules import FiguresRefused, Month, Why
from cps.insights.schedule import due_months, internal_until
from cps.polls import canonical
from tests.insights.counting import NOVEMBER, answered, by_hand, make_october
from tests.support.factories import make_category, make_complaint
from tests.support.fixtures import Clock

MONTH = Month(2026, 10)
SECOND = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""Monday, the first working day of November, at ten in Seoul."""


def freeze(month: Month = MONTH, *, when: datetime = SECOND, **options: Any) -> PromiseFile:
    with transaction():
        return services.freeze(month, cities.get(), at=when, keys=app_keys_dir(), **options)


def correct(reason: str = "Two cases were missing.", *, when: datetime = SECOND) -> PromiseFile:
    with transaction():
        return services.correct(MONTH, cities.get(), reason=reason, at=when, keys=app_keys_dir())


def finding() -> doctor.Finding:
    return next(one for one in doctor.examine(at=SECOND) if one.name == "promises")


def test_every_figure_is_what_counting_by_hand_gives(app: Flask) -> None:
    departments = make_october()

    figures = files.read(freeze().text)

    for department in departments:
        line = figures.line(CaseKind.COMPLAINT, department.code)
        assert line is not None
        counted = {
            name: (pair.listed, pair.unlisted) for name in files.PAIRS if (pair := getattr(line, name))
        }
        expected = by_hand(department)
        assert {name: counted[name] for name in ("received", "answered")} == {
            name: expected[name] for name in ("received", "answered")
        }
        assert [counted[name][0] for name in ("in_time", "by_first_date")] == [
            expected[name][0] for name in ("in_time", "by_first_date")
        ]
        for name in ("share_in_time", "share_by_first_date", "median_days"):
            assert getattr(line, name) == expected[name], name


def test_the_sum_of_all_departments_is_that_of_their_cases(app: Flask) -> None:
    make_october()

    figures = files.read(freeze().text)
    whole = figures.line(CaseKind.COMPLAINT)

    assert whole is not None
    assert whole.answered.listed == sum(
        one.answered.listed for one in figures.of_departments(CaseKind.COMPLAINT)
    )
    assert whole.answered.unlisted is None  # 4 of Roads and 1 of Waste: the sum would give it away
    assert whole.answered.listed == 13 + 5
    assert tiles(figures, CaseKind.COMPLAINT)[-1].note == "and some not public"


def test_each_category_has_its_figures_of_public_cases_alone(app: Flask) -> None:
    make_october()

    figures = files.read(freeze().text)
    hole = next(one for one in figures.categories if figures.category_names[one.category]["en"] == "Hole")

    assert (hole.answered.listed, hole.answered.unlisted) == (13, 0)
    assert (hole.in_time.listed, hole.share_in_time) == (11, 84)
    assert hole.median_days == 3
    assert sum(one.answered.listed for one in figures.categories) == 13 + 5


def test_a_file_of_before_categories_were_counted_is_read_without_them(app: Flask) -> None:
    make_october()
    told = json.loads(freeze().text)
    del told["categories"], told["category_figures"]

    figures = files.read(canonical.to_bytes(told).decode())

    assert not figures.categories
    assert figures.line(CaseKind.COMPLAINT) is not None


def test_a_month_stays_as_it_was_told_whatever_happens_later(app: Flask, clock: Clock) -> None:
    make_october()
    kept = freeze()
    text = kept.text
    with transaction() as session:
        for case in session.scalars(db.select(Case)):
            case.is_private, case.answered_at = True, case.received_at

    again = queries.edition(MONTH, 1)

    assert again is not None
    assert again.text == text
    assert verifying.faults(queries.published_files()) == []


def test_neither_a_change_nor_a_deletion_of_a_month_gets_past_the_database(app: Flask) -> None:
    make_october()
    freeze()

    for statement in ("UPDATE promise_file SET reason = 'x'", "DELETE FROM promise_file"):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(db.text(statement))


def test_the_signature_fits_the_file_and_no_changed_byte(app: Flask) -> None:
    make_october()
    kept = freeze()
    text = kept.text.encode()

    assert signing.is_signed(text, kept.signature, kept.public_key)
    for place in range(0, len(text), 97):
        changed = bytearray(text)
        changed[place] ^= 1
        assert not signing.is_signed(bytes(changed), kept.signature, kept.public_key)
    assert not signing.is_signed(text, kept.signature, "0" * 64)


def test_a_changed_missing_or_misplaced_file_is_found(app: Flask) -> None:
    make_october()
    first, second = freeze(), freeze(Month(2026, 9))
    whole = [first, second]

    def changed(**columns: Any) -> list[PromiseFile]:
        kept = ("month", "edition", "reason", "text", "sha256", "public_key", "signature", "frozen_at")
        return [first, PromiseFile(**{**{name: getattr(second, name) for name in kept}, **columns})]

    assert verifying.faults(whole) == []
    assert verifying.faults([second]) == ["2026-09, edition 1: a file before it is missing, or another"]
    assert verifying.faults(changed(month="2026-08"))
    assert verifying.faults(changed(text=second.text.replace("2026-09", "2026-08")))
    assert verifying.faults(changed(signature=first.signature))


def test_a_month_that_is_not_over_or_out_already_is_refused(app: Flask) -> None:
    make_october()
    freeze()

    for month, when, why in (
        (MONTH, SECOND, Why.PUBLISHED_ALREADY),
        (MONTH.after, NOVEMBER + timedelta(days=29), Why.NOT_OVER),
    ):
        with pytest.raises(FiguresRefused) as refused:
            freeze(month, when=when)
        assert refused.value.reason is why


def test_a_correction_is_a_further_file_that_names_the_one_before(app: Flask) -> None:
    make_october()
    first = freeze()
    answered(make_category("Tree"), 8)

    second = correct()

    frame = files.read(second.text).frame
    assert (second.edition, frame.corrects, frame.previous) == (2, first.sha256, first.sha256)
    assert frame.reason == "Two cases were missing."
    assert [file.edition for file in queries.editions(MONTH)] == [2, 1]
    assert queries.newest_editions(limit=5)[0].edition == 2
    assert verifying.faults(queries.published_files()) == []


def test_what_cannot_be_corrected_is_refused_and_leaves_nothing(app: Flask) -> None:
    make_october()
    with pytest.raises(FiguresRefused) as refused:
        correct()
    assert refused.value.reason is Why.NOT_PUBLISHED
    freeze()

    for reason, why in (("  ", Why.REASON_MISSING), ("Looked again.", Why.NOTHING_CHANGED)):
        with pytest.raises(FiguresRefused) as refused:
            correct(reason)
        assert refused.value.reason is why
    assert len(queries.published_files()) == 1


def test_a_month_is_due_on_the_first_working_day_after_it(app: Flask) -> None:
    make_october()
    city = cities.get()
    sunday = NOVEMBER + timedelta(hours=20)

    assert due_months(city, sunday) == [Month(2026, 9)]
    assert due_months(city, SECOND) == [MONTH]
    freeze(Month(2026, 8))
    assert due_months(city, sunday) == [Month(2026, 9)]
    assert due_months(city, SECOND) == [Month(2026, 9), MONTH]
    freeze(Month(2026, 9))
    freeze()
    assert due_months(city, SECOND + timedelta(days=27)) == []


def test_a_city_without_cases_publishes_nothing(app: Flask) -> None:
    make_complaint(at=SECOND - timedelta(hours=2))

    assert due_months(cities.get(), SECOND) == []


def test_two_workers_publish_a_month_once(app: Flask) -> None:
    make_october()
    ready = threading.Barrier(2)

    def work() -> None:
        with app.app_context():
            ready.wait()
            publish_months(SECOND)

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [(file.month, file.edition) for file in queries.published_files()] == [("2026-10", 1)]
    publish_months(SECOND)
    assert len(queries.published_files()) == 1


def test_without_its_key_a_city_publishes_nothing_more(app: Flask, tmp_path: Path) -> None:
    make_october()
    freeze(Month(2026, 9))
    city = cities.get()

    with pytest.raises(ConfigurationError, match="restore it"), transaction():
        services.freeze(MONTH, city, at=SECOND, keys=tmp_path)
    with transaction():
        begun = services.freeze(MONTH, city, at=SECOND, keys=tmp_path, new_key=True)
    assert signing.is_signed(begun.text.encode(), begun.signature, begun.public_key)


def test_the_doctor_recounts_what_was_published(app: Flask) -> None:
    make_october()
    freeze()
    assert finding().is_well

    with transaction() as session:
        hidden = session.scalars(db.select(Case).filter_by(is_listed=True, status=Status.CLOSED)).first()
        assert hidden
        hidden.is_hidden, hidden.updated_at = True, SECOND + timedelta(hours=1)
    assert finding().is_well, "a change that left its time explains itself"


def test_the_doctor_finds_cases_that_were_changed_behind_its_back(app: Flask) -> None:
    make_october()
    freeze()
    with transaction() as session:
        session.execute(db.text("UPDATE cases SET answered_at = NULL WHERE is_listed"))

    found = finding()

    assert not found.is_well
    assert "2026-10" in found.text


def test_the_doctor_says_when_a_month_is_overdue(app: Flask) -> None:
    make_october()

    late = next(one for one in doctor.examine(at=SECOND + timedelta(days=1)) if one.name == "promises")

    assert not late.is_well
    assert "2026-10 is not published" in late.text


def test_the_file_is_one_line_of_json_that_anybody_reads(app: Flask) -> None:
    make_october()

    found = json.loads(freeze().text)

    assert (found["what"], found["month"], found["edition"]) == ("cps-promises-1", "2026-10", 1)
    assert (found["since"], found["until"]) == ("2026-09-30T15:00:00Z", "2026-10-31T15:00:00Z")
    assert found["acts"] == {"extensions": 0, "hidings": 0, "voided_polls": 0}
    assert [one["department"] for one in found["figures"]] == ["", "roads", "waste"]


def test_internal_figures_are_decided_once(app: Flask) -> None:
    city = cities.get()
    until = date(2026, 12, 1)
    with transaction():
        services.keep_internal(until, city, at=SECOND)

    assert internal_until(cities.get(), SECOND) == until
    assert internal_until(cities.get(), datetime(2026, 11, 30, 15, tzinfo=UTC)) is None
    with pytest.raises(FiguresRefused), transaction():
        services.keep_internal(date(2026, 12, 10), cities.get(), at=SECOND)


def test_answers_that_nobody_may_see_are_not_told_apart_where_they_are_few(app: Flask) -> None:
    tree = make_category("Tree")
    for number in range(10):
        answered(tree, 5 + number, took=1)
    answered(tree, 8, took=9, is_private=True)

    line = files.read(freeze().text).lines[1]

    assert (line.answered.listed, line.answered.unlisted) == (10, None)
    assert (line.in_time.listed, line.in_time.unlisted) == (10, None)
