"""Keep who is invited to work for the city, when staff last came in, and the order of departments.

Revision: 0029_administration, after 0028_helpers_and_cards; made 2026-11-27 10:00:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0029_administration"
down_revision = "0028_helpers_and_cards"
branch_labels = None
depends_on = None

KEY = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("roles", cps.core.db.Json, nullable=False),
        sa.Column("departments", cps.core.db.Json, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", KEY, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("sent_at < expires_at", name=op.f("ck_invitation_lasts")),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["account.id"],
            name=op.f("fk_invitation_invited_by_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("email", name=op.f("uq_invitation_email")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_expires_at"), "invitation", ["expires_at"])
    op.create_index(op.f("ix_invitation_invited_by_id"), "invitation", ["invited_by_id"])
    op.add_column("account", sa.Column("signed_in_at", MOMENT, nullable=True))
    with op.batch_alter_table("department") as table:
        table.add_column(sa.Column("ord", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("successor_id", KEY, nullable=True))
        table.create_foreign_key(
            op.f("fk_department_successor_id_department"), "department", ["successor_id"], ["id"]
        )
        table.create_check_constraint(op.f("ck_department_successor_is_another"), "successor_id <> id")
    schema.set_level(op.get_bind(), 29, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 28, oldest_code=1)
    op.drop_table("invitation")
    with op.batch_alter_table("department") as table:
        table.drop_constraint(op.f("ck_department_successor_is_another"), type_="check")
        table.drop_constraint(op.f("fk_department_successor_id_department"), type_="foreignkey")
        table.drop_column("successor_id")
        table.drop_column("ord")
    with op.batch_alter_table("account") as table:
        table.drop_column("signed_in_at")
