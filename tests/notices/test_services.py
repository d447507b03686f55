from datetime import timedelta
from typing import Any

import pytest

from cps.accounts.models import Account
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.models import AuditRow, Job, OutboxFact
from cps.core.outbox import Fact
from cps.notices import queries, services
from cps.notices.models import Notice, NoticeFollow
from cps.notices.rules import NoticeSpec
from tests.support import factories as make
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")

HOUR = timedelta(hours=1)


def spec(**changes: Any) -> NoticeSpec:
    at = clock.now()
    wanted = {"title": {"en": "No water"}, "text": {}, "say": {}, "starts_at": at, "ends_at": at + 8 * HOUR}
    return NoticeSpec(**{**wanted, **changes})  # type: ignore[arg-type]


def made(by: Account | None = None, **changes: Any) -> int:
    by = by or make.make_officer()
    with transaction():
        return services.make(spec(**changes), by=by, at=clock.now()).id


def running() -> list[int]:
    db.session.rollback()
    return [one.id for one in queries.running(clock.now())]


def facts(fact: Fact = Fact.NOTICE_OVER) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(db.select(OutboxFact.about_id).where(OutboxFact.fact == fact.value)))


def run_out() -> None:
    """Do what the worker does with the jobs that are due."""
    due = db.select(Job).where(Job.kind == services.RUN_OUT, Job.run_at <= clock.now())
    for job in db.session.scalars(due).all():
        payload = dict(job.payload)
        with transaction():
            from cps.notices.handlers import run_out as handler

            handler(Job(payload=payload))


def test_a_notice_stands_until_its_end_and_expires_alone(clock: Clock) -> None:
    key = made()
    assert running() == [key]

    clock.move(hours=8)

    assert running() == []


def test_a_notice_that_begins_later_is_announced_and_then_runs(clock: Clock) -> None:
    at = clock.now
    key = made(starts_at=at + 24 * HOUR, ends_at=at + 30 * HOUR)

    assert running() == []
    assert [one.id for one in queries.coming(at)] == [key]
    clock.move(hours=25)
    assert running() == [key]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": {"en": ""}},
        {"ends_at": None},
        {"hours": 24 * 400},
        {"ward_codes": ("nowhere",)},
    ],
    ids=["no title", "over already", "too long", "unknown ward"],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_is_no_notice_is_refused(changes: dict[str, Any]) -> None:
    at = clock.now()
    if "ends_at" in changes:
        changes = {"starts_at": at - 2 * HOUR, "ends_at": at - HOUR}
    if "hours" in changes:
        changes = {"ends_at": at + changes["hours"] * HOUR}

    with pytest.raises(RuleViolation):
        made(**changes)

    assert db.session.scalars(db.select(Notice)).all() == []


def test_the_worker_states_that_it_is_over_once_its_end_has_come(clock: Clock) -> None:
    key = made()
    run_out()
    assert facts() == []

    clock.move(hours=8)
    run_out()

    assert facts() == [key]


def test_a_notice_that_was_extended_is_over_at_its_new_end_alone(clock: Clock) -> None:
    officer = make.make_officer()
    key = made(officer)
    with transaction():
        until = clock.now + 12 * HOUR
        services.extend(queries.lock(key), until, by=officer, at=clock.now)

    clock.move(hours=9)
    run_out()
    assert (running(), facts()) == ([key], [])
    clock.move(hours=3)
    run_out()
    assert (running(), facts()) == ([], [key])


def test_a_notice_can_be_ended_early_and_is_over_only_once(clock: Clock) -> None:
    officer = make.make_officer()
    key = made(officer)

    with transaction():
        services.end(queries.lock(key), by=officer, at=clock.now)
    assert (running(), facts()) == ([], [key])
    clock.move(hours=9)
    run_out()

    assert facts() == [key]
    with pytest.raises(RuleViolation), transaction():
        services.end(queries.lock(key), by=officer, at=clock.now)


def test_a_notice_that_has_not_begun_can_be_taken_back() -> None:
    at, officer = clock.now(), make.make_officer()
    key = made(officer, starts_at=at + HOUR, ends_at=at + 2 * HOUR)

    with transaction():
        services.end(queries.lock(key), by=officer, at=at)

    assert queries.coming(at) == []


def test_a_notice_is_changed_only_as_it_was_seen() -> None:
    officer = make.make_officer()
    key = made(officer)
    with transaction():
        services.change(
            queries.lock(key, version=1), spec(title={"en": "No power"}), by=officer, at=clock.now()
        )

    with pytest.raises(StaleVersion), transaction():
        queries.lock(key, version=1)

    assert queries.get(key).title == {"en": "No power"}


def test_what_is_over_is_not_changed_any_more(clock: Clock) -> None:
    officer = make.make_officer()
    key = made(officer)
    clock.move(hours=9)

    with pytest.raises(RuleViolation), transaction():
        services.change(queries.lock(key), spec(), by=officer, at=clock.now)
    with pytest.raises(RuleViolation), transaction():
        services.extend(queries.lock(key), clock.now + HOUR, by=officer, at=clock.now)


def test_everything_done_to_a_notice_leaves_an_audit_row() -> None:
    officer = make.make_officer()
    key = made(officer)
    with transaction():
        row = queries.lock(key)
        services.change(row, spec(title={"en": "No power"}), by=officer, at=clock.now())
        services.add_update(row, {"en": "Soon."}, by=officer, at=clock.now())
        services.end(row, by=officer, at=clock.now())

    rows = db.session.scalars(db.select(AuditRow).where(AuditRow.object_kind == "notice")).all()
    assert [(row.action, row.object_id, row.actor_id) for row in rows] == [
        (action, str(key), officer.id)
        for action in ("make-notice", "change-notice", "update-notice", "end-notice")
    ]


def test_an_update_without_words_is_refused() -> None:
    key, officer = made(), make.make_officer()

    with pytest.raises(RuleViolation), transaction():
        services.add_update(queries.lock(key), {"en": ""}, by=officer, at=clock.now())


def test_following_twice_is_following_once_and_can_be_ended() -> None:
    key, other, resident = made(), made(), make.make_resident()
    for notice_id in (key, key, other):
        with transaction():
            services.follow(notice_id, by=resident, at=clock.now())

    with transaction():
        services.unfollow(other, resident.id)

    rows = db.session.execute(db.select(NoticeFollow.notice_id, NoticeFollow.account_id)).all()
    assert rows == [(key, resident.id)]


def test_what_is_over_cannot_be_followed(clock: Clock) -> None:
    key, resident = made(), make.make_resident()
    clock.move(hours=9)

    with pytest.raises(RuleViolation), transaction():
        services.follow(key, by=resident, at=clock.now)
