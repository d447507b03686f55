"""What the search index of SQLite keeps of words that are gone: nothing, where somebody is forgotten."""

from sqlalchemy import text

from cps.core.db import db

_OPTIMIZE = text("INSERT INTO case_search(case_search) VALUES ('optimize')")


def drop_gone_words() -> None:
    """Let words that left the index, in the running transaction, leave its file too; call it once for many.

    FTS5 by itself only marks them as gone until it happens to merge (https://sqlite.org/fts5.html, 6.8), and
    `secure-delete` needs a newer SQLite than many have. It writes the whole index anew. PostgreSQL has the
    words in the row alone.
    """
    if db.engine.dialect.name == "sqlite":
        db.session.execute(_OPTIMIZE)
