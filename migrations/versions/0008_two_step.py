"""Keep the second step of signing in, its recovery codes, and codes that confirm a grave act.

Revision: 0008_two_step, after 0007_phones; made 2026-11-26 14:52:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0008_two_step"
down_revision = "0007_phones"
branch_labels = None
depends_on = None

CODE_PURPOSES = ("sign-in", "verify-email", "reset-password", "verify-phone", "join")


def upgrade() -> None:
    _codes_are_for((*CODE_PURPOSES, "confirm"))
    op.create_table(
        "two_step",
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("sealed_secret", sa.String(length=300), nullable=False),
        sa.Column("since", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("last_step", cps.core.db.BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_two_step_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_two_step")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_recovery_code_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    schema.set_level(op.get_bind(), 8, oldest_code=1)
    triggers.create_all(op.get_bind())


def _codes_are_for(purposes: tuple[str, ...]) -> None:
    """Let one-time codes have these purposes; SQLite needs the table made anew, with its rows."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_one_time_code_codepurpose"), "one_time_code", type_="check")
        named = ", ".join(f"'{purpose}'" for purpose in purposes)
        op.create_check_constraint(
            op.f("ck_one_time_code_codepurpose"), "one_time_code", f"purpose IN ({named})"
        )
        return
    with op.batch_alter_table("one_time_code", recreate="always", copy_from=_one_time_code(purposes)):
        pass
    op.create_index(op.f("ix_one_time_code_expires_at"), "one_time_code", ["expires_at"])
    op.create_index("ix_one_time_code_target", "one_time_code", ["target_tag", "purpose"])


def _one_time_code(purposes: tuple[str, ...]) -> sa.Table:
    purpose = sa.Enum(*purposes, name="codepurpose", native_enum=False, create_constraint=True, length=40)
    return sa.Table(
        "one_time_code",
        sa.MetaData(naming_convention=cps.core.db.NAMES),
        sa.Column("id", cps.core.db.BigId, primary_key=True, autoincrement=True),
        sa.Column("purpose", purpose, nullable=False),
        sa.Column("target_tag", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("expires_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", cps.core.db.UtcDateTime(), nullable=True),
    )


def downgrade() -> None:
    schema.set_level(op.get_bind(), 7, oldest_code=1)
    op.drop_table("recovery_code")
    op.drop_table("two_step")
    op.execute(sa.text("DELETE FROM one_time_code WHERE purpose = 'confirm'"))
    _codes_are_for(CODE_PURPOSES)
