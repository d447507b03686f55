"""Keep the words of public cases for searches with a slip of the pen, and list cases by department.

Revision: 0009_search_words, after 0008_two_step; made 2026-11-26 14:54:00.000000.
"""

import sqlalchemy as sa
from alembic import op

from cps.core import schema, triggers

revision = "0009_search_words"
down_revision = "0008_two_step"
branch_labels = None
depends_on = None

LISTED = "ix_cases_department_listed"


def upgrade() -> None:
    op.create_table(
        "search_word",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name=op.f("pk_search_word")),
    )
    op.create_index(LISTED, "cases", ["department_id", "is_listed", "received_at", "id"])
    schema.set_level(op.get_bind(), 9, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 8, oldest_code=1)
    op.drop_index(LISTED, "cases")
    op.drop_table("search_word")
