"""Contacts that were recorded, and the words by which the city names what they were about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.rules import Channel
from cps.contact.models import Contact, WrapUpCode
from cps.contact.queries.cases import tellable
from cps.contact.rules import Ending
from cps.core.db import Texts, db

NEWEST = 20


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact of a list; without `reference` no case came of it, or one that nobody here may see."""

    id: int
    received_at: datetime
    channel: Channel
    ending: Ending
    note: str
    agent: str | None
    code: Texts | None
    reference: str | None
    caller_id: int | None


def contacts_of(caller_id: int, *, most: int = NEWEST) -> list[ContactRow]:
    """Return the newest contacts of a caller."""
    return _rows(_contacts().where(Contact.caller_id == caller_id).limit(most))


def newest_of_agent(agent_id: int, *, most: int = NEWEST) -> list[ContactRow]:
    """Return what an agent recorded last."""
    return _rows(_contacts().where(Contact.agent_id == agent_id).limit(most))


def _contacts() -> Any:
    return (
        select(
            Contact.id,
            Contact.received_at,
            Contact.channel,
            Contact.ending,
            Contact.note,
            Account.display_name,
            WrapUpCode.name,
            Case.reference,
            Contact.caller_id,
        )
        .outerjoin(Account, Account.id == Contact.agent_id)
        .outerjoin(WrapUpCode, WrapUpCode.id == Contact.code_id)
        .outerjoin(Case, (Case.id == Contact.case_id) & tellable())
        .order_by(Contact.received_at.desc(), Contact.id.desc())
    )


def _rows(statement: Any) -> list[ContactRow]:
    return [ContactRow(*row) for row in db.session.execute(statement)]


def matters_of(call_ref: str) -> Sequence[Row[int, int | None, str | None]]:
    """Return (number, agent, name of the agent) of each matter that was recorded of one call."""
    found = (
        select(Contact.matter, Contact.agent_id, Account.display_name)
        .outerjoin(Account, Account.id == Contact.agent_id)
        .where(Contact.call_ref == call_ref, Contact.call_ref != "")
    )
    return db.session.execute(found.order_by(Contact.matter)).all()


def codes(*, every: bool = False) -> Sequence[WrapUpCode]:
    """Return what a contact can be about, in the city's order; `every`: also what is no longer offered."""
    found = select(WrapUpCode).order_by(WrapUpCode.ord, WrapUpCode.id)
    return db.session.scalars(found if every else found.where(WrapUpCode.is_active.is_(True))).all()


def lock_code(code: str) -> WrapUpCode | None:
    """Return a code locked for the running write transaction."""
    return db.session.scalars(
        select(WrapUpCode).where(WrapUpCode.code == code).with_for_update()
    ).one_or_none()
