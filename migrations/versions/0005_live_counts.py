"""Keep what polls with live results show while they are open.

Revision: 0005_live_counts, after 0004_polls; made 2026-11-26 13:42:07.514902.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0005_live_counts"
down_revision = "0004_polls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_count",
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("batch_no", sa.Integer(), nullable=False),
        sa.Column("size", cps.core.db.BigId, nullable=False),
        sa.Column("blank", cps.core.db.BigId, nullable=False),
        sa.Column("counts", cps.core.db.Json, nullable=False),
        sa.CheckConstraint("blank >= 0 AND blank <= size", name=op.f("ck_live_count_blank_are_some")),
        sa.CheckConstraint("size >= 100 * batch_no", name=op.f("ck_live_count_whole_batches")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_live_count_poll_id_poll")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_live_count")),
    )
    schema.set_level(op.get_bind(), 5, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 4, oldest_code=1)
    op.drop_table("live_count")
