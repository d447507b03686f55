"""`cps import cases`: what becomes of a row, what is refused and told, what a second import does."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from cps.cases import queries
from cps.cases import services as acts
from cps.cases.commands import import_cases_command
from cps.cases.models import CaseContact, CaseEvent, CaseOriginal, EventOriginal, Follow
from cps.cases.reference import display
from cps.cases.rules import Channel, EventKind, Outcome, Status
from cps.core import clock, doctor
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow, OutboxFact
from cps.departments import queries as departments
from cps.departments.models import Department
from cps.departments.rules import CategoryKind
from cps.wards.models import Ward
from tests.cases.importing import MAPPING, bring_in, cases, mapping, rows
from tests.support.factories import make_category, make_complaint, make_officer, make_ward, middle, save
from tests.support.fixtures import WEDNESDAY, Clock
from tests.support.site import Site

OPEN = {"closed": "", "reason": ""}
BOSTON = Path(__file__).parents[3] / "shared" / "data" / "boston311_2011-07_sample2000.csv"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "boston-311.toml"


def new_york(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of July 2011 in New York, four hours behind."""
    return datetime(2011, 7, day, hour + 4, minute, tzinfo=UTC)


def refused(app: Flask, folder: Path, content: str | bytes, **options: Any) -> str:
    """Return all that a refused import says; nothing is written."""
    before = len(cases())
    answer = bring_in(app, folder, content, **options)
    assert isinstance(answer.exception, RuleViolation), answer.output
    assert len(cases()) == before
    return f"{answer.stderr}{answer.exception.message}"


def test_a_row_becomes_a_case_with_its_times_place_and_origin(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, rows({}))

    assert answer.exit_code == 0, answer.output
    (case,) = cases()
    assert (case.source, case.external_id, case.channel) == ("old-desk", "1001", Channel.PHONE)
    assert (case.received_at, case.due_at) == (new_york(1, 8), new_york(6, 8))
    assert (case.promised_at, case.closed_at) == (case.due_at, new_york(2, 12, 30))
    assert (case.entered_at, case.reference[:4]) == (WEDNESDAY, "1107")
    assert (case.title, case.body, case.address) == ("Pothole", "Pothole", "15 Lilac Terrace")
    assert (case.status, case.outcome) == (Status.CLOSED, Outcome.FIXED)
    assert (case.category.name, case.department.name) == ({"en": "Pothole repair"}, {"en": "Public works"})
    assert case.ward is not None
    assert (case.ward.name, case.is_private) == ({"en": "Ward 3"}, False)


def test_an_open_case_whose_date_had_passed_is_promised_anew_and_says_so(
    app: Flask, site: Site, tmp_path: Path
) -> None:
    bring_in(
        app,
        tmp_path,
        rows({**OPEN, "enquiry": "1"}, {**OPEN, "enquiry": "2", "target": "2031-07-06 08:00:00"}),
    )

    late, coming = cases()
    assert late.received_at == new_york(1, 8)
    assert late.due_at == late.promised_at > WEDNESDAY
    assert (coming.due_at, coming.promised_at) == (datetime(2031, 7, 6, 12, tzinfo=UTC),) * 2
    assert not late.is_late_at(WEDNESDAY)
    page = site.get(f"/complaints/{display(late.reference)}")
    assert page.has("It came here from an earlier system on Wednesday 18 November.")
    assert page.has("The date promised there, Wednesday 6 July 2011, had passed.")
    assert page.has("Day 1 of 7.")
    page = site.get(f"/complaints/{display(coming.reference)}")
    assert page.has("It came here from an earlier system on Wednesday 18 November.")
    assert not page.has("had passed")


def test_an_imported_case_is_late_once_the_citys_own_promise_has_passed(
    app: Flask, tmp_path: Path, clock: Clock
) -> None:
    bring_in(app, tmp_path, rows(OPEN))
    (case,) = cases()

    assert case.is_late_at(case.due_at + timedelta(seconds=1))


