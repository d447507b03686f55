"""The tables on the page of a result: which columns stand in them, and which hold figures."""

from dataclasses import replace

import pytest

from cps.polls.outcome import Row
from cps.polls.result_tables import turnout_table, votes_table
from cps.polls.turnout import EVERYWHERE, Group, Turnout

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_database("words of numbers")]


def row(code: str = "park", *, paper: int | None = None, cost: int | None = None) -> Row:
    return Row(code=code, label=code.title(), votes=30, of=40, paper=paper, cost=cost, won=code == "park")


BLANK = Row(code="", label="Blank ballots", votes=10, of=50, paper=None, cost=None, won=False)


def test_votes_stand_with_their_share() -> None:
    table = votes_table([row(), row("pool")], BLANK, None)

    assert [*table.head] == ["Option", "Votes", "Share"]
    assert [*table.rows[0]] == ["Park", "30", "75%"]
    assert [*table.numbers] == [1, 2]


def test_paper_and_cost_are_figures_and_that_a_project_is_funded_is_none() -> None:
    table = votes_table(
        [row(paper=4, cost=1200), row("pool", paper=0, cost=900)], replace(BLANK, paper=2), "KRW"
    )

    assert [*table.head] == ["Option", "Votes", "Share", "Of these on paper", "Cost", "Funded"]
    assert [line[-1] for line in table.rows] == ["yes", "no", "–"]
    assert [*table.numbers] == [1, 2, 3, 4]


def test_blank_ballots_stand_last_without_a_share_of_the_others() -> None:
    plain = votes_table([row(), row("pool")], BLANK, None)
    full = votes_table([row(paper=4, cost=1200)], replace(BLANK, paper=2), "KRW")

    assert [*plain.rows[-1]] == ["Blank ballots", "10", "–"]
    assert [*full.rows[-1]] == ["Blank ballots", "10", "–", "2", "–", "–"]


def test_a_ward_that_shows_no_group_has_no_line_and_an_age_that_shows_none_no_column() -> None:
    shown = {
        EVERYWHERE: Group(900, 300),
        ("north", None): Group(500, 200),
        ("north", 16): Group(300, 120),
        (None, 16): Group(500, 180),
    }

    table = turnout_table(Turnout(("north", "south"), (16, 46), shown), {"north": "North"})

    assert table is not None
    assert [*table.head] == ["Ward", "All ages", "16 to 45"]
    assert [[*line] for line in table.rows] == [
        ["North", "200 of 500", "120 of 300"],
        ["All wards", "300 of 900", "180 of 500"],
    ]


def test_there_is_no_table_of_the_sum_alone() -> None:
    assert turnout_table(Turnout(("north",), (16,), {EVERYWHERE: Group(None, 12)}), {}) is None
