"""Values stand in a backup so that none of them is lost or taken for another."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, Column, Interval, LargeBinary, MetaData, Numeric, Table

from cps.core.backup.kinds import kind_of
from cps.core.backup.rows import BadRow, Content, Shape, line_of
from cps.core.db import Json, UtcDateTime, db

SHAPE = Shape("things", (("id", "integer"), ("made", "moment"), ("about", "json")), ("id",))


@pytest.mark.one_database("columns are read before any database")
def test_every_column_of_the_program_has_a_kind(app: Flask) -> None:
    shapes = [Shape.of(table) for table in db.metadata.tables.values()]

    assert {shape.name for shape in shapes} >= {"city", "cases", "audit", "form_key"}
    assert all(shape.key for shape in shapes)


@pytest.mark.one_database("columns are read before any database")
def test_what_the_database_computes_is_left_out(app: Flask) -> None:
    names = Shape.of(db.metadata.tables["cases"]).names

    assert "is_listed" not in names
    assert "is_private" in names


def test_bytes_and_decimals_have_kinds_and_durations_have_none() -> None:
    assert [kind_of(t) for t in (LargeBinary(), Numeric(), UtcDateTime(), Json)] == [
        "bytes",
        "decimal",
        "moment",
        "json",
    ]
    with pytest.raises(TypeError, match="have no kind"):
        Shape.of(Table("t", MetaData(), Column("x", Interval)))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", -(2**63)),
        ("boolean", True),
        ("float", 0.1),
        ("float", 5e-324),
        ("text", ""),
        ("text", "🕳️\u2028\\\"'\n"),
        ("decimal", Decimal("0.10")),
        ("bytes", bytes(range(256))),
        ("bytes", b""),
        ("date", date(1, 1, 1)),
        ("time", time(23, 59, 59, 999_999)),
        ("moment", datetime(1, 1, 1, tzinfo=UTC)),
        ("moment", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("moment", datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))),
    ],
)
def test_a_value_comes_back_from_its_line(kind: str, value: Any) -> None:
    shape = Shape("t", (("x", kind),), ("x",))

    back = shape.typed(shape.parse(line_of(shape.plain([value]))))["x"]

    assert (back, type(back)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    ["1", '""', "[]", "{}", "[null]", "true", '{"json": null}', '{"json": {"json": 1}}', '{"a": null}'],
)
def test_a_document_comes_back_from_its_line(text: str) -> None:
    shape = Shape("t", (("x", "json"),), ("x",))

    back = shape.typed(shape.parse(line_of(shape.plain([text]))))["x"]

    assert back == json.loads(text)


def test_null_and_a_document_that_is_null_are_two_things() -> None:
    rows = [SHAPE.typed(SHAPE.parse(line_of(SHAPE.plain([1, None, about])))) for about in (None, "null")]

    assert rows[0]["about"] is None
    assert rows[1]["about"] is JSON.NULL


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[1, null]",
        b'["1", null, null]',
        b"[true, null, null]",
        b'[1, "2026-11-18", null]',
        b"[1.0, null, 1]",
    ],
)
def test_a_line_that_is_no_row_is_refused(line: bytes) -> None:
    with pytest.raises(BadRow):
        SHAPE.typed(SHAPE.parse(line))


def content(*lines: bytes) -> str:
    counted = Content()
    for line in lines:
        counted.add(line)
    return counted.text()


def test_the_order_of_rows_does_not_change_their_content_and_everything_else_does() -> None:
    rows = (b'[1,"a"]\n', b'[2,"b"]\n', b'[3,"b"]\n')

    assert content(*rows) == content(*reversed(rows))
    assert (
        len({content(*rows), content(*rows[:2]), content(*rows, rows[0]), content(rows[0], rows[0], rows[2])})
        == 4
    )


@pytest.mark.parametrize(
    ("sqlite", "postgresql"),
    [
        (b"[[1e+22]]", b"[[10000000000000000000000]]"),
        (b'[{"a":-0.0}]', b'[{"a":0.0}]'),
        (b"[[1.7976931348623157e+308]]", b"[[17976931348623157" + b"0" * 292 + b"]]"),
    ],
)
def test_a_number_that_postgresql_writes_otherwise_is_the_same_content(
    sqlite: bytes, postgresql: bytes
) -> None:
    assert content(sqlite) == content(postgresql)


@pytest.mark.parametrize("text", [b'["1e+22 metres"]', b'["a,9e+999,b"]', b'["-0.0"]', b'[",1.2.3e+22,"]'])
def test_a_text_that_looks_like_such_a_number_does_no_harm(text: bytes) -> None:
    assert content(text) != content(text.replace(b"+", b"-").replace(b"0", b"1"))