def test_the_page_of_an_imported_case_asks_for_no_pin(app: Flask, site: Site, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows(OPEN))
    (case,) = cases()
    ours = make_complaint()

    assert not site.get(f"/complaints/{display(case.reference)}").has("Open it with your PIN")
    assert site.get(f"/complaints/{display(ours.reference)}").has("Open it with your PIN")
    bring_in(app, tmp_path, rows({**OPEN, "enquiry": "2"}), by=mapping(visibility="private"))
    hidden = cases()[-1]
    page = site.get(f"/complaints/{display(hidden.reference)}")
    assert hidden.is_private
    assert page.has("If it is yours, ask the city.")
    assert not page.has("Open my case with the PIN")


def test_the_reason_of_closing_is_the_answer_in_the_story(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows({}, {"reason": "Case closed"}, {"reason": "CASE CLOSED not ours"}, OPEN))

    told = [
        [
            (event.kind, event.message, event.at)
            for event in db.session.scalars(
                db.select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
            )
        ]
        for case in cases()
    ]
    filed = (EventKind.FILED, "", new_york(1, 8))
    assert told == [
        [filed, (EventKind.MOVED, "Patched on Saturday.", new_york(2, 12, 30))],
        [filed, (EventKind.MOVED, "Closed without words.", new_york(2, 12, 30))],
        [filed, (EventKind.MOVED, "Not ours", new_york(2, 12, 30))],
        [filed],
    ]


def test_nothing_is_sent_to_anyone(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows({}, OPEN))

    assert db.session.scalar(db.select(db.func.count(OutboxFact.id))) == 0
    assert db.session.scalar(db.select(db.func.count()).select_from(Follow)) == 0
    contacts = list(db.session.scalars(db.select(CaseContact)))
    assert [(one.name, one.email, one.phone) for one in contacts] == [("", "", "")] * 2


def test_an_imported_city_is_well(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows({}, OPEN))

    found = doctor.examine(at=clock.now())
    assert [one.text for one in found if one.name in {"stories", "references"} and not one.is_well] == []


def test_an_open_case_waits_at_the_desk_of_its_department(site: Site, app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows(OPEN, {}))
    works = departments.department_by_code("public-works")
    assert works is not None
    site.sign_in(make_officer(works))

    page = site.get("/desk?box=department")

    (case, _closed) = cases()
    assert (case.status, case.outcome, case.closed_at) == (Status.TRIAGED, None, None)
    assert "Pothole" in page.text


def test_a_due_date_that_is_not_said_follows_the_category(app: Flask, tmp_path: Path) -> None:
    make_category("Pothole repair", service_time=2)

    bring_in(app, tmp_path, rows({"target": ""}))

    # Friday evening in Seoul: it counts from Monday, two working days later the office closes at 18:00
    assert cases()[0].due_at == datetime(2011, 7, 6, 9, tzinfo=UTC)


def test_what_the_city_has_is_found_by_code_and_by_any_of_its_names(app: Flask, tmp_path: Path) -> None:
    save(Department(code="roads", name={"en": "Roads", "ko": "도로과"}))
    make_category("Pothole", code="hole")
    ward = make_ward("harbour", name={"en": "Harbour", "ko": "항구"})

    answer = bring_in(
        app,
        tmp_path,
        rows(
            {"unit": "roads", "type": "hole", "ward": "harbour"},
            {"unit": " 도로과 ", "type": "POTHOLE", "ward": "항구"},
        ),
        by=mapping(unknown=None),
    )

    assert "New" not in answer.output
    assert {case.department.code for case in cases()} == {"roads"}
    assert {case.category.code for case in cases()} == {"hole"}
    assert {case.ward_id for case in cases()} == {ward.id}


def test_what_the_city_does_not_have_is_refused_unless_it_may_be_created(app: Flask, tmp_path: Path) -> None:
    told = refused(app, tmp_path, rows({}, {"unit": "", "type": ""}), by=mapping(unknown=None))

    assert "Line 2, column “type”: The city has no “Pothole repair”." in told
    assert "Line 2, column “unit”: The city has no “Public works”." in told
    assert "Line 2, column “ward”: The city has no “Ward 3”." in told
    assert "Line 3, column “type”: It is empty." in told
    assert departments.department_by_code("public-works") is None


