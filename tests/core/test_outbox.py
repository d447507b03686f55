"""Facts and jobs: done once in the database, given back when they fail, laid aside in the end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from cps.core import clock as real_clock
from cps.core import leases, outbox, upkeep
from cps.core.db import db, transaction
from cps.core.leases import LEASE, MOST_ATTEMPTS, Turn
from cps.core.models import FormKey, Job, OutboxFact
from cps.core.outbox import Fact
from tests.support.fixtures import Clock

Handlers = Callable[[Callable[[Job], object]], None]


@pytest.fixture
def on_job(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Handlers:
    """Say what jobs of the kind `test` do."""
    return lambda handler: monkeypatch.setitem(outbox._jobs, "test", handler)


def enqueue(count: int = 1, **more: object) -> list[int]:
    with transaction():
        for _number in range(count):
            outbox.enqueue("test", at=real_clock.now(), **more)  # type: ignore[arg-type]
    return sorted(db.session.scalars(db.select(Job.id)))


def run() -> int:
    return outbox.run_due(Turn("somebody"))


def only_job() -> Job:
    db.session.rollback()
    return db.session.scalars(db.select(Job).order_by(Job.id).limit(1)).one()


def leave_a_trace(job: Job) -> None:
    db.session.add(FormKey(key_hash=f"{job.id}", purpose="trace", leads_to="", used_at=real_clock.now()))


def traces() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(FormKey)) or 0


def test_a_job_is_done_once_and_its_payload_forgotten(on_job: Handlers) -> None:
    seen = []
    on_job(lambda job: seen.append(job.payload["code"]))
    enqueue(code="314159")

    assert (run(), run()) == (1, 0)
    assert seen == ["314159"]
    assert only_job().done_at == real_clock.now()
    assert only_job().payload == {}


def test_all_handlers_of_a_fact_act_in_the_transaction_that_marks_it_done(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    handlers = [lambda fact, nth=nth: seen.append(f"{nth} {fact.about_id}") for nth in ("first", "second")]
    monkeypatch.setitem(outbox._on, Fact.CASE_FILED, handlers)
    with transaction():
        outbox.state(Fact.CASE_FILED, 7, at=real_clock.now(), secret="s")

    run()

    assert seen == ["first 7", "second 7"]
    assert db.session.scalars(db.select(OutboxFact)).one().payload == {}


def test_a_fact_nobody_listens_to_is_done(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(outbox._on, Fact.CASE_FILED, raising=False)
    with transaction():
        outbox.state(Fact.CASE_FILED, 7, at=real_clock.now())

    run()

    assert db.session.scalars(db.select(OutboxFact)).one().done_at is not None


def state_and_fail() -> None:
    with transaction():
        outbox.state(Fact.CASE_FILED, 7, at=real_clock.now())
        raise RuntimeError


def test_nothing_is_stated_when_the_transaction_fails(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        state_and_fail()

    assert db.session.scalars(db.select(OutboxFact)).all() == []


def test_work_waits_for_its_time(on_job: Handlers, clock: Clock) -> None:
    on_job(leave_a_trace)
    enqueue(not_before=clock.now + timedelta(seconds=10))

    assert run() == 0
    clock.move(seconds=10)
    assert run() == 1


def test_a_dedupe_key_lets_the_same_job_in_only_once(on_job: Handlers) -> None:
    enqueue(dedupe_key="every day")

    with pytest.raises(IntegrityError):
        enqueue(dedupe_key="every day")


def test_what_a_failing_handler_wrote_is_undone_and_it_is_tried_again(on_job: Handlers, clock: Clock) -> None:
    def fail(job: Job) -> None:
        leave_a_trace(job)
        raise ValueError("somebody@example.org is wrong")

    on_job(fail)
    enqueue(2)

    assert run() == 2
    assert traces() == 0
    assert run() == 0, "it pauses"
    clock.move(seconds=5)
    on_job(leave_a_trace)
    assert run() == 2
    assert traces() == 2


def test_the_reason_of_a_failure_says_where_and_holds_no_words(on_job: Handlers) -> None:
    def fail(_job: Job) -> None:
        raise ValueError("somebody@example.org is wrong")

    on_job(fail)
    enqueue()
    run()

    assert only_job().last_error.startswith("ValueError at test_outbox.py:")


def test_pauses_grow_from_five_seconds_to_six_hours_and_last_two_days_in_all() -> None:
    pauses = [leases.pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]

    assert pauses[:4] == [timedelta(seconds=s) for s in (5, 10, 20, 40)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=6)
    assert timedelta(days=1) < sum(pauses, timedelta()) < timedelta(days=3)


def test_after_the_last_try_work_is_laid_aside_with_its_payload(on_job: Handlers, clock: Clock) -> None:
    tries = []

    def fail(_job: Job) -> None:
        tries.append(clock.now)
        raise RuntimeError

    on_job(fail)
    enqueue(question="why")
    for _round in range(MOST_ATTEMPTS + 3):
        run()
        clock.move(hours=7)

    assert len(tries) == MOST_ATTEMPTS
    assert only_job().failed_at is not None
    assert only_job().payload == {"question": "why"}
    assert leases.counts(Job, at=clock.now) == leases.Counts(waiting=0, late=0, failed=1)


def test_two_workers_never_claim_the_same_row(on_job: Handlers) -> None:
    ids = enqueue(3)

    first = leases.claim(Job, "first", limit=2)
    second = leases.claim(Job, "second", limit=2)

    assert first + second == ids


def test_rows_are_claimed_in_the_order_in_which_they_are_due(on_job: Handlers, clock: Clock) -> None:
    enqueue(not_before=clock.now + timedelta(seconds=20))
    enqueue(not_before=clock.now + timedelta(seconds=10))
    late, early = sorted(db.session.scalars(db.select(Job.id)))
    clock.move(minutes=1)

    assert leases.claim(Job, "somebody", limit=10) == [early, late]


def test_the_work_of_a_killed_worker_is_done_when_its_lease_ends(on_job: Handlers, clock: Clock) -> None:
    on_job(leave_a_trace)
    enqueue(2)
    leases.claim(Job, "killed", limit=10)

    clock.move(seconds=LEASE.total_seconds() - 1)
    assert run() == 0
    clock.move(seconds=1)
    assert run() == 2
    assert traces() == 2


def test_a_worker_that_woke_up_after_its_lease_leaves_the_row_to_the_next(
    on_job: Handlers, clock: Clock
) -> None:
    enqueue()
    (key,) = leases.claim(Job, "sleeper", limit=1)
    clock.move(seconds=LEASE.total_seconds())
    leases.claim(Job, "next", limit=1)

    with transaction():
        assert leases.still_ours(Job, key, "sleeper") is None
        assert leases.still_ours(Job, key, "next") is not None
    leases.postpone(Job, key, "sleeper", "too late")
    assert only_job().lease_owner == "next"
    assert only_job().last_error == ""


def test_a_worker_that_begins_anew_lets_go_of_what_it_held(on_job: Handlers) -> None:
    mine, others = enqueue(2)
    leases.claim(Job, "troubled", limit=1)
    leases.claim(Job, "another", limit=1)

    leases.let_go("troubled")

    assert leases.claim(Job, "next", limit=5) == [mine]
    assert others


def test_work_whose_worker_always_vanishes_is_laid_aside(on_job: Handlers, clock: Clock) -> None:
    enqueue()
    for _death in range(MOST_ATTEMPTS):
        assert leases.claim(Job, "mortal", limit=1)
        clock.move(seconds=LEASE.total_seconds())
    assert leases.claim(Job, "mortal", limit=1) == []

    upkeep.run(clock.now)

    assert only_job().last_error == leases.VANISHED
    assert only_job().failed_at == clock.now


def test_a_worker_asked_to_stop_gives_back_what_it_has_not_begun(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = Turn("somebody")
    monkeypatch.setitem(outbox._on, Fact.CASE_FILED, [lambda _fact: turn.stop.set()])
    with transaction():
        for about in range(3):
            outbox.state(Fact.CASE_FILED, about, at=real_clock.now())

    assert outbox.run_due(turn) == 1

    rows = db.session.scalars(db.select(OutboxFact).order_by(OutboxFact.id)).all()
    assert [(row.done_at is not None, row.lease_until, row.attempts) for row in rows[1:]] == [
        (False, None, 0)
    ] * 2


def test_a_clock_set_back_does_not_hold_claimed_work_for_longer_than_a_lease(
    on_job: Handlers, clock: Clock
) -> None:
    on_job(leave_a_trace)
    enqueue(not_before=clock.now - timedelta(days=2))
    leases.claim(Job, "killed", limit=1)

    clock.move(days=-1)

    assert run() == 1


def test_work_stated_before_the_clock_was_set_back_is_late_but_not_lost(
    on_job: Handlers, clock: Clock
) -> None:
    on_job(leave_a_trace)
    enqueue()

    clock.move(hours=-1)
    assert run() == 0
    clock.move(hours=1)
    assert run() == 1


def test_kinds_of_a_newer_version_are_left_to_it(app: Flask) -> None:
    now = real_clock.now()
    with transaction() as session:
        outbox.enqueue("of-tomorrow", at=now)
        session.add(
            OutboxFact(fact="of-tomorrow", about_id=1, dedupe_key="k", stated_at=now, run_at=now, payload={})
        )

    assert run() == 0
    assert only_job().attempts == 0


def test_counts_tell_what_waits_what_is_late_and_what_failed(on_job: Handlers, clock: Clock) -> None:
    enqueue(2)
    clock.move(minutes=20)
    enqueue(1)

    assert leases.counts(Job, at=clock.now) == leases.Counts(waiting=3, late=2, failed=0)
    assert leases.counts(OutboxFact, at=clock.now) == leases.Counts(waiting=0, late=0, failed=0)


def test_what_was_done_a_month_ago_is_forgotten_and_what_failed_is_kept(
    on_job: Handlers, clock: Clock
) -> None:
    on_job(leave_a_trace)
    done, failed = enqueue(2)
    leases.claim(Job, "somebody", limit=2)
    leases.postpone(Job, failed, "somebody", "no", for_good=True)
    leases.give_back(Job, [done], "somebody")
    run()
    clock.move(days=31)

    upkeep.run(clock.now)

    assert db.session.scalars(db.select(Job.id)).all() == [failed]
    assert traces() == 0, "form keys of a month ago are forgotten too"


def test_a_piece_of_work_costs_two_statements_besides_its_own(on_job: Handlers, application: object) -> None:
    on_job(lambda _job: None)
    enqueue()
    statements: list[str] = application.statements  # type: ignore[attr-defined]
    statements.clear()

    run()

    of_jobs = [s.split()[0] for s in statements if "job" in s]
    assert of_jobs[:4] == ["SELECT", "WITH", "SELECT", "UPDATE"]
    assert of_jobs[4:] == ["SELECT"], "then it looks whether there is more"
