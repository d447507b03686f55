"""What was asked for, how a name is found, what proves a case, when one calls again, what follows abuse."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from cps.contact.rules import (
    MOST_ATTEMPTS,
    Asked,
    AskedKind,
    Fact,
    Known,
    WarningStep,
    beginning_of_name,
    in_groups,
    matching,
    may_limit,
    next_try,
    read_asked,
    standing,
    terms_of_name,
    too_early,
    too_old,
)

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
REPORT = Known("Kim Min-jun", "min@example.org", "Mill Lane 12", date(2026, 11, 20))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("  ", Asked(AskedKind.NOTHING)),
        ("010-1234-5678", Asked(AskedKind.PHONE, "+821012345678")),
        ("+82 59 555 0177", Asked(AskedKind.PHONE, "+82595550177")),
        ("２６１１－４８３９－１２６０", Asked(AskedKind.CASE, "261148391260")),
        ("Mill Lane 12", Asked(AskedKind.WORDS, "Mill Lane 12")),
        ("1234", Asked(AskedKind.WORDS, "1234")),
        ("261148391267", Asked(AskedKind.MISTYPED, "261148391267")),
    ],
)
def test_one_box_tells_a_number_of_a_case_a_phone_number_and_words_apart(text: str, found: Asked) -> None:
    assert read_asked(text, "KR") == found


def test_a_name_is_found_from_any_of_its_words_on_in_any_case() -> None:
    terms = terms_of_name("KIM Min-jun")

    for asked in ("kim", "Min", "jun k", "min jun"):
        assert any(term.startswith(beginning_of_name(asked)) for term in terms), asked
    assert not any(term.startswith(beginning_of_name("kim jun")) for term in terms)
    assert terms_of_name("!") == []


def test_a_number_is_said_in_groups_digit_by_digit() -> None:
    assert in_groups("261148391260") == ["2 6 1 1", "4 8 3 9", "1 2 6 0"]
    assert in_groups("0042") == ["0 0 4 2"]


@pytest.mark.parametrize(
    ("told", "facts"),
    [
        ({Fact.NAME: "min jun kim", Fact.DAY: "2026-11-20"}, [Fact.NAME, Fact.DAY]),
        ({Fact.EMAIL: " MIN@example.org ", Fact.PLACE: "lane mill"}, [Fact.EMAIL, Fact.PLACE]),
        ({Fact.NAME: "Kim", Fact.PLACE: "Mill", Fact.DAY: "2026-11-21"}, []),
        ({Fact.PLACE: "Mill Lane Oak Street"}, []),
        ({}, []),
    ],
)
def test_only_whole_facts_prove_that_a_case_is_theirs(told: dict[Fact, str], facts: list[Fact]) -> None:
    assert matching(told, REPORT) == facts


def test_what_a_case_does_not_know_proves_nothing() -> None:
    unknown = Known("", "", "", date(2026, 11, 20))

    assert matching({Fact.NAME: "", Fact.EMAIL: "", Fact.PLACE: ""}, unknown) == []


def test_who_does_not_answer_is_called_later_each_time_and_five_times_in_all() -> None:
    tries = [next_try(NOW, attempts) for attempts in range(1, MOST_ATTEMPTS + 1)]

    assert tries[0] == NOW + timedelta(hours=2)
    assert tries[1] == NOW + timedelta(hours=4)
    assert tries[-1] is None


def test_a_contact_is_entered_up_to_a_month_later_and_never_before_it_came() -> None:
    assert too_early(NOW + timedelta(minutes=1), NOW)
    assert not too_early(NOW, NOW)
    assert too_old(NOW - timedelta(days=32), NOW)
    assert not too_old(NOW - timedelta(days=31), NOW)


@dataclass
class Taken:
    step: WarningStep
    at: datetime
    until: datetime
    lifted_at: datetime | None = None


def test_calls_are_limited_only_while_a_warning_stands() -> None:
    warned = Taken(WarningStep.WARNED, NOW, NOW + timedelta(days=90))
    limited = Taken(WarningStep.LIMITED, NOW, NOW + timedelta(days=14))

    assert not may_limit([], NOW)
    assert may_limit([warned], NOW)
    assert not may_limit([warned], warned.until)
    assert not may_limit([warned, limited], NOW)
    assert may_limit([warned, limited], limited.until)
    warned.lifted_at = NOW
    assert not may_limit([warned], NOW)


def test_the_heaviest_step_that_holds_is_told() -> None:
    warned = Taken(WarningStep.WARNED, NOW, NOW + timedelta(days=90))
    limited = Taken(WarningStep.LIMITED, NOW, NOW + timedelta(days=14))

    assert standing([warned, limited], NOW) is limited
    assert standing([limited, warned], limited.until) is warned
    assert standing([], NOW) is None
