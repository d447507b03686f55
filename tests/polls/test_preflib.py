"""Rankings in the format of PrefLib."""

from collections import Counter

import pytest
from hypothesis import given

from cps.polls import preflib
from cps.polls.rules import Method
from cps.polls.tally import Choice, Rules
from tests.polls.elections import cast, rankings
from tests.polls.specifications import make_option, make_specification

POLL = make_specification("cab", method=Method.RANKING, most=3)


def test_a_ranking_is_written_with_its_header_and_its_orders() -> None:
    text = "".join(preflib.write(POLL, cast(a=2, ab=5, bca=2, blank=4)))

    assert text == (
        "# FILE NAME: ballots.toi\n"
        "# TITLE: What should the park become?\n"
        "# DESCRIPTION: Testville, poll park; 4 blank ballots are left out\n"
        "# DATA TYPE: toi\n"
        "# MODIFICATION TYPE: original\n"
        "# RELATES TO: \n"
        "# RELATED FILES: \n"
        "# PUBLICATION DATE: 2026-11-25\n"
        "# MODIFICATION DATE: 2026-11-25\n"
        "# NUMBER ALTERNATIVES: 3\n"
        "# NUMBER VOTERS: 9\n"
        "# NUMBER UNIQUE ORDERS: 3\n"
        "# ALTERNATIVE NAME 1: C\n"
        "# ALTERNATIVE NAME 2: A\n"
        "# ALTERNATIVE NAME 3: B\n"
        "5: 2,3\n"
        "2: 2\n"
        "2: 3,1,2\n"
    )


def test_strict_orders_may_be_called_soi() -> None:
    text = "".join(preflib.write(POLL, cast(a=1), data_type="soi"))

    assert "# FILE NAME: ballots.soi\n" in text
    assert "# DATA TYPE: soi\n" in text


def test_names_keep_to_one_line() -> None:
    options = (make_option("a", labels={"en": "A park\n# NUMBER VOTERS: 7"}), make_option("b"))
    poll = make_specification(method=Method.RANKING, most=2, options=options)

    text = "".join(preflib.write(poll, cast(a=1)))

    assert "# ALTERNATIVE NAME 1: A park # NUMBER VOTERS: 7\n" in text


def test_other_methods_and_types_are_refused() -> None:
    with pytest.raises(ValueError, match="only rankings"):
        next(preflib.write(make_specification(), cast(a=1)))
    with pytest.raises(ValueError, match="only rankings"):
        next(preflib.write(POLL, cast(a=1), data_type="soc"))


@given(rankings())
def test_every_ballot_but_blank_ones_can_be_read_back(election: tuple[Rules, Counter[Choice]]) -> None:
    rules, ballots = election
    codes = [*rules.codes]
    poll = make_specification("".join(codes), method=Method.RANKING, most=min(3, len(codes)))

    orders = [line for line in preflib.write(poll, ballots) if not line.startswith("#")]

    read: Counter[Choice] = Counter()
    for line in orders:
        number, _, order = line.partition(": ")
        read[tuple(codes[int(one) - 1] for one in order.split(","))] += int(number)
    assert len(read) == len(orders)
    assert read == +Counter({choice: number for choice, number in ballots.items() if choice})
