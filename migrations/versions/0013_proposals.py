"""Keep proposals: goals, answers, delivery, joins, and their discussion.

Revision: 0013_proposals, after 0012_map_cells; made 2026-11-26 17:10:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0013_proposals"
down_revision = "0012_map_cells"
branch_labels = None
depends_on = None

CLOSED = "ix_cases_proposals_closed"


def upgrade() -> None:
    op.create_table(
        "proposal_threshold",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column(
            "step",
            sa.Enum("answer", name="step", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("ward_id", cps.core.db.BigId, nullable=True),
        sa.Column("category_id", cps.core.db.BigId, nullable=True),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("department_id", cps.core.db.BigId, nullable=True),
        sa.Column("why", cps.core.db.Json, nullable=False),
        sa.Column("updated_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer_days > 0", name=op.f("ck_proposal_threshold_answer_days_positive")),
        sa.CheckConstraint("days > 0", name=op.f("ck_proposal_threshold_days_positive")),
        sa.CheckConstraint("supports > 0", name=op.f("ck_proposal_threshold_supports_positive")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_proposal_threshold_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_proposal_threshold_department_id_department")
        ),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_proposal_threshold_ward_id_ward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_threshold")),
        sa.UniqueConstraint("step", "area", name=op.f("uq_proposal_threshold_step_area")),
    )
    op.create_table(
        "proposal",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("opened_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("gathers_until", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("shows_author", sa.Boolean(), nullable=False),
        sa.Column("former_supports", sa.Integer(), nullable=False),
        sa.Column("former_site", sa.String(length=80), nullable=False),
        sa.Column("supported_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("rank", cps.core.db.BigId, nullable=False),
        sa.CheckConstraint(
            "former_supports = 0 OR former_site <> ''",
            name=op.f("ck_proposal_former_supports_from_somewhere"),
        ),
        sa.CheckConstraint("answer_days > 0", name=op.f("ck_proposal_answer_days_positive")),
        sa.CheckConstraint("former_supports >= 0", name=op.f("ck_proposal_former_supports_not_negative")),
        sa.CheckConstraint("needed > 0", name=op.f("ck_proposal_needed_positive")),
        sa.CheckConstraint("opened_at < gathers_until", name=op.f("ck_proposal_opens_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_proposal_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_proposal")),
    )
    op.create_table(
        "proposal_answer",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "fixed",
                "answered",
                "not-ours",
                "cannot-be-done",
                "joined",
                "accepted",
                "partly",
                "declined",
                "already-done",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("points", cps.core.db.Json, nullable=False),
        sa.Column("unit_id", cps.core.db.BigId, nullable=True),
        sa.Column("whose", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("drafted_by_id", cps.core.db.BigId, nullable=True),
        sa.Column("drafted_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("read_by_id", cps.core.db.BigId, nullable=True),
        sa.Column("read_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("published_by_id", cps.core.db.BigId, nullable=True),
        sa.Column("published_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'partly', 'declined', 'already-done', 'not-ours')",
            name=op.f("ck_proposal_answer_answers"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR (unit_id IS NOT NULL AND outcome IS NOT NULL AND text <> '')",
            name=op.f("ck_proposal_answer_published_whole"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR outcome <> 'already-done' OR link <> ''",
            name=op.f("ck_proposal_answer_done_where"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR outcome <> 'not-ours' OR whose <> ''",
            name=op.f("ck_proposal_answer_whose"),
        ),
        sa.CheckConstraint(
            "read_by_id <> drafted_by_id", name=op.f("ck_proposal_answer_second_pair_of_eyes")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proposal.case_id"],
            name=op.f("fk_proposal_answer_case_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"],
            ["account.id"],
            name=op.f("fk_proposal_answer_drafted_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["account.id"],
            name=op.f("fk_proposal_answer_published_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"],
            ["account.id"],
            name=op.f("fk_proposal_answer_read_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["department.id"], name=op.f("fk_proposal_answer_unit_id_department")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_proposal_answer")),
    )
    op.create_table(
        "proposal_comment",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("parent_id", cps.core.db.BigId, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent_level", sa.Integer(), nullable=False),
        sa.Column("account_id", cps.core.db.BigId, nullable=True),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("is_official", sa.Boolean(), nullable=False),
        sa.Column(
            "stance",
            sa.Enum(
                "for",
                "against",
                "question",
                "remark",
                name="stance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("backing_count", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("hidden_by_id", cps.core.db.BigId, nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "NOT is_hidden OR hidden_reason <> ''", name=op.f("ck_proposal_comment_hidden_with_reason")
        ),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (level = 0)", name=op.f("ck_proposal_comment_level_of_parent")
        ),
        sa.CheckConstraint("backing_count >= 0", name=op.f("ck_proposal_comment_backing_not_negative")),
        sa.CheckConstraint("level IN (0, 1)", name=op.f("ck_proposal_comment_one_level_of_replies")),
        sa.CheckConstraint("parent_level = 0", name=op.f("ck_proposal_comment_parent_is_no_reply")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_proposal_comment_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proposal.case_id"],
            name=op.f("fk_proposal_comment_case_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"],
            ["account.id"],
            name=op.f("fk_proposal_comment_hidden_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "case_id", "parent_level"],
            ["proposal_comment.id", "proposal_comment.case_id", "proposal_comment.level"],
            name="fk_proposal_comment_parent",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_comment")),
        sa.UniqueConstraint("id", "case_id", "level", name=op.f("uq_proposal_comment_id_case_id_level")),
    )
    op.create_index(op.f("ix_proposal_comment_account_id"), "proposal_comment", ["account_id"])
    op.create_index(
        "ix_proposal_comment_backed", "proposal_comment", ["case_id", "parent_id", "backing_count", "id"]
    )
    op.create_index("ix_proposal_comment_newest", "proposal_comment", ["case_id", "parent_id", "id"])
    op.create_table(
        "proposal_delivery",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("unit_id", cps.core.db.BigId, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("budget", cps.core.db.BigId, nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("began_at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("delivered_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(delivered_at IS NOT NULL) = (percent = 100)",
            name=op.f("ck_proposal_delivery_whole_when_delivered"),
        ),
        sa.CheckConstraint("budget >= 0", name=op.f("ck_proposal_delivery_budget_not_negative")),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_proposal_delivery_percent_in_range")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proposal.case_id"],
            name=op.f("fk_proposal_delivery_case_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["department.id"], name=op.f("fk_proposal_delivery_unit_id_department")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_proposal_delivery")),
    )
    op.create_table(
        "proposal_join",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("into_id", cps.core.db.BigId, nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("by_id", cps.core.db.BigId, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "status_before",
            sa.Enum(
                "received",
                "triaged",
                "in-progress",
                "waiting-resident",
                "waiting-others",
                "planned",
                "closed",
                "reopen-asked",
                "draft",
                "gathering",
                "answer-due",
                "answered",
                "in-delivery",
                "delivered",
                "expired",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("undone_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.Column("undone_by_id", cps.core.db.BigId, nullable=True),
        sa.Column("undone_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_proposal_join_joined_with_reason")),
        sa.CheckConstraint(
            "undone_at IS NULL OR undone_reason <> ''", name=op.f("ck_proposal_join_undone_with_reason")
        ),
        sa.CheckConstraint("case_id <> into_id", name=op.f("ck_proposal_join_two_proposals")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_proposal_join_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proposal.case_id"],
            name=op.f("fk_proposal_join_case_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["into_id"],
            ["proposal.case_id"],
            name=op.f("fk_proposal_join_into_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["account.id"],
            name=op.f("fk_proposal_join_undone_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_join")),
    )
    op.create_index("ix_proposal_join_into", "proposal_join", ["into_id"])
    op.create_index(
        "ix_proposal_join_stands",
        "proposal_join",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "proposal_recount",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("since", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proposal.case_id"],
            name=op.f("fk_proposal_recount_case_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_proposal_recount")),
    )
    op.create_index(op.f("ix_proposal_recount_since"), "proposal_recount", ["since"])
    op.create_table(
        "proposal_step",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column(
            "step",
            sa.Enum("answer", name="step", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("is_lifted", sa.Boolean(), nullable=False),
        sa.Column("lifted_by_id", cps.core.db.BigId, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("NOT is_lifted OR reason <> ''", name=op.f("ck_proposal_step_lifted_with_reason")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proposal.case_id"],
            name=op.f("fk_proposal_step_case_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"],
            ["account.id"],
            name=op.f("fk_proposal_step_lifted_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("case_id", "step", name=op.f("pk_proposal_step")),
    )
    op.create_table(
        "proposal_comment_backing",
        sa.Column("comment_id", cps.core.db.BigId, nullable=False),
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_proposal_comment_backing_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["proposal_comment.id"],
            name=op.f("fk_proposal_comment_backing_comment_id_proposal_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", "account_id", name=op.f("pk_proposal_comment_backing")),
    )
    op.create_index(
        op.f("ix_proposal_comment_backing_account_id"), "proposal_comment_backing", ["account_id"]
    )
    op.create_table(
        "proposal_comment_flag",
        sa.Column("comment_id", cps.core.db.BigId, nullable=False),
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.Column("settled_at", cps.core.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_proposal_comment_flag_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["proposal_comment.id"],
            name=op.f("fk_proposal_comment_flag_comment_id_proposal_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", "account_id", name=op.f("pk_proposal_comment_flag")),
    )
    op.create_index(op.f("ix_proposal_comment_flag_account_id"), "proposal_comment_flag", ["account_id"])
    op.create_index("ix_proposal_comment_flag_open", "proposal_comment_flag", ["settled_at", "at"])
    op.create_table(
        "proposal_milestone",
        sa.Column("id", cps.core.db.BigId, autoincrement=True, nullable=False),
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proposal_delivery.case_id"],
            name=op.f("fk_proposal_milestone_case_id_proposal_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_milestone")),
    )
    op.create_index("ix_proposal_milestone_case", "proposal_milestone", ["case_id", "due_on", "id"])
    op.create_table(
        "proposal_verdict",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("account_id", cps.core.db.BigId, nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "yes", "partly", "no", name="verdict", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_proposal_verdict_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proposal_delivery.case_id"],
            name=op.f("fk_proposal_verdict_case_id_proposal_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_proposal_verdict")),
    )
    op.create_index(op.f("ix_proposal_verdict_account_id"), "proposal_verdict", ["account_id"])
    op.create_index(
        CLOSED,
        "cases",
        ["is_listed", "status", "closed_at", "id"],
        sqlite_where=sa.text("kind = 'proposal'"),
        postgresql_where=sa.text("kind = 'proposal'"),
    )
    with op.batch_alter_table("draft") as batch:
        batch.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "complaint",
                    "proposal",
                    name="casekind",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="complaint",
                nullable=False,
            )
        )
    op.create_table(
        "proposal_poll",
        sa.Column("case_id", cps.core.db.BigId, nullable=False),
        sa.Column("poll_id", cps.core.db.BigId, nullable=False),
        sa.Column("at", cps.core.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proposal.case_id"],
            name=op.f("fk_proposal_poll_case_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_proposal_poll_poll_id_poll"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_proposal_poll")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_proposal_poll_poll_id")),
    )
    schema.set_level(op.get_bind(), 13, oldest_code=1)
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    schema.set_level(op.get_bind(), 12, oldest_code=1)
    with op.batch_alter_table("draft") as batch:
        batch.drop_constraint(op.f("ck_draft_casekind"), type_="check")
        batch.drop_column("kind")
    op.drop_index(CLOSED, "cases")
    for table in (
        *("proposal_poll", "proposal_verdict", "proposal_milestone", "proposal_delivery"),
        *("proposal_comment_flag", "proposal_comment_backing", "proposal_comment", "proposal_step"),
        *("proposal_recount", "proposal_join", "proposal_answer", "proposal", "proposal_threshold"),
    ):
        op.drop_table(table)
