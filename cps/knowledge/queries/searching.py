"""What a question finds: the same on both databases, which only look up equal words and beginnings.

Whatever the size of the base, a bounded number of rows is weighed: of a common word those that say most with
it, of the best of these everything. Which of them come first is decided in `cps.knowledge.terms`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, literal, select, union_all

from cps.core import search
from cps.core.db import db
from cps.core.known import Known
from cps.core.word_forms import Nearness, keys, nearness
from cps.knowledge import terms
from cps.knowledge.models import Article, ArticleTerm, ArticleWord, SynonymSet
from cps.knowledge.queries.reading import AnswerRow, rows_of
from cps.knowledge.terms import Fit, Wish

COMMON = 400
"""Of a word that more articles have, only those are weighed that say most with it."""

WEIGHED = 200
MOST_FOUND = 20
MOST_OFFERED = 2
OFFERED_LEAST = 0.5
"""Unasked, only what is as likely as this beside the best."""

LEAST_WRITTEN = 8
"""Letters from which on a text says enough to be answered."""

MOST_BEGINNINGS = 12
MOST_MEANT = 3

_HIGHEST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a question found, the best first; `instead`: words looked for instead of unknown ones."""

    rows: Sequence[AnswerRow]
    instead: str = ""


def answers(
    question: str, *, day: date, language: str, most: int = MOST_FOUND, least: float = 0.0
) -> Answers:
    """Return the articles that answer a question on a day of the city, in the language where they have it.

    `least` is what share of the best one's score the others must have. At most eight statements, whatever the
    size of the base; none for a question that says nothing.
    """
    wanted = terms.wishes(question, _synonyms.get())
    if not wanted:
        return Answers(())
    wanted = _with_beginnings(wanted)
    known, articles = _having(terms.all_terms(wanted))
    wanted, instead = _with_meant(wanted, known)
    if instead:
        known |= _having(terms.all_terms(wanted) - known.keys())[0]
    best = _best(wanted, known, articles)
    best = [one for one in best if one[1].score >= least * best[0][1].score]
    rows = _first_seen([key for key, _fit in best], most, day=day, language=language)
    return Answers(rows, instead if rows else "")


def offered(written: str, *, day: date, language: str) -> Sequence[AnswerRow]:
    """Return what may already answer a text that somebody is writing; nothing for a few letters."""
    if len(written.strip()) < LEAST_WRITTEN:
        return ()
    return answers(written, day=day, language=language, most=MOST_OFFERED, least=OFFERED_LEAST).rows


def _first_seen(keys: Sequence[int], most: int, *, day: date, language: str) -> list[AnswerRow]:
    """Return the first articles that readers see on the day; the rest is read only where some are unseen."""
    rows = rows_of(keys[: 2 * most], day=day, language=language)
    if len(rows) < most:
        rows += rows_of(keys[2 * most :], day=day, language=language)
    return rows[:most]


def _read_synonyms() -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(words) for words in db.session.scalars(select(SynonymSet.words).order_by(SynonymSet.id))
    )


_synonyms = Known(_read_synonyms, SynonymSet)


def _having(wanted: Collection[str]) -> tuple[dict[str, int], int]:
    """Return how many articles have each of these terms, and how many articles there are."""
    of_all = select(literal(""), func.count()).where(Article.published_at.is_not(None))
    of_each = (
        select(ArticleTerm.term, func.count())
        .where(ArticleTerm.term.in_(sorted(wanted)))
        .group_by(ArticleTerm.term)
    )
    counted = dict(db.session.execute(union_all(of_all, of_each)).all())
    return {term: count for term, count in counted.items() if term}, counted.get("", 0)


def _with_beginnings(wanted: list[Wish]) -> list[Wish]:
    """Let a word that may be typed only in part stand for what begins so; at most one statement."""
    if not any(wish.begins for wish in wanted):
        return wanted
    ranges = [
        select(ArticleTerm.term)
        .where(ArticleTerm.term > wish.begins, ArticleTerm.term < wish.begins + _HIGHEST)
        .distinct()
        .order_by(ArticleTerm.term)
        .limit(MOST_BEGINNINGS)
        .subquery()
        for wish in wanted
        if wish.begins
    ]
    found = db.session.scalars(union_all(*(select(one.c.term) for one in ranges))).all()
    return [_or_what_begins(wish, found) if wish.begins else wish for wish in wanted]


