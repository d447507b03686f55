"""Keep how many cases each cell of the map holds, and every change of it until it is counted in.

Revision: 0012_map_cells, after 0011_promises; made 2026-11-26 17:08:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0012_map_cells"
down_revision = "0011_promises"
branch_labels = None
depends_on = None

TRIGGERS = ("cases_map_insert", "cases_map_update", "cases_map_delete")

EVERY_CASE = """
INSERT INTO map_change (kind, category_id, ward_id, x, y, waiting, in_hand, done, lat_e6, lon_e6)
SELECT kind, category_id, COALESCE(ward_id, 0), cell_x, cell_y,
  CASE WHEN status IN ('received', 'triaged', 'reopen-asked', 'gathering') THEN 1 ELSE 0 END,
  CASE WHEN status IN ('in-progress', 'waiting-resident', 'waiting-others', 'planned', 'answer-due')
    THEN 1 ELSE 0 END,
  CASE WHEN status IN ('closed', 'answered', 'in-delivery', 'delivered', 'expired', 'withdrawn')
    THEN 1 ELSE 0 END,
  CAST(ROUND(lat * 1000000) AS BIGINT), CAST(ROUND(lon * 1000000) AS BIGINT)
FROM cases WHERE lat IS NOT NULL AND cell_x IS NOT NULL AND status <> 'draft'
  AND NOT is_private AND NOT is_hidden
"""
"""The worker counts them in; until then pages add them up."""


def upgrade() -> None:
    op.create_table(
        "map_cell",
        _kind(),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category_id", cps.core.db.BigId, autoincrement=False, nullable=False),
        sa.Column("ward_id", cps.core.db.BigId, autoincrement=False, nullable=False),
        sa.Column("x", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("y", sa.Integer(), autoincrement=False, nullable=False),
        *_sums(),
        sa.PrimaryKeyConstraint(
            "kind", "level", "category_id", "ward_id", "x", "y", name=op.f("pk_map_cell")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "map_change",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        _kind(),
        sa.Column("category_id", cps.core.db.BigId, nullable=False),
        sa.Column("ward_id", cps.core.db.BigId, nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        *_sums(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_change")),
    )
    op.execute(EVERY_CASE)
    schema.set_level(op.get_bind(), 12, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    on_table = " ON cases" if op.get_bind().dialect.name == "postgresql" else ""
    for trigger in TRIGGERS:
        op.execute(f"DROP TRIGGER IF EXISTS {trigger}{on_table}")
    schema.set_level(op.get_bind(), 11, oldest_code=1)
    op.drop_table("map_change")
    op.drop_table("map_cell")


def _kind() -> sa.Column[str]:
    kinds = sa.Enum(
        "complaint", "proposal", name="casekind", native_enum=False, create_constraint=True, length=40
    )
    return sa.Column("kind", kinds, nullable=False)


def _sums() -> tuple[sa.Column[int], ...]:
    return (
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("in_hand", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("lat_e6", sa.BigInteger(), nullable=False),
        sa.Column("lon_e6", sa.BigInteger(), nullable=False),
    )
