"""Where few people vote, on paper or at all: what is published then, and who is told of it in time."""

from typing import Any

import pytest

from cps.core import clock as real_clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.keys import app_keys_dir
from cps.polls import key_files, queries
from cps.polls import keys as poll_keys
from cps.polls.models import Poll
from cps.polls.rules import CountKey, Lines, PollState
from cps.polls.services import casting, counting, drafting, opening
from cps.polls.services.casting import Voter
from cps.polls.tally import PaperTotals
from tests.polls.managing import administrator, here
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site

COUNT = "/polls/park/counter/count"
WARNED = "voted on paper. The result shows"


def open_draft(listed: int = 0, **columns: Any) -> Poll:
    """Open a draft with a list of so many people, as an administrator does."""
    draft, by, at = polls.make_draft("park", **columns), factories.make_administrator(), real_clock.now()
    keys = poll_keys.make("park")
    key_files.write(app_keys_dir(), keys)
    with transaction():
        poll = queries.lock_poll(draft.slug)
        drafting.set_list(poll, [f"{number:064}" for number in range(listed)], by=by, at=at)
        poll.copy_read_at = poll.rehearsed_at = at
        opening.open_poll(poll, keys.fingerprints(), keys.worker, by=by, at=at)
    return queries.get_poll("park")


def close_with_paper(clock: Clock, number: int) -> Poll:
    """Make a poll that is closed, with so many votes on paper among a dozen on screens."""
    poll = polls.make_poll("park", key=CountKey.REGISTER)
    polls.vote_many(poll, *[["park"]] * 12)
    with transaction():
        for voter in range(number):
            casting.enter_on_roll(poll.id, Voter(f"{voter:064}", "-|-"), on_paper=True)
    clock.move(days=8)
    polls.work()
    return queries.get_poll("park")


def count_paper(number: int) -> None:
    totals = PaperTotals(number, 0, counts={"park": number, "pool": 0, "school": 0})
    for _officer in range(2):
        by = factories.make_agent()
        with transaction():
            counting.enter_paper(queries.lock_poll("park"), totals, by=by, at=real_clock.now())
    polls.work()


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("key", [CountKey.ACCOUNT, CountKey.PHONE])
def test_ballots_are_not_published_one_by_one_where_nobody_knows_how_many_may_vote(key: CountKey) -> None:
    with pytest.raises(RuleViolation, match="checklist"):
        open_draft(key=key, lines=Lines.FULL)

    assert queries.get_poll("park").is_draft


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "columns",
    [
        {"lines": Lines.COUNTS},
        {"lines": Lines.FULL, "is_sensitive": True},
        {"lines": Lines.FULL, "listed": 50},
        {"listed": 49, "is_sensitive": True},
    ],
)
def test_totals_are_published_of_any_poll_and_ballots_where_a_list_is_long(columns: dict[str, Any]) -> None:
    poll = open_draft(key=CountKey.ACCOUNT, **columns)

    assert poll.state is PollState.OPEN


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("lines", [Lines.FULL, Lines.COUNTS])
def test_with_a_short_list_only_totals_may_be_published(lines: Lines) -> None:
    with pytest.raises(RuleViolation, match="checklist"):
        open_draft(key=CountKey.ACCOUNT, lines=lines, listed=49)


def test_the_checklist_says_what_to_do_about_it(site: Site) -> None:
    polls.make_draft("park", key=CountKey.ACCOUNT, lines=Lines.FULL)

    page = administrator(site)[0].get(here("park"))

    assert page.has("Nobody can say how many will vote, and it may be few")


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "Only 1 person voted on paper."), (4, "Only 4 people voted on paper."), (9, "Only 9 people")],
)
def test_officers_and_administrators_hear_in_time_that_few_voted_on_paper(
    site: Site, clock: Clock, number: int, words: str
) -> None:
    close_with_paper(clock, number)
    officer = site.sign_in(factories.make_agent())
    assert officer.get(COUNT).has(words)
    count_paper(number)

    page = administrator(site)[0].get(here("park", "/publish"))

    assert page.has(words)
    assert page.has("That cannot be hidden")


@pytest.mark.parametrize("number", [0, 10])
def test_nobody_is_warned_where_nobody_or_many_voted_on_paper(site: Site, clock: Clock, number: int) -> None:
    close_with_paper(clock, number)
    officer = site.sign_in(factories.make_agent())
    assert not officer.get(COUNT).has(WARNED)
    if number:
        count_paper(number)

    page = administrator(site)[0].get(here("park", "/publish"))

    assert page.heading == "Publish the result?"
    assert not page.has(WARNED)


def test_the_page_of_protection_says_it_where_there_is_paper(site: Site) -> None:
    polls.make_poll("park", key=CountKey.REGISTER)
    polls.make_poll("bridge", key=CountKey.ACCOUNT)

    assert site.get("/polls/park/protection").has("Votes on paper are counted by people")
    assert not site.get("/polls/bridge/protection").has("Votes on paper")
