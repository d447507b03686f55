"""Keep what readers object to, what moderators do about it, and what was there before.

Objections to comments had a table of their own; they move into that of all objections. Comments that are
hidden already get the act that hid them, so that they can be shown again and appealed against.

Revision: 0032_moderation, after 0031_proposal_reasons; made 2026-11-27 10:10:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0032_moderation"
down_revision = "0031_proposal_reasons"
branch_labels = None
depends_on = None

KEY = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
THINGS = ("case", "update", "photo", "comment")
IS_HIDING = sa.text("what = 'hide' AND ended_at IS NULL")
IS_APPEALED = sa.text("appealed_at IS NOT NULL AND decided_at IS NULL")
IS_WAITING = sa.text("settled_at IS NULL")
ACT_RULES = {
    "appeal_with_words": "(appealed_at IS NULL) = (appeal = '')",
    "appealed_before_decided": "decided_at IS NULL OR appealed_at IS NOT NULL",
    "decided_whole": "(decided_at IS NULL) = (is_granted IS NULL)",
    "decided_by_another": "decided_by_id <> by_id OR decided_alone",
    "ends_after_beginning": "ended_at >= at",
}


def upgrade() -> None:
    _make_flags()
    _make_acts()
    op.create_table(
        "moderation_original",
        sa.Column("act_id", KEY, nullable=False),
        sa.Column("texts", cps.core.db.Json, nullable=False),
        sa.Column("photo", sa.String(length=40), nullable=False),
        _to("moderation_original", "act_id", "moderation_act", "CASCADE"),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_moderation_original")),
    )
    _move_comments()
    op.drop_table("proposal_comment_flag")
    schema.set_level(op.get_bind(), 32, oldest_code=32)
    triggers.create_all(op.get_bind())


def _make_flags() -> None:
    op.create_table(
        "moderation_flag",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("thing", _one_of("thing", *THINGS), nullable=False),
        sa.Column("thing_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=True),
        sa.Column("tag", sa.String(length=64), nullable=True),
        sa.Column(
            "reason",
            _one_of("flagreason", "danger", "personal-data", "insult", "advertising", "false", "other"),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "account_id IS NULL OR tag IS NULL", name=op.f("ck_moderation_flag_account_or_tag")
        ),
        _to("moderation_flag", "case_id", "cases", "CASCADE"),
        _to("moderation_flag", "account_id", "account", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_flag")),
        sa.UniqueConstraint("thing", "thing_id", "account_id", name="uq_moderation_flag_of_account"),
        sa.UniqueConstraint("thing", "thing_id", "tag", name="uq_moderation_flag_of_visitor"),
    )
    op.create_index(op.f("ix_moderation_flag_case_id"), "moderation_flag", ["case_id"])
    op.create_index(op.f("ix_moderation_flag_account_id"), "moderation_flag", ["account_id"])
    op.create_index(
        "ix_moderation_flag_waiting",
        "moderation_flag",
        ["at"],
        sqlite_where=IS_WAITING,
        postgresql_where=IS_WAITING,
    )


def _make_acts() -> None:
    op.create_table(
        "moderation_act",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("thing", _one_of("thing", *THINGS), nullable=False),
        sa.Column("thing_id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("what", _one_of("actkind", "hide", "redact"), nullable=False),
        sa.Column(
            "reason",
            _one_of(
                "hidingreason",
                *("personal-data", "insult", "threat", "accusation", "advertising", "unlawful", "rules"),
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.Column("appealed_at", MOMENT, nullable=True),
        sa.Column("appeal", sa.String(length=2000), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_alone", sa.Boolean(), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_moderation_act_{name}"))
            for name, rule in ACT_RULES.items()
        ),
        _to("moderation_act", "case_id", "cases", "CASCADE"),
        _to("moderation_act", "by_id", "account", "SET NULL"),
        _to("moderation_act", "ended_by_id", "account", "SET NULL"),
        _to("moderation_act", "decided_by_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_act")),
    )
    op.create_index("ix_moderation_act_thing", "moderation_act", ["thing", "thing_id", "id"])
    op.create_index("ix_moderation_act_at", "moderation_act", ["at", "id"])
    op.create_index(op.f("ix_moderation_act_case_id"), "moderation_act", ["case_id"])
    op.create_index(
        "uq_moderation_act_hiding",
        "moderation_act",
        ["thing", "thing_id"],
        unique=True,
        sqlite_where=IS_HIDING,
        postgresql_where=IS_HIDING,
    )
    op.create_index(
        "ix_moderation_act_appealed",
        "moderation_act",
        ["appealed_at"],
        sqlite_where=IS_APPEALED,
        postgresql_where=IS_APPEALED,
    )


def _move_comments() -> None:
    op.execute(
        "INSERT INTO moderation_flag"
        " (thing, thing_id, case_id, account_id, reason, words, at, settled_at, answer)"
        " SELECT 'comment', f.comment_id, c.case_id, f.account_id, 'other', f.reason, f.at, f.settled_at, ''"
        " FROM proposal_comment_flag f JOIN proposal_comment c ON c.id = f.comment_id"
    )
    op.execute(
        "INSERT INTO moderation_act (thing, thing_id, case_id, what, reason, note, by_id, at, appeal,"
        " decided_alone, decision, version)"
        " SELECT 'comment', c.id, c.case_id, 'hide', 'rules', SUBSTR(c.hidden_reason, 1, 500),"
        " c.hidden_by_id, COALESCE((SELECT MAX(a.at) FROM audit a WHERE a.action = 'hide-comment'"
        " AND a.object_kind = 'comment' AND a.object_id = CAST(c.id AS VARCHAR(20))), c.at),"
        " '', FALSE, '', 1 FROM proposal_comment c WHERE c.is_hidden"
    )


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _to(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    schema.set_level(op.get_bind(), 31, oldest_code=1)
    op.create_table(
        "proposal_comment_flag",
        sa.Column("comment_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        _to("proposal_comment_flag", "account_id", "account", "CASCADE"),
        _to("proposal_comment_flag", "comment_id", "proposal_comment", "CASCADE"),
        sa.PrimaryKeyConstraint("comment_id", "account_id", name=op.f("pk_proposal_comment_flag")),
    )
    op.create_index(op.f("ix_proposal_comment_flag_account_id"), "proposal_comment_flag", ["account_id"])
    op.create_index("ix_proposal_comment_flag_open", "proposal_comment_flag", ["settled_at", "at"])
    op.execute(
        "INSERT INTO proposal_comment_flag (comment_id, account_id, reason, at, settled_at)"
        " SELECT thing_id, account_id, words, at, settled_at FROM moderation_flag"
        " WHERE thing = 'comment' AND account_id IS NOT NULL AND words <> ''"
        " AND thing_id IN (SELECT id FROM proposal_comment)"
    )
    for table in ("moderation_original", "moderation_act", "moderation_flag"):
        op.drop_table(table)
