"""Find closed cases by department and by category, and those of a box of the map without reading each.

Revision: 0038_closed_by_department, after 0037_closing_request; made 2026-11-27 21:10:00.000000.
"""

from alembic import op
from sqlalchemy import text

from cps.core import schema

revision = "0038_closed_by_department"
down_revision = "0037_closing_request"
branch_labels = None
depends_on = None

IS_CLOSED = text("closed_at IS NOT NULL")
OF_A_DEPARTMENT = (
    *("department_id", "closed_at", "id", "is_integrity", "status", "outcome", "category_id", "ward_id"),
    *("assignee_id", "priority", "kind", "channel", "language", "photo_count", "support_count"),
    *("has_unread_reply", "received_at"),
)
OF_A_CATEGORY = (
    *("category_id", "closed_at", "id", "department_id", "is_integrity", "ward_id", "status", "outcome"),
)
NEAR = (
    *("cell_x", "cell_y", "closed_at", "id"),
    *("kind", "is_listed", "is_integrity", "department_id", "joined_to_id"),
)
PLACED = ("is_private", "is_hidden", "status", "category_id", "ward_id", "received_at", "lat", "lon")


def upgrade() -> None:
    _closed("ix_cases_closed_department", OF_A_DEPARTMENT)
    _closed("ix_cases_closed_category", OF_A_CATEGORY)
    op.drop_index("ix_cases_near", table_name="cases")
    op.create_index("ix_cases_near", "cases", [*NEAR, *PLACED])
    schema.set_level(op.get_bind(), 38, oldest_code=32)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 37, oldest_code=32)
    op.drop_index("ix_cases_near", table_name="cases")
    op.create_index("ix_cases_near", "cases", NEAR)
    op.drop_index("ix_cases_closed_category", table_name="cases")
    op.drop_index("ix_cases_closed_department", table_name="cases")


def _closed(name: str, columns: tuple[str, ...]) -> None:
    op.create_index(name, "cases", columns, sqlite_where=IS_CLOSED, postgresql_where=IS_CLOSED)
