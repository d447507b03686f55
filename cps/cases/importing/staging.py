"""The cases of a file on their way in: in the order of the file, each external number once."""

import pickle
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cps.cases.importing.preparing import Prepared
from cps.core.staging import private_database

_TABLE = """
CREATE TABLE row (
    line INTEGER PRIMARY KEY, external_id TEXT UNIQUE, category TEXT, category_group TEXT, department TEXT,
    ward TEXT, content BLOB
)
"""


@dataclass(frozen=True, slots=True)
class Staging:
    """What was read of a file so far."""

    _database: sqlite3.Connection

    def add(self, case: Prepared) -> int | None:
        """Keep a case; returns the line where its external number stood before, else None."""
        row = case.row
        content = pickle.dumps(case, pickle.HIGHEST_PROTOCOL)
        values = (row.line, row.external_id, row.category, row.category_group, row.department, row.ward,
                  content)  # fmt: skip
        try:
            self._database.execute("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        except sqlite3.IntegrityError:
            found = self._database.execute("SELECT line FROM row WHERE external_id = ?", values[1:2])
            return int(found.fetchone()[0])
        return None

    def chunks(self, size: int) -> Iterator[list[Prepared]]:
        """Yield the cases in the order of the file, so many at a time."""
        rows = self._database.execute("SELECT content FROM row ORDER BY line")
        while some := rows.fetchmany(size):
            yield [pickle.loads(content) for (content,) in some]  # noqa: S301 - written by `add` alone

    def categories(self) -> dict[str, tuple[str, str]]:
        """Return of each category that is used its most usual group and department."""
        usual = self._database.execute(
            "SELECT category, category_group, department FROM row GROUP BY 1, 2, 3 ORDER BY count(*), 1, 2, 3"
        )
        return {category: (group, department) for category, group, department in usual}

    def departments(self) -> Counter[str]:
        """Return how many cases each department has."""
        return self._counted("SELECT department, count(*) FROM row GROUP BY 1")

    def wards(self) -> Counter[str]:
        """Return how many cases each ward has; those without one count for none."""
        return self._counted("SELECT ward, count(*) FROM row WHERE ward <> '' GROUP BY 1")

    def _counted(self, statement: str) -> Counter[str]:
        return Counter(dict(self._database.execute(statement).fetchall()))

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM row").fetchone()[0])


@contextmanager
def staging() -> Iterator[Staging]:
    """Give a place for one file's cases, until the block ends."""
    with private_database(_TABLE) as database:
        yield Staging(database)
