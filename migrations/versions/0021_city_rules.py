"""Keep rules of routing, what replies are for, what moves need in a category, and what was learned.

Revision: 0021_city_rules, after 0020_handoff; made 2026-11-26 20:55:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0021_city_rules"
down_revision = "0020_handoff"
branch_labels = None
depends_on = None

MOMENT = cps.core.db.UtcDateTime()


def upgrade() -> None:
    _make_routing()
    _make_learned()
    with op.batch_alter_table("category") as batch:
        batch.add_column(sa.Column("needs", cps.core.db.Json, nullable=False, server_default="{}"))
    with op.batch_alter_table("reply_template") as batch:
        batch.add_column(sa.Column("category_id", cps.core.db.BigId, nullable=True))
        batch.add_column(sa.Column("move", sa.String(length=40), nullable=False, server_default=""))
        batch.add_column(sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.create_foreign_key(
            op.f("fk_reply_template_category_id_category"), "category", ["category_id"], ["id"]
        )
    schema.set_level(op.get_bind(), 21, oldest_code=1)
    triggers.create_all(op.get_bind())


def _make_routing() -> None:
    op.create_table(
        "routing_rule",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("conditions", cps.core.db.Json, nullable=False),
        sa.Column("department_id", cps.core.db.BigId, nullable=True),
        sa.Column("officer_id", cps.core.db.BigId, nullable=True),
        sa.Column("makes_urgent", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_routing_rule_named")),
        sa.CheckConstraint("officer_id IS NULL OR department_id IS NOT NULL",
                           name=op.f("ck_routing_rule_officer_in_department")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_routing_rule_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["account.id"],
            name=op.f("fk_routing_rule_officer_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
    )  # fmt: skip


def _make_learned() -> None:
    op.create_table(
        "learned_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learned_at", MOMENT, nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("counts", cps.core.db.Json, nullable=False),
        sa.Column("measured", cps.core.db.Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_learned_words_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_words")),
    )


def downgrade() -> None:
    schema.set_level(op.get_bind(), 20, oldest_code=1)
    with op.batch_alter_table("reply_template") as batch:
        batch.drop_constraint(op.f("fk_reply_template_category_id_category"), type_="foreignkey")
        for column in ("version", "is_active", "move", "category_id"):
            batch.drop_column(column)
    with op.batch_alter_table("category") as batch:
        batch.drop_column("needs")
    op.drop_table("learned_words")
    op.drop_table("routing_rule")
