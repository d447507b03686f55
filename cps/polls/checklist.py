"""What must be green before a poll opens; pure, from what is known of the draft."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cps.polls.rules import SMALL_ELECTORATE, CountKey, Lines, Method, ResultsWhen

FEWEST_OPTIONS = 2
FEWEST_WITNESSES = 2


class Item(StrEnum):
    """One line of the checklist; pages have a sentence for each, and what to do where it is not green."""

    TEXTS = "texts"
    OPTIONS = "options"
    TIMES = "times"
    KEYS = "keys"
    COPY = "copy"
    REHEARSED = "rehearsed"
    WITNESSES = "witnesses"
    RESULTS = "results"
    MARKABLE = "markable"
    ELECTORATE = "electorate"
    FEW = "few"
    OBJECTIONS = "objections"
    UNUSED = "unused"
    """Stands there only where the address was used for another opening: nothing mends that draft."""


class Light(StrEnum):
    """Green lets the poll open; amber does too, but must be read; red does not."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Known:
    """What the checklist looks at."""

    languages: Collection[str]
    texts: Collection[Mapping[str, str]]
    """Question and labels of options: each needs every language of the city."""
    method: Method
    costs: Collection[int | None]
    budget: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    has_keys: bool
    was_used: bool
    """Whether a poll was opened under this slug, of which the database knows nothing since a restore."""
    copy_read: bool
    rehearsed: bool
    witnesses: Collection[str]
    has_no_witnesses: bool
    key: CountKey
    results: ResultsWhen
    lines: Lines
    is_markable: bool
    is_sensitive: bool
    eligible: int | None
    has_objection_category: bool


def lights(known: Known, at: datetime) -> dict[Item, Light]:
    """Return every line of the checklist with its light, in the order in which an administrator works."""
    return {
        **({Item.UNUSED: Light.RED} if known.was_used else {}),
        Item.TEXTS: _red_unless(all(_is_complete(text, known.languages) for text in known.texts)),
        Item.OPTIONS: _red_unless(_options_are_whole(known)),
        Item.TIMES: _red_unless(_times_are_right(known, at)),
        Item.ELECTORATE: _red_unless(known.is_sensitive or not _is_small(known)),
        Item.FEW: _red_unless(not _could_be_few(known)),
        Item.RESULTS: _results(known),
        Item.MARKABLE: Light.AMBER if known.is_markable and known.lines is Lines.FULL else Light.GREEN,
        Item.WITNESSES: _witnesses(known),
        Item.OBJECTIONS: _red_unless(known.has_objection_category),
        Item.KEYS: _red_unless(known.has_keys),
        Item.COPY: _red_unless(known.has_keys and known.copy_read),
        Item.REHEARSED: _red_unless(known.rehearsed),
    }


def may_open(found: Mapping[Item, Light]) -> bool:
    """Return whether no line is red."""
    return Light.RED not in found.values()


def _red_unless(holds: bool) -> Light:
    return Light.GREEN if holds else Light.RED


def _is_complete(text: Mapping[str, str], languages: Collection[str]) -> bool:
    return all(text.get(language, "").strip() for language in languages)


def _options_are_whole(known: Known) -> bool:
    if len(known.costs) < FEWEST_OPTIONS:
        return False
    if known.method is not Method.BUDGET:
        return True
    return bool(known.budget) and all(cost is not None for cost in known.costs)


def _times_are_right(known: Known, at: datetime) -> bool:
    return bool(
        known.opens_at and known.closes_at and known.opens_at < known.closes_at and known.closes_at > at
    )


def _is_small(known: Known) -> bool:
    return known.eligible is not None and known.eligible < SMALL_ELECTORATE


def _could_be_few(known: Known) -> bool:
    """Say whether ballots would be published one by one though it may be few people who vote."""
    return known.lines is Lines.FULL and not known.is_sensitive and known.eligible is None


def _results(known: Known) -> Light:
    """Live counts tell later voters how it stands, so they are read about first; few people show none.

    Nor do accounts, of which one person can make nearly a whole batch.
    """
    if known.results is ResultsWhen.AFTER:
        return Light.GREEN
    could_be_told = known.key is CountKey.ACCOUNT or known.is_sensitive or _is_small(known)
    return Light.RED if could_be_told else Light.AMBER


def _witnesses(known: Known) -> Light:
    if len(known.witnesses) >= FEWEST_WITNESSES:
        return Light.GREEN
    return Light.AMBER if known.has_no_witnesses and not known.witnesses else Light.RED
