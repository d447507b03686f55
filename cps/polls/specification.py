"""What a poll asks and how it is counted: frozen at the opening as the bytes of `cps-poll-1`.

`docs/recounting.md` (Specification) has the meaning of every field. An instance that exists keeps the rules:
making one, from Python or from bytes, raises SpecificationError for the first field that breaks one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import comb, perm

from cps.polls import canonical
from cps.polls.canonical import Json
from cps.polls.fields import Fields, SpecificationError, Why
from cps.polls.rules import (
    MARKABLE_SHARE,
    SMALL_ELECTORATE,
    CountKey,
    Lines,
    Method,
    OptionOrder,
    ResultsWhen,
    TieRule,
)
from cps.polls.soundness import check

FORMAT = "cps-poll-1"

MOST_COUNTED = 1_000_000
"""A budget with so many possible ballots or more counts as having this many: exact there is of no use."""

Texts = Mapping[str, str]
"""``{language: text}``"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose; ``picture`` is the SHA-256 of its bytes."""

    code: str
    labels: Texts
    texts: Texts
    cost: int | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who may vote; ages are those on the day of the close, both bounds included."""

    wards: tuple[str, ...] | None = None
    age_from: int | None = None
    age_to: int | None = None
    listed: bool = False
    declared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprints:
    """What the public knows of a poll's keys: two public keys and the hashes of two secret ones, in hex."""

    heads: str
    seal: str
    roll: str
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """A poll as it was announced; times are aware, in UTC, with whole seconds."""

    poll: str
    city: str
    question: Texts
    explanation: Texts
    method: Method
    most: int
    budget: int | None
    currency: str | None
    options: tuple[Option, ...]
    order: OptionOrder
    key: CountKey
    verified_before: datetime
    who: Who
    age_bands: tuple[int, ...]
    eligible: int | None
    opens_at: datetime
    closes_at: datetime
    results: ResultsWhen
    lines: Lines
    sensitive: bool
    tie: TieRule
    draw: str
    objection_days: int
    decision_days: int
    witnesses: tuple[str, ...]
    keys: Fingerprints

    def __post_init__(self) -> None:
        check(self)

    @property
    def codes(self) -> tuple[str, ...]:
        """The options' codes in their published order."""
        return tuple(option.code for option in self.options)

    @property
    def costs(self) -> dict[str, int]:
        """What each option costs, by code; zeros unless the method is `budget`."""
        return {option.code: option.cost or 0 for option in self.options}

    def to_bytes(self) -> bytes:
        """Return the canonical bytes, whose hash page, heads and result carry."""
        return canonical.to_bytes(
            {"format": FORMAT, **{name: _plain(getattr(self, name)) for name in _NAMES}}
        )

    def sha256(self) -> str:
        """Return the hash of the bytes."""
        return canonical.sha256(self.to_bytes())


_NAMES = tuple(Specification.__dataclass_fields__)
_OPTION_NAMES = tuple(Option.__dataclass_fields__)
_WHO_NAMES = tuple(Who.__dataclass_fields__)
_KEY_NAMES = tuple(Fingerprints.__dataclass_fields__)


