"""Schema revisions: which one the program has, which one a database has, and moving between them.

Everything happens on a given connection and in its transaction.
"""

from typing import Any

from flask import current_app
from sqlalchemy import Connection


def head() -> str:
    """Return the newest revision that this program knows."""
    newest: str = _scripts().get_current_head()
    return newest


def is_known(revision: str) -> bool:
    """Say whether this program has a migration of exactly this name."""
    return any(script.revision == revision for script in _scripts().walk_revisions())


def of(connection: Connection) -> str | None:
    """Return the revision of a database, or None where it has no tables of ours."""
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def move(connection: Connection, revision: str) -> None:
    """Bring the schema up or down to a revision that this program knows."""
    from alembic import command

    now = of(connection)
    if now == revision:
        return
    (command.downgrade if now and _is_before(revision, now) else command.upgrade)(
        _config(connection), revision
    )


def _is_before(revision: str, later: str) -> bool:
    below = {script.revision for script in _scripts().iterate_revisions(later, "base")}
    return revision in below


def _config(connection: Connection) -> Any:
    config = current_app.extensions["migrate"].migrate.get_config(current_app.config["MIGRATIONS"])
    config.attributes["connection"] = connection
    return config


def _scripts() -> Any:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(current_app.config["MIGRATIONS"])
