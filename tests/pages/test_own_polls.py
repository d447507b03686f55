"""What the file of one's own data says of the register and of polls: one's own facts, no choice, no tag."""

from datetime import timedelta
from typing import Any

from cps.core.db import db, transaction
from cps.core.keys import app_keys_dir
from cps.polls import key_files
from cps.polls.key_ring import specification_of
from cps.polls.models import VoterRoll
from cps.residents.models import RegisterEntry
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site


def held(site: Site) -> Any:
    return site.get("/accounts/me/data.json").json


def test_the_file_has_what_the_register_has_of_one(site: Site, clock: Clock) -> None:
    ward = factories.make_ward("hill")
    ann, _bob = polls.make_voter(ward), polls.make_voter(factories.make_ward())
    site.sign_in(ann)

    assert held(site)["register"] == {
        "verified_at": (clock.now - timedelta(days=30)).isoformat(),
        "ward": "hill",
        "ward_name": ward.name,
        "born_on": "1980-05-17",
        "has_left": False,
    }


def test_who_moved_away_is_said_to_have_left(site: Site, clock: Clock) -> None:
    ann = polls.make_voter(factories.make_ward())
    with transaction():
        db.session.execute(db.update(RegisterEntry).values(gone_at=clock.now))
    site.sign_in(ann)

    assert held(site)["register"]["has_left"] is True


def test_who_proved_nothing_has_nothing_of_the_register(site: Site) -> None:
    polls.make_voter(factories.make_ward())
    site.sign_in(polls.make_voter())

    assert held(site)["register"] is None


def test_the_file_names_the_polls_in_which_one_is_marked_and_no_choice(site: Site) -> None:
    ann, bob = polls.make_voter(), polls.make_voter()
    voted, other = polls.make_poll("park"), polls.make_poll("bridge")
    polls.make_draft("draft")
    polls.vote(voted, ann, "pool")
    polls.vote(voted, bob, "school")
    polls.vote(other, bob, "pool")
    site.sign_in(ann)

    found = held(site)["polls"]

    assert [(row["poll"], row["marked_as_voted"]) for row in found] == [("park", True)]
    assert found[0]["question"]["en"] == "What first?"
    text = site.get("/accounts/me/data.json").data.decode()
    kept = db.session.scalars(db.select(VoterRoll.tag)).all()
    assert not any(secret in text for secret in ("pool", "school", *kept))


def test_of_a_poll_whose_keys_are_gone_nobody_can_tell(site: Site) -> None:
    ann, poll = polls.make_voter(), polls.make_poll("park")
    polls.vote(poll, ann, "pool")
    key_files.destroy(app_keys_dir(), "park", heads_public=specification_of(poll).keys.heads)
    site.sign_in(ann)

    assert [row["marked_as_voted"] for row in held(site)["polls"]] == [None]
