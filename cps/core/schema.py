"""The level of the schema, so that a program that is too old for it stops at start with one line.

Each migration raises the level by one and says which level of program may still use the schema. One that only
adds leaves `oldest_code` as it was: the version before goes on working. Only one that takes something away
raises it, to the first level that does without.
"""

from typing import NamedTuple

from sqlalchemy import Connection, text

from cps.core.db import db
from cps.core.errors import ConfigurationError

LEVEL = 38
"""The level of this program: that of the newest migration that came with it."""


class Standing(NamedTuple):
    """What the database says of its schema."""

    level: int
    oldest_code: int


_WRITE = text(
    "INSERT INTO schema_level (id, level, oldest_code) VALUES (1, :level, :oldest_code)"
    " ON CONFLICT (id) DO UPDATE SET level = excluded.level, oldest_code = excluded.oldest_code"
)


def set_level(connection: Connection, level: int, *, oldest_code: int) -> None:
    """Write the level that a migration leads to, and the lowest level of program that may still use it."""
    connection.execute(_WRITE, {"level": level, "oldest_code": oldest_code})


def standing() -> Standing | None:
    """Return what the database says, or nothing where no migration has said it yet.

    Raises SQLAlchemyError where the database does not answer or has no tables.
    """
    row = db.session.execute(text("SELECT level, oldest_code FROM schema_level")).first()
    return Standing(*row) if row else None


def refuse_older_code() -> None:
    """Raise ConfigurationError where this program is too old for the schema of its database."""
    found = standing()
    if found is not None and found.oldest_code > LEVEL:
        raise ConfigurationError(
            f"This program (level {LEVEL}) is too old for its database, which asks for level"
            f" {found.oldest_code} or newer. Install the version that upgraded it."
        )
