"""`cps import residents`: what files may look like, what is refused, what a second import changes."""

import csv
import os
import stat
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from cps.accounts import queries as accounts
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow
from cps.residents import queries, services
from cps.residents.models import RegisterEntry
from cps.residents.rules import LETTER_FOR, LETTER_TRIES, Claim, read_letter_code
from cps.wards.models import Ward
from tests.residents.steps import bring_in, entries, entry_of, make_entry, make_proof
from tests.support.factories import make_resident, make_ward
from tests.support.fixtures import WEDNESDAY, Clock

HEAD = "number,ward,birth date\n"
ANN, BOB, EVE = "900517-1234567,harbour,1990-05-17\n", "A-2,hill,1985-01-02\n", "A-3,hill,1970-12-31\n"
QUOTED = """\
"Birth_Date","Ward code","Register-Number","name"
"1990. 5. 17.","harbour","900517-1234567","Kim ""Ann"",
O'Neil"

"19850102","hill","A-2",""
"""


@pytest.fixture(autouse=True)
def harbour(app: Flask) -> Ward:
    make_ward("hill")
    return make_ward("harbour")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text(HEAD + ANN + BOB)
    return path


def refused(app: Flask, file: Path, *options: str) -> tuple[str, str]:
    """Return what a refused import says at its end, and before it on standard error; nothing is written."""
    before = [(e.tag, e.ward_id, e.born_on, e.gone_at) for e in entries()]
    answer = bring_in(app, file, *options)
    assert isinstance(answer.exception, RuleViolation), answer.output
    assert [(e.tag, e.ward_id, e.born_on, e.gone_at) for e in entries()] == before
    return answer.exception.message, answer.stderr


def test_a_register_comes_in_with_ward_and_birth_date(app: Flask, file: Path, harbour: Ward) -> None:
    answer = bring_in(app, file)

    assert "2 new, 0 changed, 0 as before, 0 gone" in answer.output
    ann = entry_of("9005171234567")
    assert ann is not None
    assert (ann.ward_id, ann.born_on, ann.imported_at) == (harbour.id, date(1990, 5, 17), WEDNESDAY)
    row = db.session.scalars(db.select(AuditRow)).one()
    assert (row.action, row.changes["new"]) == ("import-residents", [None, 2])


def test_the_same_file_again_changes_nothing(app: Flask, file: Path, clock: Clock) -> None:
    bring_in(app, file)
    clock.move(days=1)

    answer = bring_in(app, file, "--full")

    assert "0 new, 0 changed, 2 as before, 0 gone" in answer.output
    assert {entry.imported_at for entry in entries()} == {WEDNESDAY}
    assert db.session.scalar(db.select(db.func.count(AuditRow.id))) == 1


def test_who_moves_gets_the_new_ward_and_keeps_the_proof(app: Flask, file: Path) -> None:
    bring_in(app, file)
    entry = entry_of("A-2")
    assert entry is not None
    make_proof(entry, ann := make_resident())
    file.write_text(HEAD + BOB.replace("hill", "harbour"))

    answer = bring_in(app, file)

    assert "0 new, 1 changed, 0 as before, 0 gone" in answer.output
    facts = queries.facts_of(ann.id)
    assert facts is not None
    assert db.session.get_one(Ward, facts.ward_id).code == "harbour"


def test_only_a_full_file_says_who_is_gone_and_a_later_one_brings_them_back(app: Flask, file: Path) -> None:
    bring_in(app, file)
    file.write_text(HEAD + BOB)
    bring_in(app, file)
    assert [entry.gone_at for entry in entries()] == [None, None]

    assert "1 as before, 1 gone" in bring_in(app, file, "--full").output
    gone = entry_of("900517-1234567")
    assert gone is not None
    assert gone.gone_at == WEDNESDAY

    file.write_text(HEAD + ANN + BOB)
    assert "0 new, 1 changed, 1 as before" in bring_in(app, file).output
    assert [entry.gone_at for entry in entries()] == [None, None]


