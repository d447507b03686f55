"""11 to 14. Bodies of one length, a count of one value, heads that only grow, and sums that agree."""

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cps.core.db import db, transaction
from cps.polls import ballot, queries, receipt, tree
from cps.polls.models import BallotBox, BallotInbox, Poll
from cps.polls.rules import BATCH_SIZE, BATCH_WAITS_FOR, Lines, Method
from cps.polls.services import publishing
from tests.polls.sentences.crowd import CHOICES, tell
from tests.support import factories, polls
from tests.support.fixtures import Clock

METHODS: dict[Method, tuple[dict[str, Any], Sequence[Sequence[str]]]] = {
    Method.SINGLE: ({}, [[], ["park"], ["school"]]),
    Method.APPROVAL: ({"most": 3}, [[], ["pool"], ["park", "school"], ["park", "pool", "school"]]),
    Method.RANKING: ({"most": 3}, [[], ["school"], ["pool", "park"], ["school", "pool", "park"]]),
    Method.BUDGET: (
        {"budget": 100, "costs": (60, 50, 40)},
        [[], ["pool"], ["park", "school"], ["school"], ["pool", "school"]],
    ),
}

RECOUNT = """
import json, sys
from cps.polls import canonical, specification, tally
for asked in json.load(sys.stdin):
    poll = specification.from_bytes(asked["specification"].encode())
    options = tuple((option.code, option.cost) for option in poll.options)
    rules = tally.Rules(poll.method, options, poll.most, poll.budget)
    found = tally.count(rules, tally.collect(tuple(one) for one in asked["ballots"]))
    print(canonical.to_bytes(found.as_json()).decode())
"""
"""What anybody does who counts bundles again, in a process of its own."""


def lengths(table: type[BallotInbox] | type[BallotBox], poll: Poll) -> set[int]:
    found = db.session.scalars(select(func.length(table.body)).where(table.poll_id == poll.id))
    return {*found}


@pytest.mark.parametrize("method", METHODS)
def test_all_stored_bodies_of_a_poll_have_one_length(app: Flask, clock: Clock, method: Method) -> None:
    columns, choices = METHODS[method]
    poll = polls.make_poll(method=method, options=["park", "pool", "school"], **columns)
    polls.vote_many(poll, *choices)
    waiting = lengths(BallotInbox, poll)
    clock.move(days=8)
    polls.work()

    assert len(waiting) == 1
    assert lengths(BallotBox, poll) == waiting


def test_control_without_padding_lengths_tell_the_choice() -> None:
    def unpadded(*choice: str) -> int:
        return len(ballot.line(choice, receipt.new_code(), ballot.new_salt()))

    assert len({unpadded(), unpadded("park"), unpadded("school")}) == 3


def published(poll: Poll, clock: Clock, app: Flask) -> tuple[Poll, zipfile.ZipFile]:
    """Return a poll after its publication, and its bundle."""
    by = factories.make_administrator()
    clock.move(days=8)
    polls.work()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(poll.slug), by=by, at=clock.now)
    polls.work()
    content = app.extensions["cps_storage"].get(publishing.bundle_key(poll.slug))
    return queries.get_poll(poll.slug), zipfile.ZipFile(io.BytesIO(content))


def test_the_count_of_a_bundle_has_the_same_bytes_in_any_order_and_with_any_hash_seed(
    app: Flask, clock: Clock
) -> None:
    asked, kept = [], []
    for method, (columns, choices) in METHODS.items():
        poll = polls.make_poll(method=method, lines=Lines.FULL, **columns)
        polls.vote_many(poll, *[*choices] * 3, *choices[1:])
        poll, bundle = published(poll, clock, app)
        ballots = [json.loads(line)["choice"] for line in bundle.read("ballots.jsonl").splitlines()]
        asked.append({"specification": bundle.read("specification.json").decode(), "ballots": ballots})
        kept.append(json.loads(poll.result_json))

    results = [recounted(asked, seed) for seed in ("0", "1", "4242")]

    assert results[0] == results[1] == results[2]
    for line, result in zip(results[0].splitlines(), kept, strict=True):
        assert json.loads(line).items() <= result.items()


def recounted(asked: list[dict[str, Any]], seed: str) -> bytes:
    """Count again in another process, which hashes otherwise, with the ballots in another order."""
    for one in asked:
        random.shuffle(one["ballots"])
    return subprocess.run(
        [sys.executable, "-c", RECOUNT],
        input=json.dumps(asked).encode(),
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    ).stdout


def prefixes(poll: Poll) -> list[bool]:
    """Say of every head whether it is that of a beginning of the ledger as it stands at the end."""
    leaves = [bytes.fromhex(leaf) for leaf in queries.leaves(poll.id)]
    return [begins(leaves, head.size, head.root) for head in queries.heads(poll.id)]


def begins(leaves: Sequence[bytes], size: int, root: str) -> bool:
    return tree.root(leaves[:size]).hex() == root


def test_every_head_is_a_prefix_of_the_next(app: Flask, clock: Clock) -> None:
    poll, other = polls.make_poll(), polls.make_poll()
    polls.vote_many(other, *CHOICES * 40)
    for _batch in range(3):
        polls.vote_many(poll, *CHOICES * 26)
        clock.move(minutes=1)
        polls.work()
    clock.move(days=8)
    polls.work()

    sizes = [head.size for head in queries.heads(poll.id)]
    assert len(sizes) >= 4
    assert sizes == sorted(sizes)
    assert prefixes(poll) == [True] * len(sizes)
    assert all(head.size + head.pending == head.roll_size for head in queries.heads(poll.id))
    tell(f"13. heads of sizes {sizes}: each is a prefix of the next")


def test_control_a_ledger_that_was_written_anew_is_no_prefix() -> None:
    leaves = [tree.leaf_hash(bytes([number])) for number in range(BATCH_WAITS_FOR)]
    other = [leaves[1], leaves[0], *leaves[2:]]
    assert begins(leaves, BATCH_SIZE, tree.root(leaves[:BATCH_SIZE]).hex())
    assert not begins(other, BATCH_SIZE, tree.root(leaves[:BATCH_SIZE]).hex())


CAST: list[Sequence[Sequence[str]]] = [[], [[]], [["park"]], [["park"], [], ["park"], []], CHOICES * 7]


def test_counts_and_blank_ballots_of_a_single_choice_are_all_ballots(app: Flask, clock: Clock) -> None:
    for choices in CAST:
        poll = polls.make_poll()
        polls.vote_many(poll, *choices)
        clock.move(days=8)
        polls.work()
        result = json.loads(queries.get_poll(poll.slug).result_json)

        counted = sum(result["counts"].values()) + result["blank"]
        assert counted == result["ballots"] == len(choices)
        assert queries.balance(poll.id) == queries.Balance(len(choices), 0, len(choices))
