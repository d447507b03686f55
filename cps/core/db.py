"""The database: one session, honest transactions, typed columns, on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from enum import Enum as PyEnum
from typing import TYPE_CHECKING, Annotated, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry

from cps.core import write_turns

WRITING = "cps_writing"
UNCHECKED = "cps_unchecked"
"""Execution option: SQLite leaves foreign keys alone."""

BUSY_TIMEOUT_MS = 5_000

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Use `timestamptz` where the database has it."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse times without a zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
BigId = BigInteger().with_variant(Integer(), "sqlite")
Id = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]
Texts = dict[str, str]
"""`{language: text}`: data that people translate; read through `cps.core.i18n.localized`."""


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: UtcDateTime(),
            str: Text(),
            dict[str, str]: Json,
            dict[str, Any]: Json,
            list[str]: Json,
            list[dict[str, Any]]: Json,
            PyEnum: Enum(
                PyEnum,
                native_enum=False,
                create_constraint=True,
                length=40,
                values_callable=lambda members: [m.value for m in members],
            ),
        },
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:

    class Model(Base):
        """The base class of every model."""

        __abstract__ = True
else:
    Model = db.Model


class WriteOutsideTransaction(RuntimeError):
    """A row was about to be written outside `transaction()`: a mistake in the program."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Run one write transaction: all of the block is committed, or nothing.

    Ends the read transaction of the request first, so that what is to be changed must be loaded anew,
    inside. On SQLite it begins IMMEDIATE: waiting for another writer happens here, at the start, never
    halfway. Raises OperationalError when the database is locked beyond `BUSY_TIMEOUT_MS` or gone.
    """
    session = db.session()
    session.rollback()
    with _turn(session):
        try:
            session.connection(execution_options={WRITING: True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def _turn(session: Session) -> AbstractContextManager[None]:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return write_turns.in_turn(BUSY_TIMEOUT_MS / 1000) if is_sqlite else nullcontext()


def init_app(app: Flask) -> None:
    """Bind the database to the application and install the transaction rules."""
    db.init_app(app)
    app.extensions["migrate"] = _Migrations(app)
    with app.app_context():
        prepare_engine(db.engine)


class _Migrations:
    """Stands where Flask-Migrate keeps its settings until somebody asks for them.

    Web processes never do, and without it, Alembic and what they bring are 10 MB smaller.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate().init_app(self._app, db, directory=self._app.config["MIGRATIONS"], render_as_batch=True)
        return getattr(self._app.extensions["migrate"], name)


def prepare_engine(engine: Engine) -> None:
    """Install the connection settings and the BEGIN that this program relies on."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _set_up_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is deferred and loses writes
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA recursive_triggers = ON")  # else REPLACE deletes past the triggers that refuse it
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.execute("PRAGMA cache_size = -512")  # KiB for each of many connections; the system caches the file
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(UNCHECKED, False):
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # means nothing once a transaction has begun
        connection.connection.invalidate(soft=True)  # the pool opens another one for whoever comes next
    if options.get(WRITING, False):
        write_turns.begin(connection, BUSY_TIMEOUT_MS / 1000)
    else:
        connection.exec_driver_sql("BEGIN")


@event.listens_for(Session, "before_flush")
def _flush_only_in_transaction(session: Session, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        _must_be_writing(session)


@event.listens_for(Session, "do_orm_execute")
def _write_only_in_transaction(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _must_be_writing(state.session)


def _must_be_writing(session: Session) -> None:
    if not session.connection().get_execution_options().get(WRITING, False):
        raise WriteOutsideTransaction("writes belong inside `with transaction():`")