def test_what_a_clerk_wrote_becomes_part_of_the_register(app: Flask, file: Path, harbour: Ward) -> None:
    make_entry(register_number="900517-1234567", ward=harbour, imported_at=None)

    assert "1 new, 1 changed" in bring_in(app, file).output


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_files_and_registers_of_any_size_are_walked_together(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harbour: Ward, chunk: int
) -> None:
    monkeypatch.setattr("cps.residents.services.importing.CHUNK", chunk)
    for number in range(7):
        make_entry(register_number=f"old-{number}", ward=harbour)
    file = tmp_path / "register.csv"
    known = "".join(f"old-{number},harbour,1990-05-17\n" for number in range(2, 5))
    file.write_text(HEAD + known + "".join(f"new-{number},hill,1980-01-01\n" for number in range(6)))

    assert "6 new, 0 changed, 3 as before, 4 gone" in bring_in(app, file, "--full", "--dry-run").output
    assert "6 new, 0 changed, 3 as before, 4 gone" in bring_in(app, file, "--full").output

    assert len(entries()) == 13
    assert sum(entry.gone_at is not None for entry in entries()) == 4


def test_a_dry_run_tells_and_writes_nothing(app: Flask, file: Path) -> None:
    answer = bring_in(app, file, "--dry-run")

    assert "2 new" in answer.output
    assert "Nothing was changed." in answer.output
    assert entries() == []


@pytest.mark.parametrize(
    "written",
    [
        (HEAD + ANN + BOB).encode("utf-8-sig"),
        (HEAD + ANN + BOB).replace(",", ";").encode(),
        (HEAD + ANN + BOB).replace(",", "\t").encode(),
        (HEAD + ANN + BOB).replace("\n", "\r\n").encode(),
        QUOTED.encode(),
    ],
)
def test_files_are_read_as_offices_save_them(app: Flask, file: Path, written: bytes) -> None:
    file.write_bytes(written)

    assert "2 new" in bring_in(app, file).output
    assert entry_of("900517-1234567") is not None


def test_columns_of_other_names_are_said(app: Flask, file: Path) -> None:
    file.write_text(f"주민번호,동,생년월일\n{ANN}")

    message, _ = refused(app, file)
    assert "There is no column “number”" in message
    assert "주민번호" in message
    answer = bring_in(app, file, "--map", "number=주민번호", "--map", "ward=동", "--map", "born=생년월일")

    assert "1 new" in answer.output


