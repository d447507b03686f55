"""Keep what residents want to hear of around a place, in a ward or of a category, and what they are told.

Revision: 0010_alerts, after 0009_search_words; made 2026-11-26 17:08:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0010_alerts"
down_revision = "0009_search_words"
branch_labels = None
depends_on = None

UNTOLD = sa.text("told_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("ward_id", cps.core.db.BigId, nullable=True),
        sa.Column("category_id", cps.core.db.BigId, nullable=True),
        sa.Column("problems", sa.Boolean(), nullable=False),
        sa.Column("proposals", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Boolean(), nullable=False),
        sa.Column("notices", sa.Boolean(), nullable=False),
        sa.Column("rhythm", _enum("rhythm", "at-once", "daily", "weekly"), nullable=False),
        sa.Column("created_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("paused_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_alert_lat_in_range")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_alert_lon_in_range")),
        sa.CheckConstraint(
            "(lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (radius_m IS NULL)",
            name=op.f("ck_alert_circle_whole"),
        ),
        sa.CheckConstraint("radius_m > 0", name=op.f("ck_alert_radius_positive")),
        sa.CheckConstraint(
            "lat IS NOT NULL OR ward_id IS NOT NULL OR category_id IS NOT NULL",
            name=op.f("ck_alert_says_where"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_alert_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_alert_ward_id_ward")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_alert_category_id_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("account_id", "scope", name=op.f("uq_alert_account_id_scope")),
    )
    op.create_index("ix_alert_key", "alert", ["key", "account_id"])
    op.create_index(op.f("ix_alert_ward_id"), "alert", ["ward_id"])
    op.create_table(
        "alert_news",
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("kind", _enum("newskind", "filed", "answered", "notice"), nullable=False),
        sa.Column("about_id", cps.core.db.BigId, autoincrement=False, nullable=False),
        sa.Column("alert_id", cps.core.db.BigId, nullable=False),
        sa.Column("due_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("told_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("letter", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_alert_news_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_alert_news_alert_id_alert"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", "about_id", "alert_id", name=op.f("pk_alert_news")),
    )
    op.create_index(op.f("ix_alert_news_alert_id"), "alert_news", ["alert_id"])
    op.create_index(op.f("ix_alert_news_told_at"), "alert_news", ["told_at"])
    op.create_index(
        "ix_alert_news_untold",
        "alert_news",
        ["due_at", "account_id"],
        sqlite_where=UNTOLD,
        postgresql_where=UNTOLD,
    )
    schema.set_level(op.get_bind(), 10, oldest_code=1)
    triggers.create_all(op.get_bind())


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 9, oldest_code=1)
    op.drop_table("alert_news")
    op.drop_table("alert")
