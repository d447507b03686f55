"""What everybody sees of a poll with live results: the counts so far, and that they are no result."""

import csv
import io
import json
import re
import zipfile
from collections import Counter

import pytest

from cps.core.db import transaction
from cps.polls import queries
from cps.polls.rules import BATCH_WAITS_FOR, CountKey, Lines, Method, ResultsWhen
from cps.polls.services import course, publishing
from tests.polls.live import fill, make_live, shown, work_in_a_minute
from tests.polls.managing import administrator, here
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site

MOST_STATEMENTS = 8


def test_before_the_first_batch_the_page_says_from_when_there_are_counts(site: Site) -> None:
    make_live("live", votes=20)

    page = site.get("/polls/live/results")

    assert page.has("No counts yet")
    assert page.has("The first hundred votes are counted once 150 are in")
    assert not page.tree.css(".bars")


def test_the_counts_so_far_stand_in_bars_and_a_table_and_say_that_they_are_no_result(
    site: Site, clock: Clock
) -> None:
    poll = make_live("live", votes=BATCH_WAITS_FOR)
    work_in_a_minute(clock)
    counts = shown(poll).counts

    page = site.get("/polls/live/results")

    most = max(counts.values())
    assert page.has("This is not the result")
    assert f"{most} ·" in page.all(".bars .bar-words .number")[0]
    assert [int(cell) for cell in page.all("tbody td:nth-child(2)")] == [
        *sorted(counts.values(), reverse=True),
        shown(poll).blank,
    ]
    assert re.search(
        r"Counted up to batch 1, .*: 100 of 150 votes, \d+ of them blank\. 50 wait for the next batch\.",
        page.text,
    )
    assert page.has("The next 100 are counted once 150 wait, a minute after this batch at the earliest")
    assert not page.has("won with")


@pytest.mark.parametrize(
    ("method", "columns", "words"),
    [
        (Method.RANKING, {"most": 3}, "Only first choices are counted here."),
        (Method.BUDGET, {"budget": 100, "costs": (60, 50, 40)}, "Which projects are funded is decided after"),
    ],
)
def test_the_page_says_what_counts_so_far_leave_out(
    site: Site, clock: Clock, method: Method, columns: dict[str, object], words: str
) -> None:
    make_live("live", votes=BATCH_WAITS_FOR, method=method, **columns)
    work_in_a_minute(clock)

    page = site.get("/polls/live/results")

    assert page.has(words)
    assert not page.has("Funded")


def test_the_page_is_sent_again_only_after_another_batch(site: Site, clock: Clock) -> None:
    poll = make_live("live", votes=BATCH_WAITS_FOR)
    work_in_a_minute(clock)
    tag = site.get("/polls/live/results").header("ETag")
    fill(poll, 10)
    again = {"If-None-Match": tag}
    same = site.get("/polls/live/results", headers=again).status
    fill(poll, BATCH_WAITS_FOR)
    work_in_a_minute(clock)

    assert same == 304
    assert site.get("/polls/live/results", headers=again).status == 200


def test_the_page_is_cheap(site: Site, clock: Clock) -> None:
    make_live("live", votes=BATCH_WAITS_FOR)
    work_in_a_minute(clock)

    site.get("/polls/live/results")

    assert len(site.statements) <= MOST_STATEMENTS


def test_programs_and_spreadsheets_get_the_same_counts_under_another_name(site: Site, clock: Clock) -> None:
    poll = make_live("live", votes=BATCH_WAITS_FOR)
    work_in_a_minute(clock)
    found = shown(poll)

    answer, table = site.get("/polls/live/results.json"), site.get("/polls/live/results.csv")

    told = json.loads(answer.data)
    assert told["format"] == "cps-poll-so-far-1"
    assert (told["batch"], told["size"], told["pending"], told["roll"]) == (1, 100, 50, 150)
    assert (told["counts"], told["blank"]) == (found.counts, found.blank)
    assert "winners" not in told
    assert "live-so-far.json" in answer.header("Content-Disposition")
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert {row["option"]: int(row["votes"]) for row in rows if row["option"]} == found.counts
    assert (rows[-1]["option"], int(rows[-1]["votes"]), rows[-1]["of"]) == ("", found.blank, "100")
    assert [*rows[0]] == ["option", "label", "votes", "of"]


