"""The page of a result, its files, and objecting to it."""

import csv
import io
import json
import zipfile

import pytest

from cps.cases.models import Case
from cps.core.db import db, transaction
from cps.polls import queries
from cps.polls.models import Poll
from cps.polls.rules import Lines, Method, PollState, TieRule
from cps.polls.services import casting, counting, course, publishing
from cps.polls.services.casting import Voter
from cps.polls.tally import PaperTotals
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site


def published(clock: Clock, *choices: list[str], **columns: object) -> Poll:
    """Return a poll in which these choices were made, with its provisional result."""
    poll, by = polls.make_poll(**columns), factories.make_administrator()  # type: ignore[arg-type]
    polls.vote_many(poll, *choices)
    clock.move(days=8)
    polls.work()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(poll.slug), by=by, at=clock.now)
    polls.work()
    return queries.get_poll(poll.slug)


def with_paper(clock: Clock, totals: PaperTotals, *choices: list[str], **columns: object) -> Poll:
    """Return the same with ballots on paper, on which two officers agree."""
    poll, officers = polls.make_poll(**columns), [factories.make_administrator() for _ in range(2)]  # type: ignore[arg-type]
    polls.vote_many(poll, *choices)
    with transaction():
        for number in range(totals.ballots):
            casting.enter_on_roll(poll.id, Voter(f"{number:064}", "-|-"), on_paper=True)
    clock.move(days=8)
    polls.work()
    for by in officers:
        with transaction():
            counting.enter_paper(queries.lock_poll(poll.slug), totals, by=by, at=clock.now)
    polls.work()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(poll.slug), by=officers[0], at=clock.now)
    polls.work()
    return queries.get_poll(poll.slug)


def test_the_result_names_its_winner_in_a_sentence(site: Site, clock: Clock) -> None:
    poll = published(clock, ["park"], ["park"], ["pool"], [])

    page = site.get(f"/polls/{poll.slug}/results")

    assert page.text_of(".poll-outcome") == "Park won with 2 of 3 votes."
    assert "4 ballots were counted, 1 of them blank." in page.text


def test_an_approved_winner_is_told_by_ballots_since_one_holds_several_votes(
    site: Site, clock: Clock
) -> None:
    poll = published(
        clock, ["park", "pool"], ["park"], ["pool", "school"], ["park"], method=Method.APPROVAL, most=2
    )

    page = site.get(f"/polls/{poll.slug}/results")

    assert page.text_of(".poll-outcome") == "Park won: chosen on 3 of 4 ballots that are not blank."


def test_a_tie_is_told_as_a_tie(site: Site, clock: Clock) -> None:
    poll = published(clock, ["park"], ["pool"])

    page = site.get(f"/polls/{poll.slug}/results")

    assert page.text_of(".poll-outcome") == "It is a tie between Park, Pool."


def drawn(clock: Clock, *choices: list[str], **columns: object) -> Poll:
    """Return a poll with its provisional result, in whose public draw came pool, then park, then school."""
    columns |= {"tie": TieRule.DRAW, "draw_text": "Drawn by a child in the market hall."}
    poll, by = polls.make_poll(**columns), factories.make_administrator()  # type: ignore[arg-type]
    polls.vote_many(poll, *choices)
    clock.move(days=8)
    polls.work()
    with transaction():
        counting.enter_draw(queries.lock_poll(poll.slug), ["pool", "park", "school"], by=by, at=clock.now)
    polls.work()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(poll.slug), by=by, at=clock.now)
    polls.work()
    return queries.get_poll(poll.slug)


def test_a_winner_by_the_draw_is_told_as_one(site: Site, clock: Clock) -> None:
    poll = drawn(clock, ["park"], ["pool"])

    page = site.get(f"/polls/{poll.slug}/results")

    assert page.text_of(".poll-outcome") == "Park, Pool were equal, and the public draw decided: Pool won."
    assert "The public draw gave this order: Pool, Park, School." in page.text


def test_a_ranking_says_where_the_draw_decided_who_goes(site: Site, clock: Clock) -> None:
    ballots = [["park"], ["park"], ["pool", "park"], ["school", "pool"]]
    poll = drawn(clock, *ballots, method=Method.RANKING, most=3)

    page = site.get(f"/polls/{poll.slug}/results")

    assert "Pool, School had equally few. By the public draw School went out" in page.text
    assert "Park, Pool had equally few. By the public draw Park went out" in page.text
    assert page.text_of(".poll-outcome") == "Park, Pool were equal, and the public draw decided: Pool won."


def test_the_rounds_of_a_ranking_are_told_in_words(site: Site, clock: Clock) -> None:
    ballots = [["park"]] * 3 + [["pool"]] * 3 + [["school", "pool"]]
    poll = published(clock, *ballots, method=Method.RANKING, most=3)

    page = site.get(f"/polls/{poll.slug}/results")

    assert page.text_of(".poll-outcome") == "Pool won with 4 of 7 votes, after 2 counts."
    assert "School had the fewest and went out" in page.text
    assert "Pool has more than half and wins." in page.text


