"""Budgets in the format of Pabulib: read, refused with the line, written."""

import re
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.polls.pabulib import PabulibError, Project, Why, read, write
from cps.polls.rules import Method
from cps.polls.tally import Choice, Rules, count
from tests.polls.elections import budgets
from tests.polls.specifications import make_budget, make_option, make_specification

SAMPLES = Path(__file__).parents[3] / "shared" / "data"
needs_samples = pytest.mark.skipif(
    not (SAMPLES / "pabulib_example_valid.pb").exists(), reason="the sample files of Pabulib are not here"
)

GOOD = """META
key;value
description;Budget of Testville
num_projects;3
num_votes;4
budget;100
vote_type;approval
min_length;1
max_length;2
PROJECTS
project_id;cost;name;votes
A-1;60;"A fountain; with light";3
2;40.0;Bänke;2
x;50;;1
VOTES
voter_id;age;vote
1;30;A-1,2
2;41;A-1
7;19;x,A-1
9;;2
"""


def changed(old: str, new: str) -> bytes:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new).encode()


def test_projects_become_options_with_codes_costs_and_names() -> None:
    assert read(GOOD.encode()).projects == (
        Project("A-1", "a1", 60, "A fountain; with light"),
        Project("2", "2", 40, "Bänke"),
        Project("x", "x", 50, "x"),
    )


def test_ballots_are_read_and_counted_greedily() -> None:
    instance = read(GOOD.encode())

    assert instance.ballots == {("2", "a1"): 1, ("a1",): 1, ("a1", "x"): 1, ("2",): 1}
    result = count(instance.rules(), instance.ballots)
    assert result.winners == ("a1", "2")
    assert (instance.budget, instance.meta["description"]) == (100, "Budget of Testville")


def test_projects_with_names_that_make_one_code_get_codes_of_their_own() -> None:
    data = changed('A-1;60;"A fountain; with light";3\n', "A-1;60;;3\na1;1;;0\nЖ;1;;0\n")
    data = data.replace(b"num_projects;3", b"num_projects;5")

    codes = [project.code for project in read(data).projects]

    assert codes[0] == "a1"
    assert len({*codes}) == 5
    assert all(re.fullmatch(r"[a-z0-9]{1,12}", code) for code in codes)


def test_byte_order_mark_windows_line_ends_blank_lines_and_spaces_do_not_matter() -> None:
    plain = GOOD.replace("fountain; with light", "fountain")
    loose = plain.replace(";", "; ").replace(",", ", ").replace("\n", "\r\n\r\n")

    assert read(b"\xef\xbb\xbf" + loose.encode()) == read(plain.encode())


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("META\n", "", 1, Why.SECTIONS),
        ("PROJECTS\n", "VOTES\n", 10, Why.SECTIONS),
        ("VOTES\n", "", 10, Why.SECTIONS),
        ("9;;2\n", "9;;2\nVOTES\nvoter_id;vote\n", 21, Why.SECTIONS),
        ("key;value\n", "key;worth\n", 2, Why.COLUMN_MISSING),
        ("project_id;cost", "project_id;price", 11, Why.COLUMN_MISSING),
        ("voter_id;age;vote", "voter_id;vote;vote", 16, Why.REPEATED),
        ("budget;100\n", "", 1, Why.FIELD_MISSING),
        ("budget;100\n", "budget;100\nbudget;100\n", 7, Why.REPEATED),
        ("budget;100", "budget;100,5", 6, Why.NOT_WHOLE),
        ("budget;100", "budget;1e9", 6, Why.NOT_WHOLE),
        ("vote_type;approval", "vote_type;ordinal", 7, Why.NOT_APPROVAL),
        ("num_projects;3", "num_projects;4", 4, Why.COUNTED_OTHERWISE),
        ("num_votes;4", "num_votes;5", 5, Why.COUNTED_OTHERWISE),
        ("2;40.0", "2;40.5", 13, Why.NOT_WHOLE),
        ("2;40.0", "2;-40", 13, Why.NOT_WHOLE),
        ("x;50;;1", "2;50;;1", 14, Why.REPEATED),
        ("x;50;;1", "x;50;;2", 14, Why.COUNTED_OTHERWISE),
        ("x;50;;1", 'x;50;"Trees;1', 14, Why.MALFORMED),
        ("2;41;A-1", "2;41;A-1;5", 18, Why.FIELDS_TOO_FEW_OR_MANY),
        ("2;41;A-1", "2;41", 18, Why.FIELDS_TOO_FEW_OR_MANY),
        ("7;19;x,A-1", "1;19;x,A-1", 19, Why.REPEATED),
        ("7;19;x,A-1", "7;19;x,x", 19, Why.REPEATED),
        ("7;19;x,A-1", "7;19;x,y", 19, Why.UNKNOWN_PROJECT),
        ("7;19;x,A-1", "7;19;x,A-1,2", 19, Why.TOO_MANY),
        ("9;;2", "9;;", 20, Why.TOO_FEW),
        ("max_length;2", "max_sum_cost;105", 19, Why.TOO_EXPENSIVE),
    ],
)
def test_what_does_not_add_up_is_refused_with_its_line(old: str, new: str, line: int, why: Why) -> None:
    with pytest.raises(PabulibError) as caught:
        read(changed(old, new))

    assert (caught.value.line, caught.value.why) == (line, why)
    assert str(caught.value).startswith(f"line {line}: {why}")