def test_the_poll_leads_to_its_counts_and_other_polls_do_not(site: Site) -> None:
    make_live("live")
    polls.make_poll("quiet")

    assert site.get("/polls/live").has("See the counts so far")
    assert not site.get("/polls/quiet").has("See the counts so far")
    assert site.get("/polls/quiet/results").has("Nobody can see before then how people vote.")


def test_voters_are_told_that_counts_are_shown_while_they_vote(site: Site) -> None:
    make_live("live")
    told = "Counts are shown while the poll is open, a hundred votes at a time."

    assert site.get("/polls/live").has(told)
    assert site.get("/polls/live/protection").has("This poll shows counts while it is open")
    assert site.sign_in(polls.make_voter(factories.make_ward())).get("/polls/live/vote").has(told)


def test_after_the_close_the_counts_give_way_to_the_result(site: Site, clock: Clock) -> None:
    make_live("live", votes=BATCH_WAITS_FOR)
    work_in_a_minute(clock)
    clock.move(days=8)
    over = site.get("/polls/live/results")
    polls.work()
    counted = site.get("/polls/live/results")
    files = [site.get(f"/polls/live/results.{kind}").status for kind in ("json", "csv")]
    by = factories.make_administrator()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll("live"), by=by, at=clock.now)
    polls.work()

    assert over.has("The votes are being counted.")
    assert counted.has("The votes are being counted.")
    assert files == [404, 404]
    assert site.get("/polls/live/results").text_of(".poll-outcome").startswith("Park won with 75 of")


def test_whoever_kept_counts_finds_them_in_the_first_lines_of_the_published_ballots(
    site: Site, clock: Clock
) -> None:
    make_live("live", votes=BATCH_WAITS_FOR + 100, lines=Lines.FULL)
    kept = []
    for _batch in range(2):
        work_in_a_minute(clock)
        kept.append(json.loads(site.get("/polls/live/results.json").data))
    clock.move(days=8)
    polls.work()
    by = factories.make_administrator()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll("live"), by=by, at=clock.now)
    polls.work()

    with zipfile.ZipFile(io.BytesIO(site.get("/polls/live/bundle.zip").data)) as bundle:
        lines = [json.loads(line)["choice"] for line in bundle.read("ballots.jsonl").splitlines()]

    for told in kept:
        first = Counter(code for choice in lines[: told["size"]] for code in choice or [""])
        assert {code: first[code] for code in told["counts"]} == told["counts"]
        assert first[""] == told["blank"]
    assert [told["size"] for told in kept] == [100, 200]


def test_a_void_poll_has_no_counts(site: Site, clock: Clock) -> None:
    make_live("live", votes=BATCH_WAITS_FOR)
    work_in_a_minute(clock)
    by = factories.make_administrator()
    with transaction():
        course.void(queries.lock_poll("live"), by=by, at=clock.now, reason="Two options were swapped.")

    page = site.get("/polls/live/results")

    assert not page.tree.css(".bars")
    assert site.get("/polls/live/results.json").status == 404


def test_the_administrator_reads_what_live_counts_do_before_choosing_and_before_opening(site: Site) -> None:
    admin, _by = administrator(site)
    polls.make_draft("park", results=ResultsWhen.LIVE)

    assert admin.get(here("park", "/publication")).has("everybody sees how each hundred voted")
    assert admin.get(here("park")).has("whoever votes later knows how it stands")


def test_the_administrator_reads_why_accounts_are_not_counted_live(site: Site) -> None:
    admin, _by = administrator(site)
    polls.make_draft("park", results=ResultsWhen.LIVE, key=CountKey.ACCOUNT)

    page = admin.get(here("park"))

    assert page.has("one person could tell a neighbour’s vote from live counts")
    assert admin.get(here("park", "/publication")).has("where votes are counted by account")
