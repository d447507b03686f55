"""How many statements a job takes: the same requests, sent once more to an application in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from bench.browser import Browser, InProcess
from bench.databases import City
from bench.facts import Facts, learn
from bench.jobs import Job
from cps import create_app
from cps.config import Config
from cps.core.db import db

ORIGIN = "http://localhost"
_NOT_COUNTED = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")


@dataclass(slots=True)
class Inside:
    """An application in this process on a city's database, whose statements are noted."""

    app: Flask
    facts: Facts
    seen: list[str] = field(default_factory=list)

    def count(self, job: Job) -> list[int]:
        """Return the statements of each step of a job, for a visitor after others."""
        send = InProcess(self.app)
        for number in range(2):  # what the first visitor of a process pays is not counted
            browser = Browser(send, ORIGIN)
            if job.arrive:
                job.arrive(browser, self.facts, number)
            counts = [self._count(browser, act, number) for _title, act in job.steps]
        return counts

    def _count(self, browser: Browser, act: Any, number: int) -> int:
        self.seen.clear()
        act(browser, self.facts, number)
        return sum(not statement.startswith(_NOT_COUNTED) for statement in self.seen)


@contextmanager
def inside(city: City) -> Iterator[Inside]:
    """Provide an application on this city."""
    app = create_app(Config.from_environment(city.settings()))
    with app.app_context():
        facts = learn()
        db.session.remove()
        known = Inside(app, facts)
        engine = db.engine

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        known.seen.append(statement)

    try:
        yield known
    finally:
        engine.dispose()
