"""Promises to call somebody back: made, taken, handed over, tried, kept."""

from dataclasses import dataclass
from datetime import datetime

from cps.accounts.models import Account
from cps.contact import queries
from cps.contact.models import CallBack, CallBackStep
from cps.contact.rules import CallBackState, CallBackTurn, next_try
from cps.core.db import db
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Promise:
    """Whom to call back, by when, about what."""

    phone: str
    due_at: datetime
    name: str = ""
    language: str = ""
    about: str = ""
    caller_id: int | None = None
    contact_id: int | None = None
    case_id: int | None = None
    department_id: int | None = None
    agent_id: int | None = None
    waits_for_answer: bool = False


def promise_call(new: Promise, *, by: Account | None, at: datetime) -> CallBack:
    """Promise a call. Raises RuleViolation without a number, and for a time that has passed."""
    if not new.phone:
        raise RuleViolation(_("Write the number that we shall call."))
    if new.due_at < at:
        raise RuleViolation(_("This moment has passed. Choose a later one."))
    call_back = CallBack(
        **{name: getattr(new, name) for name in Promise.__slots__},
        made_by_id=by.id if by else None,
        made_at=at,
    )
    db.session.add(call_back)
    db.session.flush()
    _note(call_back, CallBackTurn.PROMISED, by, at)
    return call_back


def take(call_back: CallBack, *, by: Account, at: datetime) -> None:
    """Let somebody make the call; who has it already keeps it."""
    _must_wait(call_back)
    if call_back.agent_id is not None and call_back.agent_id != by.id:
        raise AlreadyDone(_("A colleague has taken this call back."))
    call_back.agent_id = by.id
    _note(call_back, CallBackTurn.TAKEN, by, at)


def hand_over(
    call_back: CallBack,
    *,
    department_id: int | None,
    agent_id: int | None,
    note: str,
    by: Account,
    at: datetime,
) -> None:
    """Hand a call back to a department, or to all agents; whoever had it has it no more."""
    _must_wait(call_back)
    if not note:
        raise RuleViolation(
            _("Say in a few words what the caller was told, so that they need not tell it again.")
        )
    call_back.department_id, call_back.agent_id = department_id, agent_id
    _note(call_back, CallBackTurn.HANDED_OVER, by, at, note)


def put_off(call_back: CallBack, due_at: datetime, *, by: Account, at: datetime, note: str = "") -> None:
    """Move a call back to another time, as the caller wished."""
    _must_wait(call_back)
    if due_at < at:
        raise RuleViolation(_("This moment has passed. Choose a later one."))
    call_back.due_at = due_at
    _note(call_back, CallBackTurn.MOVED, by, at, note)


def not_reached(call_back: CallBack, *, by: Account, at: datetime, note: str = "") -> bool:
    """Note that nobody answered; it is tried again later, five times in all. False when that was the last."""
    _must_wait(call_back)
    call_back.attempts += 1
    again = next_try(at, call_back.attempts)
    _note(call_back, CallBackTurn.NOT_REACHED, by, at, note)
    if again is None:
        _end(call_back, CallBackState.GIVEN_UP, CallBackTurn.GIVEN_UP, by, at, "")
        return False
    call_back.due_at = again
    db.session.flush()
    return True


def reached(call_back: CallBack, *, by: Account, at: datetime, note: str = "") -> None:
    """Note that the caller was reached: the promise is kept."""
    _must_wait(call_back)
    call_back.attempts += 1
    _end(call_back, CallBackState.REACHED, CallBackTurn.REACHED, by, at, note)


def end(call_back: CallBack, *, by: Account, at: datetime, note: str) -> None:
    """Take a call back off the list without calling, with the reason."""
    _must_wait(call_back)
    if not note:
        raise RuleViolation(_("Say why no call is needed any more."))
    _end(call_back, CallBackState.NOT_NEEDED, CallBackTurn.NOT_NEEDED, by, at, note)


def answered(case_id: int, *, at: datetime) -> int:
    """Let the calls be made that waited for the answer of a case or of one joined to it; returns how many."""
    found = queries.lock_waiting_for_answer(case_id)
    for call_back in found:
        call_back.waits_for_answer = False
        call_back.due_at = min(call_back.due_at, at)
        _note(call_back, CallBackTurn.CASE_ANSWERED, None, at)
    return len(found)


def back_to_agents(case_id: int, *, at: datetime) -> None:
    """Take the calls about a case from the departments they were handed to: all agents may make them."""
    for call_back in queries.lock_with_departments(case_id):
        call_back.department_id = call_back.agent_id = None
        _note(call_back, CallBackTurn.HANDED_OVER, None, at)


def _end(
    call_back: CallBack, state: CallBackState, turn: CallBackTurn, by: Account, at: datetime, note: str
) -> None:
    call_back.state, call_back.ended_at = state, at
    call_back.waits_for_answer = False
    _note(call_back, turn, by, at, note)


def _must_wait(call_back: CallBack) -> None:
    if call_back.state is not CallBackState.WAITING:
        raise AlreadyDone(_("This call back is done already."))


def _note(call_back: CallBack, turn: CallBackTurn, by: Account | None, at: datetime, note: str = "") -> None:
    step = CallBackStep(call_back_id=call_back.id, at=at, by_id=by.id if by else None, turn=turn, note=note)
    db.session.add(step)
    db.session.flush()
