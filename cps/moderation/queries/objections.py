"""What readers object to, and what still waits for a moderator."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy import case as sql_case

from cps.cases.models import Case
from cps.core.db import db
from cps.moderation.models import Flag
from cps.moderation.queries.acts import LIST_SIZE
from cps.moderation.queries.things import about, may_be_moderated
from cps.moderation.rules import GRAVE, Thing


def waiting(*, limit: int = LIST_SIZE) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what readers object to and nobody has decided on: what is grave first, then the oldest.

    Each row has `thing`, `thing_id`, how many `flags`, the `first` moment, and whether it `is_grave`.
    """
    grave = func.max(sql_case((Flag.reason.in_(GRAVE), 1), else_=0)).label("is_grave")
    first = func.min(Flag.at).label("first")
    return db.session.execute(
        select(Flag.thing, Flag.thing_id, func.count().label("flags"), first, grave)
        .join(Case, Case.id == Flag.case_id)
        .where(Flag.settled_at.is_(None), may_be_moderated())
        .group_by(Flag.thing, Flag.thing_id)
        .order_by(grave.desc(), first, Flag.thing, Flag.thing_id)
        .limit(limit)
    ).all()


def flags_of(thing: Thing, thing_id: int) -> Sequence[Flag]:
    """Return the objections to a thing that nobody has decided on, oldest first."""
    mine = select(Flag).where(*about(Flag, thing, thing_id), Flag.settled_at.is_(None))
    return db.session.scalars(mine.order_by(Flag.at, Flag.id)).all()


def flag(flag_id: int) -> Flag | None:
    """Return an objection."""
    return db.session.get(Flag, flag_id)


def flags_by(account_id: int) -> Select[*tuple[Any, ...]]:
    """Select (reference, thing, its key, reason, words, moment, answer) of an account's objections."""
    return (
        select(Case.reference, Flag.thing, Flag.thing_id, Flag.reason, Flag.words, Flag.at, Flag.answer)
        .join(Case, Case.id == Flag.case_id)
        .where(Flag.account_id == account_id)
        .order_by(Flag.at, Flag.id)
    )


def count_settled(until: datetime) -> int:
    """Count objections that were settled before a moment."""
    return db.session.scalar(select(func.count()).where(Flag.settled_at < until)) or 0
