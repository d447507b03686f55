"""Keep ways in besides the site, what comes by them, and references set aside for paper forms.

Revision: 0022_channels, after 0021_city_rules; made 2026-11-27 00:30:00.000000.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema

revision = "0022_channels"
down_revision = "0021_city_rules"
branch_labels = None
depends_on = None

KEY = cps.core.db.BigId
JSON = cps.core.db.Json
MOMENT = cps.core.db.UtcDateTime()
IS_QUARANTINED = sa.text("state = 'quarantined'")
WAITS_FOR_OTHERS = sa.text("message_id IS NULL")
TO_BE_SENT = sa.text("done_at IS NULL AND failed_at IS NULL")


def upgrade() -> None:
    _make_ways()
    _make_messages()
    _make_parts()
    _make_chat()
    _make_paper()
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("takes_replies", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("in_reply_to", sa.String(length=300), nullable=False, server_default=""))
    schema.set_level(op.get_bind(), 22, oldest_code=1)


def _make_ways() -> None:
    op.create_table(
        "way_in",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("kind", _enum("waykind", "sms", "mail", "chat"), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("answers_url", sa.String(length=400), nullable=False),
        sa.Column("greeting", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_way_in")),
    )
    op.create_table(
        "blocked_sender",
        sa.Column("sender_tag", sa.String(length=64), nullable=False),
        sa.Column("known_by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("blocked_at", MOMENT, nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        _points("blocked_sender", "by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("sender_tag", name=op.f("pk_blocked_sender")),
    )


def _make_messages() -> None:
    states = ("landed", "joined", "answered", "noted", "refused", "quarantined")
    rules = {
        "landed_has_case": "state NOT IN ('landed', 'joined') OR case_id IS NOT NULL",
        "set_apart_has_reason": "state NOT IN ('refused', 'quarantined') OR reason <> ''",
    }
    op.create_table(
        "incoming_message",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        *_from_somebody(),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("state", _enum("incoming", *states), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("thread_id", sa.String(length=300), nullable=False),
        sa.Column("original_key", sa.String(length=200), nullable=False),
        sa.Column("left_out", JSON, nullable=False),
        sa.Column("settled_by_id", KEY, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks("incoming_message", rules),
        _points("incoming_message", "case_id", "cases", "CASCADE"),
        _points("incoming_message", "settled_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_message")),
        sa.UniqueConstraint("way", "external_id", name=op.f("uq_incoming_message_way_external_id")),
    )
    op.create_index(op.f("ix_incoming_message_case_id"), "incoming_message", ["case_id"])
    op.create_index("ix_incoming_message_sender_tag", "incoming_message", ["sender_tag", "received_at"])
    op.create_index("ix_incoming_message_entered_at", "incoming_message", ["entered_at", "id"])
    _index("ix_incoming_message_quarantined", "incoming_message", ["received_at", "id"], IS_QUARANTINED)


def _make_parts() -> None:
    rules = {"of_several": "of BETWEEN 2 AND 255", "part_of_them": "part BETWEEN 1 AND of"}
    op.create_table(
        "incoming_part",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        *_from_somebody(),
        sa.Column("ref", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("message_id", KEY, nullable=True),
        *_checks("incoming_part", rules),
        _points("incoming_part", "message_id", "incoming_message", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_part")),
        sa.UniqueConstraint("way", "external_id", name=op.f("uq_incoming_part_way_external_id")),
    )
    op.create_index(op.f("ix_incoming_part_message_id"), "incoming_part", ["message_id"])
    _index("ix_incoming_part_waiting_since", "incoming_part", ["entered_at"], WAITS_FOR_OTHERS)
    op.create_index(
        "uq_incoming_part_waiting", "incoming_part", ["way", "sender_tag", "ref", "of", "part"], unique=True,
        sqlite_where=WAITS_FOR_OTHERS, postgresql_where=WAITS_FOR_OTHERS,
    )  # fmt: skip


def _make_chat() -> None:
    op.create_table(
        "chat_contact",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        _points("chat_contact", "case_id", "cases", "CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_chat_contact")),
    )
    op.create_table(
        "chat_message",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        _points("chat_message", "case_id", "cases", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_chat_message_dedupe_key")),
    )
    op.create_index(op.f("ix_chat_message_case_id"), "chat_message", ["case_id"])
    _index("ix_chat_message_waiting", "chat_message", ["run_at", "id"], TO_BE_SENT)


def _make_paper() -> None:
    op.create_table(
        "paper_form",
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("entered_at", MOMENT, nullable=True),
        sa.Column("entered_by_id", KEY, nullable=True),
        *_checks("paper_form", {"entered_whole": "(case_id IS NULL) = (entered_at IS NULL)"}),
        _points("paper_form", "case_id", "cases", None),
        _points("paper_form", "entered_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_paper_form")),
        sa.UniqueConstraint("case_id", name=op.f("uq_paper_form_case_id")),
    )
    op.create_index(op.f("ix_paper_form_printed_at"), "paper_form", ["printed_at"])


def _from_somebody() -> Iterable[sa.Column[object]]:
    """Return the columns that tell where and when something came in."""
    return (
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("sender_tag", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
    )


def _checks(table: str, rules: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in rules.items()]


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _points(table: str, column: str, to: str, ondelete: str | None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 21, oldest_code=1)
    with op.batch_alter_table("message") as batch:
        batch.drop_column("in_reply_to")
        batch.drop_column("takes_replies")
    for table in ("paper_form", "chat_message", "chat_contact", "incoming_part", "incoming_message",
                  "blocked_sender", "way_in"):  # fmt: skip
        op.drop_table(table)
