"""Tables that every feature stands on: the city, form keys, outbox, jobs, audit, access, limits."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import BigId, Id, Model


class City(Model):
    """The one city of this installation.

    `logo` names the crest that everybody sees, `logo_next` one that administrators look at before they
    publish it; both are names of files in the store.
    """

    __tablename__ = "city"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[dict[str, str]]
    zone: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(2))
    languages: Mapped[list[str]]
    default_language: Mapped[str] = mapped_column(String(12))
    currency: Mapped[str] = mapped_column(String(3))
    accent: Mapped[str] = mapped_column(String(7), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    emergency_phone: Mapped[str] = mapped_column(String(40), default="")
    welcome: Mapped[dict[str, str]] = mapped_column(default=dict)
    danger_words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    logo: Mapped[str] = mapped_column(String(32), default="", server_default="")
    logo_next: Mapped[str] = mapped_column(String(32), default="", server_default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class SchemaLevel(Model):
    """The level of this schema, and the lowest level of code that may still use it; see `cps.core.schema`."""

    __tablename__ = "schema_level"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    level: Mapped[int]
    oldest_code: Mapped[int]


class FormKey(Model):
    """A one-time key of a form that creates something; `leads_to` is where the first use led."""

    __tablename__ = "form_key"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    leads_to: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime] = mapped_column(index=True)


class Leased:
    """Columns of work that a worker claims with a lease and does at least once."""

    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(80), default="")
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")


_WAITING = text("done_at IS NULL AND failed_at IS NULL")


class OutboxFact(Leased, Model):
    """A fact that happened, stated in the transaction that made it true; features above act on it."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("fact", "dedupe_key"),
        Index("ix_outbox_waiting", "run_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[Id]
    fact: Mapped[str] = mapped_column(String(60))
    about_id: Mapped[int] = mapped_column(BigId)
    dedupe_key: Mapped[str] = mapped_column(String(120))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stated_at: Mapped[datetime]


class Job(Leased, Model):
    """Work to be done later, once."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("kind", "dedupe_key"),
        Index("ix_job_waiting", "run_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    dedupe_key: Mapped[str] = mapped_column(String(120))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class AuditRow(Model):
    """What a member of staff, a command or the worker did; append-only by trigger.

    `changes` holds `{field: [old, new]}`; values of personal fields are left out. The worker fills
    `chain_hash` once, in the order of `id`.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_object", "object_kind", "object_id"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(BigId)
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(60))
    changes: Mapped[dict[str, Any]]
    chain_hash: Mapped[str | None] = mapped_column(String(64))


class AccessRow(Model):
    """Somebody of the staff looked at personal data; the person concerned can see it."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_subject", "subject_id", "at"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(BigId)
    subject_id: Mapped[int | None] = mapped_column(BigId)
    case_id: Mapped[int | None] = mapped_column(BigId, index=True)
    what: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")


class LimitWindow(Model):
    """How often something happened in one window of time, for one bucket."""

    __tablename__ = "limit_window"

    bucket: Mapped[str] = mapped_column(String(160), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class SearchWord(Model):
    """A word that several public texts have, under one of the keys by which a slip of the pen finds it.

    `weight` grows with the number of texts; see `cps.core.near_words`.
    """

    __tablename__ = "search_word"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    weight: Mapped[int]
