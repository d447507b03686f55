"""Tables as offices save them: what is read, what is told, and that a large file is not held in memory."""

import io
import tracemalloc
from pathlib import Path

import pytest

from cps.core.errors import RuleViolation
from cps.core.table_file import Cells, fault_in, table_file
from cps.core.wrong_rows import WrongRow, WrongRows


def read(written: bytes, **options: str) -> tuple[list[str], list[Cells | WrongRow]]:
    with table_file(io.BytesIO(written), **options) as table:
        return table.head, list(table.rows())


@pytest.mark.parametrize(
    "written",
    [
        b"name,place\nAnn,Hill\n",
        b"\xef\xbb\xbfname,place\r\nAnn,Hill\r\n",
        b"name;place\nAnn;Hill",
        b"name\tplace\n\n\t\nAnn\tHill\n\n",
        b'"name","place"\n"Ann","Hill"\n',
    ],
)
def test_tables_are_read_as_offices_save_them(written: bytes) -> None:
    head, rows = read(written)

    assert head == ["name", "place"]
    assert [row.cells for row in rows if isinstance(row, Cells)] == [["Ann", "Hill"]]


def test_a_field_may_have_line_breaks_and_lines_go_on_counting() -> None:
    _head, rows = read(b'name,place\n"Ann\r\nLee","the ""Hill"""\nBob,Dale\nshort\n')

    assert rows[:2] == [Cells(2, ["Ann\r\nLee", 'the "Hill"']), Cells(4, ["Bob", "Dale"])]
    assert str(rows[2]) == "Line 5: It has 1 fields and the head 2."


def test_an_open_quote_is_told_with_the_lines_it_swallows() -> None:
    _head, rows = read(b'name,place\n"Ann,Hill\nBob,Dale\n')

    assert [str(row) for row in rows] == [
        "Line 2: The quotes do not match, or a field is much too long: up to line 3."
    ]


def test_another_encoding_is_read_when_it_is_named() -> None:
    _head, rows = read("name,place\nJosé,Peñón\n".encode("cp1252"), encoding="windows-1252")

    assert rows == [Cells(2, ["José", "Peñón"])]


def test_a_cell_of_another_encoding_is_found() -> None:
    _head, rows = read("name,place\nJosé,Hill\n".encode("cp1252"))

    assert isinstance(rows[0], Cells)
    assert fault_in(rows[0].cells[0]) == "It is not text in UTF-8."
    assert fault_in(rows[0].cells[1]) is None


def test_a_zero_byte_is_no_text() -> None:
    _head, rows = read(b"name,place\nA\0nn,Hill\n")

    assert isinstance(rows[0], Cells)
    assert fault_in(rows[0].cells[0]) == "It holds a zero byte, so it is no text."


@pytest.mark.parametrize(
    ("written", "options", "reason"),
    [
        (b"", {}, "The file is empty."),
        ("name,place\n".encode("utf-16"), {}, "not text in UTF-8"),
        ("n\u00e4me,place\n".encode("latin-1"), {}, "not text in UTF-8"),
        (b"\xef\xbb\xbfname\n", {"encoding": "windows-1252"}, "begins like text in UTF-8"),
        (b"name\n" + b"x" * 1_000_001, {}, "more than a million signs"),
    ],
)
def test_what_is_no_table_is_refused(written: bytes, options: dict[str, str], reason: str) -> None:
    with pytest.raises(RuleViolation, match=reason):
        read(written, **options)


def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(b"name,place\n" + b'Ann,"a long story of\nwhat happened at the corner"\n' * 120_000)
    tracemalloc.start()
    try:
        with path.open("rb") as file, table_file(file) as table:
            number = sum(1 for _row in table.rows())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert number == 120_000
    assert peak < path.stat().st_size / 10


def test_of_many_wrong_rows_the_first_are_told_and_all_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = WrongRows()
    for line in range(2, 42):
        wrong.add(WrongRow(line, "It is empty.", "name"))

    wrong.tell()

    told = capsys.readouterr().err.splitlines()
    assert told[0] == "Line 2, column “name”: It is empty."
    assert (len(told), told[-1]) == (21, "and 20 more.")
    with pytest.raises(RuleViolation, match="40 rows are wrong, so nothing was changed"):
        wrong.refuse()
