"""Acts that can be undone for a while: kept as they are done, taken back by whoever did them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from cps.accounts.models import Account
from cps.cases import services as cases
from cps.cases.models import Case
from cps.cases.rules.holding import held_for
from cps.core.db import db
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows
from cps.triage.work import queries
from cps.triage.work.models import DeskAct, DeskActCase
from cps.triage.work.rules import CaseState, Skip


@dataclass(frozen=True, slots=True)
class Undone:
    """How many cases stand as before, and how many do not because somebody else was there since."""

    undone: int
    kept: int


@contextmanager
def undoable(case: Case, kind: str, *, by: Account, at: datetime) -> Iterator[None]:
    """Hold back what the act in the block tells, and keep what undoing it needs.

    The case is locked. An act that changed nothing, or moved the due date, cannot be undone.
    """
    before, seen, public_from = cases.remember(case), case.version, at + held_for()
    with cases.held_until(public_from) as held:
        yield
    db.session.flush()
    if case.version == seen or not cases.can_be_undone(case, before):
        return
    act = DeskAct(kind=kind, is_bulk=False, by_id=by.id, planned_at=at, started_at=at,
                  public_from=public_from, done_at=at)  # fmt: skip
    db.session.add(act)
    db.session.flush()
    before |= held.as_json
    db.session.add(DeskActCase(act_id=act.id, case_id=case.id, version_seen=seen, version_after=case.version,
                               state=CaseState.DONE, before=before))  # fmt: skip
    db.session.flush()


def undo(act: DeskAct, *, by: Account, at: datetime) -> Undone:
    """Let every case of an act stand as before, but those that somebody changed since; the act is locked.

    What waits still is not done any more. Undoing twice does nothing the second time. Raises RuleViolation
    when the time is over, and StaleVersion where nothing at all could be undone.
    """
    if act.undone_at is not None:
        return Undone(0, 0)
    if act.public_from is None or at >= act.public_from:
        raise RuleViolation(_("It is too late to undo this. Do the opposite now, and say so."))
    act.undone_at = at
    done = queries.parts(act.id, CaseState.DONE)
    locked = queries.lock_with_joined([part.case_id for part in done])
    back = []
    for part in done:
        case = locked[part.case_id]
        part.why = _why_kept(case, part)
        part.state = CaseState.KEPT if part.why else CaseState.UNDONE
        if not part.why:
            back.append(cases.ToUndo(case, part.before, part.before))
    _stop_the_rest(act)
    if not back:
        raise StaleVersion(_("Somebody did something with it since. Nothing was undone."))
    cases.restore(back, by=by, at=at)
    return Undone(len(back), len(done) - len(back))


def _why_kept(case: Case, part: DeskActCase) -> str:
    if case.version != part.version_after:
        return Skip.CHANGED
    return "" if cases.can_be_undone(case, part.before) else Skip.DATE_MOVED


def _stop_the_rest(act: DeskAct) -> None:
    for part in queries.parts(act.id, CaseState.WAITING):
        part.state, part.why = CaseState.SKIPPED, Skip.STOPPED


def may_undo(act: DeskAct | None, by: Account) -> bool:
    """Return whether somebody did the act, and so may undo it; still a member of the staff."""
    return act is not None and act.by_id == by.id and allows(by, Can.WORK_CASES)


def forget_acts(at: datetime) -> None:
    """Forget acts of a month ago, and selections with which nothing was done in a day."""
    db.session.execute(delete(DeskAct).where(queries.is_old(at)).execution_options(synchronize_session=False))
