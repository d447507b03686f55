"""Makes specifications for tests; what a test does not name is ordinary."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cps.polls.rules import CountKey, Lines, Method, OptionOrder, ResultsWhen, TieRule
from cps.polls.specification import Fingerprints, Option, Specification, Who

OPENS = datetime(2026, 11, 18, 0, 0, tzinfo=UTC)
CLOSES = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
KEYS = Fingerprints(heads="1" * 64, seal="2" * 64, roll="3" * 64, handle="4" * 64)


def make_option(code: str, cost: int | None = None, **changes: Any) -> Option:
    return Option(**{"code": code, "labels": {"en": code.upper()}, "texts": {}, "cost": cost, **changes})


def make_specification(codes: str = "abc", **changes: Any) -> Specification:
    """Return a single choice between one option for each letter; `changes` are any fields."""
    ordinary: dict[str, Any] = {
        "poll": "park",
        "city": "Testville",
        "question": {"en": "What should the park become?"},
        "explanation": {},
        "method": Method.SINGLE,
        "most": 1,
        "budget": None,
        "currency": None,
        "options": tuple(make_option(code) for code in codes),
        "order": OptionOrder.PUBLISHED,
        "key": CountKey.PHONE,
        "verified_before": OPENS,
        "who": Who(),
        "age_bands": (16, 30, 45, 60),
        "eligible": 1_000,
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "results": ResultsWhen.AFTER,
        "lines": Lines.FULL,
        "sensitive": False,
        "tie": TieRule.REPORT,
        "draw": "",
        "objection_days": 5,
        "decision_days": 30,
        "witnesses": (),
        "keys": KEYS,
    }
    return Specification(**{**ordinary, **changes})


def make_budget(costs: Mapping[str, int], budget: int, **changes: Any) -> Specification:
    """Return a participatory budget over options with these costs."""
    ordinary: dict[str, Any] = {
        "method": Method.BUDGET,
        "most": len(costs),
        "budget": budget,
        "currency": "KRW",
        "options": tuple(make_option(code, cost) for code, cost in costs.items()),
    }
    return make_specification(**{**ordinary, **changes})
