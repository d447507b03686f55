"""Documents that people wrote: every value with its path, all faults at once."""

from enum import StrEnum

import pytest

from cps.core.document import BadDocument, Part, read_json
from cps.core.errors import RuleViolation


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def test_values_are_read_as_they_are_meant() -> None:
    part = Part.of({
        "name": " Hill  Street ", "number": 3, "is_open": True, "colour": "blue",
        "texts": {"en": "Hill"}, "words": {"en": ["up ", "hill"]}, "many": "one",
    })  # fmt: skip

    assert (part.line("name"), part.whole("number", 0), part.flag("is_open")) == ("Hill Street", 3, True)
    assert part.one_of("colour", Colour.RED) is Colour.BLUE
    assert (part.texts("texts"), part.lists("words")) == ({"en": "Hill"}, {"en": ["up", "hill"]})
    assert (part.lines("many"), part.lines("none"), part.line("none", "some")) == (["one"], [], "some")
    assert part.faults == []
    part.refuse()


def test_every_fault_is_told_with_its_path() -> None:
    part = Part.of({"streets": [{"name": 3}, "Hill", {"number": True, "odd": 1}], "city": []})
    for street in part.parts("streets"):
        street.only("name", "number")
        street.line("name", needed=True)
        street.whole("number", 1, least=1, most=9)
    part.part("city")

    with pytest.raises(BadDocument) as caught:
        part.refuse()

    assert caught.value.faults == [
        "streets[1]: This must be an object with named values.",
        "streets[0].name: This must be a text.",
        "streets[2].odd: There is no such value; known are: name, number.",
        "streets[2].name: This is missing.",
        "streets[2].number: This must be a whole number from 1 to 9.",
        "city: This must be an object with named values.",
    ]


def test_a_refusal_of_a_rule_stands_with_the_path() -> None:
    (street,) = Part.of({"streets": [{}]}).parts("streets")

    with street.noting():
        raise RuleViolation("It leads nowhere.")

    assert street.faults == ["streets[0]: It leads nowhere."]


def test_faults_do_not_steer_the_terminal() -> None:
    part = Part.of({"\x1b[2J": 1})

    part.only("name")

    assert "\x1b" not in part.faults[0]


@pytest.mark.parametrize("written", [b"{", b'{"a": NaN}', b'{"a": Infinity}', b"\xff", b"[" * 100_000])
def test_json_that_a_database_would_not_take_is_refused(written: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller tells it in its own words
        read_json(written)
