"""The second copy of the keys: read back from paper, every slip noticed."""

import pytest

from cps.polls import copies, keys
from cps.polls.copies import CopyError, Why, copy_text, read_copy

KEYS = keys.make("park-2026")
TEXT = copy_text(KEYS)
LINES = TEXT.splitlines()


def refusal(text: str) -> tuple[Why, int | None]:
    with pytest.raises(CopyError) as caught:
        read_copy(text)
    return caught.value.reason, caught.value.line


def with_line(number: int, line: str) -> str:
    return "\n".join([*LINES[: number + 1], line, *LINES[number + 2 :]])


def test_a_copy_gives_all_keys_back() -> None:
    assert read_copy(TEXT) == KEYS


def test_a_copy_is_short_enough_to_be_typed() -> None:
    assert len(LINES) == 11
    assert max(map(len, LINES)) <= 40
    assert LINES[1] == "poll park-2026"


@pytest.mark.parametrize(
    "typed",
    [
        TEXT.lower(),
        TEXT.replace("\n", "\r\n\r\n"),
        TEXT.replace("\n", " "),
        TEXT.replace("0", "O").replace("poll park-2O26", "Poll: PARK-2026"),
        "\n".join(line.replace(" ", ". ", 1) if line[0].isdigit() else line for line in LINES),
        "\n".join(LINES[1:]),
        "\n".join([LINES[1], *reversed(LINES[2:])]),
        "\n".join([*LINES[:2], *(f"{line[:20]}\n    {line[20:]}" for line in LINES[2:])]),
        TEXT.translate({ord(" "): "\u3000"}),
        f"Second copy of the keys\n\n{TEXT}\nPrint it with your browser.\n\nDone",
    ],
)
def test_a_copy_is_understood_however_it_was_typed(typed: str) -> None:
    assert read_copy(typed) == KEYS


def test_groups_may_be_joined_by_hyphens() -> None:
    typed = [f"{line[0]} {line[2:].replace(' ', '-')}" for line in LINES[2:]]

    assert read_copy("\n".join([LINES[1], *typed])) == KEYS


@pytest.mark.parametrize("number", range(1, 10))
def test_a_line_left_out_is_named(number: int) -> None:
    assert refusal("\n".join(LINES[: number + 1] + LINES[number + 2 :])) == (Why.LINE_MISSING, number)


def typed_wrongly(line: str, place: int) -> str:
    """Return the line with the digit at a place made the next one of the alphabet."""
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    following = digits[(digits.index(line[place]) + 1) % len(digits)]
    return line[:place] + following + line[place + 1 :]


FIXED = copy_text(
    keys.PollKeys(
        poll="park-2026",
        heads_private=bytes(range(32)),
        seal_private=bytes(range(32, 64)),
        roll=bytes(range(64, 96)),
        handle=bytes(range(96, 128)),
    )
).splitlines()
"""Keys that are always the same, so that what twelve bits of check notice is so too."""


@pytest.mark.parametrize("number", range(1, 10))
def test_every_digit_typed_wrongly_is_noticed_and_its_line_named(number: int) -> None:
    line = FIXED[number + 1]

    for place in (place for place in range(2, len(line)) if line[place] != " "):
        changed = [*FIXED[: number + 1], typed_wrongly(line, place), *FIXED[number + 2 :]]
        assert refusal("\n".join(changed)) == (Why.LINE_WRONG, number)


def test_two_lines_swapped_are_noticed() -> None:
    swapped = [*FIXED[:2], f"1{FIXED[3][1:]}", f"2{FIXED[2][1:]}", *FIXED[4:]]

    assert refusal("\n".join(swapped)) == (Why.LINE_WRONG, 1)


def test_the_copy_of_another_poll_is_not_taken_for_this_one() -> None:
    assert refusal("\n".join(FIXED).replace("park-2026", "park-2027")) == (Why.LINE_WRONG, 1)


def test_lines_of_two_sheets_do_not_make_one() -> None:
    other = copy_text(keys.make("park-2026")).splitlines()

    assert refusal("\n".join([*LINES[:6], *other[6:10], LINES[10]])) == (Why.LINE_WRONG, 9)


@pytest.mark.parametrize("number", [1, 9])
def test_a_line_too_long_or_too_short_is_named(number: int) -> None:
    line = LINES[number + 1]

    assert refusal(with_line(number, line + "0")) == (Why.LINE_WRONG, number)
    assert refusal(with_line(number, line[:-1])) == (Why.LINE_WRONG, number)
    assert refusal(with_line(number, line[:-1] + "!")) == (Why.LINE_WRONG, number)


@pytest.mark.parametrize("text", ["", "hello", "\n".join(LINES[2:]), TEXT.replace("park-2026", "../x")])
def test_a_text_without_the_poll_is_no_copy(text: str) -> None:
    assert refusal(text) == (Why.POLL_MISSING, None)


def test_the_form_of_the_copy_is_the_same_for_ever() -> None:
    assert copies.FORMAT == FIXED[0] == "cps-poll-keys-1"
    assert read_copy("\n".join(FIXED)).roll == bytes(range(64, 96))