def test_a_file_in_another_encoding_is_refused_at_the_first_line_that_shows_it() -> None:
    with pytest.raises(PabulibError) as caught:
        read(GOOD.encode("latin-1"))

    assert (caught.value.line, caught.value.why) == (13, Why.NOT_UTF8)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"META", b"PK\x03\x04", b"\x00" * 50])
def test_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(PabulibError):
        read(data)


@needs_samples
def test_the_sample_of_pabulib_is_read_and_counted() -> None:
    instance = read((SAMPLES / "pabulib_example_valid.pb").read_bytes())

    result = count(instance.rules(), instance.ballots)

    assert (result.ballots, instance.budget, len(instance.projects)) == (76, 500_000, 10)
    assert [*result.counts.values()] == [59, 52, 48, 47, 44, 42, 30, 24, 19, 15]
    assert [*result.counts] == ["3", "51", "22", "25", "40", "13", "45", "34", "7", "16"]
    assert result.winners == ("3", "51", "22", "13")
    assert result.budgeting is not None
    assert result.budgeting.spent == 476_000


@needs_samples
def test_the_broken_sample_of_pabulib_is_refused_with_line_and_reason() -> None:
    data = (SAMPLES / "pabulib_example_invalid.pb").read_bytes()

    with pytest.raises(PabulibError) as caught:
        read(data)

    assert (caught.value.line, caught.value.why) == (12, Why.NOT_APPROVAL)
    assert caught.value.detail == "cumulative"


def written(choices: list[Choice], **changes: object) -> str:
    poll = make_budget({"a": 60, "b": 40, "c": 50}, 100, **changes)
    approvals = Counter(code for choice in choices for code in choice)
    lines = write(poll, choices, approvals=approvals, ballots=len(choices), funded=["a"], country="Korea")
    return "".join(lines)


def test_a_poll_is_written_with_its_facts_options_and_ballots() -> None:
    text = written([("a", "b"), (), ("a",)])

    assert text == (
        "META\nkey;value\ndescription;What should the park become?\ncountry;Korea\nunit;Testville\n"
        "instance;park\nnum_projects;3\nnum_votes;3\nbudget;100\nvote_type;approval\nrule;greedy\n"
        "date_begin;18.11.2026\ndate_end;25.11.2026\nmin_length;0\nmax_length;3\nmax_sum_cost;100\n"
        "language;en\ncurrency;KRW\n"
        "PROJECTS\nproject_id;cost;votes;name;selected\na;60;2;A;1\nb;40;1;B;0\nc;50;0;C;0\n"
        "VOTES\nvoter_id;vote\n1;a,b\n2;\n3;a\n"
    )


def test_words_with_semicolons_quotes_and_line_ends_come_back_on_one_line() -> None:
    option = make_option("a", 60, labels={"ko": 'Park; "large"'})
    options = (option, make_option("b", 40))

    instance = read(written([("a",)], options=options, most=2, question={"en": "Which?\nSay."}).encode())

    assert instance.projects[0].name == 'Park; "large"'
    assert instance.meta["description"] == "Which? Say."


@given(budgets())
def test_what_is_written_is_read_again(election: tuple[Rules, Counter[Choice]]) -> None:
    rules, ballots = election
    poll = make_budget({code: cost or 1 for code, cost in rules.options}, 1_000)
    choices = [*ballots.elements()]
    counts = count(rules, ballots).counts

    text = "".join(write(poll, choices, approvals=counts, ballots=len(choices)))

    instance = read(text.encode())
    assert instance.ballots == ballots
    assert [(project.code, project.cost) for project in instance.projects] == [*poll.costs.items()]


def test_only_budgets_are_written() -> None:
    with pytest.raises(ValueError, match="only budgets"):
        next(write(make_specification(method=Method.APPROVAL), [], approvals={}, ballots=0))


@given(
    st.integers(0, len(GOOD)),
    st.integers(0, 20),
    st.sampled_from(['"', ";", "\n", ",", "\r", "\0", "９", ""]),
)
def test_a_damaged_file_is_refused_or_read_but_never_breaks_the_reader(
    start: int, length: int, put: str
) -> None:
    damaged = GOOD[:start] + put + GOOD[start + length :]

    with suppress(PabulibError):
        instance = read(damaged.encode())
        assert count(instance.rules(), instance.ballots).ballots == 4
