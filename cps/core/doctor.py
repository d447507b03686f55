"""Looks whether an installation is well: what is set, what is there, what is true that should be.

Features add their own checks in `checks.py` with `@check`. A check returns a line that says what it found, or
raises `Wrong` with a line that says what is wrong and what to do.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from cps.core import audit, city, leases, schema, triggers
from cps.core.db import db
from cps.core.errors import ConfigurationError
from cps.core.keys import IDENTITY_KEY_FILE, app_identity_key
from cps.core.leases import Counts
from cps.core.models import AuditRow, Job, Leased, OutboxFact
from cps.core.storage import Storage

CLOCKS_APART = timedelta(minutes=2)
FIRST = ("database", "migrations")


class Wrong(Exception):
    """Something is not as it should be; the message says what, and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `is_well` is False where somebody must act."""

    name: str
    is_well: bool
    text: str


Check = Callable[[datetime], str]

_checks: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register a check under the name that is printed before what it found."""

    def register(function: Check) -> Check:
        _checks[name] = function
        return function

    return register


def examine(*, at: datetime) -> list[Finding]:
    """Do every check and return what was found.

    Without a database that answers and has this program's tables, the checks after those two mean nothing
    and are left out.
    """
    findings = []
    for name, look in _checks.items():
        findings.append(_examine(name, look, at))
        if name in FIRST and not findings[-1].is_well:
            break
    return findings


def _examine(name: str, look: Check, at: datetime) -> Finding:
    try:
        return Finding(name, True, look(at))
    except (Wrong, ConfigurationError) as wrong:
        return Finding(name, False, str(wrong))
    except SQLAlchemyError as error:
        return Finding(name, False, f"the database does not answer this ({type(error).__name__})")
    finally:
        db.session.rollback()


def told_work(table: type[Leased], at: datetime, counts: Counts | None = None) -> str:
    """Return how much work of a table waits; raises Wrong where some was laid aside, or is late."""
    found = counts or leases.counts(table, at=at)
    if found.failed:
        raise Wrong(f"{found.failed} laid aside after the last try; look at last_error of each")
    if found.late:
        raise Wrong(f"{found.late} late: does a worker run? Start one with `cps worker`")
    return f"{found.waiting} waiting, none late, none laid aside"


@check("database")
def _database(_at: datetime) -> str:
    if db.engine.dialect.name == "postgresql":
        return f"PostgreSQL {db.session.scalar(text('SHOW server_version'))}"
    version = db.session.scalar(text("SELECT sqlite_version()"))
    mode = db.session.scalar(text("PRAGMA journal_mode"))
    if mode != "wal":
        raise Wrong(f"SQLite {version} keeps no write-ahead log (journal_mode is {mode})")
    damage = db.session.scalar(text("PRAGMA quick_check(1)"))
    if damage != "ok":
        raise Wrong(f"the database file is damaged: {damage}. Restore a backup")
    return f"SQLite {version}, file whole"


@check("migrations")
def _migrations(_at: datetime) -> str:
    from alembic.runtime.migration import MigrationContext  # 10 MB that web processes do without
    from alembic.script import ScriptDirectory

    there = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    wanted = set(ScriptDirectory(current_app.config["MIGRATIONS"]).get_heads())
    known = schema.standing() if there else None
    if known is None or (there != wanted and known.level <= schema.LEVEL):
        raise Wrong(
            f"the database is at {_listed(there)}, the program at {_listed(wanted)}; run `cps upgrade`"
        )
    schema.refuse_older_code()
    newer = "" if there == wanted else f", newer than this program (level {schema.LEVEL})"
    return f"at {_listed(there)}, level {known.level}{newer}; usable from level {known.oldest_code} on"


@check("references")
def _references(_at: datetime) -> str:
    if db.engine.dialect.name == "postgresql":
        return "kept by the database"
    broken = len(db.session.execute(text("PRAGMA foreign_key_check")).all())
    if broken:
        raise Wrong(f"{broken} rows point at rows that are not there")
    return "every row points at rows that are there"


@check("triggers")
def _triggers(_at: datetime) -> str:
    dialect = db.engine.dialect.name
    wanted = {trigger.name for trigger in triggers.TRIGGERS if getattr(trigger, dialect)}
    named = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    missing = wanted - set(db.session.scalars(text(named[dialect])))
    if missing:
        raise Wrong(f"missing: {_listed(missing)}; run `cps upgrade`")
    return f"all {len(wanted)} there"


@check("city")
def _city(_at: datetime) -> str:
    known = city.get()
    return f"{known.name.get(known.default_language) or next(iter(known.name.values()))}, {known.zone}"


@check("audit")
def _audit(_at: datetime) -> str:
    broken = audit.first_broken_link()
    if broken is not None:
        raise Wrong(f"the chain breaks at row {broken}: somebody changed the trace of what staff did")
    chained = db.session.scalar(select(func.count()).where(AuditRow.chain_hash.is_not(None)))
    return f"the chain of {chained} rows holds"


@check("facts")
def _facts(at: datetime) -> str:
    return told_work(OutboxFact, at)


@check("jobs")
def _jobs(at: datetime) -> str:
    return told_work(Job, at)


@check("files")
def _files(_at: datetime) -> str:
    storage: Storage = current_app.extensions["cps_storage"]
    key, content = f"doctor/{secrets.token_hex(16)}.txt", secrets.token_bytes(16)
    try:
        storage.put(key, content, "text/plain")
        same = storage.get(key) == content
        storage.delete(key)
    except OSError as error:
        raise Wrong(f"a file cannot be kept ({error.strerror or error}); see CPS_STORAGE_URL") from None
    if not same:
        raise Wrong("a file came back changed; see CPS_STORAGE_URL")
    return "can be written, read and deleted"


@check("keys")
def _keys(_at: datetime) -> str:
    file: Path = current_app.extensions["cps_config"].keys_dir / IDENTITY_KEY_FILE
    if not file.exists():
        raise Wrong(f"{file} is not there; put it back from your copy of the keys, or run `cps init`")
    app_identity_key()
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise Wrong(f"{IDENTITY_KEY_FILE} can be read by others on this server; run chmod 600 on it")
    return "there, and only the owner can read them"


@check("clock")
def _clock(at: datetime) -> str:
    newest = db.session.scalar(select(func.max(AuditRow.at)))
    if newest is not None and newest > at + CLOCKS_APART:
        raise Wrong(
            f"set back: the newest trace is from {newest:%Y-%m-%d %H:%M} UTC, now is {at:%Y-%m-%d %H:%M}"
        )
    return f"{at:%Y-%m-%d %H:%M} UTC"


@check("database clock")
def _database_clock(at: datetime) -> str:
    if db.engine.dialect.name != "postgresql":
        return "the same as this server's"
    theirs: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    if abs(theirs - at) > CLOCKS_APART:
        raise Wrong(
            f"{theirs:%Y-%m-%d %H:%M} UTC, but this server's says {at:%Y-%m-%d %H:%M}; set both right"
        )
    return "agrees with this server's"


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
