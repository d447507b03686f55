"""Keep questions to reporters, why the city says no, and photos of work that supervisors look at.

Revision: 0023_closing, after 0022_channels; made 2026-11-27 00:30:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0023_closing"
down_revision = "0022_channels"
branch_labels = None
depends_on = None

ID = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
UNENDED = sa.text("ended_at IS NULL")
UNCHECKED = sa.text("checked_at IS NULL")


def upgrade() -> None:
    _make_questions()
    _make_reasons()
    _make_doubts()
    schema.set_level(op.get_bind(), 23, oldest_code=1)
    triggers.create_all(op.get_bind())


def _make_questions() -> None:
    rules = {
        "ends_later": "ends_at > asked_at",
        "ended_whole": "(ended_at IS NULL) = (ending IS NULL)",
        "answered_whole": "(answered_at IS NULL) = (answer_event_id IS NULL)",
        "answered_is_ended": "answered_at IS NULL OR ended_at IS NOT NULL",
        "chosen_is_answered": "choice IS NULL OR answered_at IS NOT NULL",
    }
    op.create_table(
        "case_question",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("choices", cps.core.db.Json, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column(
            "ending", _enum("questionending", "answered", "lapsed", "replaced", "went-on"), nullable=True
        ),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answer_event_id", ID, nullable=True),
        sa.Column("choice", sa.Integer(), nullable=True),
        *_checks("case_question", rules),
        _to("case_question", "case_id", "cases", "CASCADE"),
        *(
            _to("case_question", column, "case_event", "CASCADE")
            for column in ("event_id", "answer_event_id")
        ),
        _to("case_question", "asked_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_question")),
        sa.UniqueConstraint("event_id", name=op.f("uq_case_question_event_id")),
    )
    op.create_index(op.f("ix_case_question_case_id"), "case_question", ["case_id"])
    op.create_index("uq_case_question_unended", "case_question", ["case_id"], unique=True,
                    sqlite_where=UNENDED, postgresql_where=UNENDED)  # fmt: skip


def _make_reasons() -> None:
    op.create_table(
        "decline_reason",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("text", cps.core.db.Json, nullable=False),
        sa.Column("endings", cps.core.db.Json, nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decline_reason")),
        sa.UniqueConstraint("code", name=op.f("uq_decline_reason_code")),
    )


def _make_doubts() -> None:
    rules = {
        "same_as_another": "(kind = 'same') = (other_id IS NOT NULL)",
        "of_two_photos": "photo_id <> other_id",
        "checked_whole": "(checked_at IS NULL) = (is_good IS NULL)",
        "not_good_has_note": "is_good OR note <> ''",
    }
    op.create_table(
        "photo_doubt",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("photo_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", _enum("photodoubtkind", "same", "earlier"), nullable=False),
        sa.Column("other_id", ID, nullable=True),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        *_checks("photo_doubt", rules),
        _to("photo_doubt", "case_id", "cases", "CASCADE"),
        *(_to("photo_doubt", column, "attachment", "CASCADE") for column in ("photo_id", "other_id")),
        _to("photo_doubt", "by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_doubt")),
        sa.UniqueConstraint("photo_id", "kind", name=op.f("uq_photo_doubt_photo_id_kind")),
    )
    op.create_index(op.f("ix_photo_doubt_case_id"), "photo_doubt", ["case_id"])
    op.create_index("ix_photo_doubt_unchecked", "photo_doubt", ["id"],
                    sqlite_where=UNCHECKED, postgresql_where=UNCHECKED)  # fmt: skip


def _checks(table: str, rules: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in rules.items()]


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 22, oldest_code=1)
    for table in ("photo_doubt", "decline_reason", "case_question"):
        op.drop_table(table)
