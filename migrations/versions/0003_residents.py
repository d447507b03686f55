"""Keep a register of residents, as keyed tags.

Revision: 0003_residents, after 0002_schema_level; made 2026-11-26 10:40:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0003_residents"
down_revision = "0002_schema_level"
branch_labels = None
depends_on = None

WITH_LETTER = sa.text("letter_code_hash IS NOT NULL")
STILL_IN = sa.text("gone_at IS NULL")
IN_THE_REGISTER = sa.text("kind = 'register' AND account_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "register_entry",
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("ward_id", cps.core.db.BigId, nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("letter_code_hash", sa.String(length=64), nullable=True),
        sa.Column("letter_made_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("letter_tries", sa.Integer(), nullable=False),
        sa.Column("imported_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("gone_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_register_entry_ward_id_ward")),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_register_entry")),
    )
    op.create_index(
        "ix_register_entry_eligible",
        "register_entry",
        ["ward_id", "born_on"],
        sqlite_where=STILL_IN,
        postgresql_where=STILL_IN,
    )
    op.create_index(
        "ix_register_entry_letter",
        "register_entry",
        ["letter_code_hash"],
        unique=True,
        sqlite_where=WITH_LETTER,
        postgresql_where=WITH_LETTER,
    )
    op.create_table(
        "counter_code",
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_counter_code_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_counter_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_counter_code_code_hash")),
    )
    op.create_index(op.f("ix_counter_code_expires_at"), "counter_code", ["expires_at"])
    op.create_index(
        "ix_identity_one_register_mark",
        "identity",
        ["account_id"],
        unique=True,
        sqlite_where=IN_THE_REGISTER,
        postgresql_where=IN_THE_REGISTER,
    )
    schema.set_level(op.get_bind(), 3, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 2, oldest_code=1)
    op.drop_index("ix_identity_one_register_mark", table_name="identity")
    op.drop_table("counter_code")
    op.drop_table("register_entry")
