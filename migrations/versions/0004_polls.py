"""Hold polls: who has voted, the ballots apart from them, and the public ledger.

Revision: 0004_polls, after 0003_residents; made 2026-11-26 10:43:31.098479.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0004_polls"
down_revision = "0003_residents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "poll",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "suspended",
                "closed",
                "tallied",
                "published",
                "final",
                "void",
                name="pollstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("question", cps.core.db.Json, nullable=False),
        sa.Column("explanation", cps.core.db.Json, nullable=False),
        sa.Column("picture", sa.String(length=40), nullable=False),
        sa.Column("picture_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "single",
                "approval",
                "ranking",
                "budget",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("budget", cps.core.db.BigId, nullable=True),
        sa.Column(
            "option_order",
            sa.Enum(
                "published",
                "shuffled",
                name="optionorder",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "key",
            sa.Enum(
                "register",
                "phone",
                "account",
                name="countkey",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("verified_before", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("ward_codes", cps.core.db.Json, nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("age_to", sa.Integer(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("is_declared", sa.Boolean(), nullable=False),
        sa.Column("age_bands", cps.core.db.Json, nullable=False),
        sa.Column("opens_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("closes_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column(
            "results",
            sa.Enum(
                "after", "live", name="resultswhen", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "lines",
            sa.Enum("counts", "full", name="lines", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
        sa.Column(
            "tie",
            sa.Enum("report", "draw", name="tierule", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("draw_text", sa.Text(), nullable=False),
        sa.Column("objection_days", sa.Integer(), nullable=False),
        sa.Column("decision_days", sa.Integer(), nullable=False),
        sa.Column("objection_category_id", cps.core.db.BigId, nullable=True),
        sa.Column("witnesses", cps.core.db.Json, nullable=False),
        sa.Column("has_no_witnesses", sa.Boolean(), nullable=False),
        sa.Column("rehearsed_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("copy_read_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("spec_json", sa.Text(), nullable=False),
        sa.Column("spec_sha256", sa.String(length=64), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("opened_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("closed_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("tallied_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("publish_asked_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("published_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("objections_until", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("final_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("keys_destroyed_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("draw", cps.core.db.Json, nullable=False),
        sa.Column("result_json", sa.Text(), nullable=False),
        sa.Column("turnout", cps.core.db.Json, nullable=False),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=False),
        sa.Column("decision", cps.core.db.Json, nullable=False),
        sa.Column("decision_due_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("decided_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("cloned_from_id", cps.core.db.BigId, nullable=True),
        sa.Column("created_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("updated_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(spec_sha256 = '') = (state = 'draft')", name=op.f("ck_poll_frozen_when_no_draft")
        ),
        sa.CheckConstraint("(void_reason <> '') = (state = 'void')", name=op.f("ck_poll_void_has_reason")),
        sa.CheckConstraint("age_from <= age_to", name=op.f("ck_poll_ages_in_order")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_poll_opens_before_it_closes")),
        sa.ForeignKeyConstraint(["cloned_from_id"], ["poll.id"], name=op.f("fk_poll_cloned_from_id_poll")),
        sa.ForeignKeyConstraint(
            ["objection_category_id"], ["category.id"], name=op.f("fk_poll_objection_category_id_category")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sa.UniqueConstraint("slug", name=op.f("uq_poll_slug")),
    )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.create_index("ix_poll_state", ["state", "closes_at"], unique=False)

    op.create_table(
        "ballot_box",
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_box_poll_id_poll")),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_ballot_box")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ballot_box", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_box_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "ballot_inbox",
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_inbox_poll_id_poll")),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_ballot_inbox")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ballot_inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_inbox_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "ballot_spent",
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_spent_poll_id_poll")),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_ballot_spent")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ballot_spent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_spent_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "counter_pass",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("cell", sa.String(length=80), nullable=False),
        sa.Column("expires_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_counter_pass_poll_id_poll")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_counter_pass")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("counter_pass", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counter_pass_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_counter_pass_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "ledger_leaf",
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("seq", cps.core.db.BigId, nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("batch_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ledger_leaf_poll_id_poll")),
        sa.PrimaryKeyConstraint("poll_id", "seq", name=op.f("pk_ledger_leaf")),
        sa.UniqueConstraint("leaf", name=op.f("uq_ledger_leaf_leaf")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_count",
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("officer_id", cps.core.db.BigId, autoincrement=False, nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("totals", cps.core.db.Json, nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_paper_count_poll_id_poll")),
        sa.PrimaryKeyConstraint("poll_id", "officer_id", name=op.f("pk_paper_count")),
    )
    op.create_table(
        "poll_event",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "extended",
                "incident",
                "suspended",
                "resumed",
                "closed",
                "paper-counted",
                "drawn",
                "tallied",
                "publish-asked",
                "published",
                "objected",
                "decided",
                "final",
                "keys-destroyed",
                "void",
                name="polleventkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("by_id", cps.core.db.BigId, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", cps.core.db.Json, nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_event_poll_id_poll")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_event")),
    )
    with op.batch_alter_table("poll_event", schema=None) as batch_op:
        batch_op.create_index("ix_poll_event_story", ["poll_id", "at", "id"], unique=False)

    op.create_table(
        "poll_extension",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("by_id", cps.core.db.BigId, nullable=False),
        sa.Column("closes_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_extension_poll_id_poll")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_extension")),
    )
    with op.batch_alter_table("poll_extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_extension_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "poll_listed",
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_poll_listed_poll_id_poll"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("poll_id", "tag", name=op.f("pk_poll_listed")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll_objection",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_poll_objection_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_objection_poll_id_poll")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_poll_objection")),
    )
    with op.batch_alter_table("poll_objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_objection_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "poll_option",
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("labels", cps.core.db.Json, nullable=False),
        sa.Column("texts", cps.core.db.Json, nullable=False),
        sa.Column("cost", cps.core.db.BigId, nullable=True),
        sa.Column("picture", sa.String(length=40), nullable=False),
        sa.Column("picture_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("cost > 0", name=op.f("ck_poll_option_cost_above_zero")),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_poll_option_poll_id_poll"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("poll_id", "code", name=op.f("pk_poll_option")),
    )
    op.create_table(
        "poll_watch",
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_poll_watch_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_watch_poll_id_poll")),
        sa.PrimaryKeyConstraint("poll_id", "account_id", name=op.f("pk_poll_watch")),
    )
    with op.batch_alter_table("poll_watch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_watch_account_id"), ["account_id"], unique=False)

    op.create_table(
        "published_ballot",
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("choice", cps.core.db.Json, nullable=True),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_published_ballot_poll_id_poll")),
        sa.PrimaryKeyConstraint("poll_id", "code_sha256", name=op.f("pk_published_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tree_head",
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("batch_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", cps.core.db.BigId, nullable=False),
        sa.Column("pending", cps.core.db.BigId, nullable=False),
        sa.Column("roll_size", cps.core.db.BigId, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("previous_head_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("peaks", cps.core.db.Json, nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_tree_head_poll_id_poll")),
        sa.PrimaryKeyConstraint("poll_id", "batch_no", name=op.f("pk_tree_head")),
    )
    op.create_table(
        "voter_roll",
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("cell", sa.String(length=80), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_voter_roll_poll_id_poll")),
        sa.PrimaryKeyConstraint("poll_id", "tag", name=op.f("pk_voter_roll")),
        sqlite_with_rowid=False,
    )
    schema.set_level(op.get_bind(), 4, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 3, oldest_code=1)
    op.drop_table("voter_roll")
    op.drop_table("tree_head")
    op.drop_table("published_ballot")
    with op.batch_alter_table("poll_watch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poll_watch_account_id"))

    op.drop_table("poll_watch")
    op.drop_table("poll_option")
    with op.batch_alter_table("poll_objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poll_objection_poll_id"))

    op.drop_table("poll_objection")
    op.drop_table("poll_listed")
    with op.batch_alter_table("poll_extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poll_extension_poll_id"))

    op.drop_table("poll_extension")
    with op.batch_alter_table("poll_event", schema=None) as batch_op:
        batch_op.drop_index("ix_poll_event_story")

    op.drop_table("poll_event")
    op.drop_table("paper_count")
    op.drop_table("ledger_leaf")
    with op.batch_alter_table("counter_pass", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_counter_pass_poll_id"))
        batch_op.drop_index(batch_op.f("ix_counter_pass_expires_at"))

    op.drop_table("counter_pass")
    with op.batch_alter_table("ballot_spent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_spent_poll_id"))

    op.drop_table("ballot_spent")
    with op.batch_alter_table("ballot_inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_inbox_poll_id"))

    op.drop_table("ballot_inbox")
    with op.batch_alter_table("ballot_box", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_box_poll_id"))

    op.drop_table("ballot_box")
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.drop_index("ix_poll_state")

    op.drop_table("poll")