def test_categories_of_the_file_are_for_history_unless_they_are_offered(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows({}))
    assert departments.catalogue().offer("pothole-repair") is None

    bring_in(app, tmp_path, rows({"type": "Fallen tree"}, {"type": "Fallen tree"}),
             by=mapping(source="new-desk", new_category={"service_time": 4, "unit": "hours",
                                                         "offered": True}))  # fmt: skip

    offered = departments.catalogue().offer("fallen-tree")
    assert offered is not None
    assert (offered.service_time, offered.service_time_unit.value) == (4, "hours")


def test_only_what_is_used_is_created(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows({}, {"type": "Nonsense", "opened": "yesterday"}), "--skip-wrong")

    assert departments.category_by_code("pothole-repair") is not None
    assert departments.category_by_code("nonsense") is None


def test_names_without_latin_letters_get_codes_of_their_own(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows({"type": "도로 파손"}, {"type": "가로등"}, {"type": "도로 파손"}))

    codes = [case.category.code for case in cases()]
    assert codes[0] == codes[2] != codes[1]
    assert len(codes[0]) == 8


def test_a_position_gives_the_ward_where_none_is_named(app: Flask, tmp_path: Path) -> None:
    ward, other = make_ward(), make_ward()
    lat, lon = middle(ward)

    bring_in(app, tmp_path, rows({"ward": "", "lat": f"{lat}", "lon": f"{lon}"},
                                 {"ward": other.code, "lat": f"{lat}".replace(".", ","), "lon": f"{lon}"},
                                 {"ward": "", "lat": "0", "lon": "0"}))  # fmt: skip

    assert [(case.ward_id, case.lat) for case in cases()] == [(ward.id, lat), (other.id, lat), (None, None)]


