"""Keep notices, the cases that hang under them, and what was masked in texts that everybody reads.

Revision: 0006_notices, after 0005_live_counts; made 2026-11-26 13:50:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0006_notices"
down_revision = "0005_live_counts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("title", cps.core.db.Json, nullable=False),
        sa.Column("text", cps.core.db.Json, nullable=False),
        sa.Column("say", cps.core.db.Json, nullable=False),
        sa.Column("ward_codes", cps.core.db.Json, nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("category_id", cps.core.db.BigId, nullable=True),
        sa.Column("department_id", cps.core.db.BigId, nullable=True),
        sa.Column("starts_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("author_id", cps.core.db.BigId, nullable=True),
        sa.Column("created_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("updated_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_notice_lat_in_range")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_notice_lon_in_range")),
        sa.CheckConstraint(
            "(lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (radius_m IS NULL)",
            name=op.f("ck_notice_circle_whole"),
        ),
        sa.CheckConstraint("radius_m > 0", name=op.f("ck_notice_radius_positive")),
        sa.CheckConstraint("starts_at <= ends_at", name=op.f("ck_notice_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_notice_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_notice_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_notice_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_ends", "notice", ["ends_at", "id"])
    op.create_table(
        "notice_update",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("notice_id", cps.core.db.BigId, nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("by_id", cps.core.db.BigId, nullable=True),
        sa.Column("text", cps.core.db.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_notice_update_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_update_notice_id_notice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_update")),
    )
    op.create_index("ix_notice_update_story", "notice_update", ["notice_id", "at", "id"])
    op.create_table(
        "notice_follow",
        sa.Column("notice_id", cps.core.db.BigId, nullable=False),
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_notice_follow_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_follow_notice_id_notice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("notice_id", "account_id", name=op.f("pk_notice_follow")),
    )
    op.create_index(op.f("ix_notice_follow_account_id"), "notice_follow", ["account_id"])
    op.create_table(
        "case_notice",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("notice_id", cps.core.db.BigId, nullable=False),
        sa.Column("by_id", cps.core.db.BigId, nullable=True),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_case_notice_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_notice_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_case_notice_notice_id_notice"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_notice")),
    )
    op.create_index(op.f("ix_case_notice_notice_id"), "case_notice", ["notice_id"])
    op.create_table(
        "case_notice_update",
        sa.Column("update_id", cps.core.db.BigId, nullable=False),
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("refusal", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_notice_update_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["notice_update.id"],
            name=op.f("fk_case_notice_update_update_id_notice_update"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("update_id", "case_id", name=op.f("pk_case_notice_update")),
    )
    op.create_index(op.f("ix_case_notice_update_case_id"), "case_notice_update", ["case_id"])
    op.create_table(
        "case_original",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("texts", cps.core.db.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_original_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_original")),
    )
    op.create_table(
        "event_original",
        sa.Column("event_id", cps.core.db.BigId, nullable=False),
        sa.Column("texts", cps.core.db.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["case_event.id"],
            name=op.f("fk_event_original_event_id_case_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_original")),
    )
    schema.set_level(op.get_bind(), 6, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 5, oldest_code=1)
    for table in (
        *("event_original", "case_original", "case_notice_update", "case_notice"),
        *("notice_follow", "notice_update", "notice"),
    ):
        op.drop_table(table)
