"""Keep callers, their contacts, call backs, warnings, and what was read out of private cases.

Revision: 0026_contact_centre, after 0025_integrity; made 2026-11-27 00:33:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0026_contact_centre"
down_revision = "0025_integrity"
branch_labels = None
depends_on = None

KEY = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
TERM = sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql")
HAS_PHONE = sa.text("phone <> ''")
HAS_CALL = sa.text("call_ref <> ''")
IS_WAITING = sa.text("state = 'waiting'")
IS_ENDED = sa.text("ended_at IS NOT NULL")
IS_KNOWN = sa.text("caller_id IS NOT NULL OR note <> ''")


def upgrade() -> None:
    _make_callers()
    _make_contacts()
    _make_follows()
    _make_call_backs()
    _make_warnings()
    op.create_index(
        "ix_case_contact_phone",
        "case_contact",
        ["phone", "case_id"],
        sqlite_where=HAS_PHONE,
        postgresql_where=HAS_PHONE,
    )
    schema.set_level(op.get_bind(), 26, oldest_code=1)
    triggers.create_all(op.get_bind())


def _make_callers() -> None:
    op.create_table(
        "caller",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("phone <> '' OR name <> ''", name=op.f("ck_caller_known_by_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller")),
    )
    op.create_index("ix_caller_last", "caller", ["last_at", "id"])
    op.create_index(
        "uq_caller_phone",
        "caller",
        ["phone"],
        unique=True,
        sqlite_where=HAS_PHONE,
        postgresql_where=HAS_PHONE,
    )

    op.create_table(
        "caller_name",
        sa.Column("term", TERM, nullable=False),
        sa.Column("caller_id", KEY, nullable=False),
        _points("caller_name", "caller_id", "caller", "CASCADE"),
        sa.PrimaryKeyConstraint("term", "caller_id", name=op.f("pk_caller_name")),
    )
    op.create_index(op.f("ix_caller_name_caller_id"), "caller_name", ["caller_id"])


def _make_contacts() -> None:
    op.create_table(
        "wrap_up_code",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", cps.core.db.Json, nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrap_up_code")),
        sa.UniqueConstraint("code", name=op.f("uq_wrap_up_code_code")),
    )

    op.create_table(
        "contact",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("caller_id", KEY, nullable=True),
        sa.Column("agent_id", KEY, nullable=True),
        sa.Column(
            "channel",
            _one_of("channel", "web", "phone", "counter", "mail", "sms", "chat", "paper", "api", "import"),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("call_ref", sa.String(length=80), nullable=False),
        sa.Column("matter", sa.Integer(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("late_reason", sa.String(length=300), nullable=False),
        sa.Column("waited_seconds", sa.Integer(), nullable=True),
        sa.Column(
            "ending",
            _one_of(
                "ending",
                "answered",
                "informed",
                "filed",
                "added",
                "call-back",
                "handed-over",
                "broken-off",
                "abusive",
            ),
            nullable=False,
        ),
        sa.Column("code_id", KEY, nullable=True),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("article_id", KEY, nullable=True),
        sa.Column("department_id", KEY, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "ending <> 'handed-over' OR department_id IS NOT NULL", name=op.f("ck_contact_handed_to_somebody")
        ),
        sa.CheckConstraint(
            "ending NOT IN ('filed', 'added') OR case_id IS NOT NULL", name=op.f("ck_contact_case_is_named")
        ),
        sa.CheckConstraint(
            "received_at = entered_at OR late_reason <> ''", name=op.f("ck_contact_late_has_reason")
        ),
        sa.CheckConstraint("matter >= 1", name=op.f("ck_contact_matters_from_one")),
        sa.CheckConstraint("received_at <= entered_at", name=op.f("ck_contact_received_before_entered")),
        sa.CheckConstraint("waited_seconds >= 0", name=op.f("ck_contact_waited_not_negative")),
        _points("contact", "agent_id", "account", "SET NULL"),
        _points("contact", "article_id", "article", "SET NULL"),
        _points("contact", "caller_id", "caller", "SET NULL"),
        _points("contact", "case_id", "cases", "CASCADE"),
        _points("contact", "code_id", "wrap_up_code"),
        _points("contact", "department_id", "department"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_agent", "contact", ["agent_id", "received_at", "id"])
    op.create_index(op.f("ix_contact_article_id"), "contact", ["article_id"])
    op.create_index("ix_contact_caller", "contact", ["caller_id", "received_at", "id"])
    op.create_index(op.f("ix_contact_case_id"), "contact", ["case_id"])
    op.create_index(op.f("ix_contact_code_id"), "contact", ["code_id"])
    op.create_index(
        "ix_contact_figures",
        "contact",
        ["received_at", "channel", "language", "ending", "waited_seconds", "code_id", "id"],
    )
    op.create_index(
        "uq_contact_call",
        "contact",
        ["call_ref", "matter"],
        unique=True,
        sqlite_where=HAS_CALL,
        postgresql_where=HAS_CALL,
    )
    op.create_index(
        "ix_contact_known", "contact", ["received_at", "id"], sqlite_where=IS_KNOWN, postgresql_where=IS_KNOWN
    )


def _make_follows() -> None:
    op.create_table(
        "caller_follow",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("caller_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _points("caller_follow", "caller_id", "caller", "CASCADE"),
        _points("caller_follow", "case_id", "cases", "CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "caller_id", name=op.f("pk_caller_follow")),
    )
    op.create_index(op.f("ix_caller_follow_caller_id"), "caller_follow", ["caller_id"])

    op.create_table(
        "read_out",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("caller_id", KEY, nullable=True),
        sa.Column("agent_id", KEY, nullable=True),
        sa.Column("proofs", cps.core.db.Json, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _points("read_out", "agent_id", "account", "SET NULL"),
        _points("read_out", "caller_id", "caller", "SET NULL"),
        _points("read_out", "case_id", "cases", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_out")),
    )
    op.create_index("ix_read_out_agent", "read_out", ["agent_id", "case_id", "at"])
    op.create_index(op.f("ix_read_out_caller_id"), "read_out", ["caller_id"])
    op.create_index(op.f("ix_read_out_case_id"), "read_out", ["case_id"])


def _make_call_backs() -> None:
    op.create_table(
        "call_back",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("caller_id", KEY, nullable=True),
        sa.Column("contact_id", KEY, nullable=True),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("waits_for_answer", sa.Boolean(), nullable=False),
        sa.Column("agent_id", KEY, nullable=True),
        sa.Column("department_id", KEY, nullable=True),
        sa.Column(
            "state", _one_of("callbackstate", "waiting", "reached", "given-up", "not-needed"), nullable=False
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_by_id", KEY, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_call_back_ended_has_time")
        ),
        sa.CheckConstraint("state <> 'waiting' OR phone <> ''", name=op.f("ck_call_back_waiting_has_number")),
        sa.CheckConstraint(
            "NOT waits_for_answer OR case_id IS NOT NULL", name=op.f("ck_call_back_answer_of_a_case")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_call_back_attempts_not_negative")),
        _points("call_back", "agent_id", "account", "SET NULL"),
        _points("call_back", "caller_id", "caller", "CASCADE"),
        _points("call_back", "case_id", "cases", "CASCADE"),
        _points("call_back", "contact_id", "contact", "SET NULL"),
        _points("call_back", "department_id", "department"),
        _points("call_back", "made_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
    )
    op.create_index(op.f("ix_call_back_agent_id"), "call_back", ["agent_id"])
    op.create_index(op.f("ix_call_back_caller_id"), "call_back", ["caller_id"])
    op.create_index(op.f("ix_call_back_case_id"), "call_back", ["case_id"])
    op.create_index(op.f("ix_call_back_contact_id"), "call_back", ["contact_id"])
    op.create_index(op.f("ix_call_back_department_id"), "call_back", ["department_id"])
    op.create_index(op.f("ix_call_back_made_by_id"), "call_back", ["made_by_id"])
    op.create_index(
        "ix_call_back_waiting",
        "call_back",
        ["due_at", "id", "department_id", "agent_id", "waits_for_answer", "state"],
        sqlite_where=IS_WAITING,
        postgresql_where=IS_WAITING,
    )
    op.create_index(
        "ix_call_back_ended",
        "call_back",
        ["ended_at", "id"],
        sqlite_where=IS_ENDED,
        postgresql_where=IS_ENDED,
    )
    op.create_table(
        "call_back_step",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("call_back_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column(
            "turn",
            _one_of(
                "callbackturn",
                "promised",
                "taken",
                "not-reached",
                "handed-over",
                "moved",
                "case-answered",
                "reached",
                "given-up",
                "not-needed",
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        _points("call_back_step", "by_id", "account", "SET NULL"),
        _points("call_back_step", "call_back_id", "call_back", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back_step")),
    )
    op.create_index(op.f("ix_call_back_step_by_id"), "call_back_step", ["by_id"])
    op.create_index(op.f("ix_call_back_step_call_back_id"), "call_back_step", ["call_back_id"])


def _make_warnings() -> None:
    op.create_table(
        "caller_warning",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("caller_id", KEY, nullable=False),
        sa.Column("contact_id", KEY, nullable=True),
        sa.Column("step", _one_of("warningstep", "warned", "limited"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("reviewed_by_id", KEY, nullable=True),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_caller_warning_has_reason")),
        sa.CheckConstraint(
            "lifted_at IS NULL OR reviewed_at IS NOT NULL", name=op.f("ck_caller_warning_lifted_by_review")
        ),
        sa.CheckConstraint("reviewed_by_id <> by_id", name=op.f("ck_caller_warning_reviewed_by_another")),
        sa.CheckConstraint("until > at", name=op.f("ck_caller_warning_ends_after_beginning")),
        _points("caller_warning", "by_id", "account", "SET NULL"),
        _points("caller_warning", "caller_id", "caller", "CASCADE"),
        _points("caller_warning", "contact_id", "contact", "SET NULL"),
        _points("caller_warning", "reviewed_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller_warning")),
    )
    op.create_index(op.f("ix_caller_warning_by_id"), "caller_warning", ["by_id"])
    op.create_index("ix_caller_warning_caller", "caller_warning", ["caller_id", "until", "id"])
    op.create_index(op.f("ix_caller_warning_contact_id"), "caller_warning", ["contact_id"])
    op.create_index(op.f("ix_caller_warning_reviewed_by_id"), "caller_warning", ["reviewed_by_id"])


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _points(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 25, oldest_code=1)
    op.drop_index("ix_case_contact_phone", "case_contact")
    for table in (
        "caller_warning",
        "call_back_step",
        "call_back",
        "read_out",
        "caller_follow",
        "contact",
        "wrap_up_code",
        "caller_name",
        "caller",
    ):
        op.drop_table(table)
