"""Keep published months of figures for ever, and who gets the morning report.

Revision: 0011_promises, after 0010_alerts; made 2026-11-26 17:12:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0011_promises"
down_revision = "0010_alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "promise_file",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("frozen_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("edition > 0", name=op.f("ck_promise_file_edition_above_zero")),
        sa.CheckConstraint(
            "(reason = '') = (edition = 1)", name=op.f("ck_promise_file_correction_has_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_file")),
        sa.UniqueConstraint("month", "edition", name=op.f("uq_promise_file_month_edition")),
        sa.UniqueConstraint("sha256", name=op.f("uq_promise_file_sha256")),
    )
    op.create_table(
        "morning_reader",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("added_by_id", cps.core.db.BigId, nullable=True),
        sa.Column("added_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["account.id"],
            name=op.f("fk_morning_reader_added_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_morning_reader")),
        sa.UniqueConstraint("email", name=op.f("uq_morning_reader_email")),
    )
    op.create_table(
        "morning_stop",
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_morning_stop_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_morning_stop")),
    )
    schema.set_level(op.get_bind(), 11, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 10, oldest_code=1)
    op.drop_table("morning_stop")
    op.drop_table("morning_reader")
    op.drop_table("promise_file")
