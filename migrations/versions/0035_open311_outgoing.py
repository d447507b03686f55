"""Keep the other systems that departments are connected to, and what was sent there.

Revision: 0035_open311_outgoing, after 0034_city_face; made 2026-11-27 14:30:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0035_open311_outgoing"
down_revision = "0034_city_face"
branch_labels = None
depends_on = None

KEY = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
WAITING = sa.text("done_at IS NULL AND failed_at IS NULL")
STAGES = ("waiting", "taken", "open", "closed")
ENDINGS = ("elsewhere", "not-public", "no-route", "done", "dropped")


def upgrade() -> None:
    op.create_table(
        "open311_system",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("department_id", KEY, nullable=False),
        sa.Column("base_url", sa.String(length=400), nullable=False),
        sa.Column("sealed_key", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=120), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("routes", cps.core.db.Json, nullable=False),
        sa.Column("services", cps.core.db.Json, nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("looked_trouble", sa.String(length=240), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=True),
        sa.Column("trouble", sa.String(length=240), nullable=False),
        sa.Column("trouble_since", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rest_until", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_leased(),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_open311_system_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open311_system")),
        sa.UniqueConstraint("department_id", name=op.f("uq_open311_system_department_id")),
    )
    op.create_table(
        "open311_sent",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("system_id", KEY, nullable=False),
        sa.Column("stage", _enum("stage", STAGES), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("token", sa.String(length=120), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("heard_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("ending", _enum("ending", ENDINGS), nullable=True),
        *_leased(),
        sa.CheckConstraint("(done_at IS NULL) = (ending IS NULL)", name=op.f("ck_open311_sent_ended_whole")),
        sa.CheckConstraint(
            "stage NOT IN ('open', 'closed') OR number <> ''", name=op.f("ck_open311_sent_known_by_number")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_open311_sent_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["system_id"], ["open311_system.id"], name=op.f("fk_open311_sent_system_id_open311_system")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open311_sent")),
        sa.UniqueConstraint("case_id", "system_id", name=op.f("uq_open311_sent_case_id_system_id")),
    )
    op.create_index("ix_open311_sent_waiting", "open311_sent", ["system_id", "stage", "run_at"],
                    sqlite_where=WAITING, postgresql_where=WAITING)  # fmt: skip
    schema.set_level(op.get_bind(), 35, oldest_code=32)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 34, oldest_code=32)
    op.drop_table("open311_sent")
    op.drop_table("open311_system")


def _leased() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("lease_owner", sa.String(length=80), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
