"""One act on many cases: chosen, planned with what is skipped, done in batches by the services for one case.

Whoever begins goes on until all is done; a job stands by that goes on where it was cut off. Every function
takes an act that is locked in the running transaction.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import insert

from cps.accounts.models import Account
from cps.cases import services as cases
from cps.cases.models import Case
from cps.cases.policy import works
from cps.cases.rules import CaseKind, MoveRefused
from cps.cases.rules.holding import held_for
from cps.cases.services import moves, needing
from cps.cases.wording import REFUSALS
from cps.core import outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.departments.models import Category, Department
from cps.departments.rules import Needs
from cps.triage.work import queries
from cps.triage.work.models import DeskAct, DeskActCase
from cps.triage.work.rules import CHOOSING, BulkAct, CaseState, Skip, Target, Wanted, why_skipped

GO_ON = "desk-bulk"
"""The job that goes on with an act that was cut off."""

AT_ONCE = 20
"""Cases of one transaction, so that others who write on SQLite wait for less than a second."""

STANDS_BY = timedelta(seconds=30)
LONGEST_WHY = 300


def choose(versions: Mapping[int, int], *, by: Account, at: datetime) -> DeskAct:
    """Begin an act on these cases, given as their versions by number; what is to be done follows."""
    act = DeskAct(kind=CHOOSING, is_bulk=True, by_id=by.id, planned_at=at)
    db.session.add(act)
    db.session.flush()
    rows = [
        {"act_id": act.id, "case_id": key, "version_seen": version, "state": CaseState.WAITING}
        for key, version in versions.items()
    ]
    db.session.execute(insert(DeskActCase), rows)
    return act


def plan(act: DeskAct, wanted: Wanted, *, by: Account) -> None:
    """Say what is to be done, and note of each case as it is now whether it will be, or why not.

    Nothing is changed by it; planning anew is fine until the act has begun.
    """
    act.kind, act.wanted = wanted.act, wanted.as_json()
    aims = _Aims(wanted)
    parts = queries.parts(act.id, CaseState.WAITING, CaseState.SKIPPED)
    known = queries.cases_by_id([part.case_id for part in parts])
    moved = list(known.values()) if wanted.act is BulkAct.MOVE else []
    needs, seconds = needing.needs_among(moved, by), needing.second_among(moved, by)
    for part in parts:
        case = known[part.case_id]
        part.version_seen = case.version
        refused = _why_refused(case, wanted, needs.get(case.id), is_second=case.id in seconds)
        part.why = _why_not(case, aims, by) or refused
        part.state = CaseState.SKIPPED if part.why else CaseState.WAITING
    db.session.flush()


def begin(act: DeskAct, *, at: datetime) -> bool:
    """Begin what was planned; False where it has begun already, so that pressing twice does it once."""
    if act.started_at is not None or act.kind == CHOOSING:
        return False
    number = len(queries.parts(act.id, CaseState.WAITING))
    act.started_at, act.public_from = at, at + held_for(number)
    outbox.enqueue(GO_ON, at=at, dedupe_key=str(act.id), not_before=at + STANDS_BY, act_id=act.id)
    db.session.flush()
    return True


def go_on(act: DeskAct, *, by: Account, at: datetime) -> bool:
    """Do the next cases of an act that has begun; returns whether all is done by now."""
    if act.public_from is None or act.done_at is not None or act.undone_at is not None:
        return True
    aims = _Aims(Wanted.of_json(act.wanted))
    parts = queries.parts(act.id, CaseState.WAITING, limit=AT_ONCE)
    locked = _locked([part.case_id for part in parts], aims)
    for part in parts:
        _do_one(part, locked[part.case_id], aims, by, at, max(at, act.public_from))
    if len(parts) < AT_ONCE:
        act.done_at = at
    db.session.flush()
    return act.done_at is not None


def _locked(case_ids: list[int], aims: "_Aims") -> dict[int, Case]:
    """Lock cases, and the one they are joined to with them."""
    if aims.into is None:
        return queries.lock_cases(case_ids)
    return queries.lock_cases([*case_ids, aims.into.id], joins=True)


class _Aims:
    """What an act leads to, loaded once for a batch."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.account = db.session.get(Account, wanted.to_account) if wanted.to_account else None
        self.category = db.session.get(Category, wanted.category_id) if wanted.category_id else None
        self.department = db.session.get(Department, wanted.department_id) if wanted.department_id else None
        self.into = db.session.get(Case, wanted.into_id) if wanted.into_id else None

    @property
    def target(self) -> Target:
        """What the rules ask of it."""
        if self.category is not None:
            return Target(CaseKind(self.category.kind.value), self.category.is_integrity)
        return Target(self.into.kind if self.into is not None else None)