@pytest.mark.parametrize(
    ("lat", "lon", "reason"),
    [
        ("36.01", "", "A position needs both latitude and longitude."),
        ("north", "129.5", "“north” and “129.5” are no position in degrees."),
        ("129.51", "36.01", "Latitude and longitude seem to be swapped"),
        ("95", "200", "The position is beyond the ends of the map."),
        ("35.0", "129.51", "The position 35.0, 129.51 is not in the city."),
        ("NaN", "129.5", "are no position in degrees."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_position_that_cannot_be_is_told(
    app: Flask, tmp_path: Path, lat: str, lon: str, reason: str
) -> None:
    make_ward()

    told = refused(app, tmp_path, rows({"lat": lat, "lon": lon}))

    assert "Line 2, column “lat”: " in told
    assert reason in told


def test_swapped_positions_are_told_by_the_bounds_where_no_ward_has_an_outline(
    app: Flask, tmp_path: Path
) -> None:
    told = refused(
        app, tmp_path, rows({"lat": "-71.06", "lon": "42.35"}), by=mapping(bounds=[-71.2, 42.2, -70.9, 42.4])
    )

    assert "seem to be swapped" in told


def test_positions_outside_are_left_out_where_the_mapping_says_so(app: Flask, tmp_path: Path) -> None:
    make_ward()

    bring_in(app, tmp_path, rows({"lat": "35.0", "lon": "129.5"}), by=mapping(unknown__place="leave-out"))

    assert [(case.lat, case.address) for case in cases()] == [(None, "15 Lilac Terrace")]


def test_a_position_that_stands_for_none_is_none(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows({"lat": "42.3594", "lon": "-71.0587"}),
             by=mapping(nowhere=[[42.3594, -71.0587]]))  # fmt: skip

    assert cases()[0].lat is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"enquiry": ""}, "column “enquiry”: It is empty."),
        ({"enquiry": "9" * 121}, "column “enquiry”: It is longer than 120 signs."),
        ({"opened": ""}, "column “opened”: It is empty."),
        ({"opened": "01/07/2011"}, "column “opened”: “01/07/2011” is no time of the form %Y-%m-%d %H:%M:%S."),
        ({"opened": "2031-07-01 08:00:00", "target": "", "closed": ""}, "It lies in the future."),
        ({"opened": "1811-07-01 08:00:00"}, "is not between the years 1900 and 2200."),
        ({"opened": "2011-03-13 02:30:00"}, "never was in America/New_York"),
        ({"opened": "2010-11-07 01:30:00"}, "came twice in America/New_York"),
        ({"target": "2011-06-30 08:00:00"}, "column “target”: It is due before it was received."),
        ({"closed": "2011-06-30 08:00:00"}, "column “closed”: It was closed before it was received."),
        ({"title": " "}, "column “title”: It says nothing."),
        ({"via": "Pigeon"}, "column “via”: “Pigeon” has no meaning in the mapping."),
        ({"title": "A\0B"}, "column “title”: It holds a zero byte"),
        ({"type": "T" * 121}, "column “type”: This name is longer than 120 signs."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_wrong_cell_is_told_by_line_and_column_and_stops_everything(
    app: Flask, tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    told = refused(app, tmp_path, rows({}, change, {}))

    assert f"Line 3, {reason}" in told or reason in told
    assert "1 row is wrong, so nothing was changed." in told


def test_wrong_rows_may_be_skipped(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, rows({}, {"opened": "soon", "via": "Pigeon"}, {}), "--skip-wrong")

    assert [case.external_id for case in cases()] == ["1001", "1003"]
    assert "Cases: 2 new, 0 closed since, 0 as before, 1 wrong." in answer.output
    assert answer.stderr.count("Line 3, column") == 2


def test_what_the_file_says_does_not_steer_the_terminal(app: Flask, tmp_path: Path) -> None:
    told = refused(app, tmp_path, rows({"via": "\x1b[2JPigeon\u202e", "opened": "\x1b]0;x\x07"}))

    assert "“[2JPigeon” has no meaning" in told
    assert not any(sign in told for sign in "\x1b\x07\u202e")


def test_a_column_of_ever_new_names_is_not_taken_for_categories(app: Flask, tmp_path: Path) -> None:
    many = rows(*({"type": f"Trouble {number}"} for number in range(1_001)))

    assert "more than 1000 new names" in refused(app, tmp_path, many).replace(",", "")


def test_a_category_of_proposals_takes_no_complaint_and_keeps_its_code(app: Flask, tmp_path: Path) -> None:
    make_category("Pothole repair", code="pothole-repair", kind=CategoryKind.PROPOSAL)

    bring_in(app, tmp_path, rows({}))

    kept = departments.category_by_code("pothole-repair")
    assert kept is not None
    assert (kept.kind, cases()[0].category_id == kept.id) == (CategoryKind.PROPOSAL, False)


def test_old_cases_may_lie_in_a_ward_that_is_out_of_use(app: Flask, tmp_path: Path) -> None:
    old = make_ward("old", name={"en": "Ward 3"}, is_active=False)

    bring_in(app, tmp_path, rows({}))

    assert [case.ward_id for case in cases()] == [old.id]


def test_masks_that_are_longer_than_numbers_fit(app: Flask, tmp_path: Path) -> None:
    numbers = " ".join(["010-1234-567"] * 24)

    assert bring_in(app, tmp_path, rows({"title": numbers[:80], "street": numbers[:300]})).exit_code == 0
    assert len(cases()[0].address) <= 300


def test_an_external_number_stands_once_in_a_file(app: Flask, tmp_path: Path) -> None:
    told = refused(app, tmp_path, rows({}, {}, {"enquiry": "1001"}))

    assert "Line 4: Its external number stands in line 2 already." in told


def test_the_hour_that_came_twice_is_read_as_the_mapping_says(app: Flask, tmp_path: Path) -> None:
    twice = {"opened": "2010-11-07 01:30:00", "target": ""}

    bring_in(app, tmp_path, rows({**twice, "enquiry": "a"}), by=mapping(ambiguous="earlier"))
    bring_in(app, tmp_path, rows({**twice, "enquiry": "b"}), by=mapping(ambiguous="later"))

    assert [case.received_at.hour for case in cases()] == [5, 6]


def test_dates_are_read_in_each_of_several_formats(app: Flask, tmp_path: Path) -> None:
    formats = ["iso", "%d.%m.%Y %H:%M", "%m/%d/%y"]

    bring_in(
        app,
        tmp_path,
        rows(
            {"opened": "2011-07-01T08:00:00-04:00", "target": "06.07.2011 08:00", "closed": "07/02/11"},
            {"opened": "2011-07-01", "target": "", "closed": ""},
        ),
        by=mapping(dates=formats),
    )

    first, second = cases()
    assert (first.received_at, first.due_at) == (new_york(1, 8), new_york(6, 8))
    assert (first.closed_at, second.received_at) == (new_york(2, 0), new_york(1, 0))


def test_the_same_file_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows({}, OPEN))
    before = [(case.id, case.reference, case.version) for case in cases()]

    answer = bring_in(app, tmp_path, rows({}, OPEN, {}))

    assert "Cases: 1 new, 0 closed since, 2 as before, 0 wrong." in answer.output
    assert [(case.id, case.reference, case.version) for case in cases()][:2] == before
    assert (
        db.session.scalar(db.select(db.func.count(AuditRow.id)).where(AuditRow.action == "import-cases")) == 2
    )


def test_what_was_closed_in_the_meantime_is_closed_here(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows(OPEN))

    answer = bring_in(app, tmp_path, rows({"title": "Another title"}))

    assert "Cases: 0 new, 1 closed since, 0 as before, 0 wrong." in answer.output
    (case,) = cases()
    assert (case.status, case.outcome, case.closed_at) == (Status.CLOSED, Outcome.FIXED, new_york(2, 12, 30))
    assert case.title == "Pothole"
    assert db.session.scalars(db.select(CaseEvent.message).order_by(CaseEvent.id.desc())).first() == (
        "Patched on Saturday."
    )
    assert "1 as before" in bring_in(app, tmp_path, rows({})).output


def test_a_case_on_which_somebody_works_here_is_left_to_them(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows(OPEN))
    officer, reference = make_officer(departments.department_by_code("public-works")), cases()[0].reference
    with transaction():
        acts.take(queries.lock_case(reference), by=officer, at=clock.now())

    answer = bring_in(app, tmp_path, rows({}))

    assert "0 closed since, 1 as before" in answer.output
    assert cases()[0].status is Status.IN_PROGRESS


def test_cases_of_others_are_no_concern_of_an_import(app: Flask, tmp_path: Path) -> None:
    own = make_complaint()
    bring_in(app, tmp_path, rows(OPEN))

    bring_in(app, tmp_path, rows({"enquiry": own.external_id}, {}), by=mapping(source="other-desk"))

    assert sorted((case.source, case.status.value) for case in cases()) == [
        ("cps", "received"),
        ("old-desk", "triaged"),
        ("other-desk", "closed"),
        ("other-desk", "closed"),
    ]


def test_a_dry_run_tells_everything_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, rows({}, {"opened": ""}), "--dry-run")

    assert "1 row is wrong, so nothing was changed." in str(answer.exception)
    assert "New departments, 1: Public works." in answer.output
    assert "New categories, 1: Pothole repair." in answer.output
    assert "New wards, 1: Ward 3." in answer.output
    assert "Cases: 1 new, 0 closed since, 0 as before, 1 wrong." in answer.output
    assert "Line 3, column “opened”" in answer.stderr
    assert cases() == []
    assert db.session.scalar(db.select(db.func.count(Ward.id))) == 0
    assert db.session.scalar(db.select(db.func.count(AuditRow.id))) == 0


def test_a_dry_run_of_what_is_right_says_so_by_its_status(app: Flask, tmp_path: Path) -> None:
    for content, options in ((rows({}), ()), (rows({}, {"opened": ""}), ("--skip-wrong",))):
        answer = bring_in(app, tmp_path, content, "--dry-run", *options)

        assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "Nothing was changed.")
        assert cases() == []


