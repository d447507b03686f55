"""8 and 9. What may not change once a poll is open does not, whoever asks; its bytes hash to one value."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from cps.core.backup import restoring, saving
from cps.core.db import db, transaction
from cps.polls import queries
from cps.polls.models import Poll
from cps.polls.rules import PollState
from cps.polls.services import course, publishing
from tests.polls.sentences.tables import changed, snapshot
from tests.support import factories, polls
from tests.support.backups import Quiet, installation
from tests.support.fixtures import Clock, Database
from tests.support.site import Site

KEPT = (
    "voter_roll", "ballot_box", "ledger_leaf", "tree_head", "poll_extension", "poll_event",
    "published_ballot", "poll_option", "poll",
)  # fmt: skip
"""Tables of which no row of an opened poll goes away."""

UNCHANGING = {
    "voter_roll": "cell = 'sea|-'",
    "ballot_box": "leaf = '0'",
    "ballot_inbox": "handle = '0'",
    "ballot_spent": "handle = '0'",
    "ledger_leaf": "leaf = '0'",
    "tree_head": "line = '{}'",
    "poll_extension": "reason = 'none'",
    "poll_event": "text = 'none'",
    "published_ballot": "leaf = '0'",
    "poll_option": "cost = 1",
}

OF_THE_SPECIFICATION = (
    "spec_json = '{}'", "spec_sha256 = ''", "spec_sha256 = '0'", "slug = 'other'", "id = 7777",
    "eligible = 1", "opens_at = '2026-11-18 00:00:00'", "closes_at = '2026-11-18 02:00:00'",
    "closes_at = '2027-11-18 02:00:00'", "closes_at = NULL", "question = '{}'", "explanation = '[1]'",
    "method = 'approval'", "most = 2", "budget = 9", "option_order = 'shuffled'", "key = 'phone'",
    "verified_before = '2026-11-18 00:00:00'", "ward_codes = '[\"x\"]'", "age_from = 3", "age_to = 99",
    "is_listed = NOT is_listed", "is_declared = NOT is_declared", "age_bands = '[1]'", "results = 'live'",
    "lines = 'full'", "is_sensitive = NOT is_sensitive", "tie = 'draw'", "draw_text = 'x'",
    "objection_days = 1", "decision_days = 1", "witnesses = '[]'",
)  # fmt: skip
"""Every column that became part of the specification, changed to something else."""


@pytest.fixture
def poll(app: Flask, clock: Clock) -> Poll:
    """A published poll with rows in every table, an extension and a ballot that waits in another poll."""
    poll, by = polls.make_poll(), factories.make_administrator()
    assert poll.closes_at
    with transaction():
        later = poll.closes_at + timedelta(days=1)
        course.extend(queries.lock_poll(poll.slug), later, by=by, at=clock.now, reason="The server stood.")
    polls.vote_many(poll, ["park"], ["pool"], [])
    clock.set_to(later + timedelta(hours=1))
    polls.work()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(poll.slug), by=by, at=clock.now)
    polls.work()
    polls.vote_many(polls.make_poll(), ["pool"])
    return queries.get_poll(poll.slug)


def refused(statement: str) -> bool:
    """Say whether the database refuses a statement, whoever sends it."""
    db.session.rollback()
    try:
        with transaction() as session:
            session.execute(text(statement.replace(":", "\\:")))
    except DBAPIError:
        return True
    return False


def test_no_row_of_a_vote_can_be_changed_or_deleted(app: Flask, poll: Poll) -> None:
    before = snapshot()
    statements = [f"UPDATE {table} SET {change}" for table, change in UNCHANGING.items()]
    statements += [f"DELETE FROM {table}" for table in KEPT]
    if db.engine.dialect.name == "postgresql":
        statements += [f"TRUNCATE {table} CASCADE" for table in KEPT]

    assert [one for one in statements if not refused(one)] == []
    assert changed(before) == {}


def test_nothing_of_the_specification_can_be_changed(app: Flask, poll: Poll) -> None:
    before = snapshot()
    statements = [f"UPDATE poll SET {change} WHERE id = {poll.id}" for change in OF_THE_SPECIFICATION]

    assert [one for one in statements if not refused(one)] == []
    assert changed(before) == {}


def test_the_options_of_an_opened_poll_can_neither_be_added_nor_moved_to_another(
    app: Flask, poll: Poll
) -> None:
    draft = polls.make_draft()
    before = snapshot()
    added = f"INSERT INTO poll_option VALUES ({poll.id}, 'moat', 9, '{{}}', '{{}}', NULL, '', '')"
    moved_in = f"UPDATE poll_option SET poll_id = {poll.id}, code = 'moat' WHERE poll_id = {draft.id}"
    moved_out = f"UPDATE poll_option SET poll_id = {draft.id}, code = 'moat' WHERE poll_id = {poll.id}"

    assert [one for one in (added, moved_in, moved_out) if not refused(one)] == []
    assert changed(before) == {}


@pytest.mark.parametrize(
    "table", ["voter_roll", "ballot_box", "ledger_leaf", "tree_head", "poll", "poll_option"]
)
def test_no_row_is_put_into_the_place_of_another(app: Flask, poll: Poll, table: str) -> None:
    """SQLite's REPLACE deletes in silence unless triggers are told; PostgreSQL has ON CONFLICT DO UPDATE."""
    before = snapshot()
    columns = [column["name"] for column in inspect(db.engine).get_columns(table)]
    keys = ", ".join(inspect(db.engine).get_pk_constraint(table)["constrained_columns"])
    rows = f"SELECT {', '.join(columns)} FROM {table}"
    if db.engine.dialect.name == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) {rows}"
    else:
        taken = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns)
        statement = (
            f"INSERT INTO {table} ({', '.join(columns)}) {rows} ON CONFLICT ({keys}) DO UPDATE SET {taken}"
        )

    is_same = table == "poll" and db.engine.dialect.name == "postgresql"  # an update to what stands there
    assert refused(statement) is not is_same
    assert changed(before) == {}