def test_a_budget_tells_what_is_funded_and_what_is_spent(site: Site, clock: Clock) -> None:
    ballots = [["park", "school"], ["school"], ["pool"], ["park"]]
    poll = published(clock, *ballots, method=Method.BUDGET, budget=100, costs=(60, 50, 40))

    page = site.get(f"/polls/{poll.slug}/results")

    assert page.text_of(".poll-outcome") == "2 projects are funded: Park, School."
    assert "₩50" in page.all("td")
    assert "₩100 of ₩100 are spent." in page.text
    assert "Pool costs ₩50, which did not fit into what was left." in page.text


def test_before_it_is_published_there_is_no_result_in_any_file(site: Site, clock: Clock) -> None:
    poll = polls.make_poll(lines=Lines.FULL)
    polls.vote_many(poll, ["park"], ["pool"], ["park"])
    clock.move(days=8)
    polls.work()

    assert "No result yet" in site.get(f"/polls/{poll.slug}/results").text
    for name in ("results.csv", "results.json", "bundle.zip", "recount", "object"):
        assert site.get(f"/polls/{poll.slug}/{name}").status == 404


def test_a_void_poll_has_no_result_and_says_so(site: Site, clock: Clock) -> None:
    poll, by = polls.make_poll(), factories.make_administrator()
    with transaction():
        course.void(queries.lock_poll(poll.slug), by=by, at=clock.now, reason="The wrong map was printed.")

    page = site.get(f"/polls/{poll.slug}/results")

    assert page.text_of("h1") == "No result"
    assert page.has("This poll is void.")


@pytest.mark.parametrize(
    ("columns", "heading", "words"),
    [
        ({"lines": Lines.FULL}, "Recount it yourself", "Anybody can check this result."),
        ({}, "Check it yourself", "only the witnesses whom this poll names can count again"),
        ({"witnesses": [], "has_no_witnesses": True}, "Check it yourself", "so it cannot count again"),
        ({"is_sensitive": True}, "Check it yourself", "so it cannot count again"),
    ],
)
def test_only_where_everybody_gets_the_ballots_a_recount_is_promised_to_everybody(
    site: Site, clock: Clock, columns: dict[str, object], heading: str, words: str
) -> None:
    poll = published(clock, ["park"], **columns)

    page = site.get(f"/polls/{poll.slug}/results")

    assert heading in page.all("h2")
    assert page.has(words)


def test_the_bars_of_a_ranking_are_called_first_choices(site: Site, clock: Clock) -> None:
    ranked = published(clock, ["park", "pool"], ["pool"], method=Method.RANKING, most=2)
    single = published(clock, ["park"])

    assert site.get(f"/polls/{ranked.slug}/results").text_of("#votes") == "First choices"
    assert site.get(f"/polls/{single.slug}/results").text_of("#votes") == "Votes"


def test_the_counts_stand_in_a_table_for_spreadsheets(site: Site, clock: Clock) -> None:
    poll = published(clock, ["park"], [])
    page = site.get(f"/polls/{poll.slug}/results.csv")

    rows = list(csv.reader(io.StringIO(page.data.decode("utf-8-sig"))))

    assert rows[0] == ["option", "label", "votes", "of", "paper", "cost", "won"]
    assert rows[1] == ["park", "Park", "1", "1", "", "", "yes"]
    assert rows[-1] == ["", "Blank ballots", "1", "2", "", "", ""]


@pytest.mark.parametrize(
    ("method", "totals"),
    [
        (Method.SINGLE, PaperTotals(4, 1, counts={"park": 1, "pool": 2, "school": 0})),
        (Method.RANKING, PaperTotals(4, 1, rankings={("pool", "park"): 2, ("park",): 1})),
    ],
)
def test_file_table_and_page_say_the_same_of_blank_ballots_and_of_paper(
    site: Site, clock: Clock, method: Method, totals: PaperTotals
) -> None:
    poll = with_paper(clock, totals, ["park"], [], method=method, most=1 + (method is Method.RANKING))

    told = json.loads(site.get(f"/polls/{poll.slug}/results.json").data)
    table = site.get(f"/polls/{poll.slug}/results.csv").data.decode("utf-8-sig")
    rows = {row["option"]: row for row in csv.DictReader(io.StringIO(table))}
    lines = site.get(f"/polls/{poll.slug}/results").all("tbody tr")

    assert {code: int(row["votes"]) for code, row in rows.items() if code} == told["counts"]
    assert [rows[code]["paper"] for code in ("park", "pool", "school", "")] == ["1", "2", "0", "1"]
    assert int(rows[""]["votes"]) == told["blank"] + told["paper"]["blank"] == 2
    assert int(rows[""]["of"]) == told["ballots"] + told["paper"]["ballots"] == 6
    assert "Blank ballots 2 – 1" in lines


