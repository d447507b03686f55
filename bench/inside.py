"""Measuring inside the program, without the web server: a city of cases with an application of its own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles

from flask import Flask

from bench.databases import Databases, Postgresql, city
from cps import create_app
from cps.config import Config
from cps.core.db import db, transaction


@dataclass(frozen=True, slots=True)
class Inside:
    """The application, and how to do what the database would do by itself after so many rows were added."""

    app: Flask
    settle: Callable[[], None]


@contextmanager
def application(on: Databases, cases: int, *, anew: bool) -> Iterator[Inside]:
    """Run the block in the application of a city with so many cases."""
    with city(on, cases, anew=anew) as made:
        app = create_app(Config.from_environment(made.settings()))
        with app.app_context():
            try:
                yield Inside(app, lambda: on.settle(made.url) if isinstance(on, Postgresql) else _analyse())
            finally:
                db.session.remove()
                db.engine.dispose()


def median_and_p95(spent: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    cuts = quantiles(spent, n=20)
    return cuts[9], cuts[18]


def _analyse() -> None:
    with transaction() as session:
        session.execute(db.text("ANALYZE"))
