"""Neighbours of the demo city without an account: they stand in its register and vote at the counter."""

from collections.abc import Iterator

from cps.core.keys import app_identity_key
from cps.demo import register
from cps.demo.world import World
from cps.polls.keys import WebKeys
from cps.polls.models import Poll
from cps.polls.services import electorate
from cps.polls.services.casting import Voter
from cps.residents import queries as residents

NEIGHBOURS = range(9_000_000, 9_000_320)
"""Their numbers; no resident with an account has one so high."""


def enter_neighbours(world: World) -> None:
    """Enter them into the register in the running transaction, once."""
    key = app_identity_key()
    if residents.facts_in_person(register.tag_of(NEIGHBOURS[0], key), at=world.now) is not None:
        return
    wards = [*world.ward_ids.values()]
    lives_in = [wards[number % len(wards)] for number in NEIGHBOURS]
    register.enter(NEIGHBOURS, lives_in, unverified=frozenset(), seed=world.seed, at=world.now, key=key)


def voters(poll: Poll, web: WebKeys, number: int, world: World) -> Iterator[Voter]:
    """Yield as whom the first so many of them vote."""
    key = app_identity_key()
    for neighbour in NEIGHBOURS[:number]:
        facts = residents.facts_in_person(register.tag_of(neighbour, key), at=world.now)
        if facts is not None:
            yield electorate.eligible_in_person(poll, web, facts)
