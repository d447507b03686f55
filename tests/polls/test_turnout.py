"""Turnout by ward and age: small groups stay hidden, also from those who add and subtract."""

import csv
import io
import itertools
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cps.polls.turnout import EVERYWHERE, Group, Place, Turnout, turnout

LARGE = Group(400, 150)


def city(*rows: tuple[Group, ...]) -> dict[tuple[str, int], Group]:
    """A table written as it looks: a row for each ward, a column for each age band."""
    return {
        (f"ward-{number}", 16 + 15 * column): group
        for number, row in enumerate(rows, 1)
        for column, group in enumerate(row)
    }


def cells_hidden(published: Turnout) -> int:
    return sum(group is None for _, _, group in published.rows())


def test_large_groups_are_shown_with_all_their_sums() -> None:
    published = turnout(city((LARGE, LARGE), (LARGE, Group(100, 10))))

    assert published.at("ward-2", 31) == Group(100, 10)
    assert published.at("ward-2") == Group(500, 160)
    assert published.at(age_from=31) == Group(500, 160)
    assert published.at() == Group(1300, 460)


@pytest.mark.parametrize("small", [Group(9, 9), Group(400, 9), Group(400, 0), Group(0, 0)])
def test_a_small_group_is_hidden_and_takes_one_more_with_it_in_its_row_and_column(small: Group) -> None:
    published = turnout(city((small, LARGE, LARGE), (LARGE, LARGE, LARGE), (LARGE, LARGE, LARGE)))

    assert published.at("ward-1", 16) is None
    assert [published.at("ward-1", age) for age in published.ages].count(None) == 2
    assert [published.at(ward, 16) for ward in published.wards].count(None) == 2
    assert cells_hidden(published) == 4
    assert published.at("ward-1") is not None


def test_the_groups_hidden_for_the_sake_of_others_are_those_with_the_fewest_people() -> None:
    table = city((Group(5, 2), LARGE, Group(40, 20)), (LARGE, LARGE, LARGE), (Group(50, 20), LARGE, LARGE))

    published = turnout(table)

    assert published.at("ward-1", 46) is None
    assert published.at("ward-3", 16) is None
    assert published.at("ward-2", 31) == LARGE


def test_the_sum_of_a_ward_with_few_people_is_hidden_together_with_the_sum_of_another() -> None:
    published = turnout(city((Group(3, 2), Group(4, 2)), (LARGE, LARGE), (LARGE, LARGE)))

    assert published.at("ward-1") is None
    assert [published.at(ward) for ward in published.wards].count(None) == 2
    assert published.at() == Group(1607, 604)


def test_groups_without_a_voter_are_not_given_away_by_a_sum_of_nothing() -> None:
    published = turnout(city((Group(50, 0), Group(50, 0)), (LARGE, LARGE)))

    assert published.at("ward-1") is None


def test_with_fewer_than_twenty_ballots_there_is_nothing_but_the_sum_of_all() -> None:
    published = turnout(city((Group(400, 10), Group(400, 9)), (Group(400, 0), Group(400, 0))))

    assert published.shown == {EVERYWHERE: Group(1600, 19)}
    assert published.as_csv() == "ward,age_from,eligible,voted\n"


def test_where_nobody_knows_how_many_may_vote_the_voters_alone_decide() -> None:
    published = turnout(city((Group(None, 9), Group(None, 30)), (Group(None, 30), Group(None, 40))))

    assert published.at() == Group(None, 109)
    assert published.at("ward-1", 16) is None
    assert "ward-1,16,,\n" in published.as_csv()


def test_a_single_ward_is_shown_by_age_alone() -> None:
    published = turnout(city((Group(100, 50), Group(90, 40), Group(20, 3))))

    assert published.at("ward-1") == Group(210, 93)
    assert cells_hidden(published) == 2


def test_the_file_has_a_row_for_every_cell_and_leaves_hidden_ones_empty() -> None:
    table = city((Group(5, 2), LARGE), (LARGE, LARGE))

    rows = [*csv.reader(io.StringIO(turnout(table).as_csv()))]

    assert rows[0] == ["ward", "age_from", "eligible", "voted"]
    assert [row[:2] for row in rows[1:]] == [[ward, str(age)] for ward, age in table]
    assert all(row[2:] in (["", ""], ["400", "150"]) for row in rows[1:])


def test_groups_in_another_order_give_the_same_file() -> None:
    table = city((Group(5, 2), LARGE, LARGE), (LARGE, LARGE, Group(9, 1)), (LARGE, LARGE, LARGE))

    assert turnout(dict(reversed(table.items()))).as_csv() == turnout(table).as_csv()


def test_numbers_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        turnout(city((Group(400, -1), LARGE)))
    with pytest.raises(ValueError, match="some groups only"):
        turnout(city((Group(None, 20), LARGE)))


numbers = st.one_of(st.integers(0, 12), st.integers(0, 40))
groups = st.builds(lambda more, voted: Group(voted + more, voted), numbers, numbers)
tables = st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
    lambda size: st.lists(st.tuples(*[groups] * size[1]), min_size=size[0], max_size=size[0])
)


@settings(deadline=None, max_examples=300)
@given(tables)
def test_no_hidden_number_can_be_had_from_what_is_shown(rows: list[tuple[Group, ...]]) -> None:
    table = city(*rows)
    published = turnout(table)

    assert all(group.smallest >= 10 for place, group in published.shown.items() if place != EVERYWHERE)
    if published.shown.keys() == {EVERYWHERE} or len(table) == 1:
        return
    assert not given_away(table, published)


def test_the_reader_of_these_tests_finds_a_group_that_is_hidden_alone() -> None:
    table = city((Group(5, 2), LARGE), (LARGE, LARGE))
    shown = {**turnout(city((LARGE, LARGE), (LARGE, LARGE))).shown}
    shown |= {place: _sum(table, place) for place in shown}
    del shown["ward-1", 16]

    careless = Turnout(("ward-1", "ward-2"), (16, 31), shown)

    assert given_away(table, careless) == {("ward-1", 16)}


def given_away(table: Mapping[tuple[str, int], Group], published: Turnout) -> set[Place]:
    """Return the hidden cells and sums that are the same in every city that would publish this."""
    hidden = {(w, a) for w in (*published.wards, None) for a in (*published.ages, None)} - {*published.shown}
    for other in cities_that_look_the_same(table, published):
        hidden -= {place for place in hidden if _sum(other, place) != _sum(table, place)}
        if not hidden:
            break
    return hidden


def cities_that_look_the_same(
    table: Mapping[tuple[str, int], Group], published: Turnout
) -> Iterator[dict[tuple[str, int], Group]]:
    """Try every city whose hidden cells differ by at most one voter; yield those that would publish the same.

    They are found by trying, without anything of what decided which cells to hide.
    """
    unseen = [place for place in table if place not in published.shown]
    for steps in itertools.product((-1, 0, 1), repeat=len(unseen)):
        if sum(steps):
            continue
        other = {**table}
        for place, step in zip(unseen, steps, strict=True):
            old = table[place]
            assert old.eligible is not None
            other[place] = Group(old.eligible + step, old.voted + step)
        possible = all(other[place].smallest >= 0 for place in unseen)
        if possible and all(_sum(other, place) == group for place, group in published.shown.items()):
            yield other


def _sum(table: Mapping[tuple[str, int], Group], place: Place) -> Group:
    ward, age = place
    inside = [
        group for (w, a), group in table.items() if (ward is None or w == ward) and (age is None or a == age)
    ]
    return sum(inside[1:], inside[0])
