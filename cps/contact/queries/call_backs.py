"""The list of whom to call back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.queries import joined_under
from cps.contact.models import CallBack, CallBackStep
from cps.contact.rules import CallBackState
from cps.core.db import db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """One call back of the list; of a case that was hidden since it keeps the number, without the title."""

    id: int
    version: int
    due_at: datetime
    waits_for_answer: bool
    phone: str
    name: str
    language: str
    about: str
    attempts: int
    caller_id: int | None
    department_id: int | None
    agent_id: int | None
    agent: str | None
    reference: str | None
    title: str | None
    is_private: bool | None
    is_hidden: bool | None


def waiting(*, departments: Collection[int] | None = None, agent_id: int | None = None) -> list[Waiting]:
    """Return whom to call back, in order of the time: first those that can be called, then those that wait.

    `departments`: only what was handed to one of them; `agent_id`: only what is this person's.
    """
    found = _listed().where(CallBack.state == CallBackState.WAITING)
    if departments is not None:
        found = found.where(CallBack.department_id.in_(departments))
    if agent_id is not None:
        found = found.where(CallBack.agent_id == agent_id)
    in_order = found.order_by(CallBack.waits_for_answer, CallBack.due_at, CallBack.id)
    return [Waiting(*row) for row in db.session.execute(in_order.limit(MOST_SHOWN))]


def call_backs_of(caller_id: int) -> list[Waiting]:
    """Return the promises to call somebody back that wait."""
    own = _listed().where(CallBack.caller_id == caller_id, CallBack.state == CallBackState.WAITING)
    return [Waiting(*row) for row in db.session.execute(own.order_by(CallBack.due_at, CallBack.id))]


def _listed() -> Any:
    return (
        select(
            CallBack.id,
            CallBack.version,
            CallBack.due_at,
            CallBack.waits_for_answer,
            CallBack.phone,
            CallBack.name,
            CallBack.language,
            CallBack.about,
            CallBack.attempts,
            CallBack.caller_id,
            CallBack.department_id,
            CallBack.agent_id,
            Account.display_name,
            Case.reference,
            case((Case.is_hidden, None), else_=Case.title),
            Case.is_private,
            Case.is_hidden,
        )
        .outerjoin(Account, Account.id == CallBack.agent_id)
        .outerjoin(Case, and_(Case.id == CallBack.case_id, Case.is_integrity.is_(False)))
    )


def call_back(key: int) -> CallBack:
    """Return a call back; raises NotVisible where there is none."""
    found = db.session.get(CallBack, key)
    if found is None:
        raise NotVisible(_("This call back is not there any more."))
    return found


def lock_call_back(key: int, *, version: int | None) -> CallBack:
    """Return a call back locked for the running write transaction.

    Raises NotVisible where there is none, StaleVersion where somebody changed it since it was shown.
    """
    found = db.session.get(CallBack, key, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotVisible(_("This call back is not there any more."))
    if version is not None and found.version != version:
        raise StaleVersion(_("A colleague changed this call back a moment ago. Look at it anew."))
    return found


def lock_waiting_for_answer(case_id: int) -> Sequence[CallBack]:
    """Return the call backs that wait for the answer of a case, or of one that was joined to it, locked."""
    answered = [case_id, *joined_under([case_id])]
    return _lock(CallBack.case_id.in_(answered), CallBack.waits_for_answer.is_(True))


def lock_with_departments(case_id: int) -> Sequence[CallBack]:
    """Return the call backs about a case that wait at departments, locked."""
    return _lock(CallBack.case_id == case_id, CallBack.department_id.is_not(None))


def _lock(*conditions: ColumnElement[bool]) -> Sequence[CallBack]:
    found = select(CallBack).where(CallBack.state == CallBackState.WAITING, *conditions)
    return db.session.scalars(found.order_by(CallBack.id).with_for_update()).all()


def steps_of(keys: Collection[int]) -> dict[int, list[Any]]:
    """Return (at, turn, note, who) of what happened to call backs, oldest first, by call back."""
    rows = db.session.execute(
        select(
            CallBackStep.call_back_id,
            CallBackStep.at,
            CallBackStep.turn,
            CallBackStep.note,
            Account.display_name.label("who"),
        )
        .outerjoin(Account, Account.id == CallBackStep.by_id)
        .where(CallBackStep.call_back_id.in_(list(keys)))
        .order_by(CallBackStep.id)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.call_back_id, []).append(row)
    return found


def count_waiting(now: datetime, *, departments: Collection[int] | None = None) -> tuple[int, int]:
    """Return how many can be called back now or later today, and how many of them are late."""
    ready: list[ColumnElement[bool]] = [CallBack.state == CallBackState.WAITING]
    ready.append(or_(CallBack.waits_for_answer.is_(False), CallBack.due_at <= now))
    if departments is not None:
        ready.append(CallBack.department_id.in_(departments))
    late = func.coalesce(func.sum(case((CallBack.due_at < now, 1), else_=0)), 0)
    waits, overdue = db.session.execute(select(func.count(), late).where(*ready)).one()
    return int(waits), int(overdue)
