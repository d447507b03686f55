"""Keep the ends of cases that wait for a second pair of eyes.

Revision: 0037_closing_request, after 0036_near_cases; made 2026-11-27 21:20:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema

revision = "0037_closing_request"
down_revision = "0036_near_cases"
branch_labels = None
depends_on = None

KEY = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
UNDECIDED = sa.text("decided_at IS NULL")
OUTCOMES = (
    "fixed",
    "answered",
    "not-ours",
    "cannot-be-done",
    "joined",
    "accepted",
    "partly",
    "declined",
    "already-done",
)


def upgrade() -> None:
    op.create_table(
        "closing_request",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("event_id", KEY, nullable=False),
        sa.Column("outcome", _enum("outcome", OUTCOMES), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("answer_event_id", KEY, nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_granted IS NULL)", name=op.f("ck_closing_request_decided_whole")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_closing_request_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["case_event.id"],
            name=op.f("fk_closing_request_event_id_case_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["answer_event_id"],
            ["case_event.id"],
            name=op.f("fk_closing_request_answer_event_id_case_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["account.id"],
            name=op.f("fk_closing_request_asked_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_request")),
    )
    op.create_index(op.f("ix_closing_request_case_id"), "closing_request", ["case_id"])
    op.create_index(
        "uq_closing_request_waiting",
        "closing_request",
        ["case_id"],
        unique=True,
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )
    schema.set_level(op.get_bind(), 37, oldest_code=32)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 36, oldest_code=32)
    op.drop_table("closing_request")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