def _why_not(case: Case, aims: _Aims, by: Account) -> Skip | None:
    if not works(by, case):
        return Skip.NOT_YOURS
    if aims.account is not None and not works(aims.account, case):
        return Skip.NOT_THEIRS
    return why_skipped(case, aims.wanted, aims.target)


def _why_refused(case: Case, wanted: Wanted, needs: Needs | None, *, is_second: bool) -> str:
    """Return why the move of a case will be refused, as `_move` does it; empty where it will not."""
    if needs is None or wanted.status is None:
        return ""
    try:
        moves.check(case, wanted.status, needs, message=wanted.message, outcome=wanted.outcome,
                    has_photo=False, why_no_photo="", is_second=is_second)  # fmt: skip
    except MoveRefused as refused:
        return str(REFUSALS[refused.reason])[:LONGEST_WHY]
    return ""


def _do_one(
    part: DeskActCase, case: Case, aims: _Aims, by: Account, at: datetime, public_from: datetime
) -> None:
    why: str = Skip.CHANGED if case.version != part.version_seen else (_why_not(case, aims, by) or "")
    if not why:
        before = cases.remember(case)
        try:
            with db.session.begin_nested(), cases.held_until(public_from) as held:
                ACTS[aims.wanted.act](case, aims, by, at)
        except MoveRefused as refused:
            why = str(REFUSALS[refused.reason])[:LONGEST_WHY]
        except RuleViolation as refused:
            why = refused.message[:LONGEST_WHY]
        else:
            part.before = before | held.as_json
            part.version_after = case.version
    part.why, part.state = why, CaseState.SKIPPED if why else CaseState.DONE


def _assign(case: Case, aims: _Aims, by: Account, at: datetime) -> None:
    if aims.account is None:
        cases.release(case, by=by, at=at)
    elif aims.account.id == by.id:
        cases.take(case, by=by, at=at)
    else:
        cases.assign(case, aims.account, by=by, at=at)


def _categorise(case: Case, aims: _Aims, by: Account, at: datetime) -> None:
    if aims.category is not None:
        cases.categorise(case, aims.category, by=by, at=at)


def _prioritise(case: Case, aims: _Aims, by: Account, at: datetime) -> None:
    if aims.wanted.priority is not None:
        cases.prioritise(case, aims.wanted.priority, by=by, at=at)


def _transfer(case: Case, aims: _Aims, by: Account, at: datetime) -> None:
    said = aims.wanted
    if aims.department is not None:
        cases.transfer(case, aims.department, by=by, at=at, reason=said.message, language=said.language)


def _move(case: Case, aims: _Aims, by: Account, at: datetime) -> None:
    said = aims.wanted
    if said.status is not None:
        cases.move(case, said.status, by=by, at=at, message=said.message, language=said.language,
                   outcome=said.outcome, data=dict(said.told))  # fmt: skip


def _join(case: Case, aims: _Aims, by: Account, at: datetime) -> None:
    said = aims.wanted
    if aims.into is not None:
        cases.join(case, aims.into, by=by, at=at, message=said.message, language=said.language)


ACTS: Mapping[BulkAct, Callable[[Case, _Aims, Account, datetime], None]] = {
    BulkAct.ASSIGN: _assign,
    BulkAct.CATEGORY: _categorise,
    BulkAct.PRIORITY: _prioritise,
    BulkAct.TRANSFER: _transfer,
    BulkAct.MOVE: _move,
    BulkAct.JOIN: _join,
}
