"""What moderators did, what of it holds, and what it is counted by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from cps.accounts.models import Account, RoleGrant
from cps.accounts.rules import AccountState, Role
from cps.cases.models import Case
from cps.core.db import db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.paging import Page, page_of, read_key
from cps.moderation.models import Act, ModerationOriginal
from cps.moderation.queries.things import Found, about, get, locked, may_be_moderated
from cps.moderation.rules import ActKind, Thing

LIST_SIZE = 50


def appeals(*, limit: int = LIST_SIZE) -> Sequence[Act]:
    """Return acts against which an appeal waits, the oldest appeal first."""
    open_ones = select(Act).join(Case, Case.id == Act.case_id).where(may_be_moderated())
    open_ones = open_ones.where(Act.appealed_at.is_not(None), Act.decided_at.is_(None))
    return db.session.scalars(open_ones.order_by(Act.appealed_at, Act.id).limit(limit)).all()


def acts(*, after: str | None = None) -> Page[Act]:
    """Return one page of what moderators hid or blacked out and what still is, newest first."""
    statement = select(Act).join(Case, Case.id == Act.case_id)
    statement = statement.where(Act.ended_at.is_(None), may_be_moderated())
    key = read_key(after, int)
    if key is not None:
        statement = statement.where(Act.id < key[0])
    rows = db.session.scalars(statement.order_by(Act.id.desc()).limit(LIST_SIZE + 1)).all()
    return page_of(rows, LIST_SIZE, lambda row: (row.id,))


def acts_of(thing: Thing, thing_id: int) -> Sequence[Act]:
    """Return what was done about a thing, newest first."""
    return db.session.scalars(select(Act).where(*about(Act, thing, thing_id)).order_by(Act.id.desc())).all()


def act(act_id: int) -> Act | None:
    """Return an act."""
    return db.session.get(Act, act_id)


def get_act(act_id: int) -> tuple[Act, Found]:
    """Return an act and its thing; raises NotVisible where moderators may not see it."""
    known = act(act_id)
    if known is None:
        raise NotVisible(_("This is not there any more."))
    return known, get(known.thing, known.thing_id)


def lock_act(act_id: int, *, version: int | None = None) -> tuple[Act, Found]:
    """Return an act and its thing, locked and read anew; raises StaleVersion for another version."""
    known, found = get_act(act_id)
    found = locked(found)
    db.session.refresh(known)
    if version is not None and known.version != version:
        raise StaleVersion(_("Another moderator did something about it a moment ago. Look at it anew."))
    return known, found


def standing(thing: Thing, thing_id: int) -> Sequence[Act]:
    """Return what holds of a thing, newest first."""
    return [one for one in acts_of(thing, thing_id) if one.ended_at is None]


def hidings_of(case_id: int) -> Sequence[Act]:
    """Return the acts that hide a case now, of which there is one at most."""
    return [one for one in standing(Thing.CASE, case_id) if one.what is ActKind.HIDE]


def original(act_id: int) -> ModerationOriginal | None:
    """Return what a thing was before an act."""
    return db.session.get(ModerationOriginal, act_id)


def acts_about(case_ids: Sequence[int]) -> Select[int]:
    """Return the keys of all acts about these cases, as a part of another statement."""
    return select(Act.id).where(Act.case_id.in_(case_ids))


def kept_photos(case_ids: Sequence[int]) -> Sequence[str]:
    """Return the names of the photos that are kept from before parts of them were covered."""
    kept = select(ModerationOriginal.photo).join(Act, Act.id == ModerationOriginal.act_id)
    return db.session.scalars(kept.where(Act.case_id.in_(case_ids), ModerationOriginal.photo != "")).all()


def other_moderators(*but: int | None) -> int:
    """Return how many active moderators there are besides these accounts."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(RoleGrant)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(
                RoleGrant.role == Role.MODERATOR,
                Account.state == AccountState.ACTIVE,
                Account.id.not_in([one for one in but if one is not None]),
            )
        )
        or 0
    )


def hidings_since(moment: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return (thing, what, reason, how many, how many of them were shown again) since a moment."""
    again = func.count(Act.ended_at).label("again")
    return db.session.execute(
        select(Act.thing, Act.what, Act.reason, func.count().label("number"), again)
        .join(Case, Case.id == Act.case_id)
        .where(Act.at >= moment, Case.is_integrity.is_(False))
        .group_by(Act.thing, Act.what, Act.reason)
        .order_by(Act.thing, Act.what, Act.reason)
    ).all()


def published() -> Sequence[Row[*tuple[Any, ...]]]:
    """Return (moment, thing, what, reason, shown again, appealed, granted) of every act, oldest first."""
    columns = (Act.at, Act.thing, Act.what, Act.reason, Act.ended_at, Act.appealed_at, Act.is_granted)
    listed = select(*columns).join(Case, Case.id == Act.case_id)
    listed = listed.where(Case.is_integrity.is_(False)).order_by(Act.at, Act.id)
    return db.session.execute(listed).all()
