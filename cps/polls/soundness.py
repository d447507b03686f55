"""Whether a specification makes sense: every rule that its fields must keep, alone and together."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cps.core.text import clean
from cps.polls.canonical import is_hash
from cps.polls.fields import SpecificationError, Why
from cps.polls.rules import (
    MOST_OPTIONS,
    MOST_RANKS,
    SMALL_ELECTORATE,
    CountKey,
    Method,
    ResultsWhen,
    TieRule,
)

if TYPE_CHECKING:
    from cps.polls.specification import Option, Specification, Who

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
"""What a poll's slug is; ward codes have the same shape."""

OPTION_CODE = re.compile(r"[a-z0-9]{1,12}")

LARGEST_BUDGET = 10**15
"""Safe in every program that reads JSON numbers as binary fractions of 64 bits."""
LARGEST_ELECTORATE = 10**10
OLDEST = 150
MOST_DAYS = 366
MOST_WITNESSES = 20
MOST_BANDS = 20
MOST_WARDS = 2_000

_LANGUAGE = re.compile(r"[a-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_LONGEST_LABEL = 300
_LONGEST_TEXT = 20_000


def check(spec: "Specification") -> None:
    """Raise SpecificationError for the first field that breaks a rule."""
    _malformed_unless(SLUG.fullmatch(spec.poll), "poll")
    _check_text("city", spec.city, _LONGEST_LABEL)
    _check_texts("question", spec.question, _LONGEST_LABEL, needed=True)
    _check_texts("explanation", spec.explanation, _LONGEST_TEXT)
    _check_options(spec)
    _check_most(spec)
    _check_money(spec)
    _check_who(spec.who)
    _check_electorate(spec)
    _check_results(spec)
    _check_times(spec)
    _check_tie(spec)
    _check_range("objection_days", spec.objection_days, 1, MOST_DAYS)
    _check_range("decision_days", spec.decision_days, 1, MOST_DAYS)
    _check_witnesses(spec.witnesses)
    for name in ("heads", "seal", "roll", "handle"):
        _malformed_unless(is_hash(getattr(spec.keys, name)), f"keys.{name}")


def _check_options(spec: "Specification") -> None:
    _check_number_of("options", spec.options, 2, MOST_OPTIONS)
    for number, option in enumerate(spec.options):
        _check_option(option, f"options[{number}]")
    _check_distinct("options", spec.codes)


def _check_option(option: "Option", path: str) -> None:
    _malformed_unless(OPTION_CODE.fullmatch(option.code), f"{path}.code")
    _check_texts(f"{path}.labels", option.labels, _LONGEST_LABEL, needed=True)
    _check_texts(f"{path}.texts", option.texts, _LONGEST_TEXT)
    _malformed_unless(option.picture is None or is_hash(option.picture), f"{path}.picture")


def _check_most(spec: "Specification") -> None:
    number = len(spec.options)
    least, most = {
        Method.SINGLE: (1, 1),
        Method.APPROVAL: (1, number),
        Method.RANKING: (1, min(MOST_RANKS, number)),
        Method.BUDGET: (number, number),
    }[spec.method]
    _check_range("most", spec.most, least, most)


def _check_money(spec: "Specification") -> None:
    if spec.method is not Method.BUDGET:
        amounts = {"budget": spec.budget, "currency": spec.currency}
        costs = {f"options[{number}].cost": option.cost for number, option in enumerate(spec.options)}
        for field, value in {**amounts, **costs}.items():
            if value is not None:
                raise SpecificationError(field, Why.DOES_NOT_BELONG)
        return
    if spec.budget is None:
        raise SpecificationError("budget", Why.MISSING)
    _check_range("budget", spec.budget, 1, LARGEST_BUDGET)
    if spec.currency is None:
        raise SpecificationError("currency", Why.MISSING)
    _malformed_unless(_CURRENCY.fullmatch(spec.currency), "currency")
    for number, option in enumerate(spec.options):
        if option.cost is None:
            raise SpecificationError(f"options[{number}].cost", Why.MISSING)
        _check_range(f"options[{number}].cost", option.cost, 1, spec.budget)


def _check_who(who: "Who") -> None:
    if who.wards is not None:
        _check_number_of("who.wards", who.wards, 1, MOST_WARDS)
        for number, ward in enumerate(who.wards):
            _malformed_unless(SLUG.fullmatch(ward), f"who.wards[{number}]")
        _check_distinct("who.wards", who.wards)
    if who.age_from is not None:
        _check_range("who.age_from", who.age_from, 0, OLDEST)
    if who.age_to is not None:
        _check_range("who.age_to", who.age_to, who.age_from or 0, OLDEST)


def _check_electorate(spec: "Specification") -> None:
    _check_number_of("age_bands", spec.age_bands, 0, MOST_BANDS)
    for number, bound in enumerate(spec.age_bands):
        _check_range(f"age_bands[{number}]", bound, 0, OLDEST)
    _check_distinct("age_bands", spec.age_bands)
    if [*spec.age_bands] != sorted(spec.age_bands):
        raise SpecificationError("age_bands", Why.NOT_SORTED)
    if spec.eligible is not None:
        _check_range("eligible", spec.eligible, 1, LARGEST_ELECTORATE)
        if spec.eligible < SMALL_ELECTORATE and not spec.sensitive:
            raise SpecificationError("sensitive", Why.NEEDED, f"only {spec.eligible} may vote")


def _check_results(spec: "Specification") -> None:
    """Live counts are of a hundred people, and one can be a hundred accounts; few people show none."""
    if spec.results is ResultsWhen.LIVE and (spec.key is CountKey.ACCOUNT or spec.sensitive):
        raise SpecificationError("results", Why.TELLS_TOO_MUCH)


def _check_times(spec: "Specification") -> None:
    """The key's moment: no number may be changed and vote again, while one register knows one person once."""
    for field in ("verified_before", "opens_at", "closes_at"):
        _check_time(field, getattr(spec, field))
    if spec.closes_at <= spec.opens_at:
        raise SpecificationError("closes_at", Why.TOO_SMALL, "not after the opening")
    latest = spec.closes_at if spec.key is CountKey.REGISTER else spec.opens_at
    if spec.verified_before > latest:
        raise SpecificationError("verified_before", Why.TOO_LARGE)


def _check_time(field: str, moment: datetime) -> None:
    if moment.utcoffset() != timedelta() or moment.microsecond:
        raise SpecificationError(field, Why.MALFORMED, "not in UTC with whole seconds")


def _check_tie(spec: "Specification") -> None:
    if spec.tie is TieRule.DRAW:
        _check_text("draw", spec.draw, _LONGEST_TEXT)
    elif spec.draw:
        raise SpecificationError("draw", Why.DOES_NOT_BELONG)


def _check_witnesses(names: tuple[str, ...]) -> None:
    _check_number_of("witnesses", names, 0, MOST_WITNESSES)
    for number, name in enumerate(names):
        _check_text(f"witnesses[{number}]", name, _LONGEST_LABEL)
    _check_distinct("witnesses", names)


def _check_texts(field: str, texts: Mapping[str, str], longest: int, *, needed: bool = False) -> None:
    if needed and not texts:
        raise SpecificationError(field, Why.EMPTY)
    for language, text in texts.items():
        _malformed_unless(_LANGUAGE.fullmatch(language), field)
        _check_text(f"{field}.{language}", text, longest)


def _check_text(field: str, text: str, longest: int) -> None:
    if not text:
        raise SpecificationError(field, Why.EMPTY)
    if len(text) > longest:
        raise SpecificationError(field, Why.TOO_LONG, f"more than {longest} characters")
    if text != clean(text):
        raise SpecificationError(field, Why.NOT_CLEAN)


def _check_range(field: str, number: int, least: int, most: int) -> None:
    if number < least:
        raise SpecificationError(field, Why.TOO_SMALL, f"less than {least}")
    if number > most:
        raise SpecificationError(field, Why.TOO_LARGE, f"more than {most}")


def _check_number_of(field: str, items: Collection[object], least: int, most: int) -> None:
    if len(items) < least:
        raise SpecificationError(field, Why.TOO_FEW, f"fewer than {least}")
    if len(items) > most:
        raise SpecificationError(field, Why.TOO_MANY, f"more than {most}")


def _check_distinct(field: str, items: Collection[object]) -> None:
    if len(set(items)) != len(items):
        raise SpecificationError(field, Why.REPEATED)


def _malformed_unless(fits: object, field: str) -> None:
    if not fits:
        raise SpecificationError(field, Why.MALFORMED)
