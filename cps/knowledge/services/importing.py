"""Bringing in articles of files, and what files are written of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cps.accounts.models import Account
from cps.departments import queries as departments
from cps.knowledge import queries
from cps.knowledge.importing import DATES, ArticleRow
from cps.knowledge.models import Article
from cps.knowledge.rules import ArticleStatus, Facts, Happening, Words
from cps.knowledge.services.writing import begin, show_to_readers, write


@dataclass(slots=True)
class Report:
    """What became of the articles of a file."""

    new: int = 0
    changed: int = 0
    same: int = 0


def compare(rows: Iterable[ArticleRow]) -> Report:
    """Say which articles `load` would make or change; nothing is written."""
    report = Report()
    for row in rows:
        article = queries.find_slug(row.slug)
        if article is None:
            report.new += 1
        elif article.status is not ArticleStatus.RETIRED and _differs(article, row):
            report.changed += 1
        else:
            report.same += 1
    return report


def _differs(article: Article, row: ArticleRow) -> bool:
    texts = queries.texts_of(article.id)
    there = {code: Words(text.title, text.body, text.words) for code, text in texts.items()}
    return any(there.get(language) != words for language, words in row.texts.items())


def load(rows: Iterable[ArticleRow], *, publish: bool, at: datetime, by: Account | None = None) -> Report:
    """Bring in articles; one that is there by its address is changed where its words differ.

    A retired one is left alone. They wait as drafts; with `publish` readers see them at once, because an
    operator says that the city has published them before.
    """
    report = Report()
    for row in rows:
        article = queries.find_slug(row.slug)
        is_new = article is None
        if article is None:
            own = next(iter(row.texts))
            article = begin(own, row.texts[own], _facts(row), by=by, at=at, slug=row.slug)
        if article.status is ArticleStatus.RETIRED:
            report.same += 1
            continue
        changed = [_write(article, language, words, by, at) for language, words in row.texts.items()]
        if publish and (is_new or any(changed) or article.published_at is None):
            article.published_by_id, article.is_alone = None, False
            show_to_readers(article, at)
            article.status = ArticleStatus.PUBLISHED
        report.new += is_new
        report.changed += not is_new and any(changed)
        report.same += not is_new and not any(changed)
    return report


def _write(article: Article, language: str, words: Words, by: Account | None, at: datetime) -> bool:
    return write(article, language, words, by=by, at=at, kind=Happening.IMPORTED)


def _facts(row: ArticleRow) -> Facts:
    category = departments.category_by_code(row.category) if row.category else None
    department = departments.department_by_code(row.department) if row.department else None
    return Facts(
        category_id=category.id if category else None,
        department_id=department.id if department else None,
        valid_from=row.dates.get("valid_from"),
        valid_until=row.dates.get("valid_until"),
        review_on=row.dates.get("review_on"),
    )


def all_articles() -> Iterator[ArticleRow]:
    """Yield every article that is not retired as files have it, by address, with its newest texts."""
    catalogue = departments.catalogue()
    for article in queries.every():
        texts = queries.texts_of(article.id)
        category = catalogue.categories.get(article.category_id or 0)
        department = catalogue.departments.get(article.department_id or 0)
        days = {name: getattr(article, name) for name in DATES}
        order = sorted(texts, key=lambda code: (code != article.language, code))
        yield ArticleRow(
            line=0,
            slug=article.slug,
            category=category.code if category else "",
            department=department.code if department else "",
            dates={name: day for name, day in days.items() if day is not None},
            texts={code: Words(texts[code].title, texts[code].body, texts[code].words) for code in order},
        )
