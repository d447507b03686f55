"""The polls of the demo city: each stage of a poll's life, with real keys and recorded votes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cps.accounts import queries as accounts
from cps.core.db import db
from cps.core.keys import app_keys_dir
from cps.demo import polls, world
from cps.demo.content import load as load_content
from cps.polls import heads, key_files, queries
from cps.polls.key_ring import specification_of, web_keys
from cps.polls.models import PublishedBallot
from cps.polls.presenting import Stage, stage_of
from cps.polls.rules import BATCH_SIZE, BATCH_WAITS_FOR, Method
from cps.polls.services import electorate
from cps.polls.specification import is_markable
from cps.residents import queries as residents
from tests.demo.conftest import demo_database
from tests.support.fixtures import WEDNESDAY, Database

pytestmark = pytest.mark.usefixtures("app")

HANGUL = re.compile("[가-힣]")
CONTENT = load_content()


@pytest.fixture
def database(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """The demo city in place of the city of the other tests."""
    yield from demo_database(request.param, run_folder, tmp_path / "instance")


def test_there_is_a_poll_in_each_stage_that_somebody_tries() -> None:
    stages = {poll.slug: stage_of(poll, WEDNESDAY) for poll in queries.listed()}

    assert stages == {
        "old-fire-station": Stage.OPEN,
        "neighbourhood-budget": Stage.OPEN,
        "name-of-the-bridge": Stage.SOON,
        "bench-colour": Stage.PUBLISHED,
        "library-evening": Stage.OPEN,
    }


def test_every_text_of_a_poll_stands_in_every_language_of_the_city() -> None:
    for poll in CONTENT.polls:
        texts = [poll.question, poll.explanation, *([poll.decision] if poll.decision else [])]
        for text in [*texts, *(words for option in poll.options for words in (option.label, option.text))]:
            assert set(text) == set(CONTENT.city.languages)
            assert HANGUL.search(text["ko"])
            assert not HANGUL.search(text["en"])


def test_the_budget_has_eleven_options_that_do_not_all_fit() -> None:
    budget = next(poll for poll in CONTENT.polls if poll.method is Method.BUDGET)
    costs = [option.cost or 0 for option in budget.options]

    assert len(costs) == 11
    assert max(costs) < (budget.budget or 0) < sum(costs)


def test_every_verified_resident_of_the_demo_may_vote_in_the_open_poll_and_has_not_yet() -> None:
    poll = queries.get_poll("old-fire-station")
    web = web_keys(poll)

    for number in [*range(2, 49)]:
        account = accounts.account_by_email(f"resident{number}@demo.test")
        assert account is not None
        voter = electorate.eligible_voter(poll, account, web, residents.facts_of(account.id))
        assert not queries.has_voted(poll.id, voter.tag)


def test_votes_were_recorded_and_what_is_published_hangs_together() -> None:
    for slug in ("old-fire-station", "neighbourhood-budget"):
        poll = queries.get_poll(slug)
        counted = queries.balance(poll.id)
        assert counted.roll == counted.inbox + counted.box > 0
    done = queries.get_poll("bench-colour")
    result, chain = json.loads(done.result_json), queries.head_lines(done.id)

    heads.check_chain(
        [heads.parse(line.encode()) for line in chain], bytes.fromhex(specification_of(done).keys.heads)
    )
    assert result["winners"]
    assert result["ballots"] == queries.balance(done.id).box
    receipts = db.session.scalar(db.select(db.func.count()).where(PublishedBallot.poll_id == done.id))
    assert receipts == result["ballots"]
    assert done.decision["en"]


def test_one_open_poll_shows_counts_of_whole_batches_and_the_rest_waits() -> None:
    poll = queries.get_poll("library-evening")
    found = queries.so_far(poll.id)

    assert found is not None
    assert found.size == found.batch * BATCH_SIZE > 0
    assert found.pending >= BATCH_WAITS_FOR - BATCH_SIZE
    assert sum(found.counts.values()) > found.size / 2


def test_full_lines_are_published_only_where_ballots_are_not_markable() -> None:
    for poll in queries.listed():
        frozen = specification_of(poll)
        assert frozen.lines.value == "counts" or not is_markable(frozen, 150)


def test_an_interrupted_load_goes_on_with_the_keys_that_are_there() -> None:
    slug = "name-of-the-bridge"
    before = key_files.read_web(app_keys_dir(), slug)

    assert polls.missing(CONTENT) == []
    assert polls.keys_of(slug).web == before


def test_a_poll_that_is_there_is_not_made_twice() -> None:
    place, number = world.read(CONTENT, seed=1, now=WEDNESDAY), len(queries.listed())

    polls.make(place, CONTENT.polls[1])

    assert len(queries.listed()) == number
