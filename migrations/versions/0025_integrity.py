"""Keep whom complaints about staff name, who may not see them, and who may read their reporters.

Revision: 0025_integrity, after 0024_messages_out; made 2026-11-27 00:30:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0025_integrity"
down_revision = "0024_messages_out"
branch_labels = None
depends_on = None

ID = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()


def upgrade() -> None:
    _make_reports()
    op.create_table(
        "integrity_bar",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _to("integrity_bar", "case_id", "cases", "CASCADE"),
        _to("integrity_bar", "account_id", "account", "CASCADE"),
        _to("integrity_bar", "by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_integrity_bar")),
    )
    op.create_index(op.f("ix_integrity_bar_account_id"), "integrity_bar", ["account_id"])
    _make_readers()
    with op.batch_alter_table("access_log") as batch:
        batch.add_column(sa.Column("reason", sa.String(length=300), nullable=False, server_default=""))
    schema.set_level(op.get_bind(), 25, oldest_code=1)
    triggers.create_all(op.get_bind())


def _make_reports() -> None:
    whole = "released_at IS NOT NULL OR released_by_id IS NULL"
    op.create_table(
        "integrity_report",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("about_department_id", ID, nullable=True),
        sa.Column("about_person", sa.String(length=200), nullable=False),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("released_by_id", ID, nullable=True),
        sa.CheckConstraint(whole, name=op.f("ck_integrity_report_released_whole")),
        _to("integrity_report", "case_id", "cases", "CASCADE"),
        _to("integrity_report", "about_department_id", "department"),
        _to("integrity_report", "released_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_integrity_report")),
    )
    op.create_index(
        op.f("ix_integrity_report_about_department_id"), "integrity_report", ["about_department_id"]
    )


def _make_readers() -> None:
    rules = {"two_at_most": "slot IN (1, 2)", "named_by_another": "named_by_id <> account_id"}
    op.create_table(
        "integrity_reader",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("named_by_id", ID, nullable=True),
        sa.Column("named_at", MOMENT, nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_integrity_reader_{name}")) for name, rule in rules.items()),
        _to("integrity_reader", "account_id", "account", "CASCADE"),
        _to("integrity_reader", "named_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_integrity_reader")),
        sa.UniqueConstraint("account_id", name=op.f("uq_integrity_reader_account_id")),
    )


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 24, oldest_code=1)
    with op.batch_alter_table("access_log") as batch:
        batch.drop_column("reason")
    for table in ("integrity_reader", "integrity_bar", "integrity_report"):
        op.drop_table(table)
