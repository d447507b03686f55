"""10. While a poll is open no answer to anyone tells how options stand, but whole batches of a live one."""

import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from cps.accounts.models import Account
from cps.core.db import transaction
from cps.polls import queries
from cps.polls.key_ring import worker_keys
from cps.polls.models import Poll
from cps.polls.rules import BATCH_SIZE, BATCH_WAITS_FOR, ResultsWhen
from cps.polls.services import counter, counting
from cps.polls.services.casting import Voter
from tests.polls.live import fill, shown, work_in_a_minute
from tests.polls.sentences.crowd import tell
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

CAST = {"park": 137, "pool": 71, "school": 43, "": 19}
"""Numbers that stand nowhere by accident, all different; the last are blank ballots."""

DATES = {"18", "25"}
"""Days of the opening and the close, which a ledger of a hundred may hold as a count by accident."""

BY_CHANCE = "X-Request-Id"
"""Sixteen random signs, which now and then are all digits."""

ABOUT_POLLS = re.compile(r"^/(polls|admin/polls|feeds/polls|accounts/me|api|$)")
PART = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
NUMBER = re.compile(r"(?<![\w./#%&+-])(?<!\d:)\d+(?![\w/%-])(?!:\d)")
"""Numbers in words, JSON and CSV; not parts of times, hashes and addresses."""


@dataclass
class Everything:
    """An open poll in which one has voted, and everybody who might look at it."""

    poll: Poll
    values: dict[str, str]
    people: dict[str, Account | None]


@pytest.fixture
def everything(app: Flask, clock: Clock) -> Everything:
    return hold(clock, ResultsWhen.AFTER)


@pytest.fixture
def live(app: Flask, clock: Clock) -> Everything:
    """The same of a poll that shows counts while it is open."""
    return hold(clock, ResultsWhen.LIVE)


def hold(clock: Clock, results: ResultsWhen) -> Everything:
    poll, by = polls.make_poll("open-poll", results=results), factories.make_administrator()
    with transaction():
        ticket = counter.issue_pass(poll, Voter("0" * 64, "-|-"), by=by, at=clock.now)
    voter = polls.make_voter(factories.make_ward())
    people = {
        "visitor": None,
        "voter": voter,
        "agent": factories.make_agent(),
        "officer": factories.make_officer(),
        "supervisor": factories.make_supervisor(),
        "administrator": by,
    }
    values = {
        "slug": poll.slug,
        "ticket": ticket,
        "option": "park",
        "which": "opening",
        "picture": "0" * 32,
        "size": "large",
    }
    polls.vote(poll, voter, "park")
    clock.move(minutes=1)
    return Everything(queries.get_poll(poll.slug), values, people)


def let_vote(everything: Everything) -> set[str]:
    """Fill ledger and inbox; returns each number that would tell how options stand."""
    poll = everything.poll
    polls.vote_many(poll, *[[code] if code else [] for code, times in CAST.items() for _ in range(times)])
    polls.work()
    in_ledger = box_of(poll)
    voted = sum(CAST.values()) + 1
    stand = [CAST["park"] + 1, *CAST.values(), *in_ledger.values()]
    public = {str(number) for number in (BATCH_SIZE, voted, voted - BATCH_SIZE)}
    return {str(number) for number in stand} - public - DATES


def box_of(poll: Poll) -> Counter[str]:
    """Count what the ledger holds, as only the worker can."""
    open_poll = queries.get_poll(poll.slug)
    found = Counter("".join(choice) for choice in counting.choices(open_poll, worker_keys(open_poll)))
    assert found.total() == BATCH_SIZE
    return found


def addresses(app: Flask, values: dict[str, str]) -> list[str]:
    """Return every address about polls that can be asked for."""

    def is_asked(rule: Rule) -> bool:
        return "GET" in (rule.methods or ()) and bool(ABOUT_POLLS.match(rule.rule))

    rules = [rule.rule for rule in app.url_map.iter_rules() if is_asked(rule)]
    known = [rule for rule in rules if {*PART.findall(rule)} <= {*values}]
    return sorted({PART.sub(lambda part: values[part[1]], rule) for rule in known})


def numbers_in(text: str) -> Counter[str]:
    return Counter(NUMBER.findall(text))


def words_of(page: Page) -> str:
    """Return what an answer says: of an archive what its files say, of a picture nothing."""
    kind, body = page.response.mimetype, page.response.get_data()
    if kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return "" if kind.startswith("image/") else page.text


def walk(app: Flask, site: Site, everything: Everything) -> dict[tuple[str, str], Counter[str]]:
    """Let everybody ask for everything; returns the numbers in each answer that shows something."""
    found = {}
    for name, account in everything.people.items():
        visitor = site.another() if account is None else site.another().sign_in(account)
        for address in addresses(app, everything.values):
            page = visitor.get(address)
            if page.status == 200:
                headers = " ".join(value for name, value in page.response.headers if name != BY_CHANCE)
                found[name, address] = numbers_in(words_of(page)) + numbers_in(headers)
    return found


