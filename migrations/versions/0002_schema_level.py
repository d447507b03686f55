"""Say which programs may use the schema.

Revision: 0002_schema_level, after 0001; made 2026-11-24 09:40:00.000000.
"""

from alembic import op

from cps.core import schema, triggers

revision = "0002_schema_level"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.set_level(op.get_bind(), 2, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    op.execute("DELETE FROM schema_level")