def _or_what_begins(wish: Wish, found: Iterable[str]) -> Wish:
    worth = terms.BEGINS if wish.ways else terms.EXACT
    longer = (terms.Way((term,), worth) for term in found if term.startswith(wish.begins))
    whole = () if wish.ways else (terms.Way((wish.begins,)),)
    return replace(wish, ways=(*wish.ways, *whole, *longer))


def _with_meant(wanted: list[Wish], known: Mapping[str, int]) -> tuple[list[Wish], str]:
    """Let words that no article has stand for those that were probably meant; at most one statement."""
    lost = [wish for wish in wanted if not _is_known(wish, known)]
    asked = {key for wish in lost for key in keys(wish.typed)}
    if not asked:
        return wanted, ""
    words = db.session.scalars(
        select(ArticleWord.word)
        .where(ArticleWord.key.in_(sorted(asked)))
        .distinct()
        .order_by(ArticleWord.word)
    ).all()
    meant = {wish.typed: _meant(wish.typed, words) for wish in lost}
    mended = [
        replace(
            wish,
            ways=wish.ways
            + tuple(way for word in meant.get(wish.typed, ()) for way in terms.ways_to(word, terms.SLIP)),
        )
        for wish in wanted
    ]
    return mended, " ".join(found[0] for wish in wanted if (found := meant.get(wish.typed)))


def _is_known(wish: Wish, known: Mapping[str, int]) -> bool:
    """Say whether articles have a word: of scripts without spaces, every pair of its syllables."""
    if not search.is_unspaced(wish.typed):
        return any(term in known for way in wish.ways for term in way.terms)
    return any(all(term in known for term in way.terms) for way in wish.ways)


def _meant(typed: str, words: Iterable[str]) -> list[str]:
    near = [(how, word) for word in words if (how := nearness(typed, word)) is not None and word != typed]
    best = min((how for how, _word in near), default=Nearness.SLIP)
    return [word for how, word in sorted(near) if how == best][:MOST_MEANT]


def _best(wanted: Sequence[Wish], known: Mapping[str, int], articles: int) -> list[tuple[int, Fit]]:
    """Return the articles that have enough of what was asked, the best first, the newest of equal ones."""
    rarities = {term: terms.rarity(articles, having) for term, having in known.items()}
    scale = terms.Scale(wanted, rarities, terms.rarity(articles, 0))

    def weighed(has: Mapping[int, Mapping[str, int]]) -> list[tuple[int, Fit]]:
        fits = ((key, scale.fit(own)) for key, own in has.items())
        return sorted(fits, key=lambda pair: (-pair[1].score, -pair[0]))

    some = _terms_of_some(known)
    likeliest = [key for key, _fit in weighed(some)[:WEIGHED]]
    if any(having > COMMON for having in known.values()):
        some = _terms_of_these(likeliest, known)
    return [
        (key, one)
        for key, one in weighed({k: some[k] for k in likeliest if k in some})
        if one.share >= terms.ENOUGH
    ]


def _terms_of_some(known: Mapping[str, int]) -> dict[int, dict[str, int]]:
    """Return what the articles have of these terms: all articles of rare ones, of common ones the best."""
    columns = (ArticleTerm.article_id, ArticleTerm.term, ArticleTerm.weight)
    rare = sorted(term for term, having in known.items() if having <= COMMON)
    parts: list[Any] = [select(*columns).where(ArticleTerm.term.in_(rare))] if rare else []
    for term in sorted(known.keys() - set(rare)):
        best = select(*columns).where(ArticleTerm.term == term)
        best = best.order_by(ArticleTerm.weight.desc(), ArticleTerm.article_id.desc()).limit(COMMON)
        parts.append(select(*best.subquery().c))
    return _by_article(db.session.execute(union_all(*parts))) if parts else {}


def _terms_of_these(articles: Sequence[int], known: Collection[str]) -> dict[int, dict[str, int]]:
    """Return everything that these articles have of the terms."""
    columns = (ArticleTerm.article_id, ArticleTerm.term, ArticleTerm.weight)
    rows = select(*columns).where(ArticleTerm.article_id.in_(articles), ArticleTerm.term.in_(sorted(known)))
    return _by_article(db.session.execute(rows))


def _by_article(rows: Iterable[Any]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for article_id, term, weight in rows:
        found[article_id][term] = weight
    return dict(found)
