"""Keep phone numbers that are claimed, accounts that were joined, and text messages with what they cost.

Revision: 0007_phones, after 0006_notices; made 2026-11-26 13:50:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0007_phones"
down_revision = "0006_notices"
branch_labels = None
depends_on = None

CODE_PURPOSES = ("sign-in", "verify-email", "reset-password")
SMS_PURPOSES = ("code", "news", "notice")
WAITING = sa.text("done_at IS NULL AND failed_at IS NULL")


def upgrade() -> None:
    op.add_column("account", sa.Column("phone_verified_at", cps.core.db.UtcDateTime(), nullable=True))
    op.add_column("case_contact", sa.Column("sms_stopped_at", cps.core.db.UtcDateTime(), nullable=True))
    _codes_are_for((*CODE_PURPOSES, "verify-phone", "join"))
    op.create_table(
        "phone_claim",
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("claimed_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("told_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("due_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_phone_claim_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_phone_claim")),
    )
    op.create_index(op.f("ix_phone_claim_account_id"), "phone_claim", ["account_id"])
    op.create_index(op.f("ix_phone_claim_due_at"), "phone_claim", ["due_at"])
    op.create_table(
        "account_join",
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("into_id", cps.core.db.BigId, nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("counts_since", cps.core.db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("account_id <> into_id", name=op.f("ck_account_join_two_accounts")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_join_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["account.id"], name=op.f("fk_account_join_into_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_join")),
    )
    op.create_index(op.f("ix_account_join_into_id"), "account_join", ["into_id"])
    _make_messages()
    schema.set_level(op.get_bind(), 7, oldest_code=1)
    triggers.create_all(op.get_bind())


def _make_messages() -> None:
    op.create_table(
        "text_message",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("purpose", _sms_purpose(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("account_id", cps.core.db.BigId, nullable=True),
        sa.Column("case_id", cps.core.db.BigId, nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("run_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=False),
        sa.Column("done_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("failed_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_text_message_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_text_message_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_text_message_dedupe_key")),
    )
    op.create_index(op.f("ix_text_message_account_id"), "text_message", ["account_id"])
    op.create_index(op.f("ix_text_message_case_id"), "text_message", ["case_id"])
    op.create_index(
        "ix_text_message_waiting",
        "text_message",
        ["run_at", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "sms_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("purpose", _sms_purpose(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("cost_thousandths", cps.core.db.BigId, nullable=False),
        sa.PrimaryKeyConstraint("day", "purpose", "country", name=op.f("pk_sms_day")),
    )


def _sms_purpose() -> sa.Enum:
    return sa.Enum(*SMS_PURPOSES, name="smspurpose", native_enum=False, create_constraint=True, length=40)


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
    schema.set_level(op.get_bind(), 6, oldest_code=1)
    op.drop_table("sms_day")
    op.drop_table("text_message")
    op.drop_table("account_join")
    op.drop_table("phone_claim")
    op.execute(sa.text("DELETE FROM one_time_code WHERE purpose IN ('verify-phone', 'join')"))
    _codes_are_for(CODE_PURPOSES)
    for table, column in (("case_contact", "sms_stopped_at"), ("account", "phone_verified_at")):
        op.execute(sa.text(f"ALTER TABLE {table} DROP COLUMN {column}"))  # a batch would lose the checks
