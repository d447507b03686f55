"""`answers`: searching the answer base, among few articles and among very many."""

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert

import cps.demo
from bench.databases import KINDS, Databases
from bench.inside import application, median_and_p95
from bench.report import aligned
from cps.core import clock
from cps.core.db import db, transaction
from cps.knowledge import queries, terms
from cps.knowledge.models import Article, ArticleTerm, ArticleText
from cps.knowledge.rules import ArticleStatus

SIZES = (1_000, 20_000)
AT_ONCE = 1_000
ROUNDS = 3
QUESTIONS = (
    *("how do i get rid of an old sofa", "when is the garbage collected", "street lamp is broken"),
    *("recyclng", "water", "parking permit", "why is my water bill so expensive", "register a dog"),
    *("가로등", "쓰레기 수거 요일", "수도 요금이 너무 많이 나왔어요", "전입신고", "등본", "가로동 고장"),
    *("kapan sampah diambil", "tagihan air mahal", "ไฟถนนเสีย", "ค่าน้ำแพง", "ขออนุญาตสร้างบ้าน", "passport"),
)


@dataclass(slots=True)
class Searching:
    """What was found on one database: by number of articles the 50th and 95th percentile in milliseconds."""

    database: str
    found: dict[int, tuple[float, float]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        table = [[f"{size:,}", f"{half:.1f}", f"{most:.1f}"] for size, (half, most) in self.found.items()]
        return [
            f"{self.database}: {len(QUESTIONS)} questions to the answer base, {ROUNDS} times each.",
            "",
            *aligned([["articles", "ms, half below", "ms, 95 of 100 below"], *table]),
            "",
        ]

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        return {
            "answers": self.database,
            "found": [
                {"articles": size, "p50_ms": half, "p95_ms": most}
                for size, (half, most) in self.found.items()
            ],
        }


def measure(on: Databases, *, cases: int, anew: bool) -> Searching:
    """Measure on one city with each number of articles, the fewest first."""
    found = Searching(KINDS[on.kind])
    with application(on, cases, anew=anew) as inside:
        filled = 0
        for size in SIZES:
            print(f"{found.database}, {size:,} articles …", flush=True)
            _fill(filled, size)
            filled = size
            inside.settle()
            found.found[size] = _search_all()
    return found


def _fill(begin: int, end: int) -> None:
    """Publish articles: those of the demo city with some words of others, so that each is another one."""
    content = Path(cps.demo.__file__).parent / "content" / "answers.json"
    models = json.loads(content.read_text(encoding="utf-8"))
    vocabulary = sorted({w for one in models for t in one["texts"].values() for w in t["body"].split()})
    numbers = iter(range(begin, end))
    while some := list(islice(numbers, AT_ONCE)):
        with transaction() as session:
            keys = session.scalars(insert(Article).returning(Article.id), list(map(_article, some))).all()
            texts = [text for key, number in zip(keys, some, strict=True)
                     for text in _texts(key, models[number % len(models)], vocabulary, number)]  # fmt: skip
            session.execute(insert(ArticleText), texts)
            session.execute(insert(ArticleTerm), list(_terms(texts)))


def _article(number: int) -> dict[str, Any]:
    at = clock.now()
    return {
        "slug": f"bench-{number}",
        "status": ArticleStatus.PUBLISHED,
        "language": "en",
        "is_alone": False,
        "published_at": at,
        "created_at": at,
        "updated_at": at,
        "version": 1,
    }


def _texts(
    key: int, model: dict[str, Any], vocabulary: Sequence[str], number: int
) -> Iterator[dict[str, Any]]:
    more = " ".join(random.Random(number).sample(vocabulary, 12))
    for language, text in model["texts"].items():
        yield {
            "article_id": key,
            "language": language,
            "is_live": True,
            "title": text["title"],
            "body": f"{text['body']} {more}",
            "words": text["words"],
            "edition": 1,
            "updated_at": clock.now(),
        }


def _terms(texts: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    weights: dict[tuple[int, str], int] = {}
    for text in texts:
        for term, weight in terms.terms_of(text["title"], text["words"], text["body"]).items():
            key = text["article_id"], term
            weights[key] = max(weight, weights.get(key, 0))
    return ({"article_id": k, "term": term, "weight": w} for (k, term), w in sorted(weights.items()))


def _search_all() -> tuple[float, float]:
    """Return the 50th and the 95th percentile of a search, each in a transaction of its own."""
    day, spent = clock.now().date(), []
    for _round in range(ROUNDS + 1):
        for question in QUESTIONS:
            began = time.perf_counter()
            queries.answers(question, day=day, language="en")
            db.session.rollback()
            spent.append((time.perf_counter() - began) * 1_000)
    return median_and_p95(spent[len(QUESTIONS) :])
