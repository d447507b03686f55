"""Keep the keys of other programs, and which case came by which.

Revision: 0030_open311, after 0029_administration; made 2026-11-27 10:10:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0030_open311"
down_revision = "0029_administration"
branch_labels = None
depends_on = None

KEY = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()


def upgrade() -> None:
    op.create_table(
        "open311_key",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("client", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("media_host", sa.String(length=254), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.CheckConstraint("client <> ''", name=op.f("ck_open311_key_client_named")),
        sa.CheckConstraint("revoked_at >= created_at", name=op.f("ck_open311_key_revoked_after_created")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open311_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_open311_key_key_hash")),
    )
    op.create_table(
        "open311_request",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("key_id", KEY, nullable=False),
        sa.Column("sent_tag", sa.String(length=64), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("media_url", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_open311_request_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["open311_key.id"], name=op.f("fk_open311_request_key_id_open311_key")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_open311_request")),
        sa.UniqueConstraint("sent_tag", name=op.f("uq_open311_request_sent_tag")),
    )
    op.create_index("ix_open311_request_key", "open311_request", ["key_id", "sent_at"])
    schema.set_level(op.get_bind(), 30, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 29, oldest_code=1)
    op.drop_table("open311_request")
    op.drop_table("open311_key")