def test_two_columns_that_could_be_meant_are_not_guessed(app: Flask, file: Path) -> None:
    file.write_text("number,ward,born,birth date\n")

    assert "Several columns could be “born”" in refused(app, file)[0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",hill,1990-05-17", "The number is empty."),
        (" - ,hill,1990-05-17", "The number is empty."),
        (f"{'1' * 41},hill,1990-05-17", "The number has more than 40 signs."),
        ("A-9,nowhere,1990-05-17", "There is no ward with the code “nowhere”."),
        ("A-9,,1990-05-17", "There is no ward with the code “”."),
        ("A-9,hill,", "The birth date is empty."),
        ("A-9,hill,05/06/1990", "The birth date is no date of the form 1990-05-17."),
        ("A-9,hill,1990-02-30", "The birth date is no date of the form 1990-05-17."),
        ("A-9,hill,2026-11-19", "The birth date lies in the future."),
        ("A-9,hill,1890-01-01", "The birth date is more than 130 years ago."),
        ("A-9,hill", "It has 2 fields and the head 3."),
        ("A-9,hill,1990-05-17,more", "It has 4 fields and the head 3."),
        ('A-9,"hill"x,1990-05-17', "The quotes do not match, or a field is much too long."),
        ("A-9,hil\udcff,1990-05-17", "It is not text in UTF-8."),
        ("900517 1234567,hill,1990-05-17", "The number stands in line 2 already."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_wrong_row_is_told_by_its_line_and_stops_everything(
    app: Flask, file: Path, row: str, reason: str
) -> None:
    file.write_bytes(f"{HEAD}{ANN}\n{row}\n{BOB}".encode(errors="surrogateescape"))

    message, told = refused(app, file)

    assert message.startswith("1 row is wrong, so nothing was changed.")
    assert told.strip().splitlines()[-1] == f"Line 4: {reason}"
    assert "1234567" not in told


def test_wrong_rows_may_be_skipped(app: Flask, file: Path) -> None:
    file.write_text(HEAD + ANN + "A-9,nowhere,1990-05-17\n" + ANN + BOB)

    answer = bring_in(app, file, "--skip-wrong")

    assert "2 new" in answer.output
    assert "Line 4: The number stands in line 2 already." in answer.stderr


def test_of_many_wrong_rows_the_first_are_told_and_all_are_counted(app: Flask, file: Path) -> None:
    file.write_text(HEAD + "A-9,nowhere,1990-05-17\n" * 50)

    message, told = refused(app, file)

    assert message.startswith("50 rows are wrong")
    assert told.count("Line ") == 20
    assert told.strip().endswith("and 30 more.")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (b"", "The file is empty."),
        (b"\n", "The file is empty."),
        (HEAD.encode(), "The file has no row"),
        ((HEAD + ANN).encode("utf-16"), "The file is not text in UTF-8."),
        ("número,ward,birth date\n".encode("latin-1"), "The file is not text in UTF-8."),
        (b"PK\x03\x04\x14\x00" + bytes(range(256)) * 20, ""),
        (b"number,ward\nA,hill\n", "There is no column “born”"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_is_no_register_is_refused(app: Flask, file: Path, written: bytes, reason: str) -> None:
    file.write_bytes(written)

    assert reason in refused(app, file)[0]


def test_a_quote_that_is_never_closed_is_told_by_the_line_where_it_opens(app: Flask, file: Path) -> None:
    file.write_text(HEAD + ANN + '"A-9,hill,1990-05-17\n' + "x,y,z\n" * 50_000)

    _message, told = refused(app, file)

    assert "Line 3: The quotes do not match" in told


def test_who_stands_in_a_wrong_row_cannot_count_as_gone(app: Flask, file: Path) -> None:
    answer = bring_in(app, file, "--full", "--skip-wrong")

    assert answer.exit_code == 2
    assert entries() == []


@pytest.mark.parametrize("option", ["number", "number=", "name=x", "=x"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_map_that_maps_nothing_is_wrong_use(app: Flask, file: Path, option: str) -> None:
    assert bring_in(app, file, "--map", option).exit_code == 2


def test_a_city_without_wards_is_told_to_bring_them_in_first(app: Flask, file: Path) -> None:
    with transaction() as session:
        for ward in session.scalars(db.select(Ward)):
            ward.is_active = False

    assert "The city has no wards yet." in refused(app, file)[0]


def letters(app: Flask, file: Path, name: str = "letters", *options: str) -> list[dict[str, str]]:
    out = file.parent / f"{name}.csv"
    answer = bring_in(app, file, "--letters", str(out), *options)
    assert answer.exit_code == 0, answer.output
    with out.open(encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def test_letters_carry_codes_that_prove_who_somebody_is(app: Flask, file: Path) -> None:
    ann = make_resident()

    rows = letters(app, file)

    assert [(row["letter"], row["number"]) for row in rows] == [("1", "900517-1234567"), ("2", "A-2")]
    assert {row["valid until"] for row in rows} == {"2027-01-17"}
    assert rows[0]["ward"].startswith("Ward")
    code = read_letter_code(rows[0]["code"])
    assert code is not None
    with transaction():
        locked = accounts.lock_account(ann.id)
        assert services.claim(locked, code, date(1990, 5, 17), at=WEDNESDAY) is Claim.DONE


def test_the_codes_of_letters_are_stored_as_keyed_hashes_only(app: Flask, file: Path) -> None:
    rows = letters(app, file)

    stored = {e.letter_code_hash for e in entries()}
    assert len(stored) == 2
    for row in rows:
        assert row["code"] not in stored
        assert read_letter_code(row["code"]) not in stored


def test_only_who_owns_the_files_can_read_them(app: Flask, file: Path) -> None:
    before = os.umask(0)
    try:
        letters(app, file)
    finally:
        os.umask(before)

    modes = {stat.S_IMODE((file.parent / f"letters{end}").stat().st_mode) for end in (".csv", ".html")}
    assert modes == {0o600}


def test_who_has_a_good_letter_or_is_proven_or_gone_gets_none(app: Flask, file: Path, clock: Clock) -> None:
    file.write_text(HEAD + ANN + BOB + EVE + "A-4,hill,1970-01-01\n")
    assert len(letters(app, file)) == 4
    proven = entry_of("A-2")
    assert proven is not None
    make_proof(proven, make_resident())

    assert letters(app, file, "again") == []

    with transaction() as session:
        tried = session.get_one(RegisterEntry, entry_of("A-3").tag)  # type: ignore[union-attr]
        tried.letter_tries = LETTER_TRIES
    assert [row["number"] for row in letters(app, file, "tried")] == ["A-3"]

    clock.move(days=60)
    assert [row["number"] for row in letters(app, file, "lapsed")] == ["900517-1234567", "A-3", "A-4"]


def test_who_is_gone_from_a_full_file_has_no_letter_any_more(app: Flask, file: Path) -> None:
    ann = make_resident()
    code = read_letter_code(letters(app, file)[0]["code"])
    file.write_text(HEAD + BOB)
    bring_in(app, file, "--full")

    assert code is not None
    with transaction():
        locked = accounts.lock_account(ann.id)
        assert services.claim(locked, code, date(1990, 5, 17), at=WEDNESDAY) is Claim.WRONG


def test_printed_letters_say_in_each_language_what_to_do_and_show_no_whole_number(
    app: Flask, file: Path
) -> None:
    rows = letters(app, file)

    page = (file.parent / "letters.html").read_text()
    assert page.count("<article") == 2
    assert all(page.count(row["code"]) == 1 for row in rows)
    assert page.count('lang="ko"') == 2
    assert page.count("http://localhost/accounts/me/register") == 4
    assert "900517" not in page
    assert "···· 4567" in page
    assert "17 January 2027" in page


def test_files_that_stand_already_are_not_written_over(app: Flask, file: Path) -> None:
    (file.parent / "letters.html").write_text("on their way")

    message, _told = refused(app, file, "--letters", str(file.parent / "letters.csv"))

    assert "is there already" in message
    assert (file.parent / "letters.html").read_text() == "on their way"
    assert not (file.parent / "letters.csv").exists()


def test_letters_that_cannot_be_written_leave_no_code_and_no_file(app: Flask, file: Path) -> None:
    answer = bring_in(app, file, "--letters", str(file.parent / "no such folder" / "letters.csv"))

    assert answer.exit_code != 0
    assert entries() == []


def test_a_cell_that_looks_like_a_formula_is_only_a_text(app: Flask, file: Path) -> None:
    file.write_text(HEAD + "=1+1,hill,1990-05-17\n")

    assert [row["number"] for row in letters(app, file)] == ["'=1+1"]


@pytest.mark.settings(base_url=None)
def test_letters_need_the_address_of_the_site(app: Flask, file: Path) -> None:
    message, _told = refused(app, file, "--letters", str(file.parent / "letters.csv"))

    assert "CPS_BASE_URL" in message


def test_a_letter_is_good_for_as_long_as_it_says(app: Flask, file: Path) -> None:
    assert letters(app, file)[0]["valid until"] == (WEDNESDAY + LETTER_FOR).date().isoformat()
