"""Articles in files: each read whole or told as wrong by its line, and written the same way; no database.

Two kinds of files. A table (CSV) has a row for each language of an article, the article's own first. JSON
Lines (`.jsonl`) has an object for each article, with `texts` by language. Both have the names of `COLUMNS`.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.table_file import fault_in, table_file
from cps.core.text import clean, harmless_cell, one_line
from cps.core.wrong_rows import WrongRow
from cps.knowledge.rules import LONGEST_BODY, LONGEST_TITLE, LONGEST_WORDS, Words, is_slug

OF_TEXT = ("language", "title", "text", "other_words")
OF_ARTICLE = ("slug", "category", "department", "valid_from", "valid_until", "review_on")
COLUMNS = ("slug", *OF_TEXT, *OF_ARTICLE[1:])
NEEDED = ("slug", "language", "title", "text")
LONGEST = {"title": LONGEST_TITLE, "text": LONGEST_BODY, "other_words": LONGEST_WORDS, "language": 12}
DATES = ("valid_from", "valid_until", "review_on")
LONGEST_LINE = 1_000_000

Cells = Mapping[str, str]


@dataclass(slots=True)
class ArticleRow:
    """One article of a file; `texts` begin with its own language, codes of others are empty where none."""

    line: int
    slug: str
    category: str = ""
    department: str = ""
    dates: dict[str, date] = field(default_factory=dict)
    texts: dict[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the city knows: codes of categories and departments, and languages as files may call them."""

    categories: Collection[str]
    departments: Collection[str]
    languages: Mapping[str, str]


def read(file: BinaryIO, known: Known, *, is_lines: bool) -> Iterator[ArticleRow | WrongRow]:
    """Yield every article of a file, and what is wrong with it instead of those that are wrong."""
    articles: dict[str, ArticleRow] = {}
    for found in _objects(file) if is_lines else _table(file):
        if isinstance(found, WrongRow):
            yield found
            continue
        line, cells = found
        faults = list(_faults(line, cells, known))
        yield from faults
        if faults:
            continue
        article = articles.setdefault(cells["slug"], ArticleRow(line, cells["slug"]))
        language = known.languages[cells["language"]]
        if language in article.texts:
            yield WrongRow(line, _("The article has a text in this language already."), "language")
            continue
        if not article.texts:
            _take_facts(article, cells)
        article.texts[language] = Words(cells["title"], cells["text"], cells["other_words"])
    yield from articles.values()


def _take_facts(article: ArticleRow, cells: Cells) -> None:
    article.category, article.department = cells["category"], cells["department"]
    article.dates = {name: date.fromisoformat(cells[name]) for name in DATES if cells[name]}


def _faults(line: int, cells: Cells, known: Known) -> Iterator[WrongRow]:
    """Yield everything that is wrong with a row."""
    wrong = {
        **{name: _("It is empty.") for name in NEEDED if not cells[name]},
        **{name: _("It is too long.") for name, most in LONGEST.items() if len(cells[name]) > most},
        **{name: _("Write a day as 2026-11-26.") for name in DATES if not _is_date(cells[name])},
        **dict(_unknown(cells, known)),
    }
    return (WrongRow(line, reason, name) for name, reason in wrong.items())


def _unknown(cells: Cells, known: Known) -> Iterator[tuple[str, str]]:
    if cells["slug"] and not is_slug(cells["slug"]):
        yield "slug", _("An address has small letters, digits and hyphens only.")
    if cells["language"] and cells["language"] not in known.languages:
        yield "language", _("The city does not speak it. Say which of its languages is meant.")
    for name, codes in (("category", known.categories), ("department", known.departments)):
        if cells[name] and cells[name] not in codes:
            yield name, _("The city has no such code.")


def _is_date(written: str) -> bool:
    """Say whether it is a day, or nothing."""
    try:
        date.fromisoformat(written or "2026-11-26")
    except ValueError:
        return False
    return True


def _table(file: BinaryIO) -> Iterator[tuple[int, Cells] | WrongRow]:
    with table_file(file) as table:
        missing = [name for name in NEEDED if name not in table.head]
        if missing:
            raise RuleViolation(_("The file has no column “%(name)s”.", name=missing[0]))
        for row in table.rows():
            if isinstance(row, WrongRow):
                yield row
                continue
            faults = [fault for cell in row.cells if (fault := fault_in(cell))]
            named = dict(zip(table.head, map(_unguarded, row.cells), strict=True))
            yield WrongRow(row.line, faults[0]) if faults else (row.line, _tidy(named))


def _unguarded(cell: str) -> str:
    """Return a cell without the sign that keeps spreadsheets from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and harmless_cell(cell[1:]) == cell else cell


def _objects(file: BinaryIO) -> Iterator[tuple[int, Cells] | WrongRow]:
    for line, written in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
        if not written.strip():
            continue
        try:
            article = json.loads(written.decode("utf-8-sig"))
            texts = article.pop("texts")
            for language, text in texts.items():
                yield line, _tidy({**article, **text, "language": language})
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            yield WrongRow(line, _("It is no object with texts by language."))


def _tidy(cells: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns that are known, as they are stored."""
    tidy = {}
    for name in COLUMNS:
        value = cells.get(name)
        text = value if isinstance(value, str) else ""
        tidy[name] = clean(text) if name in {"text", "other_words"} else one_line(text)
    return tidy


def as_object(article: ArticleRow) -> str:
    """Return an article as a line of JSON."""
    texts = {
        language: {"title": one.title, "text": one.body, "other_words": one.words}
        for language, one in article.texts.items()
    }
    return json.dumps({**_facts(article), "texts": texts}, ensure_ascii=False)


def as_cells(article: ArticleRow) -> Iterable[list[str]]:
    """Yield an article as rows of a table in the order of `COLUMNS`."""
    facts = _facts(article)
    for language, one in article.texts.items():
        row = {**facts, "language": language, "title": one.title, "text": one.body, "other_words": one.words}
        yield [harmless_cell(row.get(name, "")) for name in COLUMNS]


def _facts(article: ArticleRow) -> dict[str, str]:
    days = {name: day.isoformat() for name, day in article.dates.items()}
    return {"slug": article.slug, "category": article.category, "department": article.department, **days}
