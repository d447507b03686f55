"""What the worker does of one step costs no more in a city of many cases."""

from datetime import timedelta

from flask import Flask

from cps.cases.rules import EventKind, Status
from cps.core import clock, outbox, worker
from cps.core.db import db, transaction
from cps.core.outbox import Fact
from tests.support.factories import (
    make_category,
    make_complaint,
    make_event,
    make_follow,
    make_officer,
    make_resident,
)
from tests.support.fixtures import WEDNESDAY
from tests.support.plans import copy_case, learn_sizes, plans_of, reads_all_cases

DAY = timedelta(days=1)


def test_the_news_of_a_case_is_told_without_reading_all_cases(app: Flask) -> None:
    officer, category = make_officer(), make_category()
    closed = make_complaint(Status.CLOSED, category=category, at=WEDNESDAY - DAY, closed_at=WEDNESDAY)
    for n in range(20):
        make_complaint(Status.CLOSED, joined_to_id=closed.id, at=WEDNESDAY, closed_at=WEDNESDAY + n * DAY)
    copy_case(closed, 10_000)
    learn_sizes()
    case = make_complaint(category=category)
    make_follow(case, make_resident())
    answer = make_event(case, EventKind.UPDATED, message="The lamp is ordered.", actor_id=officer.id)
    with transaction():
        outbox.state(Fact.CASE_EVENT, answer.id, at=clock.now())

    plans = plans_of(worker.run_until_idle)
    db.session.rollback()

    assert len([one for one in plans if "FROM cases" in one]) > 1
    assert {one: plan for one, plan in plans.items() if reads_all_cases(plan)} == {}
