"""Find the cases near a place without reading them: an index that holds what is asked.

Revision: 0036_near_cases, after 0035_open311_outgoing; made 2026-11-27 18:15:00.000000.
"""

from alembic import op

from cps.core import schema

revision = "0036_near_cases"
down_revision = "0035_open311_outgoing"
branch_labels = None
depends_on = None

COLUMNS = (
    *("cell_x", "cell_y", "closed_at", "id"),
    *("kind", "is_listed", "is_integrity", "department_id", "joined_to_id"),
)  # fmt: skip


def upgrade() -> None:
    op.create_index("ix_cases_near", "cases", COLUMNS)
    op.drop_index("ix_cases_cell", table_name="cases")  # the new one begins with its columns
    schema.set_level(op.get_bind(), 36, oldest_code=32)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 35, oldest_code=32)
    op.create_index("ix_cases_cell", "cases", ["cell_x", "cell_y"])
    op.drop_index("ix_cases_near", table_name="cases")
