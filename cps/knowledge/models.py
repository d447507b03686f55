"""Articles of the answer base, their texts, the words that find them, counts without a person."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Id, Model
from cps.knowledge.rules import ArticleStatus, Happening

TERM = String(60).with_variant(String(60, collation="C"), "postgresql")
"""Compared by its code points on both databases, so that the beginning of a word is a range."""


class Article(Model):
    """One answer; `status` is that of the text being written, readers see the text that was published last.

    `published_at` says since when readers see it, None where they see nothing. `valid_from` and `valid_until`
    are its first and last day in the city's zone. `is_alone`: the author published it, because the city lets
    authors.
    """

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_until", name="valid_from_before_until"),
        CheckConstraint(
            "status <> 'published' OR is_alone OR published_by_id <> written_by_id",
            name="second_pair_of_eyes",
        ),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_is_seen"),
        Index("ix_article_status", "status", "updated_at", "id"),
        Index("ix_article_seen", "published_at", "id"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    status: Mapped[ArticleStatus] = mapped_column(default=ArticleStatus.DRAFT)
    language: Mapped[str] = mapped_column(String(12))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    review_on: Mapped[date | None] = mapped_column(index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    is_alone: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class ArticleText(Model):
    """An article in one language: the text being written, or (`is_live`) the one that readers see.

    `edition` rises with each change of title or body. A translation says with `of_edition` which edition of
    the article's own language it says; a lower one than that has now is out of date. `words` are other words
    by which people ask for it.
    """

    __tablename__ = "article_text"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    is_live: Mapped[bool] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    edition: Mapped[int] = mapped_column(default=1)
    of_edition: Mapped[int | None]
    updated_at: Mapped[datetime]


class ArticleTerm(Model):
    """A search word of an article that readers see, in any of its languages, and what it says about it."""

    __tablename__ = "article_term"
    __table_args__ = (Index("ix_article_term_of", "article_id", "term", "weight"),)

    term: Mapped[str] = mapped_column(TERM, primary_key=True)
    weight: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)


class ArticleWord(Model):
    """A word that articles have had, under one of the keys by which a slip of the pen finds it."""

    __tablename__ = "article_word"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    word: Mapped[str] = mapped_column(String(60), primary_key=True)


class SynonymSet(Model):
    """Words that mean the same to whoever searches; data of the city."""

    __tablename__ = "answer_synonyms"

    id: Mapped[Id]
    words: Mapped[list[str]]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class ArticleEvent(Model):
    """What happened to an article, with the words as they were then; appended, never edited."""

    __tablename__ = "article_event"
    __table_args__ = (Index("ix_article_event_story", "article_id", "id"),)

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    kind: Mapped[Happening]
    language: Mapped[str] = mapped_column(String(12), default="")
    title: Mapped[str] = mapped_column(String(160), default="")
    body: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")


class ArticleDay(Model):
    """How often an article helped on one day of the city: numbers alone, of nobody in particular."""

    __tablename__ = "article_day"
    __table_args__ = (
        CheckConstraint("helped >= 0 AND not_helped >= 0 AND solved >= 0", name="none_below_zero"),
    )

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    helped: Mapped[int] = mapped_column(default=0)
    not_helped: Mapped[int] = mapped_column(default=0)
    solved: Mapped[int] = mapped_column(default=0)


class AnswerSearch(Model):
    """How often words were searched on one day of the city and nothing answered; of nobody in particular."""

    __tablename__ = "answer_search"
    __table_args__ = (CheckConstraint('"count" > 0', name="count_positive"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    words: Mapped[str] = mapped_column(String(120), primary_key=True)
    count: Mapped[int]
