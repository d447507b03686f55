"""Keep which archives of their own data people asked for, and find what an account did in cases.

Revision: 0014_own_data, after 0013_proposals; made 2026-11-26 17:12:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0014_own_data"
down_revision = "0013_proposals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_archive",
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("storage_key", sa.String(length=120), nullable=False),
        sa.Column("asked_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("ready_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("gone_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_own_archive_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_own_archive")),
    )
    op.create_index(op.f("ix_own_archive_gone_at"), "own_archive", ["gone_at"])
    op.create_index("ix_case_event_actor_id", "case_event", ["actor_id", "id"])
    schema.set_level(op.get_bind(), 14, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 13, oldest_code=1)
    op.drop_index("ix_case_event_actor_id", "case_event")
    op.drop_table("own_archive")