def from_bytes(data: bytes) -> Specification:
    """Return the specification of exactly these bytes; raises SpecificationError."""
    try:
        value = canonical.from_bytes(data)
    except canonical.NotCanonical as error:
        raise SpecificationError("specification", Why.NOT_CANONICAL, str(error)) from None
    fields = Fields(value, ("format", *_NAMES))
    if fields.text("format") != FORMAT:
        raise SpecificationError("format", Why.NOT_OFFERED, fields.text("format"))
    return Specification(
        poll=fields.text("poll"),
        city=fields.text("city"),
        question=fields.by_language("question"),
        explanation=fields.by_language("explanation"),
        method=fields.one_of("method", Method),
        most=fields.number("most"),
        budget=fields.number_or_none("budget"),
        currency=fields.text_or_none("currency"),
        options=tuple(
            _option(item, f"options[{number}]") for number, item in enumerate(fields.items("options"))
        ),
        order=fields.one_of("order", OptionOrder),
        key=fields.one_of("key", CountKey),
        verified_before=fields.time("verified_before"),
        who=_who(fields.value("who")),
        age_bands=fields.numbers("age_bands"),
        eligible=fields.number_or_none("eligible"),
        opens_at=fields.time("opens_at"),
        closes_at=fields.time("closes_at"),
        results=fields.one_of("results", ResultsWhen),
        lines=fields.one_of("lines", Lines),
        sensitive=fields.flag("sensitive"),
        tie=fields.one_of("tie", TieRule),
        draw=fields.text("draw"),
        objection_days=fields.number("objection_days"),
        decision_days=fields.number("decision_days"),
        witnesses=fields.texts("witnesses"),
        keys=_keys(fields.value("keys")),
    )


def possible_ballots(specification: Specification) -> int:
    """Return how many different choices a ballot can hold, the blank one included.

    The number is exact, but for budgets with MOST_COUNTED or more, which have MOST_COUNTED.
    """
    number, most = len(specification.options), specification.most
    match specification.method:
        case Method.SINGLE:
            return number + 1
        case Method.APPROVAL:
            return sum(comb(number, marked) for marked in range(most + 1))
        case Method.RANKING:
            return sum(perm(number, ranked) for ranked in range(most + 1))
        case Method.BUDGET:
            return _affordable([*specification.costs.values()], specification.budget or 0)


def is_markable(specification: Specification, eligible: int | None) -> bool:
    """Return whether so many ballots are possible that one could be agreed on beforehand and found.

    Where nobody knows how many may vote, the smallest electorate whose lines may be published is assumed.
    """
    possible = possible_ballots(specification)
    if specification.method is Method.BUDGET and possible == MOST_COUNTED:
        return True
    voters = SMALL_ELECTORATE if eligible is None else eligible
    return possible > voters * MARKABLE_SHARE


def _affordable(costs: list[int], budget: int) -> int:
    """Count the sets of options that cost no more than the budget, up to MOST_COUNTED.

    By dynamic programming: ``ways[sum]`` sets cost that sum. The cheap options come first, because then the
    count reaches its limit soonest.
    """
    ways = {0: 1}
    for cost in sorted(costs):
        for paid, count in [(paid, count) for paid, count in ways.items() if paid + cost <= budget]:
            ways[paid + cost] = ways.get(paid + cost, 0) + count
        if sum(ways.values()) >= MOST_COUNTED:
            return MOST_COUNTED
    return sum(ways.values())


def _option(value: Json, path: str) -> Option:
    fields = Fields(value, _OPTION_NAMES, path)
    return Option(
        code=fields.text("code"),
        labels=fields.by_language("labels"),
        texts=fields.by_language("texts"),
        cost=fields.number_or_none("cost"),
        picture=fields.text_or_none("picture"),
    )


def _who(value: Json) -> Who:
    fields = Fields(value, _WHO_NAMES, "who")
    return Who(
        wards=None if fields.value("wards") is None else fields.texts("wards"),
        age_from=fields.number_or_none("age_from"),
        age_to=fields.number_or_none("age_to"),
        listed=fields.flag("listed"),
        declared=fields.flag("declared"),
    )


def _keys(value: Json) -> Fingerprints:
    fields = Fields(value, _KEY_NAMES, "keys")
    return Fingerprints(**{name: fields.text(name) for name in _KEY_NAMES})


def _plain(value: object) -> canonical.Writable:
    """Return a field's value as canonical JSON holds it."""
    match value:
        case datetime():
            return canonical.time_to_text(value)
        case Option() | Who() | Fingerprints():
            return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case None | bool() | int() | str():
            return value
    raise TypeError(type(value).__name__)