def test_cases_are_private_unless_the_mapping_makes_them_public(
    site: Site, app: Flask, tmp_path: Path
) -> None:
    bring_in(app, tmp_path, rows({}), by=mapping(visibility=None))

    assert cases()[0].is_private
    assert "Pothole" not in site.get("/complaints").text


def test_a_category_for_the_integrity_officer_keeps_its_cases_private(app: Flask, tmp_path: Path) -> None:
    make_category("Bribe", code="bribe", is_integrity=True)

    bring_in(app, tmp_path, rows({"type": "bribe"}, {}))

    assert [(case.is_integrity, case.is_private) for case in cases()] == [(True, True), (False, False)]


def test_numbers_of_people_are_masked_and_kept_for_who_works_the_case(app: Flask, tmp_path: Path) -> None:
    said = "Call me at 617-555-0100 please"

    bring_in(app, tmp_path, rows({"title": said, "reason": "Case closed Called 617-555-0100."}, {}))

    case = cases()[0]
    assert "555" not in f"{case.title}{case.body}{case.search_text}"
    kept = db.session.scalars(db.select(CaseOriginal)).one()
    assert (kept.case_id, kept.texts["body"]) == (case.id, said)
    assert db.session.scalars(db.select(EventOriginal)).one().texts == {"message": "Called 617-555-0100."}


