"""Keep how cases are handed on: between departments with the answer, to partners by a link, and who looks.

Revision: 0020_handoff, after 0019_desk_work; made 2026-11-26 21:00:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0020_handoff"
down_revision = "0019_desk_work"
branch_labels = None
depends_on = None

ID = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
ANSWERS = ("accepted", "refused", "passed-on", "taken-back")
UNANSWERED = sa.text("answered_at IS NULL")
UNENDED = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _make_transfers()
    _make_partners()
    _make_links()
    op.create_table(
        "inbox_look",
        sa.Column("department_id", ID, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("alarmed_at", MOMENT, nullable=True),
        _to("inbox_look", "department_id", "department"),
        sa.PrimaryKeyConstraint("department_id", name=op.f("pk_inbox_look")),
    )
    schema.set_level(op.get_bind(), 20, oldest_code=1)
    triggers.create_all(op.get_bind())


def _make_transfers() -> None:
    rules = {
        "to_another": "from_id <> to_id",
        "answered_whole": "(answered_at IS NULL) = (answer IS NULL)",
        "refused_with_reason": "answer <> 'refused' OR answer_event_id IS NOT NULL",
        "decision_stands": "answer <> 'refused' OR NOT is_decision",
    }
    op.create_table(
        "transfer",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("from_id", ID, nullable=False),
        sa.Column("to_id", ID, nullable=False),
        sa.Column("is_decision", sa.Boolean(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", _enum("transferanswer", *ANSWERS), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.Column("answer_event_id", ID, nullable=True),
        sa.Column("names_id", ID, nullable=True),
        sa.Column("whose", sa.String(length=120), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_transfer_{name}")) for name, rule in rules.items()),
        _to("transfer", "case_id", "cases", "CASCADE"),
        *(_to("transfer", column, "department") for column in ("from_id", "to_id", "names_id")),
        *(_to("transfer", column, "case_event", "CASCADE") for column in ("event_id", "answer_event_id")),
        *(_to("transfer", column, "account", "SET NULL") for column in ("asked_by_id", "answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_case_id"), "transfer", ["case_id"])
    _unique_among("uq_transfer_waiting", "transfer", UNANSWERED)


def _make_partners() -> None:
    op.create_table(
        "partner",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
    )


def _make_links() -> None:
    op.create_table(
        "partner_link",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("partner_id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("shares", cps.core.db.Json, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ending", _enum("ending", "answered", "returned", "revoked"), nullable=True),
        sa.Column("answer_event_id", ID, nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_partner_link_ended_whole")),
        sa.CheckConstraint("expires_at > asked_at", name=op.f("ck_partner_link_expires_later")),
        _to("partner_link", "case_id", "cases", "CASCADE"),
        _to("partner_link", "partner_id", "partner"),
        _to("partner_link", "asked_by_id", "account", "SET NULL"),
        _to("partner_link", "answer_event_id", "case_event", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_partner_link_token_hash")),
    )
    for column in ("case_id", "partner_id"):
        op.create_index(op.f(f"ix_partner_link_{column}"), "partner_link", [column])
    _unique_among("uq_partner_link_unended", "partner_link", UNENDED)


def _unique_among(name: str, table: str, which: sa.TextClause) -> None:
    """Let a case have one such row at most."""
    op.create_index(name, table, ["case_id"], unique=True, sqlite_where=which, postgresql_where=which)


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 19, oldest_code=1)
    for table in ("inbox_look", "partner_link", "partner", "transfer"):
        op.drop_table(table)
