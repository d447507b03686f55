"""What short messages ask for, in every language and with every slip."""

import pytest

from cps.cases.reference import check_digit, display
from cps.channels.orders import WORDS, Verb, nearest, understood

REFERENCE = "26110839126" + str(check_digit("26110839126"))
SHOWN = display(REFERENCE)


def test_every_command_word_is_understood_in_every_language() -> None:
    for verb, languages in WORDS.items():
        for language, words in languages.items():
            for word in words:
                rest = "" if verb in {Verb.STOP, Verb.HELP, Verb.STATUS} else " 12 lamp"
                order = understood(f"{word.upper()}{rest}")
                assert (order.verb, order.language) == (verb, language), word


@pytest.mark.parametrize(
    ("said", "verb", "rest"),
    [
        ("REPORT: the lamp, Mill Lane 5", Verb.REPORT, "the lamp, Mill Lane 5"),
        ("bao cao den hong", Verb.REPORT, "den hong"),
        ("The lamp is out", Verb.TALK, "The lamp is out"),
        ("Stop the noise in Mill Lane", Verb.TALK, "Stop the noise in Mill Lane"),
        ("Status of my street: dark", Verb.TALK, "Status of my street: dark"),
        ("010-1234-5678 is my number", Verb.TALK, "010-1234-5678 is my number"),
        ("stop!", Verb.STOP, ""),
        ("", Verb.TALK, ""),
        (f"{SHOWN} it is near the gate", Verb.ANSWER, "it is near the gate"),
    ],
)
def test_what_is_no_command_is_a_report_and_keeps_its_words(said: str, verb: Verb, rest: str) -> None:
    order = understood(said)

    assert (order.verb, order.rest) == (verb, rest)


@pytest.mark.parametrize(
    "said",
    [
        f"STATUS {SHOWN}",
        f"status {REFERENCE}",
        SHOWN,
        f"Status: #{SHOWN.replace('-', ' ')}",
        f"STATUS {SHOWN.replace('0', 'O').replace('1', 'l')}",
        "حالة " + "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in SHOWN),
    ],
)
def test_a_reference_is_read_however_it_is_written(said: str) -> None:
    order = understood(said)

    assert (order.verb, order.reference, order.pin) == (Verb.STATUS, REFERENCE, "")


def test_a_pin_behind_the_reference_is_read() -> None:
    assert understood(f"STATUS {SHOWN} 4711").pin == "4711"
    assert understood(f"{REFERENCE} 4711").pin == "4711"


def test_a_wrong_or_missing_digit_is_noticed() -> None:
    wrong = f"{REFERENCE[:5]}{(int(REFERENCE[5]) + 1) % 10}{REFERENCE[6:]}"

    assert understood(f"STATUS {wrong}").mistyped == wrong
    assert understood(f"STATUS {REFERENCE[:-1]}").mistyped == REFERENCE[:-1]


def test_one_slip_leads_to_the_only_case_that_is_near() -> None:
    other = "261200000004"
    swapped = REFERENCE[:6] + REFERENCE[7] + REFERENCE[6] + REFERENCE[8:]

    for typed in (swapped, REFERENCE[:-1], REFERENCE[:3] + "5" + REFERENCE[3:], "9" + REFERENCE[1:]):
        assert nearest(typed, [other, REFERENCE]) == REFERENCE, typed
    assert nearest("99" + REFERENCE[2:], [REFERENCE]) is None
    assert nearest("26110000000", ["261100000001", "261100000002"]) is None
