"""Facts and jobs: rows written with what they tell, done later by a worker, at least once.

A feature states a fact (`state`), a feature above registers what follows (`on`). A job is the same with
its own kind (`enqueue`, `job`). Handlers run inside one write transaction together with marking the row
done: what they write to the database happens once. What leaves the database carries a key of its own, by
which the other side can tell a repetition.

The payload is emptied when the row is done: it may hold a code or a secret link until then.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import update

from cps.core import clock
from cps.core.db import db, transaction
from cps.core.leases import Turn, claim, give_back, postpone, still_ours
from cps.core.models import Job, OutboxFact
from cps.core.upsert import insert_into

log = logging.getLogger(__name__)

FACTS_AT_ONCE = 20


class Fact(StrEnum):
    """What can be stated to features above."""

    CASE_FILED = "case-filed"
    CASE_EVENT = "case-event"
    CASE_HANDED = "case-handed"
    CASE_ESCALATED = "case-escalated"
    EXTENSION_ASKED = "extension-asked"
    SECOND_ASKED = "second-asked"
    PARTNER_ASKED = "partner-asked"
    QUESTION_WAITS = "question-waits"
    INBOX_SILENT = "inbox-silent"
    NOTICE_MADE = "notice-made"
    NOTICE_KNOWN = "notice-known"
    NOTICE_UPDATED = "notice-updated"
    NOTICE_OVER = "notice-over"
    CODE_WANTED = "code-wanted"
    STAFF_INVITED = "staff-invited"
    COUNTER_CODE_WANTED = "counter-code-wanted"
    PROPOSAL_CODE_WANTED = "proposal-code-wanted"
    ADDRESS_ALREADY_KNOWN = "address-already-known"
    OWN_ARCHIVE_READY = "own-archive-ready"
    POLL_HEAD = "poll-head"
    PROPOSAL_REACHED = "proposal-reached"
    EMAIL_ADDED = "email-added"
    PHONE_CHANGED = "phone-changed"
    PHONE_CLAIMED = "phone-claimed"
    ACCOUNTS_JOINED = "accounts-joined"
    TWO_STEP_CHANGED = "two-step-changed"
    SMS_BUDGET_SPENT = "sms-budget-spent"
    HELP_TURNED = "help-turned"
    MORNING_DUE = "morning-due"
    MODERATED = "moderated"
    FLAG_SETTLED = "flag-settled"


FactHandler = Callable[[OutboxFact], None]
JobHandler = Callable[[Job], None]
Work = type[OutboxFact] | type[Job]

_on: dict[Fact, list[FactHandler]] = {}
_jobs: dict[str, JobHandler] = {}


def on(fact: Fact) -> Callable[[FactHandler], FactHandler]:
    """Register what follows from a fact."""

    def register(handler: FactHandler) -> FactHandler:
        _on.setdefault(fact, []).append(handler)
        return handler

    return register


def job(kind: str) -> Callable[[JobHandler], JobHandler]:
    """Register the work of one kind of job."""

    def register(handler: JobHandler) -> JobHandler:
        _jobs[kind] = handler
        return handler

    return register


def state(
    fact: Fact,
    about_id: int,
    *,
    at: datetime,
    not_before: datetime | None = None,
    dedupe_key: str = "",
    **payload: Any,
) -> None:
    """State a fact in the running transaction; handlers see it from `not_before` on.

    With a `dedupe_key` the same fact can be stated only once: the second time the flush fails.
    """
    db.session.add(
        OutboxFact(
            fact=fact.value,
            about_id=about_id,
            dedupe_key=dedupe_key or secrets.token_hex(16),
            payload=payload,
            stated_at=at,
            run_at=not_before or at,
        )
    )


def state_once(
    fact: Fact, about_id: int, *, dedupe_key: str, at: datetime, not_before: datetime, **payload: Any
) -> None:
    """State a fact as `state` does; where it was stated with this key before, by any worker, do nothing."""
    values = {
        "fact": fact.value,
        "about_id": about_id,
        "dedupe_key": dedupe_key,
        "payload": payload,
        "stated_at": at,
        "run_at": not_before,
    }
    db.session.execute(insert_into(OutboxFact).values(values).on_conflict_do_nothing())


def withdraw(fact: Fact, dedupe_keys: Sequence[str], *, at: datetime) -> int:
    """Let facts that still wait never be told, in the running transaction; returns how many did wait.

    One that a worker is telling this moment is waited for, and then not counted.
    """
    waiting = (OutboxFact.done_at.is_(None), OutboxFact.failed_at.is_(None))
    keys = (OutboxFact.fact == fact.value, OutboxFact.dedupe_key.in_(dedupe_keys))
    withdrawn = update(OutboxFact).where(*keys, *waiting).values(done_at=at, payload={})
    result: Any = db.session.execute(withdrawn.execution_options(synchronize_session=False))
    return int(result.rowcount)


def enqueue(
    kind: str, *, at: datetime, dedupe_key: str = "", not_before: datetime | None = None, **payload: Any
) -> None:
    """Add a job to the running transaction; with a `dedupe_key` twice the flush fails."""
    db.session.add(
        Job(
            kind=kind,
            dedupe_key=dedupe_key or secrets.token_hex(16),
            payload=payload,
            created_at=at,
            run_at=not_before or at,
        )
    )


def enqueue_once(kind: str, *, dedupe_key: str, at: datetime, not_before: datetime) -> None:
    """Add a job as `enqueue` does; where one of its kind has this key, by any worker, do nothing."""
    values = {
        "kind": kind,
        "dedupe_key": dedupe_key,
        "payload": {},
        "created_at": at,
        "run_at": not_before,
    }
    db.session.execute(insert_into(Job).values(values).on_conflict_do_nothing())


def run_due(turn: Turn) -> int:
    """Do what is due among facts, then among jobs; returns how many pieces were tried.

    Facts are light and claimed by the handful; jobs may be heavy and are claimed one by one. Kinds that only
    a newer version of the program knows are left to it.
    """
    known = OutboxFact.fact.in_([fact.value for fact in Fact])
    keys = claim(OutboxFact, turn.owner, known, limit=FACTS_AT_ONCE)
    done = 0
    for key in keys:
        if turn.is_over():
            break
        _run(OutboxFact, key, turn.owner)
        done += 1
    give_back(OutboxFact, keys[done:], turn.owner)
    while not turn.is_over() and (claimed := claim(Job, turn.owner, Job.kind.in_(_jobs), limit=1)):
        _run(Job, claimed[0], turn.owner)
        done += 1
    return done


def _run(table: Work, key: int, owner: str) -> None:
    try:
        with transaction():
            row = still_ours(table, key, owner)
            if row is None:
                return
            _act(row)
            row.done_at = clock.now()
            row.payload = {}
    except Exception as error:
        log.exception("work failed", extra={"table": table.__tablename__, "row": key})
        postpone(table, key, owner, _place_of(error))


def _act(row: OutboxFact | Job) -> None:
    if isinstance(row, Job):
        _jobs[row.kind](row)
        return
    for handler in _on.get(Fact(row.fact), []):
        handler(row)


def _place_of(error: Exception) -> str:
    """Return the kind of an error and where it arose; never its words, which may hold personal data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"
