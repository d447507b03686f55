"""Keep views of the desk under a name, and find every case of the desk by any filter, closed ones too.

Revision: 0017_saved_views, after 0016_figures; made 2026-11-26 20:58:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0017_saved_views"
down_revision = "0016_figures"
branch_labels = None
depends_on = None

OPEN, CLOSED = "ix_cases_open", "ix_cases_closed"
FIRST_COLUMNS = [
    *("department_id", "is_integrity", "status", "assignee_id", "priority", "due_at"),
    *("has_unread_reply", "category_id", "ward_id", "closed_at"),
    *("acknowledge_by", "acknowledged_at", "paused_at"),
]
MORE_COLUMNS = [
    *("kind", "channel", "language", "photo_count", "support_count"),
    *("received_at", "clock_started_at", "promised_at"),
]
CLOSED_COLUMNS = [
    *("closed_at", "id", "department_id", "is_integrity", "status", "outcome", "category_id", "ward_id"),
    *("assignee_id", "priority", "kind", "channel", "language", "photo_count", "support_count"),
    *("has_unread_reply", "received_at"),
]


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("account_id", cps.core.db.BigId, nullable=True),
        sa.Column("department_id", cps.core.db.BigId, nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("asked", cps.core.db.Json, nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("made_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (department_id IS NULL)", name=op.f("ck_saved_view_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_saved_view_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_saved_view_department_id_department"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    for name, owner in (("uq_saved_view_own", "account_id"), ("uq_saved_view_shared", "department_id")):
        is_owned = sa.text(f"{owner} IS NOT NULL")
        op.create_index(
            name,
            "saved_view",
            [owner, "name"],
            unique=True,
            sqlite_where=is_owned,
            postgresql_where=is_owned,
        )
    op.create_table(
        "desk_start",
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("box", sa.String(length=20), nullable=True),
        sa.Column("view_id", cps.core.db.BigId, nullable=True),
        sa.CheckConstraint("(box IS NULL) <> (view_id IS NULL)", name=op.f("ck_desk_start_one_start")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_desk_start_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["view_id"],
            ["saved_view.id"],
            name=op.f("fk_desk_start_view_id_saved_view"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_desk_start")),
    )
    op.create_index(op.f("ix_desk_start_view_id"), "desk_start", ["view_id"])
    _index_open([*FIRST_COLUMNS, *MORE_COLUMNS, "id"])
    is_closed = sa.text("closed_at IS NOT NULL")
    op.create_index(CLOSED, "cases", CLOSED_COLUMNS, sqlite_where=is_closed, postgresql_where=is_closed)
    schema.set_level(op.get_bind(), 17, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 16, oldest_code=1)
    op.drop_index(CLOSED, "cases")
    _index_open([*FIRST_COLUMNS, "id"])
    op.drop_table("desk_start")
    op.drop_table("saved_view")


def _index_open(columns: list[str]) -> None:
    is_open = sa.text("closed_at IS NULL")
    op.drop_index(OPEN, "cases")
    op.create_index(OPEN, "cases", columns, sqlite_where=is_open, postgresql_where=is_open)
