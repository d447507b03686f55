"""Keep what can be undone at the desk, who has a case open, and closed cases that were checked.

Revision: 0019_desk_work, after 0018_answer_base; made 2026-11-26 20:55:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema

revision = "0019_desk_work"
down_revision = "0018_answer_base"
branch_labels = None
depends_on = None

KEY = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
WAITS = sa.text("state = 'waiting'")


def upgrade() -> None:
    _make_acts()
    _make_cases_of_acts()
    op.create_table(
        "case_presence",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        _points("case_presence", "case_id", "cases", "CASCADE"),
        _points("case_presence", "account_id", "account", "CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_case_presence")),
    )
    op.create_index(op.f("ix_case_presence_account_id"), "case_presence", ["account_id"])
    op.create_index(op.f("ix_case_presence_seen_at"), "case_presence", ["seen_at"])
    op.create_table(
        "closed_check",
        sa.Column("week", sa.String(length=10), nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("is_good OR note <> ''", name=op.f("ck_closed_check_not_good_has_note")),
        _points("closed_check", "case_id", "cases", "CASCADE"),
        _points("closed_check", "by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("week", "case_id", name=op.f("pk_closed_check")),
    )
    op.create_index(op.f("ix_closed_check_case_id"), "closed_check", ["case_id"])
    schema.set_level(op.get_bind(), 19, oldest_code=1)


def _make_acts() -> None:
    rules = {
        "started_whole": "(started_at IS NULL) = (public_from IS NULL)",
        "started_before_done": "done_at IS NULL OR started_at IS NOT NULL",
        "started_before_undone": "undone_at IS NULL OR started_at IS NOT NULL",
    }
    op.create_table(
        "desk_act",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("is_bulk", sa.Boolean(), nullable=False),
        sa.Column("wanted", cps.core.db.Json, nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("planned_at", MOMENT, nullable=False),
        *(
            sa.Column(name, MOMENT, nullable=True)
            for name in ("started_at", "public_from", "done_at", "undone_at")
        ),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_desk_act_{name}")) for name, rule in rules.items()),
        _points("desk_act", "by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_act")),
    )
    op.create_index("ix_desk_act_by", "desk_act", ["by_id", "id"])
    op.create_index(op.f("ix_desk_act_planned_at"), "desk_act", ["planned_at"])


def _make_cases_of_acts() -> None:
    rules = {
        "done_has_version": "state NOT IN ('done', 'undone') OR version_after IS NOT NULL",
        "skipped_has_reason": "(state IN ('skipped', 'kept')) = (why <> '')",
    }
    states = ("waiting", "done", "skipped", "undone", "kept")
    op.create_table(
        "desk_act_case",
        sa.Column("act_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("version_seen", sa.Integer(), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(*states, name="casestate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("before", cps.core.db.Json, nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_desk_act_case_{name}")) for name, rule in rules.items()),
        _points("desk_act_case", "act_id", "desk_act", "CASCADE"),
        _points("desk_act_case", "case_id", "cases", "CASCADE"),
        sa.PrimaryKeyConstraint("act_id", "case_id", name=op.f("pk_desk_act_case")),
    )
    op.create_index(op.f("ix_desk_act_case_case_id"), "desk_act_case", ["case_id"])
    op.create_index(
        "ix_desk_act_case_waiting",
        "desk_act_case",
        ["act_id", "case_id"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )


def _points(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 18, oldest_code=1)
    for table in ("closed_check", "case_presence", "desk_act_case", "desk_act"):
        op.drop_table(table)
