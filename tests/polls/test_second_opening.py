"""What was opened once is not opened again: a restored database may know only the draft."""

import pytest

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import ConfigurationError, RuleViolation
from cps.core.keys import app_keys_dir
from cps.polls import key_files, queries
from cps.polls import keys as poll_keys
from cps.polls.key_ring import web_keys, worker_keys
from cps.polls.models import Poll
from cps.polls.rules import PollState
from cps.polls.services import opening, restoring
from tests.polls.managing import ADMIN, administrator, here, send
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site

OTHER = "ab" * 32


def note() -> str | None:
    return key_files.opened_as(app_keys_dir(), "park")


class Lost(Exception):
    """The transaction of the opening was lost, as with a database that is restored from an older copy."""


def open_again(slug: str = "park", *, then: type[Exception] | None = None) -> Poll:
    keys, by = key_files.read_all(app_keys_dir(), slug), factories.make_administrator()
    with transaction():
        poll = queries.lock_poll(slug)
        opening.open_poll(poll, keys.fingerprints(), keys.worker, by=by, at=clock.now())
        if then is not None:
            raise then
    return queries.get_poll(slug)


def make_restored() -> None:
    """Make a draft of which the database has forgotten that it was opened, beside one that never was."""
    for slug in ("park", "bridge"):
        polls.make_draft(slug)
        key_files.write(app_keys_dir(), poll_keys.make(slug))
    with pytest.raises(Lost):
        open_again(then=Lost)


@pytest.mark.usefixtures("app")
def test_the_opening_is_noted_beside_the_keys() -> None:
    poll = polls.make_poll("park")

    assert note() == poll.spec_sha256
    assert web_keys(poll).poll == worker_keys(poll).poll == "park"


@pytest.mark.usefixtures("app")
def test_a_draft_whose_keys_opened_a_poll_is_not_opened_again(clock: Clock) -> None:
    make_restored()
    before = note()

    for _minute in range(2):
        clock.move(minutes=1)
        with pytest.raises(RuleViolation, match="clone this draft"):
            open_again()

    assert queries.get_poll("park").state is PollState.DRAFT
    assert note() == before
    assert open_again("bridge").state is PollState.OPEN


@pytest.mark.usefixtures("app")
def test_a_restore_names_the_drafts_that_were_opened_since() -> None:
    assert restoring.name_opened_drafts() is None
    make_restored()

    told = restoring.name_opened_drafts() or ""

    assert told.endswith("not opened again: park")


def test_the_pages_say_that_it_was_opened_and_lead_to_a_clone(site: Site) -> None:
    make_restored()
    admin = administrator(site)[0]

    assert admin.get(here("park")).has("Clone this draft and open the clone.")
    assert not admin.get(here("bridge")).has("Clone this draft and open the clone.")
    assert admin.get(here("park", "/keys")).has("A poll was opened under this address already")
    page = admin.post_raw(here("park", "/open"), {"version": queries.get_poll("park").version})
    assert page.status == 422
    assert page.has("cannot be opened a second time")

    clone = admin.submit(here("park", "/clone"), slug="park-again")
    assert clone.path == here("park-again")
    assert admin.submit(here("park-again", "/keys")).has("The keys are made.")


def test_lost_keys_of_an_opened_poll_are_not_made_anew(site: Site) -> None:
    make_restored()
    admin = administrator(site)[0]
    key_files.discard(app_keys_dir(), "park")
    version = queries.get_poll("park").version

    page = admin.post_raw(here("park", "/keys"), {"version": version})

    assert page.status == 422
    assert page.has("cannot be opened a second time")


def test_a_discarded_draft_that_was_opened_leaves_its_address_taken_and_its_keys(site: Site) -> None:
    make_restored()
    admin = administrator(site)[0]
    assert admin.get(here("park", "/discard")).has("its keys stay on this server")
    send(admin, "park", "/discard")
    send(admin, "bridge", "/discard")

    assert admin.submit(f"{ADMIN}/new", question="What first?", slug="park").status == 422
    assert admin.submit(f"{ADMIN}/new", question="What first?", slug="bridge").path == here("bridge")
    assert key_files.read_all(app_keys_dir(), "park").poll == "park"
    assert key_files.mark_of_web(app_keys_dir(), "bridge") == 0


@pytest.mark.usefixtures("app")
def test_a_server_that_did_not_open_the_poll_notes_it_when_it_first_uses_the_keys() -> None:
    poll = polls.make_poll("park")
    path = app_keys_dir() / "polls" / "park.opened.json"
    for use in (web_keys, worker_keys):
        path.unlink()
        use(poll)
        assert note() == poll.spec_sha256


@pytest.mark.usefixtures("app")
def test_a_server_whose_keys_opened_another_poll_takes_no_votes_and_counts_none() -> None:
    poll, other = polls.make_poll("park"), polls.make_poll("bridge")
    (app_keys_dir() / "polls" / "park.opened.json").unlink()
    key_files.note_opening(app_keys_dir(), "park", OTHER)

    for use in (web_keys, worker_keys):
        with pytest.raises(ConfigurationError, match="used for another opening"):
            use(poll)
    assert web_keys(other).poll == "bridge"
