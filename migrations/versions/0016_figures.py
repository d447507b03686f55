"""Count what is late, and what was answered in a month, without reading a row of the table.

Revision: 0016_figures, after 0015_answer_clock; made 2026-11-26 17:58:00.000000.
"""

import sqlalchemy as sa
from alembic import op

from cps.core import schema, triggers

revision = "0016_figures"
down_revision = "0015_answer_clock"
branch_labels = None
depends_on = None

OWED = "ix_cases_owed"
FIRST_ANSWER = "ix_cases_first_answer"


def upgrade() -> None:
    is_open, is_answered = sa.text("closed_at IS NULL"), sa.text("answered_at IS NOT NULL")
    op.create_index(
        OWED,
        "cases",
        [
            *("department_id", "is_integrity", "kind", "is_private", "is_hidden"),
            *("status", "paused_at", "due_at", "closed_at"),
        ],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(
        FIRST_ANSWER,
        "cases",
        ["is_listed", "answered_at", "department_id", "id"],
        sqlite_where=is_answered,
        postgresql_where=is_answered,
    )
    schema.set_level(op.get_bind(), 16, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 15, oldest_code=1)
    op.drop_index(FIRST_ANSWER, "cases")
    op.drop_index(OWED, "cases")
