"""The answer base of the demo city: what it answers most often, one text behind, one draft, one in review."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cps.accounts.models import Account
from cps.demo import queries
from cps.demo.plan import DOMAIN
from cps.demo.world import World
from cps.knowledge import services
from cps.knowledge.models import Article
from cps.knowledge.rules import Facts, Move, Words
from cps.knowledge.services import Told

CONTENT: Final = Path(__file__).parent / "content"

LATER: Final = {
    "parking-fine": "\n\nSince this month you can also pay with your phone: the slip carries a code to scan."
}
"""What was added to articles after they had been translated, which leaves the translation behind."""

IN_VAIN: Final = (("en", "marriage certificate", 4), ("en", "ev charging", 7), ("ko", "전기차 충전", 5))
"""What people have searched in vain: language, words, how often."""


def make(world: World) -> None:
    """Make the articles through the program's own services, each on its day."""
    for words in _read("synonyms.json"):
        services.save_synonyms(words, by=None, at=world.now)
    agent, publisher = world.staff.agent, queries.account(f"supervisor@{DOMAIN}")
    rows = _read("answers.json")
    for number, row in enumerate(rows):
        _make(row, world, agent, publisher, at=world.now - timedelta(days=3 * (len(rows) - number)))
    today = world.now.astimezone(world.zone).date()
    for language, words, times in IN_VAIN:
        for ago in range(times):
            services.note_unanswered(words, language, day=today - timedelta(days=ago))


def _make(row: dict[str, Any], world: World, agent: Account, publisher: Account, *, at: datetime) -> None:
    texts = {language: Words(**words) for language, words in row["texts"].items()}
    own = world.content.city.default_language
    article = services.begin(
        own, texts[own], _facts(row, world, publisher, at), by=agent, at=at, slug=row["slug"]
    )
    for language, words in texts.items():
        if language != own:
            services.write(article, language, words, by=agent, at=at)
    state = row.get("state", "published")
    if state == "draft":
        return
    services.move(article, Move.SEND, by=agent, at=at)
    if state == "published":
        services.move(article, Move.PUBLISH, by=publisher, at=at + timedelta(hours=2))
        _go_on(article, texts[own], agent, publisher, at=at + timedelta(days=1))


def _go_on(article: Article, words: Words, agent: Account, publisher: Account, *, at: datetime) -> None:
    """Add to an article what came later, and count what readers said of it."""
    if (more := LATER.get(article.slug)) is not None:
        services.write(
            article, article.language, Words(words.title, words.body + more, words.words), by=agent, at=at
        )
        services.move(article, Move.SEND, by=agent, at=at)
        services.move(article, Move.PUBLISH, by=publisher, at=at + timedelta(hours=1))
    for told, times in (
        (Told.HELPED, article.id % 5 + 2),
        (Told.NOT_HELPED, article.id % 2),
        (Told.SOLVED, article.id % 3),
    ):
        for _time in range(times):
            services.count_told(article.id, told, day=at.date())


def _facts(row: dict[str, Any], world: World, owner: Account, at: datetime) -> Facts:
    category, department = world.categories.get(row["category"]), world.departments[row["department"]]
    return Facts(
        category_id=category.id if category else None,
        department_id=department.id,
        review_on=(at + timedelta(days=75)).date(),
        owner_id=owner.id,
    )


def _read(name: str) -> list[Any]:
    rows: list[Any] = json.loads((CONTENT / name).read_text(encoding="utf-8"))
    return rows