def test_a_case_is_found_by_its_words_and_by_both_its_numbers(site: Site, app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows({"title": "Broken lamp", "enquiry": "SR-2011-77"}, {}))

    assert "Broken lamp" in site.get("/complaints?q=SR-2011-77").text
    assert "Broken lamp" in site.get("/complaints?q=lamp").text
    assert "Broken lamp" in site.get(f"/c/{cases()[0].reference}").text


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_files_in_utf_8_are_read_with_and_without_a_mark(app: Flask, tmp_path: Path, mark: bytes) -> None:
    bring_in(app, tmp_path, mark + rows({"title": "Árbol caído, 길"}).encode())

    assert cases()[0].title == "Árbol caído, 길"


def test_windows_1252_is_told_with_what_to_write_and_read_when_it_is_named(
    app: Flask, tmp_path: Path
) -> None:
    written = rows({"title": "Árbol caído"}).encode("cp1252")

    told = refused(app, tmp_path, written)
    assert "Line 2, column “title”: It is not text in UTF-8." in told
    assert 'write encoding = "windows-1252" into the mapping.' in told

    bring_in(app, tmp_path, written, by=mapping(encoding="windows-1252"))
    assert cases()[0].title == "Árbol caído"


def test_a_text_may_have_line_breaks_quotes_and_commas(app: Flask, tmp_path: Path) -> None:
    said = 'He said, "mend it".\nNobody came.'

    bring_in(app, tmp_path, rows({"street": said}, {}), by=mapping(columns__body="street"))

    assert [case.body for case in cases()] == [said, "15 Lilac Terrace"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (rows({}).partition("\n")[2], "The file has no column “enquiry”. Its first line must hold the names"),
        (rows({}).replace("via", "lat"), "The file has several columns “lat”."),
        (rows(), "The file has no row that could be loaded"),
        (rows({}).replace("15 Lilac", '"15" Lilac'), "Line 2: The quotes do not match"),
        (rows({}) + "1003,cut off", "Line 3: It has 2 fields and the head 13."),
        ("", "The file is empty."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_file_that_is_no_such_table_is_told(app: Flask, tmp_path: Path, content: str, reason: str) -> None:
    assert reason in refused(app, tmp_path, content)


def test_of_several_columns_the_first_that_says_something_counts(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, rows({"title": ""}, {}), by=mapping(columns__title=["title", "street"]))

    assert [case.title for case in cases()] == ["15 Lilac Terrace", "Pothole"]


def test_a_mapping_may_be_written_in_toml(app: Flask, tmp_path: Path) -> None:
    written = """
        source = "old-desk"
        dates = ["%Y-%m-%d %H:%M:%S"]
        [columns]
        external_id = "enquiry"
        received_at = "opened"
        title = "title"
        category = "type"
        [unknown]
        category = "create"
        [defaults]
        department = "front-desk"
        channel = "paper"
    """

    answer = bring_in(app, tmp_path, rows({}), by=written)

    assert answer.exit_code == 0, answer.output
    (case,) = cases()
    assert (case.channel, case.department.code) == (Channel.PAPER, "front-desk")
    assert case.received_at == datetime(2011, 6, 30, 23, tzinfo=UTC)  # the city's own zone, Seoul


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"source": None}, "source: This is missing."),
        ({"source": "CPS"}, "source: “CPS” means this program itself"),
        ({"columns__external_id": None}, "columns.external_id: This is missing."),
        ({"columns__colour": "hue"}, "columns.colour: There is no such value; known are: external_id,"),
        ({"columns__title": None}, "columns.body: Say which column has the words of a case"),
        (
            {"columns__category": None},
            "columns.category: Say a column, or a category for all under defaults.",
        ),
        ({"columns__lon": None}, "columns.lat: A position needs both lat and lon."),
        ({"columns__department": None}, "columns.department: New categories need a department"),
        ({"columns__title": 3}, "columns.title: This must be a text or a list of texts."),
        ({"values__channel": {"Call": "telegraph"}}, "values.channel.Call: This must be one of: web, phone"),
        ({"values__outcome": {"*": "joined"}}, "values.outcome.*: This must be one of:"),
        ({"defaults__status": "gathering"}, "defaults.status: This must be one of: received,"),
        ({"zone": "Boston"}, "zone: “Boston” is not a time zone"),
        ({"encoding": "windows-9999"}, "encoding: There is no such encoding"),
        ({"encoding": "hex"}, "encoding: There is no such encoding"),
        ({"delimiter": "xx"}, "delimiter: This must be a comma"),
        ({"bounds": [1, 2, 0, 4]}, "bounds: This must be four numbers in degrees"),
        ({"nowhere": [[1]]}, "nowhere: This must be a list of positions"),
        ({"unknown__ward": "guess"}, "unknown.ward: This must be one of: refuse, create."),
        ({"new_category": {"service_time": 0}}, "new_category.service_time: This must be a whole number"),
        ({"visibilty": "public"}, "visibilty: There is no such value"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_mapping_that_is_wrong_is_told_by_the_path_in_it(
    app: Flask, tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    assert f"mapping.json: {reason}" in refused(app, tmp_path, rows({}), by=mapping(**changes))


def test_all_faults_of_a_mapping_are_told_at_once(app: Flask, tmp_path: Path) -> None:
    told = refused(app, tmp_path, rows({}), by=mapping(zone="X", encoding="Y", columns__hue="Z"))

    assert told.count("mapping.json: ") == 3


def test_a_mapping_that_cannot_be_read_is_told(app: Flask, tmp_path: Path) -> None:
    assert "mapping.toml: The mapping cannot be read:" in refused(app, tmp_path, rows({}), by="source = ")


def test_an_import_without_a_mapping_is_wrong_use(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(rows({}))

    assert app.test_cli_runner().invoke(import_cases_command, [str(file)]).exit_code == 2


@pytest.mark.skipif(not BOSTON.exists(), reason="the sample of Boston's requests is not here")
def test_two_thousand_real_requests_come_in_by_the_example_of_the_docs(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, BOSTON.read_bytes(), "--skip-wrong", by=EXAMPLE.read_text())

    assert "Cases: 1999 new, 0 closed since, 0 as before, 1 wrong." in answer.output
    assert "Line 1363, column “target_dt”: It is due before it was received." in answer.stderr
    assert sum(case.closed_at is None for case in cases()) == 143
    assert (
        "1999 as before"
        in bring_in(app, tmp_path, BOSTON.read_bytes(), "--skip-wrong", by=EXAMPLE.read_text()).output
    )


def test_the_example_of_the_docs_has_every_section(app: Flask) -> None:
    assert set(MAPPING) <= set(tomllib.loads(EXAMPLE.read_text()))
