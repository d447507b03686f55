"""Writing, publishing and counting, with the database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from cps.accounts.models import Account
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.knowledge import queries, services
from cps.knowledge.models import Article
from cps.knowledge.rules import ArticleStatus, Facts, Move, Words
from cps.knowledge.services import Told
from tests.support import factories as make

DAY = date(2026, 11, 26)
PARKING = Words("Parking permits", "Ask at the counter.")


def written(by: Account, words: Words = PARKING, **facts: date) -> int:
    """Send a new article for review."""
    with transaction():
        article = services.begin("en", words, Facts(**facts), by=by, at=clock.now())
        services.move(article, Move.SEND, by=by, at=clock.now())
        return article.id


def move(article_id: int, way: Move, by: Account, **more: bool) -> None:
    with transaction():
        services.move(queries.lock(article_id), way, by=by, at=clock.now(), message="because", **more)


def found(question: str, day: date = DAY) -> list[str]:
    return [row.title for row in queries.answers(question, day=day, language="en").rows]


def published(by: Account, publisher: Account, words: Words = PARKING, **facts: date) -> int:
    key = written(by, words, **facts)
    move(key, Move.PUBLISH, publisher)
    return key


def test_a_second_person_publishes_and_only_then_it_is_found(app: Flask) -> None:
    agent, supervisor = make.make_agent(), make.make_supervisor()
    key = written(supervisor)
    with transaction():
        services.write(queries.lock(key), "ko", Words("주차", "창구"), by=agent, at=clock.now())
        services.move(queries.lock(key), Move.SEND, by=agent, at=clock.now())

    with pytest.raises(RuleViolation, match="Somebody else"):
        move(key, Move.PUBLISH, supervisor)  # wrote the first part of it
    assert found("parking") == []
    move(key, Move.PUBLISH, make.make_administrator())

    assert found("parking") == ["Parking permits"]


def test_the_city_may_let_authors_publish_and_the_row_says_so(app: Flask) -> None:
    supervisor = make.make_supervisor()
    key = written(supervisor)

    move(key, Move.PUBLISH, supervisor, authors_may=True)

    assert queries.get(key).is_alone


def test_the_database_refuses_an_article_that_its_author_published(app: Flask) -> None:
    author = make.make_supervisor()
    key = published(author, make.make_administrator())

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(Article).where(Article.id == key).values(published_by_id=author.id))


def test_readers_see_the_published_text_until_the_next_one_is_published(app: Flask) -> None:
    agent, supervisor = make.make_agent(), make.make_supervisor()
    key = published(agent, supervisor)
    with transaction():
        services.write(
            queries.lock(key), "en", Words("Parking permits", "By post."), by=agent, at=clock.now()
        )

    assert queries.get(key).status is ArticleStatus.DRAFT
    assert queries.shown("parking-permits", day=DAY, language="en").text.body == "Ask at the counter."
    move(key, Move.SEND, agent)
    move(key, Move.PUBLISH, supervisor)

    assert queries.shown("parking-permits", day=DAY, language="en").text.body == "By post."


def test_a_translation_is_marked_once_the_article_goes_on_and_no_more_when_confirmed(app: Flask) -> None:
    agent, supervisor = make.make_agent(), make.make_supervisor()
    key = written(agent)

    def publish_with(*texts: tuple[str, str]) -> bool:
        with transaction():
            for language, body in texts:
                services.write(queries.lock(key), language, Words("주차", body), by=agent, at=clock.now())
            if not texts:
                services.confirm(queries.lock(key), "ko", by=agent, at=clock.now())
            services.move(queries.lock(key), Move.SEND, by=agent, at=clock.now())
            services.move(queries.lock(key), Move.PUBLISH, by=supervisor, at=clock.now())
        return queries.shown("parking-permits", day=DAY, language="ko").is_behind

    assert not publish_with(("ko", "창구"))
    assert publish_with(("en", "Ask by post."))
    assert not publish_with()


def test_what_is_retired_or_no_longer_valid_is_neither_found_nor_shown(app: Flask) -> None:
    agent, supervisor = make.make_agent(), make.make_supervisor()
    published(agent, supervisor, Words("Summer pool", "Open."), valid_until=DAY)
    gone = published(agent, supervisor)
    move(gone, Move.RETIRE, supervisor)

    assert found("summer pool") == ["Summer pool"]
    assert found("summer pool", DAY + timedelta(days=1)) == []
    assert found("parking") == []


def test_what_readers_say_at_once_is_all_counted_and_names_nobody(app: Flask) -> None:
    key = published(make.make_agent(), make.make_supervisor())

    def say(told: Told) -> None:
        with app.app_context(), transaction():
            services.count_told(key, told, day=DAY)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(say, [Told.HELPED, Told.SOLVED, Told.NOT_HELPED, Told.HELPED] * 3))

    counted = queries.helped(key)
    assert (counted.helped, counted.not_helped, counted.solved) == (6, 3, 3)


def test_searches_in_vain_are_counted_without_numbers_of_people_and_forgotten(app: Flask) -> None:
    with transaction():
        for question in ("EV Charging", "ev charging?", "call 010-4711-0815 kim@example.org"):
            services.note_unanswered(question, "en", day=DAY)
        services.note_unanswered("old words", "en", day=DAY - timedelta(days=91))

    assert [(row.words, row.count) for row in queries.unanswered(DAY)] == [("ev charging", 2), ("call", 1)]
    assert queries.old_searches(services.first_kept(DAY)) == 1
    with transaction():
        services.forget_unanswered(services.first_kept(DAY))
    assert queries.old_searches(DAY) == 0


def test_a_set_of_words_that_mean_the_same_is_known_at_once(app: Flask) -> None:
    published(make.make_agent(), make.make_supervisor())
    assert found("lorry yard") == []

    with transaction():
        services.save_synonyms(["lorry yard", "parking"], by=None, at=clock.now())

    assert found("lorry yard") == ["Parking permits"]
    with pytest.raises(RuleViolation, match="at least two"), transaction():
        services.save_synonyms(["alone", " "], by=None, at=clock.now())
    assert len(db.session.scalars(db.select(Article.id)).all()) == 1
