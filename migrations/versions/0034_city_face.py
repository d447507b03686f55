"""Keep the city's crest, and what it says itself on the pages about it.

Revision: 0034_city_face, after 0033_year_figures; made 2026-11-27 14:30:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0034_city_face"
down_revision = "0033_year_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "city_text",
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("texts", cps.core.db.Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_city_text")),
    )
    op.add_column("city", sa.Column("logo", sa.String(length=32), server_default="", nullable=False))
    op.add_column("city", sa.Column("logo_next", sa.String(length=32), server_default="", nullable=False))
    schema.set_level(op.get_bind(), 34, oldest_code=32)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 33, oldest_code=32)
    with op.batch_alter_table("city") as table:
        table.drop_column("logo_next")
        table.drop_column("logo")
    op.drop_table("city_text")
