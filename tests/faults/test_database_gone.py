"""The database takes nothing: PostgreSQL is gone, or another process holds the lock of SQLite."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask

from cps.core.db import transaction
from tests.faults.serving import Answer, serving
from tests.faults.test_killing import reporters
from tests.faults.visitors import Reporter, messages
from tests.faults.wire import Wire
from tests.support.fixtures import Database
from tests.support.site import Site

STORY = "The lamp has been out since Monday."


@dataclass(frozen=True, slots=True)
class Trouble:
    """A database that can be made to take nothing. `pages` is what whoever reads is answered meanwhile."""

    url: str
    gone: Callable[[], AbstractContextManager[object]]
    pages: int


@pytest.fixture
def trouble(database: Database) -> Iterator[Trouble]:
    """The trouble that this kind of database has."""
    if database.kind == "sqlite":
        yield Trouble(database.url, transaction, 200)
        return
    with Wire.to(database.url) as wire:

        @contextmanager
        def cut() -> Iterator[None]:
            wire.cut()
            yield
            wire.mend()

        yield Trouble(wire.url, cut, 503)


def test_nothing_typed_is_lost_and_all_goes_on_without_a_restart(
    app: Flask, site: Site, database: Database, trouble: Trouble
) -> None:
    with serving(database, workers=1, CPS_DATABASE_URL=trouble.url) as server:
        writer = reporters(server, site)[0]
        with trouble.gone():
            refused, page = reply(writer), server.ask("/complaints")
            alive = server.ask("/healthz").status
        again, afterwards = reply(writer).status, server.ask("/complaints").status

    assert gives_the_story_back(refused)
    assert (page.status, alive) == (trouble.pages, 200)
    assert (again, afterwards) == (303, 200)
    assert messages() == [STORY]


def reply(writer: Reporter) -> Answer:
    """Send the story, the same form each time."""
    path = f"/complaints/{writer.case.reference}/reply"
    return writer.visitor.post(path, message=STORY, form_key="once")


def gives_the_story_back(answer: Answer) -> bool:
    """Check that an answer says to come back later, and holds all that was typed."""
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert f'<p class="words" dir="auto">{STORY}</p>' in answer.text
    return all(f'value="{value}"' in answer.text for value in (STORY, "once"))
