"""The answers that everybody reads as a table and as a feed."""

from collections.abc import Iterator
from datetime import date

from flask import g, request
from flask.typing import ResponseReturnValue

from cps.core import clock
from cps.core.i18n import current_language, html_language
from cps.core.i18n import gettext as _
from cps.core.paging import read_key, write_key
from cps.core.security import public
from cps.knowledge import prose
from cps.knowledge import queries as knowledge
from cps.knowledge.queries import SeenText
from cps.opendata.atom import Entry
from cps.opendata.queries import AT_ONCE, Part
from cps.opendata.rows import ANSWER_COLUMNS, Record, answer_record, moment
from cps.opendata.views.base import bp, next_of, whole
from cps.opendata.views.feeds import ENTRIES, write_feed
from cps.opendata.views.files import MOST_ROWS, as_csv


@bp.get("/answers.csv")
@public
def answers_csv() -> ResponseReturnValue:
    """Give the answers in every language they have as a table."""
    key = read_key(request.args.get("after"), int, str)
    day = clock.now().astimezone(g.city.zone).date()
    end = knowledge.seen_text_after(day, key, MOST_ROWS)
    part = Part(None, MOST_ROWS, write_key(end) if end else None)
    batches = _batches(day, key, MOST_ROWS)
    return as_csv(ANSWER_COLUMNS, "answers.csv")(batches, next_of(".answers_csv", {}, part))


def _batches(day: date, key: tuple[int, str] | None, left: int) -> Iterator[list[Record]]:
    while left > 0:
        rows = knowledge.seen_texts(day, after=key, limit=min(AT_ONCE, left))
        yield [_record(row) for row in rows]
        if len(rows) < AT_ONCE:
            return
        left, key = left - len(rows), (rows[-1].id, rows[-1].language)


def _record(row: SeenText) -> Record:
    return answer_record(row, whole("knowledge.show", slug=row.slug, language=row.language))


@bp.get("/feeds/answers.atom")
@public
def answers_atom() -> ResponseReturnValue:
    """Give the newest answers as a feed, in the language of the request where they have it."""
    day, language = clock.now().astimezone(g.city.zone).date(), html_language(current_language())
    after = request.args.get("after")
    page = knowledge.newest(day=day, language=language, after=after, size=ENTRIES)
    entries = [
        Entry(
            page=whole("knowledge.show", slug=row.slug),
            title=row.title,
            text=prose.unmarked(row.body),
            language=row.language,
            published=moment(row.published_at),
            updated=moment(row.updated_at),
        )
        for row in page.rows
    ]
    part = Part(after, ENTRIES, page.next_key)
    return write_feed(_("Answers"), whole("knowledge.index"), ".answers_atom", {}, entries, part)
