"""Keep voice notes, and who wrote them down.

Revision: 0027_voice_notes, after 0026_contact_centre; made 2026-11-27 06:15:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0027_voice_notes"
down_revision = "0026_contact_centre"
branch_labels = None
depends_on = None

ID = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
UNWRITTEN = sa.text("stands_for_words AND written_at IS NULL")


def upgrade() -> None:
    kinds = ("ogg", "webm", "m4a", "mp3", "wav", "amr")
    rules = {
        "belongs": "case_id IS NOT NULL OR draft_id IS NOT NULL",
        "written_whole": "written_at IS NOT NULL OR written_by_id IS NULL",
        "not_empty": "size > 0",
    }
    op.create_table(
        "voice_note",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("draft_id", ID, nullable=True),
        sa.Column("kind", sa.Enum(*kinds, name="audiokind", native_enum=False, create_constraint=True,
                                  length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("stands_for_words", sa.Boolean(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("written_at", MOMENT, nullable=True),
        sa.Column("written_by_id", ID, nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_voice_note_{name}")) for name, rule in rules.items()),
        _to("case_id", "cases", "CASCADE"),
        _to("draft_id", "draft", "SET NULL"),
        _to("written_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_note")),
        *(
            sa.UniqueConstraint(column, name=op.f(f"uq_voice_note_{column}"))
            for column in ("name", "case_id", "draft_id")
        ),
    )  # fmt: skip
    op.create_index("ix_voice_note_unwritten", "voice_note", ["case_id"],
                    sqlite_where=UNWRITTEN, postgresql_where=UNWRITTEN)  # fmt: skip
    schema.set_level(op.get_bind(), 27, oldest_code=1)
    triggers.create_all(op.get_bind())


def _to(column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_voice_note_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 26, oldest_code=1)
    op.drop_table("voice_note")
