"""Proposals that may want the same as a new one, and answers the city has given already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select

from cps.cases.models import Case
from cps.cases.queries import matches
from cps.cases.queries.common_words import are_rare
from cps.cases.rules import Status
from cps.core import search
from cps.core.db import db
from cps.proposals.models import OfficialAnswer
from cps.proposals.queries.lists import IS_PROPOSAL, ROW

MOST_SIMILAR = 5
MOST_LOOKED_AT = 60
MOST_WORDS = 12
LEAST_ALIKE = 0.2


@dataclass(frozen=True, slots=True)
class Similar:
    """A proposal that may be the same: its row of a list, and the city's answer where it has one."""

    row: Row[tuple[Any, ...]]
    answer: OfficialAnswer | None


def similar(title: str, body: str = "", *, except_id: int | None = None) -> list[Similar]:
    """Return at most five listed proposals in like words, gathering or answered, the likeliest first.

    The title decides: what shares none of its words is not looked at. Four statements at most.
    """
    asked = _words(title) or _words(body)
    if not asked:
        return []
    wanted = frozenset(search.tokens(f"{title} {body}"))
    rows = _in_full(db.session.scalars(_near(asked, except_id)).all())
    likeness = {row.id: _alike(frozenset(asked), wanted, row) for row in rows}
    alike = sorted(
        (row for row in rows if likeness[row.id] >= LEAST_ALIKE), key=lambda row: -likeness[row.id]
    )
    best = alike[:MOST_SIMILAR]
    answers = _answers([row.id for row in best])
    return [Similar(row, answers.get(row.id)) for row in best]


def _words(text: str) -> list[str]:
    """Return the words of a text that tell something, the longest first."""
    told = {word for word in search.tokens(text) if len(word) > 3 or not word.isascii()}
    return sorted(told, key=lambda word: (-len(word), word))[:MOST_WORDS]


def _near(asked: Sequence[str], except_id: int | None) -> Select[int]:
    """Return the newest proposals that have one of the words."""
    newest = select(Case.id).where(
        IS_PROPOSAL,
        Case.is_listed.is_(True),
        Case.status.not_in((Status.DRAFT, Status.WITHDRAWN)),
        Case.joined_to_id.is_(None),
        matches(list(asked), among_few=not are_rare(list(asked)), one_is_enough=True),
    )
    if except_id is not None:
        newest = newest.where(Case.id != except_id)
    return newest.order_by(Case.id.desc()).limit(MOST_LOOKED_AT)


def _in_full(case_ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    if not case_ids:
        return ()
    columns = ROW.add_columns(Case.search_text.label("words"))
    return db.session.execute(columns.where(Case.id.in_(case_ids)).order_by(Case.id.desc())).all()


def _alike(asked: frozenset[str], wanted: frozenset[str], row: Row[Any]) -> float:
    """Return how alike two proposals are, 0 to 1: by the words of the titles, and a little by all words."""
    title = frozenset(search.tokens(row.title))
    return 0.7 * _dice(asked, title) + 0.3 * _dice(wanted, frozenset(row.words.split()))


def _dice(first: frozenset[str], second: frozenset[str]) -> float:
    size = len(first) + len(second)
    return 2 * len(first & second) / size if size else 0.0


def _answers(case_ids: Sequence[int]) -> dict[int, OfficialAnswer]:
    if not case_ids:
        return {}
    published = select(OfficialAnswer).where(
        OfficialAnswer.case_id.in_(case_ids), OfficialAnswer.published_at.is_not(None)
    )
    return {answer.case_id: answer for answer in db.session.scalars(published)}
