"""Keep what people were told, how they want to hear of what, and whose address of mail sends back.

Revision: 0024_messages_out, after 0023_closing; made 2026-11-27 00:30:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0024_messages_out"
down_revision = "0023_closing"
branch_labels = None
depends_on = None

ID = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
TOPICS = (
    *("code", "account", "receipt", "question", "own", "followed", "decision"),
    *("notice", "alert", "digest", "staff"),
)
PACES = ("at-once", "digest", "never")
UNGATHERED = sa.text("digest_at IS NOT NULL AND digested_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "told",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("about", sa.String(length=160), nullable=False),
        sa.Column("topic", _enum("topic", *TOPICS), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("digest_at", MOMENT, nullable=True),
        sa.Column("digested_at", MOMENT, nullable=True),
        _to("told", "account_id", "account"),
        _to("told", "case_id", "cases"),
        sa.PrimaryKeyConstraint("account_id", "about", name=op.f("pk_told")),
    )
    op.create_index("ix_told_newest", "told", ["account_id", "told_at"])
    op.create_index(op.f("ix_told_case_id"), "told", ["case_id"])
    op.create_index(op.f("ix_told_told_at"), "told", ["told_at"])
    op.create_index(
        "ix_told_ungathered",
        "told",
        ["digest_at", "account_id"],
        sqlite_where=UNGATHERED,
        postgresql_where=UNGATHERED,
    )
    op.create_table(
        "message_wish",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("topic", _enum("topic", *TOPICS), nullable=False),
        sa.Column("pace", _enum("pace", *PACES), nullable=False),
        _to("message_wish", "account_id", "account"),
        sa.PrimaryKeyConstraint("account_id", "topic", name=op.f("pk_message_wish")),
    )
    op.create_table(
        "bounced_address",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("bounced_address", "account_id", "account"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_bounced_address")),
    )
    schema.set_level(op.get_bind(), 24, oldest_code=1)
    triggers.create_all(op.get_bind())


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    schema.set_level(op.get_bind(), 23, oldest_code=1)
    for table in ("bounced_address", "message_wish", "told"):
        op.drop_table(table)
