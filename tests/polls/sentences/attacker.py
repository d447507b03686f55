"""An attacker without keys who joins all copies to find out which voter cast which ballot.

The attacker also knows from the street who voted when, and so which handle came with which voter: that
alone says nothing without the keys. Every way of joining is a guess that gives each handle one leaf of the
ledger; the guess is worth what it hits beyond chance.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from tests.polls.sentences.copies import Copy, each_step, newly

SURE = 1e-9
"""Chance hits as often as what is allowed less often than this; tried in dozens of ways on every run."""

MARKS = (b'"park"', b'"pool"', b'"school"')
ENDS = 32
"""So many bytes at either end of a body are compared: its one-time key stands there."""

Guess = dict[str, str]
"""By handle a leaf."""


@dataclass(frozen=True)
class Batch:
    """What two copies tell of a batch: handles that went from the inbox, leaves that came into the ledger."""

    handles: frozenset[str]
    leaves: frozenset[str]
    after: Copy


def handles_of_voters(copies: Sequence[Copy]) -> dict[str, str]:
    """Return by tag which handle came at the same moment; in the order of arrival."""
    linked: dict[str, str] = {}
    for before, after in each_step(copies):
        tags, handles = newly(before, after, "voter_roll"), newly(before, after, "ballot_inbox")
        linked.update(zip(tags, handles, strict=False))
    return linked


def batches(copies: Sequence[Copy]) -> list[Batch]:
    """Return every batch that was taken between two copies."""
    return [
        Batch(frozenset(spent), frozenset(newly(before, after, "ballot_box")), after)
        for before, after in each_step(copies)
        if (spent := newly(before, after, "ballot_spent"))
    ]


def guesses(copies: Sequence[Copy]) -> Iterator[tuple[str, Guess]]:
    """Yield every way of joining handles with leaves, by name: the n-th here is the n-th there."""
    found = batches(copies)
    sources = [_handle_orders(copies, batch) for batch in found]
    targets = [_leaf_orders(batch) for batch in found]
    for source in sorted(set.intersection(*(set(one) for one in sources))):
        for target in sorted(set.intersection(*(set(one) for one in targets))):
            for direction in (1, -1):
                guess: Guess = {}
                for handles, leaves in zip(sources, targets, strict=True):
                    guess.update(zip(handles[source][::direction], leaves[target], strict=True))
                yield f"{source} {'and' if direction == 1 else 'against'} {target}", guess
    yield "same bytes of bodies", _same_bytes(copies, found)


def guesses_of_choices(copies: Sequence[Copy]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every way of giving the choices that counts tell to those with whom they were counted, by name.

    These are whose ballots were just taken, or else just came; by handle a choice.
    """
    found = []
    for before, after in each_step(copies):
        made = {choice: votes - before.counts.get(choice, 0) for choice, votes in after.counts.items()}
        who = newly(before, after, "ballot_spent") or newly(before, after, "ballot_inbox")
        if sum(made.values()) == len(who) > 0:
            found.append((_handle_orders(copies, Batch(frozenset(who), frozenset(), after)), made))
    for source in sorted(set.intersection(*(set(handles) for handles, _made in found))) if found else ():
        for by_votes in (False, True):
            for direction in (1, -1):
                guess: dict[str, str] = {}
                for handles, made in found:
                    guess.update(zip(handles[source][::direction], _in_order(made, by_votes), strict=True))
                yield f"{source} {'most first' if by_votes else 'as kept'} {direction}", guess


def _in_order(made: Mapping[str, int], by_votes: bool) -> list[str]:
    choices = sorted(made, key=lambda choice: -made[choice]) if by_votes else [*made]
    return [choice for choice in choices for _vote in range(made[choice])]


def _handle_orders(copies: Sequence[Copy], batch: Batch) -> dict[str, list[str]]:
    found = {"handle": sorted(batch.handles)}
    arrival = handles_of_voters(copies).values()
    found["arrival"] = [handle for handle in arrival if handle in batch.handles]
    found |= {f"spent by {name}": order for name, order in batch.after.orders["ballot_spent"].items()}
    return _whole(found, batch.handles)


def _leaf_orders(batch: Batch) -> dict[str, list[str]]:
    found = {"leaf": sorted(batch.leaves)}
    for table in ("ballot_box", "ledger_leaf"):
        found |= {f"{table} by {name}": order for name, order in batch.after.orders[table].items()}
    found["sealed body"] = sorted(batch.leaves, key=batch.after.bodies.__getitem__)
    return _whole(found, batch.leaves)


def _whole(orders: Mapping[str, list[str]], keys: frozenset[str]) -> dict[str, list[str]]:
    """Keep the orders that tell something of every key."""
    kept = {name: [key for key in order if key in keys] for name, order in orders.items()}
    return {name: order for name, order in kept.items() if len(order) == len(keys)}


def _same_bytes(copies: Sequence[Copy], found: Sequence[Batch]) -> Guess:
    """Join a body of the inbox with that of the box that begins or ends alike."""
    seen = {key: body for copy in copies for key, body in copy.bodies.items()}
    guess = {}
    for batch in found:
        by_end = {seen[leaf][at]: leaf for leaf in batch.leaves for at in (slice(ENDS), slice(-ENDS, None))}
        for handle in batch.handles & {*seen}:
            body = seen[handle]
            leaf = by_end.get(body[:ENDS]) or by_end.get(body[-ENDS:])
            if leaf is not None:
                guess[handle] = leaf
    return guess


def read_choices(copies: Sequence[Copy], handles: Mapping[str, str]) -> dict[str, bytes]:
    """Return by tag what the bodies in the inbox say to whoever just looks."""
    seen = {key: body for copy in copies for key, body in copy.bodies.items()}
    read = {}
    for tag, handle in handles.items():
        marks = [mark for mark in MARKS if mark in seen.get(handle, b"")]
        if marks:
            read[tag] = marks[0].strip(b'"')
    return read


def bound(tries: int, chance: float, sure: float = SURE) -> int:
    """Return how many hits in so many tries chance stays below, but for once in 1/`sure` runs."""
    tail = 1.0
    for hits in range(tries + 1):
        if tail < sure:
            return hits
        tail -= comb(tries, hits) * chance**hits * (1 - chance) ** (tries - hits)
    return tries + 1
