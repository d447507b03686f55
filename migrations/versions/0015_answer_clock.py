"""Keep what moves a due date, suspensions of work, pauses, requests for more time and escalations.

Revision: 0015_answer_clock, after 0014_own_data; made 2026-11-26 17:12:00.000000.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0015_answer_clock"
down_revision = "0014_own_data"
branch_labels = None
depends_on = None

MOMENT = cps.core.db.UtcDateTime()
OPEN = sa.text("closed_at IS NULL")
UNSEEN = sa.text("acknowledged_at IS NULL AND closed_at IS NULL")
PAUSED = sa.text("pause_ends_at IS NOT NULL")
RUNNING = sa.text("closed_at IS NULL AND clock_started_at IS NOT NULL")
ALARMED = sa.text("closed_at IS NULL AND alarm_at IS NOT NULL")
UNDECIDED = sa.text("decided_at IS NULL")

QUEUE = (
    *("department_id", "is_integrity", "status", "assignee_id", "priority", "due_at", "has_unread_reply"),
    *("category_id", "ward_id", "closed_at"),
)

RULES = {
    "pause_ends_at": {
        "ck_cases_pause_has_end": "(paused_at IS NULL) = (pause_ends_at IS NULL)",
        "ck_cases_paused_once": "paused_at IS NULL OR pause_used",
    },
    "reopened": {
        "ck_cases_extended_twice_at_most": "extensions BETWEEN 0 AND 2",
        "ck_cases_due_from_promise_on": "due_at >= promised_at",
        "ck_cases_reopened_not_negative": "reopened >= 0",
    },
}
"""Constraints of `cases`, by the new column with which SQLite takes them."""

NEW_COLUMNS = {
    "clock_started_at": "DATETIME",
    "runs_all_hours": "BOOLEAN DEFAULT 0 NOT NULL",
    "acknowledge_by": "DATETIME",
    "pause_ends_at": "DATETIME",
    "suspensions_seen": "INTEGER DEFAULT '0' NOT NULL",
    "alarm_at": "DATETIME",
    "answered_at": "DATETIME",
    "reopened": "INTEGER DEFAULT '0' NOT NULL",
}


def upgrade() -> None:
    _extend_cases()
    _begin_clocks()
    _let_categories_follow_the_city()
    _make_suspensions()
    _make_due_changes()
    _make_requests()
    op.create_table(
        "escalation",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("step", _enum("escalationstep", "unseen", "reminder", "late", "public"), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _of_case("escalation"),
        sa.PrimaryKeyConstraint("case_id", "step", "due_at", name=op.f("pk_escalation")),
    )
    op.create_index(op.f("ix_escalation_at"), "escalation", ["at"])
    schema.set_level(op.get_bind(), 15, oldest_code=1)
    triggers.create_all(op.get_bind())


def _extend_cases() -> None:
    """Add columns, constraints and indexes; SQLite takes them without copying the largest table there is."""
    if op.get_bind().dialect.name == "sqlite":
        for column, kind in NEW_COLUMNS.items():
            rules = "".join(
                f" CONSTRAINT {name} CHECK ({rule})" for name, rule in RULES.get(column, {}).items()
            )
            op.execute(sa.text(f"ALTER TABLE cases ADD COLUMN {column} {kind}{rules}"))
    else:
        kinds = {"DATETIME": MOMENT, "BOOLEAN": sa.Boolean(), "INTEGER": sa.Integer()}
        for column, told in NEW_COLUMNS.items():
            kind = kinds[told.split(" ", 1)[0]]
            default = {"BOOLEAN": sa.false(), "INTEGER": "0"}.get(told.split(" ", 1)[0])
            op.add_column(
                "cases",
                sa.Column(column, kind, server_default=default, nullable="NOT NULL" not in told),
            )
        for rules in RULES.values():
            for name, rule in rules.items():
                op.create_check_constraint(op.f(name), "cases", rule)
    op.drop_index("ix_cases_open", "cases")
    _index("ix_cases_open", [*QUEUE, "acknowledge_by", "acknowledged_at", "paused_at", "id"], OPEN)
    _index("ix_cases_unseen", ["acknowledge_by", "id"], UNSEEN)
    _index("ix_cases_paused", ["pause_ends_at"], PAUSED)
    _index("ix_cases_suspensions_seen", ["suspensions_seen", "id"], RUNNING)
    _index("ix_cases_alarm", ["alarm_at", "id"], ALARMED)


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "cases", columns, sqlite_where=where, postgresql_where=where)


def _begin_clocks() -> None:
    """Let the clocks of complaints run since they came, and know what was answered before.

    The alarms of those that are not late are set; nobody is written to about what was late already.
    """
    columns = ("kind", "received_at", "due_at", "closed_at", "category_id", "outcome", "source")
    new = ("clock_started_at", "answered_at", "runs_all_hours", "alarm_at")
    cases = sa.table("cases", *(sa.column(name, MOMENT) if name.endswith("_at") else sa.column(name)
                                for name in (*columns, *new)))  # fmt: skip
    category = sa.table("category", *map(sa.column, ("id", "service_time_unit")))
    by_hours = sa.select(category.c.id).where(category.c.service_time_unit == "hours")
    complaints, now = cases.c.kind == "complaint", datetime.now(UTC)
    for condition, values in (
        (complaints, {"clock_started_at": cases.c.received_at}),
        (complaints & cases.c.category_id.in_(by_hours), {"runs_all_hours": sa.true()}),
        (cases.c.outcome.is_not(None), {"answered_at": cases.c.closed_at}),
        (complaints & (cases.c.source == "cps") & (cases.c.due_at > now), {"alarm_at": now}),
    ):
        op.execute(sa.update(cases).where(condition).values(values))


def _let_categories_follow_the_city() -> None:
    """Let a category say nothing of when a case should be seen; what had the usual hours follows the city."""
    with op.batch_alter_table("category") as batch:
        batch.alter_column("acknowledge_hours", existing_type=sa.Integer(), nullable=True)
    op.execute(sa.text("UPDATE category SET acknowledge_hours = NULL WHERE acknowledge_hours = 8"))


def _make_suspensions() -> None:
    op.create_table(
        "work_suspension",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("whole_days", sa.Boolean(), nullable=False),
        sa.Column("reason", cps.core.db.Json, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("corrects_id", cps.core.db.BigId, nullable=True),
        sa.CheckConstraint(
            "starts_at < ends_at OR (starts_at = ends_at AND corrects_id IS NOT NULL)",
            name=op.f("ck_work_suspension_lasts"),
        ),
        sa.CheckConstraint("corrects_id < id", name=op.f("ck_work_suspension_corrects_earlier")),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["work_suspension.id"],
            name=op.f("fk_work_suspension_corrects_id_work_suspension"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_suspension")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_work_suspension_corrects_id")),
    )


def _make_due_changes() -> None:
    extension, suspension = "(key LIKE 'extension:%')", "(key LIKE 'suspension:%')"
    rules = {
        "known_key": "key IN ('extension:1', 'extension:2', 'pause') OR key LIKE 'suspension:%'",
        "moves_later": "after >= before OR key LIKE 'suspension:%'",
        "extension_has_days": f"{extension} = (days > 0)",
        "extension_has_reason": f"{extension} = (event_id IS NOT NULL)",
        "suspension_named": f"{suspension} = (suspension_id IS NOT NULL)",
        "pause_has_end": "(key = 'pause') = (paused_until IS NOT NULL)",
        "pause_whole": "(paused_from IS NULL) = (paused_until IS NULL)",
    }
    op.create_table(
        "due_change",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("before", MOMENT, nullable=False),
        sa.Column("after", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("event_id", cps.core.db.BigId, nullable=True),
        sa.Column("suspension_id", cps.core.db.BigId, nullable=True),
        sa.Column("paused_from", MOMENT, nullable=True),
        sa.Column("paused_until", MOMENT, nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_due_change_{name}")) for name, rule in rules.items()),
        _of_case("due_change"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["case_event.id"],
            name=op.f("fk_due_change_event_id_case_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["suspension_id"],
            ["work_suspension.id"],
            name=op.f("fk_due_change_suspension_id_work_suspension"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_change")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_due_change_case_id_key")),
    )
    op.create_index(op.f("ix_due_change_at"), "due_change", ["at"])


def _make_requests() -> None:
    op.create_table(
        "extension_request",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("asked_by_id", cps.core.db.BigId, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("days > 0", name=op.f("ck_extension_request_days_positive")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_granted IS NULL)", name=op.f("ck_extension_request_decided_whole")
        ),
        _of_case("extension_request"),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["account.id"],
            name=op.f("fk_extension_request_asked_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    op.create_index(op.f("ix_extension_request_case_id"), "extension_request", ["case_id"])
    op.create_index(
        "uq_extension_request_waiting",
        "extension_request",
        ["case_id"],
        unique=True,
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )


def _of_case(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_case_id_cases")
    return sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=name, ondelete="CASCADE")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 14, oldest_code=1)
    on_cases = " ON cases" if op.get_bind().dialect.name == "postgresql" else ""
    for trigger in ("cases_due_moves_by_rule", "cases_promise_stays"):
        op.execute(sa.text(f"DROP TRIGGER IF EXISTS {trigger}{on_cases}"))
    for table in ("escalation", "extension_request", "due_change", "work_suspension"):
        op.drop_table(table)
    op.execute(sa.text("UPDATE category SET acknowledge_hours = 8 WHERE acknowledge_hours IS NULL"))
    with op.batch_alter_table("category") as batch:
        batch.alter_column("acknowledge_hours", existing_type=sa.Integer(), nullable=False)
    for name in ("open", "unseen", "paused", "suspensions_seen", "alarm"):
        op.drop_index(f"ix_cases_{name}", "cases")
    if op.get_bind().dialect.name == "postgresql":
        for rules in RULES.values():
            for rule in rules:
                op.drop_constraint(op.f(rule), "cases", type_="check")
    for column in reversed(NEW_COLUMNS):
        op.drop_column("cases", column)
    _index("ix_cases_open", [*QUEUE, "id"], OPEN)
