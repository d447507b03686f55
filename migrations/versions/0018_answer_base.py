"""Keep the answer base: articles, their texts, history, search words, and what is counted without a person.

Revision: 0018_answer_base, after 0017_saved_views; made 2026-11-26 20:58:00.000000.
"""

import sqlalchemy as sa
from alembic import op

import cps.core.db
from cps.core import schema, triggers

revision = "0018_answer_base"
down_revision = "0017_saved_views"
branch_labels = None
depends_on = None

ID = cps.core.db.BigId
MOMENT = cps.core.db.UtcDateTime()
TERM = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")

TABLES = (
    *("answer_search", "article_day", "article_event", "answer_synonyms", "article_word", "article_term"),
    *("article_text", "article"),
)


def upgrade() -> None:
    _articles()
    _searching()
    _counting()
    schema.set_level(op.get_bind(), 18, oldest_code=1)
    triggers.create_all(op.get_bind())


def _articles() -> None:
    status = sa.Enum(
        *("draft", "in-review", "published", "retired"),
        name="articlestatus",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    op.create_table(
        "article",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("status", status, nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("category_id", ID, nullable=True),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("written_by_id", ID, nullable=True),
        sa.Column("published_by_id", ID, nullable=True),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_article_valid_from_before_until")),
        sa.CheckConstraint(
            "status <> 'published' OR is_alone OR published_by_id <> written_by_id",
            name=op.f("ck_article_second_pair_of_eyes"),
        ),
        sa.CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL", name=op.f("ck_article_published_is_seen")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_article_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_article_department_id_department")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["account.id"], name=op.f(f"fk_article_{column}_account"), ondelete="SET NULL"
            )
            for column in ("owner_id", "written_by_id", "published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_slug")),
    )
    op.create_index("ix_article_status", "article", ["status", "updated_at", "id"])
    op.create_index("ix_article_seen", "article", ["published_at", "id"])
    op.create_index(op.f("ix_article_category_id"), "article", ["category_id"])
    op.create_index(op.f("ix_article_review_on"), "article", ["review_on"])
    op.create_table(
        "article_text",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("of_edition", sa.Integer(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        _of_article("article_text"),
        sa.PrimaryKeyConstraint("article_id", "language", "is_live", name=op.f("pk_article_text")),
    )
    happening = sa.Enum(
        *("written", "confirmed", "sent", "returned", "published", "retired", "resumed", "set", "reviewed"),
        "imported",
        name="happening",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    op.create_table(
        "article_event",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("kind", happening, nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        _of_article("article_event"),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_article_event_by_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_event")),
    )
    op.create_index("ix_article_event_story", "article_event", ["article_id", "id"])


def _of_article(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_article_id_article")
    return sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=name, ondelete="CASCADE")


def _searching() -> None:
    op.create_table(
        "article_term",
        sa.Column("term", TERM, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        _of_article("article_term"),
        sa.PrimaryKeyConstraint("term", "weight", "article_id", name=op.f("pk_article_term")),
    )
    op.create_index("ix_article_term_of", "article_term", ["article_id", "term", "weight"])
    op.create_table(
        "article_word",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name=op.f("pk_article_word")),
    )
    op.create_table(
        "answer_synonyms",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("words", cps.core.db.Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_synonyms")),
    )


def _counting() -> None:
    op.create_table(
        "article_day",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("not_helped", sa.Integer(), nullable=False),
        sa.Column("solved", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "helped >= 0 AND not_helped >= 0 AND solved >= 0", name=op.f("ck_article_day_none_below_zero")
        ),
        _of_article("article_day"),
        sa.PrimaryKeyConstraint("article_id", "day", name=op.f("pk_article_day")),
    )
    op.create_table(
        "answer_search",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint('"count" > 0', name=op.f("ck_answer_search_count_positive")),
        sa.PrimaryKeyConstraint("day", "language", "words", name=op.f("pk_answer_search")),
    )


def downgrade() -> None:
    schema.set_level(op.get_bind(), 17, oldest_code=1)
    for table in TABLES:
        op.drop_table(table)
