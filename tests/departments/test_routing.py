"""Rules of routing: when one fits, what a trial says of them, and how they are kept in order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time

import pytest
from flask import Flask

from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow
from cps.departments import queries, services
from cps.departments.routing import (
    Conditions,
    Filing,
    KnownRule,
    PastCase,
    RoutingSpec,
    first_fit,
    try_out,
)
from tests.support.factories import make_department, make_officer, make_routing_rule
from tests.support.fixtures import WEDNESDAY

NIGHT = {"starts": time(22), "ends": time(6)}
ROADS, WASTE = 1, 2


def filing(
    text: str = "The lamp is out", *, hour: int = 12, category: str = "lamp", ward: str = ""
) -> Filing:
    return Filing(category, ward, datetime(2026, 11, 18, hour, tzinfo=UTC), text)


def rule(number: int, department: int | None = WASTE, **conditions: object) -> KnownRule:
    return KnownRule(number, f"Rule {number}", Conditions(**conditions), department, None, False)  # type: ignore[arg-type]


def past(number: int, new: Filing, ended: int = ROADS) -> PastCase:
    return PastCase(number, new, ROADS, ended)


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({}, True),
        ({"categories": ("waste", "lamp")}, True),
        ({"categories": ("waste",)}, False),
        ({"wards": ("harbour",)}, False),
        ({"weekdays": (2,)}, True),
        ({"weekdays": (5, 6)}, False),
        ({"words": ("LÁMP",)}, True),
        ({"words": ("lam",)}, False),
        (NIGHT, False),
        ({"starts": time(8), "ends": time(12)}, False),
        ({"categories": ("lamp",), "words": ("bin",)}, False),
    ],
)
def test_a_rule_fits_what_is_all_of_its_conditions(conditions: dict[str, object], fits: bool) -> None:
    assert Conditions(**conditions).fit(filing()) is fits  # type: ignore[arg-type]


def test_hours_that_end_before_they_begin_go_over_midnight() -> None:
    night = Conditions(**NIGHT)  # type: ignore[arg-type]

    assert [hour for hour in (5, 6, 21, 22, 23) if night.fit(filing(hour=hour))] == [5, 22, 23]


def test_conditions_are_kept_and_read_as_they_were() -> None:
    told = Conditions(("lamp",), ("harbour",), (0, 6), time(22), time(6), ("가로등", "lamp"))

    assert Conditions.of(told.written()) == told
    assert Conditions.of({}).say_nothing


def test_the_first_rule_that_fits_decides() -> None:
    rules = [rule(1, words=("bin",)), rule(2, words=("lamp",)), rule(3)]

    assert first_fit(rules, filing()) == rules[1]
    assert first_fit(rules[:1], filing()) is None


def test_a_trial_says_which_rules_are_of_no_use_and_who_would_have_gone_elsewhere() -> None:
    rules = [rule(1, words=("bin",)), rule(2), rule(3, words=("lamp",))]

    trial = try_out(rules, [past(1, filing()), past(2, filing("A hole"), ended=WASTE)])

    assert trial.matches_nothing(1)
    assert trial.matches_everything(2)
    assert trial.is_never_reached(3)
    assert [one.key for one in trial.elsewhere] == [1, 2]
    assert (trial.cases, trial.ended_there) == (2, 1)


@pytest.mark.parametrize(
    "spec",
    [
        RoutingSpec("", Conditions(), makes_urgent=True),
        RoutingSpec("Does nothing", Conditions()),
        RoutingSpec("Half a time", Conditions(starts=time(8)), makes_urgent=True),
        RoutingSpec("No letters", Conditions(words=("!?",)), makes_urgent=True),
        RoutingSpec("Nobody knows it", Conditions(), department="nowhere"),
    ],
)
def test_a_rule_that_says_too_little_is_refused(app: Flask, spec: RoutingSpec) -> None:
    with pytest.raises(RuleViolation), transaction():
        services.add_routing_rule(spec, by=None, at=WEDNESDAY)

    assert not queries.routing_rules()


def test_an_officer_of_another_department_is_refused(app: Flask) -> None:
    roads, stranger = make_department("Roads"), make_officer(make_department("Waste"))
    spec = RoutingSpec("To a stranger", Conditions(), roads.code, officer_id=stranger.id)

    with pytest.raises(RuleViolation), transaction():
        services.add_routing_rule(spec, by=None, at=WEDNESDAY)


def test_a_rule_moves_up_and_the_audit_says_so(app: Flask) -> None:
    first, second = make_routing_rule(name="First"), make_routing_rule(name="Second")

    with transaction():
        services.move_routing_rule(second.id, -1, by=None, at=WEDNESDAY)
        services.move_routing_rule(second.id, -1, by=None, at=WEDNESDAY)  # there is nothing above it

    assert [row.id for row in queries.routing_rules()] == [second.id, first.id]
    told = db.session.scalars(db.select(AuditRow).filter_by(object_kind="routing")).one()
    assert (told.object_id, told.changes) == (str(second.id), {"position": [2, 1]})


def test_rules_that_are_made_at_the_same_moment_stand_one_after_the_other(app: Flask) -> None:
    department = make_department("Roads").code

    def add(name: str) -> None:
        with app.app_context(), transaction():
            services.add_routing_rule(RoutingSpec(name, Conditions(), department), by=None, at=WEDNESDAY)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, ["One", "Two", "Three", "Four"]))

    db.session.rollback()
    assert [row.position for row in queries.routing_rules()] == [1, 2, 3, 4]


def test_what_is_not_in_use_is_not_tried(app: Flask) -> None:
    closed = make_department("Closed", is_active=False)
    make_routing_rule(closed)
    make_routing_rule(make_department("Roads"), is_active=False)
    used = make_routing_rule(make_department("Waste"))

    assert [one.id for one in queries.routing()] == [used.id]