def test_the_bundle_holds_the_very_bytes_of_the_published_result(site: Site, clock: Clock) -> None:
    poll = published(clock, ["park"], lines=Lines.FULL)
    content = site.get(f"/polls/{poll.slug}/bundle.zip").data

    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert bundle.read("result.json") == site.get(f"/polls/{poll.slug}/results.json").data
        assert json.loads(bundle.read("manifest.json"))["poll"] == poll.slug


def test_an_objection_becomes_a_case_with_a_clock_and_stands_on_the_page(site: Site, clock: Clock) -> None:
    poll = published(clock, ["park"])
    site.get(f"/polls/{poll.slug}/object")

    page = site.submit(body="The hall in the north closed an hour early.", email="")

    case = db.session.scalars(db.select(Case)).one()
    assert case.category_id == poll.objection_category_id
    assert case.due_at > clock.now
    assert "Objection to: What first?" in page.text


def test_the_same_objection_sent_twice_is_one_case(site: Site, clock: Clock) -> None:
    poll = published(clock, ["park"])
    page = site.get(f"/polls/{poll.slug}/object")

    site.submit(page, body="The hall closed early.", email="")
    site.submit(page, body="The hall closed early.", email="")

    assert len(db.session.scalars(db.select(Case)).all()) == 1


@pytest.mark.parametrize("email", ["nobody", "a@b", "x" * 300])
def test_a_wrong_address_keeps_the_words_of_the_objection(site: Site, clock: Clock, email: str) -> None:
    poll = published(clock, ["park"])
    site.get(f"/polls/{poll.slug}/object")

    page = site.submit(body="The hall closed early.", email=email)

    assert page.status == 422
    assert "The hall closed early." in page.text
    assert db.session.scalars(db.select(Case)).all() == []


@pytest.mark.settings(rate_limits=True)
def test_too_many_objections_are_told_on_the_form_with_every_word_kept(site: Site, clock: Clock) -> None:
    poll = published(clock, ["park"])
    address = f"/polls/{poll.slug}/object"
    for number in range(5):
        site.submit(address, body=f"The hall closed early, reason {number}.", email="")

    page = site.submit(address, body="A sixth reason.", email="ann@testford.test")

    assert page.status == 429
    assert int(page.header("Retry-After") or 0) > 0
    assert page.has("Many objections came from your network within an hour.")
    assert page.text_of("#body") == "A sixth reason."
    assert page.value_of("#email") == "ann@testford.test"
    assert len(db.session.scalars(db.select(Case)).all()) == 5


@pytest.mark.settings(rate_limits=True)
def test_an_objection_that_must_be_mended_costs_no_try(site: Site, clock: Clock) -> None:
    poll = published(clock, ["park"])
    address = f"/polls/{poll.slug}/object"
    for _try in range(6):
        site.submit(address, body="The hall closed early.", email="nobody")

    page = site.submit(address, body="The hall closed early.", email="")

    assert page.status == 200


def test_after_the_time_for_objections_the_page_takes_none(site: Site, clock: Clock) -> None:
    poll = published(clock, ["park"])
    page = site.get(f"/polls/{poll.slug}/object")
    clock.move(days=20)

    late = site.submit(page, body="The hall closed early.", email="")

    assert late.status == 422
    assert db.session.scalars(db.select(Case)).all() == []
    assert "is over" in site.get(f"/polls/{poll.slug}/object").text


def test_a_result_with_an_open_objection_does_not_become_final(clock: Clock, site: Site) -> None:
    poll, by = published(clock, ["park"]), factories.make_administrator()
    site.get(f"/polls/{poll.slug}/object")
    site.submit(body="The hall closed early.", email="")
    clock.move(days=20)

    with pytest.raises(publishing.RuleViolation), transaction():
        publishing.finalise(queries.lock_poll(poll.slug), by=by, at=clock.now)

    assert queries.get_poll(poll.slug).state is PollState.PUBLISHED


def test_a_decision_that_is_late_is_said_to_be_late(site: Site, clock: Clock) -> None:
    poll = published(clock, ["park"])
    clock.move(days=60)

    assert "The city has not said it yet." in site.get(f"/polls/{poll.slug}/results").text


def test_turnout_hides_small_groups(site: Site, clock: Clock) -> None:
    poll = published(clock, *[["park"]] * 3)

    page = site.get(f"/polls/{poll.slug}/results")

    assert "3 people voted." in page.text
    assert not page.all("#turnout ~ .table-scroll")


def test_the_page_takes_few_statements_however_many_ballots_there_are(site: Site, clock: Clock) -> None:
    poll = published(clock, *[["park"]] * 40)

    site.get(f"/polls/{poll.slug}/results")

    assert len(site.statements) <= 8