def test_no_answer_to_anyone_tells_a_count_while_the_poll_is_open(
    app: Flask, site: Site, everything: Everything
) -> None:
    """What stood there before the many voted is no count."""
    before = walk(app, site, everything)
    telling = let_vote(everything)
    after = walk(app, site, everything)

    leaks = [
        (*where, number)
        for where, numbers in after.items()
        for number in telling
        if numbers[number] > before.get(where, Counter())[number]
    ]
    tell(
        f"10. {len(after)} answers to {len(everything.people)} people, {len(telling)} numbers: leaks {leaks}"
    )
    assert len(after) > 60
    assert leaks == []


@pytest.mark.parametrize("path", ["results.json", "results.csv", "bundle.zip", "object", "recount"])
def test_no_address_of_a_result_is_there_before_the_result(
    site: Site, everything: Everything, path: str
) -> None:
    let_vote(everything)
    administrator = site.another().sign_in(everything.people["administrator"] or factories.make_resident())

    assert administrator.get(f"/polls/open-poll/{path}").status == 404


@pytest.mark.parametrize(
    "text", ["Park 137", '{"park":137,"pool":71}', "[71,137]", "park,137\n", "137 votes"]
)
def test_control_the_look_sees_a_number_however_it_is_written(text: str) -> None:
    assert numbers_in(text)["137"] == 1
    assert numbers_in("09:137 a137 137-a 137% /137/") == {}


def test_control_the_same_look_sees_the_counts_once_the_result_is_public(
    app: Flask, site: Site, clock: Clock
) -> None:
    choices = [[code] if code else [] for code, times in CAST.items() for _ in range(times)]
    poll = polls.make_published("", *choices)

    read = numbers_in(site.get(f"/polls/{poll.slug}/results").text)

    assert {str(CAST[code]) for code in ("park", "pool", "school")} <= {*read}


def test_of_a_live_poll_no_public_answer_changes_until_the_next_whole_batch(
    app: Flask, site: Site, clock: Clock, live: Everything
) -> None:
    """Administrators see how many voted, as of every poll, but not what."""
    let_vote(live)
    work_in_a_minute(clock)
    more = BATCH_WAITS_FOR - 1 - queries.waiting(live.poll.id)
    before = walk(app, site, live)

    fill(live.poll, more, [["school"]])
    work_in_a_minute(clock)
    after = walk(app, site, live)

    public = {where: numbers for where, numbers in after.items() if where[1].startswith(("/polls", "/feeds"))}
    changed = [where for where, numbers in public.items() if numbers != before[where]]
    leaks = [where for where, numbers in after.items() if numbers[str(more)] > before[where][str(more)]]
    tell(f"10. live, {BATCH_WAITS_FOR - 1} wait: {len(after)} answers, changed {changed}, leaks {leaks}")
    assert queries.waiting(live.poll.id) == BATCH_WAITS_FOR - 1
    assert len(public) > 40
    assert (changed, leaks) == ([], [])


@pytest.mark.parametrize("path", ["results", "results.json", "results.csv"])
def test_control_the_same_look_sees_the_counts_of_each_whole_batch(
    site: Site, clock: Clock, live: Everything, path: str
) -> None:
    let_vote(live)
    first = [numbers_in(site.get(f"/polls/open-poll/{path}").text), shown(live.poll).counts]
    fill(live.poll, BATCH_WAITS_FOR, [["school"]])
    work_in_a_minute(clock)
    second = [numbers_in(site.get(f"/polls/open-poll/{path}").text), shown(live.poll).counts]

    for numbers, counts in (first, second):
        assert {str(number) for number in counts.values()} <= {*numbers}
    assert first != second


def test_a_live_poll_tells_the_counts_of_its_batches_alone(app: Flask, site: Site, live: Everything) -> None:
    before = walk(app, site, live)
    telling = let_vote(live)
    found = shown(live.poll)
    telling -= {str(number) for number in (*found.counts.values(), found.blank)}

    after = walk(app, site, live)

    leaks = [
        (*where, number)
        for where, numbers in after.items()
        for number in telling
        if numbers[number] > before.get(where, Counter())[number]
    ]
    asked = {address.removeprefix("/polls/open-poll") for _name, address in after}
    tell(f"10. live, one batch: {len(after)} answers, {len(telling)} numbers: leaks {leaks}")
    assert leaks == []
    assert {"/results", "/results.json", "/results.csv"} <= asked
    assert not {"/bundle.zip", "/object", "/recount"} & asked