def test_a_draft_can_be_changed_and_discarded(app: Flask) -> None:
    """The same statements pass where a poll is not open yet: it is the opening that freezes."""
    draft = polls.make_draft()

    assert not refused(f"UPDATE poll SET method = 'approval', most = 2 WHERE id = {draft.id}")
    assert not refused(f"DELETE FROM poll_option WHERE poll_id = {draft.id}")
    assert not refused(f"DELETE FROM poll WHERE id = {draft.id}")


def test_the_bytes_of_a_specification_hash_to_the_published_value_for_ever(
    app: Flask, site: Site, clock: Clock, database: Database, run_folder: Path, tmp_path: Path
) -> None:
    poll, by = polls.make_poll("park"), factories.make_administrator()
    slug, value, closes_at = poll.slug, poll.spec_sha256, poll.closes_at
    assert closes_at
    later = closes_at + timedelta(days=1)

    def holds() -> bool:
        """Say whether what everybody can fetch hashes to what the first signed head said."""
        answer = site.another().get(f"/polls/{slug}/specification.json").data
        return hashlib.sha256(answer).hexdigest() == value == queries.get_poll(slug).spec_sha256

    def step(act: Callable[[Poll], object]) -> bool:
        with transaction():
            act(queries.lock_poll(slug))
        polls.work()
        return holds()

    seen = [holds(), step(lambda p: course.extend(p, later, by=by, at=clock.now, reason="It rained."))]
    polls.vote_many(queries.get_poll(slug), ["park"])
    clock.set_to(later + timedelta(hours=1))
    seen.append(step(lambda _poll: None))
    seen.append(step(lambda p: publishing.ask_to_publish(p, by=by, at=clock.now)))
    clock.move(days=15)
    seen.append(step(lambda p: publishing.finalise(p, by=by, at=clock.now)))
    final = queries.get_poll(slug).state
    saving.save(tmp_path / "city.zip", at=clock.now, progress=Quiet())
    with installation(database.kind, run_folder, tmp_path / "target"):
        restoring.restore(tmp_path / "city.zip", at=clock.now, progress=Quiet())
        restored = queries.get_poll(slug)
        again = hashlib.sha256(restored.spec_json.encode()).hexdigest()

    assert final is PollState.FINAL
    assert (seen, again) == ([True] * 5, value)
    assert re.fullmatch("[0-9a-f]{64}", value)
