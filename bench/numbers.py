"""References of copied cases, made by the database: a month before all others, the key, a check digit."""

from typing import Any, Self

from sqlalchemy import Column, ColumnElement, Integer, MetaData, Select, String, Table, cast, insert, literal

from cps.cases.reference import check_digit
from cps.core.db import db, transaction

MONTH = 1001
"""January 2010, before the first case of any demo city; the pages refuse what is no month."""

LOW = 1_000
MOST = 10_000_000
"""Seven digits tell the copies apart."""

_tables = MetaData()
_high = Table(
    "bench_high",
    _tables,
    Column("high", Integer, primary_key=True, autoincrement=False),
    Column("interim", Integer, nullable=False),
)
_low = Table(
    "bench_low",
    _tables,
    Column("interim", Integer, primary_key=True, autoincrement=False),
    Column("low", Integer, primary_key=True, autoincrement=False),
    Column("digit", Integer, nullable=False),
)

_copy = _high.alias("bench_copy")


class Numbers:
    """While it is open, two small tables know the check digit of every key.

    `most_copies` is the largest number that tells copies of a row apart.

    After its first four digits Damm's algorithm is in one of ten states; from each, the last three lead on to
    the digit.
    """

    most_copies = MOST // LOW - 1

    def __enter__(self) -> Self:
        begins = {check_digit(str(digit)): digit for digit in range(10)}
        highs = [{"high": high, "interim": check_digit(f"{MONTH}{high:04d}")} for high in range(MOST // LOW)]
        lows = [
            {"interim": interim, "low": low, "digit": check_digit(f"{begin}{low:03d}")}
            for interim, begin in begins.items()
            for low in range(LOW)
        ]
        with transaction() as session:
            _tables.drop_all(session.connection())
            _tables.create_all(session.connection())
            session.execute(insert(_high), highs)
            session.execute(insert(_low), lows)
        return self

    def __exit__(self, *_error: object) -> None:
        db.session.rollback()
        with transaction() as session:
            _tables.drop_all(session.connection())

    @property
    def copy(self) -> ColumnElement[int]:
        """Return the column that `times` adds: the numbers from 0 to `most_copies`."""
        return _copy.c.high

    def times(self, rows: Select[Any]) -> Select[Any]:
        """Have each row as often as there are numbers; the caller says which of them are wanted."""
        return rows.join(_copy, literal(value=True))

    def join(self, rows: Select[Any], key: ColumnElement[int]) -> Select[Any]:
        """Join what `reference` needs."""
        return rows.join(_high, _high.c.high == key // LOW).join(
            _low, (_low.c.interim == _high.c.interim) & (_low.c.low == key % LOW)
        )

    def reference(self, key: ColumnElement[int]) -> ColumnElement[str]:
        """Return the twelve digits of a key below ten million."""
        return self.digits(key) + cast(_low.c.digit, String)

    def digits(self, key: ColumnElement[int]) -> ColumnElement[str]:
        """Return the same without the check digit."""
        return cast(key + MONTH * MOST, String)
