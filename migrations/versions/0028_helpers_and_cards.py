"""Keep who helps whom, and which card of the city is whose.

Revision: 0028_helpers_and_cards, after 0027_voice_notes; made 2026-11-27 06:20:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0028_helpers_and_cards"
down_revision = "0027_voice_notes"
branch_labels = None
depends_on = None

KEY = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
IS_GIVEN = sa.text("given_at IS NOT NULL AND ended_at IS NULL")
IS_ASKED = sa.text("address_tag <> ''")
HAS_ENDED = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    _make_consents()
    op.create_table(
        "city_card",
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("entry_tag", sa.String(length=64), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_tag"],
            ["register_entry.tag"],
            name=op.f("fk_city_card_entry_tag_register_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_city_card")),
    )
    op.create_index(op.f("ix_city_card_entry_tag"), "city_card", ["entry_tag"])
    schema.set_level(op.get_bind(), 28, oldest_code=1)
    triggers.create_all(op.get_bind())


def _make_consents() -> None:
    op.create_table(
        "helper_consent",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("resident_id", KEY, nullable=False),
        sa.Column("helper_id", KEY, nullable=True),
        sa.Column("helper_name", sa.String(length=120), nullable=False),
        sa.Column("scope", _one_of("helperscope", "filed", "all"), nullable=False),
        sa.Column("how", _one_of("consenthow", "code", "address", "counter"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("address_tag", sa.String(length=64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("given_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("helper_id <> resident_id", name=op.f("ck_helper_consent_two_people")),
        sa.CheckConstraint(
            "(given_at IS NULL) = (helper_id IS NULL)", name=op.f("ck_helper_consent_given_by_somebody")
        ),
        sa.CheckConstraint(
            "(given_at IS NULL) = (expires_at IS NOT NULL)", name=op.f("ck_helper_consent_waits_until")
        ),
        sa.CheckConstraint(
            "given_at IS NULL OR (code_hash IS NULL AND address_tag = '')",
            name=op.f("ck_helper_consent_named_once"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR given_at IS NOT NULL", name=op.f("ck_helper_consent_ended_was_given")
        ),
        sa.CheckConstraint("ended_at >= given_at", name=op.f("ck_helper_consent_ends_after_beginning")),
        _account("resident_id", "CASCADE"),
        _account("helper_id", "CASCADE"),
        _account("asked_by_id", "SET NULL"),
        _account("ended_by_id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helper_consent")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_helper_consent_code_hash")),
    )
    op.create_index(op.f("ix_helper_consent_resident_id"), "helper_consent", ["resident_id"])
    op.create_index(op.f("ix_helper_consent_helper_id"), "helper_consent", ["helper_id"])
    op.create_index(
        "uq_helper_consent_pair",
        "helper_consent",
        ["resident_id", "helper_id"],
        unique=True,
        sqlite_where=IS_GIVEN,
        postgresql_where=IS_GIVEN,
    )
    op.create_index(
        "ix_helper_consent_asked",
        "helper_consent",
        ["address_tag"],
        sqlite_where=IS_ASKED,
        postgresql_where=IS_ASKED,
    )
    op.create_index(
        "ix_helper_consent_ended",
        "helper_consent",
        ["ended_at"],
        sqlite_where=HAS_ENDED,
        postgresql_where=HAS_ENDED,
    )


def _account(column: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_helper_consent_{column}_account")
    return sa.ForeignKeyConstraint([column], ["account.id"], name=name, ondelete=ondelete)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 27, oldest_code=1)
    op.drop_table("helper_consent")
    op.drop_table("city_card")
