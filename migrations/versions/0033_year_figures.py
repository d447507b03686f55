"""Keep what came in the last year, counted once a day.

Revision: 0033_year_figures, after 0032_moderation; made 2026-11-27 10:50:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0033_year_figures"
down_revision = "0032_moderation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "year_figures",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counted_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("figures", cps.core.db.Json, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_year_figures")),
    )
    schema.set_level(op.get_bind(), 33, oldest_code=32)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 32, oldest_code=32)
    op.drop_table("year_figures")
