"""Reads for the list of one's own messages, the daily digest, and how people want to hear."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, or_, select, true, tuple_

from cps.cases.models import Case, CaseEvent, Follow
from cps.cases.rules import EventKind
from cps.core.db import db
from cps.core.paging import Page, page_of, read_key
from cps.notifications.models import BouncedAddress, MessageWish, Told
from cps.notifications.queries.changed import event_named
from cps.notifications.rules import Pace, Topic

PAGE_SIZE = 30
LETTERS = "digest:%"
"""Pattern of the dedupe keys of digests."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of somebody's list; `is_shown` says that its subject may still be read by them.

    `is_hidden` says that it told nothing but words, which a moderator hid.
    """

    told: Told
    is_shown: bool
    is_hidden: bool = False


def chosen_paces(account_ids: Collection[int], topic: Topic) -> dict[int, Pace]:
    """Return how those of these accounts hear of a topic who chose it themselves."""
    wishes = select(MessageWish.account_id, MessageWish.pace).where(
        MessageWish.topic == topic, MessageWish.account_id.in_(account_ids)
    )
    return {row.account_id: row.pace for row in db.session.execute(wishes)}


def own_paces(account_id: int) -> dict[Topic, Pace]:
    """Return what an account chose."""
    wishes = select(MessageWish.topic, MessageWish.pace).where(MessageWish.account_id == account_id)
    return {row.topic: row.pace for row in db.session.execute(wishes)}


def bounced_tags(account_ids: Collection[int]) -> dict[int, str]:
    """Return the tags of addresses that send back, by account."""
    found = select(BouncedAddress.account_id, BouncedAddress.tag).where(
        BouncedAddress.account_id.in_(account_ids)
    )
    return {row.account_id: row.tag for row in db.session.execute(found)}


def bounced(account_id: int) -> BouncedAddress | None:
    """Return that the address of an account sends back."""
    return db.session.get(BouncedAddress, account_id)


def count_bounced() -> int:
    """Count the accounts whose address sends back."""
    return db.session.scalar(select(func.count()).select_from(BouncedAddress)) or 0


def newest(account_id: int, key: str | None = None) -> Page[Entry]:
    """Return what an account was told, the newest first; `key` opens a page further on."""
    found = (
        select(Told, _may_read(account_id))
        .outerjoin(Case, Case.id == Told.case_id)
        .where(Told.account_id == account_id)
        .order_by(Told.told_at.desc(), Told.about.desc())
        .limit(PAGE_SIZE + 1)
    )
    if (after := read_key(key, datetime, str)) is not None:
        found = found.where(tuple_(Told.told_at, Told.about) < tuple_(*after))
    listed = db.session.execute(found).all()
    hidden = hidden_words([told for told, _is_shown in listed])
    rows = [Entry(told, bool(is_shown), told.about in hidden) for told, is_shown in listed]
    return page_of(rows, PAGE_SIZE, lambda one: (one.told.told_at, one.told.about))


def count_unread(account_id: int) -> int:
    """Count what an account has not read."""
    unread = select(func.count()).where(Told.account_id == account_id, Told.read_at.is_(None))
    return db.session.scalar(unread) or 0


def accounts_due(at: datetime, *, after: int, limit: int) -> Sequence[int]:
    """Return up to `limit` accounts behind `after` whose digest is due."""
    found = select(Told.account_id).where(*_due(at), Told.account_id > after).distinct()
    return db.session.scalars(found.order_by(Told.account_id).limit(limit)).all()


def is_digest_due(at: datetime) -> bool:
    """Return whether a digest is due that nobody has written."""
    return db.session.scalar(select(Told.account_id).where(*_due(at)).limit(1)) is not None


def lock_due(account_ids: Collection[int], at: datetime) -> Sequence[Told]:
    """Return what is due for digests of these accounts, locked: of two workers one finds it gathered."""
    return db.session.scalars(
        select(Told)
        .where(*_due(at), Told.account_id.in_(account_ids))
        .order_by(Told.account_id, Told.told_at.desc(), Told.about)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def tellable(due: Sequence[Told]) -> dict[int, list[Told]]:
    """Return by account what of this may still be told, the newest first.

    Left out is what its reader has read, what is not shown to them any more, and cases that they followed
    and do not follow now.
    """
    of_account: dict[int, list[Told]] = defaultdict(list)
    case_ids = {one.case_id for one in due if one.case_id is not None}
    accounts = {one.account_id for one in due}
    cases = {case.id: case for case in db.session.scalars(select(Case).where(Case.id.in_(case_ids)))}
    follows = select(Follow.case_id, Follow.account_id).where(
        Follow.case_id.in_(case_ids), Follow.account_id.in_(accounts)
    )
    followed = {tuple(row) for row in db.session.execute(follows)}
    hidden = hidden_words(due)
    for one in due:
        case = cases.get(one.case_id or 0)
        is_closed = case is not None and not case.is_listed and case.reporter_id != one.account_id
        is_left = one.topic is Topic.FOLLOWED and (one.case_id, one.account_id) not in followed
        if one.read_at is None and not is_closed and not is_left and one.about not in hidden:
            of_account[one.account_id].append(one)
    return of_account


def subjects_of(case_ids: Sequence[int]) -> Sequence[Row[int, str, str]]:
    """Return how people were told of these cases, each wording once: case, wording, the title it has now."""
    told = select(Case.id, Told.subject, Case.title).join(Case, Case.id == Told.case_id)
    return db.session.execute(told.where(Told.case_id.in_(case_ids)).distinct()).all()


def hidden_words(told: Sequence[Told]) -> set[str]:
    """Return what of this told nothing but words, which a moderator hid."""
    named = {number: one.about for one in told if (number := event_named(one.about)) is not None}
    updates = select(CaseEvent).where(CaseEvent.id.in_(named), CaseEvent.kind == EventKind.UPDATED)
    found = db.session.scalars(updates).all() if named else ()
    return {named[event.id] for event in found if event.hidden_because}


def _may_read(account_id: int) -> ColumnElement[bool]:
    """Whether a case is shown to an account: everybody sees it, or it is theirs."""
    return or_(Told.case_id.is_(None), Case.is_listed.is_(true()), Case.reporter_id == account_id)


def _due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Told.digest_at <= at, Told.digest_at.is_not(None), Told.digested_at.is_(None))
