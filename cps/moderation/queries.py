"""What readers object to, what is hidden, and what a moderator may look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy import case as sql_case

from cps.accounts.models import Account, RoleGrant
from cps.accounts.rules import AccountState, Role
from cps.cases.models import Attachment, Case, CaseEvent, CaseOriginal, EventOriginal
from cps.cases.queries import photo_is_public, photos, story
from cps.cases.rules import FROM_REPORTER, Audience
from cps.core.db import Model, db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.paging import Page, page_of, read_key
from cps.moderation.models import Act, Flag, ModerationOriginal
from cps.moderation.rules import GRAVE, ActKind, Thing
from cps.proposals.models import Comment

LIST_SIZE = 50
TABLES: dict[Thing, type[Model]] = {
    Thing.CASE: Case,
    Thing.UPDATE: CaseEvent,
    Thing.PHOTO: Attachment,
    Thing.COMMENT: Comment,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A thing with its row and the case it hangs on."""

    thing: Thing
    case: Case
    row: Any

    @property
    def id(self) -> int:
        """The key of its row."""
        key: int = self.row.id
        return key

    @property
    def is_hidden(self) -> bool:
        """Whether it is hidden by itself; that its case is hidden does not count."""
        return bool(self.row.hidden_because if self.thing is Thing.UPDATE else self.row.is_hidden)

    @property
    def words(self) -> str:
        """What everybody reads of it; a photo has none."""
        if self.thing is Thing.CASE:
            title, body = self.case.title, self.case.body
            return body if body == title else f"{title}\n\n{body}"
        if self.thing is Thing.PHOTO:
            return ""
        return str(self.row.body if self.thing is Thing.COMMENT else self.row.message)

    @property
    def language(self) -> str:
        """The language of its words."""
        return str(getattr(self.row, "language", "") or self.case.language)

    @property
    def author_id(self) -> int | None:
        """The account that wrote or sent it; None for visitors without one, and for who is forgotten."""
        own: int | None
        if self.thing is Thing.COMMENT:
            own = self.row.account_id
        elif self.thing is Thing.UPDATE:
            own = self.row.actor_id or (self.case.reporter_id if self.is_by_reporter else None)
        else:
            own = self.case.reporter_id
        return own

    @property
    def is_by_reporter(self) -> bool:
        """Whether it is of the one who reported the case, who may have no account but a secret link."""
        if self.thing is Thing.COMMENT:
            return False
        return self.thing is not Thing.UPDATE or self.row.kind in FROM_REPORTER


def may_be_moderated() -> ColumnElement[bool]:
    """Return the condition that moderators may see a case: no private one, none about staff."""
    return and_(Case.is_private.is_(False), Case.is_integrity.is_(False))


def find(thing: Thing, thing_id: int) -> Found | None:
    """Return a thing that moderators may see; None where there is none, or it is private."""
    row = db.session.get(TABLES[thing], thing_id)
    return _found(thing, row)


def get(thing: Thing, thing_id: int) -> Found:
    """Return the same; raises NotVisible."""
    found = find(thing, thing_id)
    if found is None:
        raise NotVisible(_("This is not there any more."))
    return found


def get_public(thing: Thing, thing_id: int, *, at: datetime) -> Found:
    """Return a thing that everybody may see now, to object to it; raises NotVisible."""
    found = get(thing, thing_id)
    is_shown = found.case.is_listed and not found.is_hidden
    if thing is Thing.UPDATE:
        is_shown = is_shown and found.row.public_from <= at and bool(found.row.message)
    if thing is Thing.PHOTO:
        is_shown = is_shown and photo_is_public(found.row, at=at)
    if not is_shown:
        raise NotVisible(_("This is not there any more."))
    return found


def lock(thing: Thing, thing_id: int, *, mark: str | None = None) -> Found:
    """Return a thing locked with its case for the running write transaction, read anew.

    With the `mark` that the person saw, raises StaleVersion where another moderator did something since.
    """
    found = get(thing, thing_id)
    found = _locked(found)
    if mark is not None and mark != mark_of(thing, thing_id):
        raise StaleVersion(_("Another moderator did something about it a moment ago. Look at it anew."))
    return found


def _locked(found: Found) -> Found:
    """Return a thing read anew, its case locked first: all acts about a case are done one after another."""
    row: Any = _lock_row(Case, found.case.id)
    if found.thing is not Thing.CASE:
        row = _lock_row(TABLES[found.thing], found.id)
    again = _found(found.thing, row)
    if again is None:
        raise NotVisible(_("This is not there any more."))
    return again


def _lock_row(table: Any, key: int) -> Any:
    """Lock by a SELECT of its own: `Session.get` refuses a row whose version moved on since it was read."""
    wanted = select(table).where(table.id == key).with_for_update(of=table, key_share=True)
    return db.session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()


def _found(thing: Thing, row: Any) -> Found | None:
    if row is None or (thing is Thing.UPDATE and row.audience is not Audience.PUBLIC):
        return None
    case = row if thing is Thing.CASE else db.session.get(Case, row.case_id) if row.case_id else None
    if case is None or case.is_private or case.is_integrity:
        return None
    return Found(thing, case, row)


def mark_of(thing: Thing, thing_id: int) -> str:
    """Return a text that changes with everything that moderators do about a thing."""
    of_acts = select(func.coalesce(func.max(Act.id), 0), func.coalesce(func.sum(Act.version), 0))
    acts = db.session.execute(of_acts.where(*_about(Act, thing, thing_id))).one()
    settled = select(func.count()).where(*_about(Flag, thing, thing_id), Flag.settled_at.is_not(None))
    return f"{acts[0]}-{acts[1]}-{db.session.scalar(settled) or 0}"


def _about(table: type[Act] | type[Flag], thing: Thing, thing_id: int) -> tuple[ColumnElement[bool], ...]:
    return table.thing == thing, table.thing_id == thing_id


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


def count_waiting() -> int:
    """Return to how many things readers object on which nobody has decided, and how many appeals wait."""
    things = (
        select(Flag.thing, Flag.thing_id)
        .join(Case, Case.id == Flag.case_id)
        .where(Flag.settled_at.is_(None), may_be_moderated())
        .distinct()
        .subquery()
    )
    flagged = db.session.scalar(select(func.count()).select_from(things)) or 0
    return flagged + len(appeals())


def flags_of(thing: Thing, thing_id: int) -> Sequence[Flag]:
    """Return the objections to a thing that nobody has decided on, oldest first."""
    mine = select(Flag).where(*_about(Flag, thing, thing_id), Flag.settled_at.is_(None))
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
    return page_of(rows, LIST_SIZE, lambda row: (row.id,)) if rows else Page([], None)


def acts_of(thing: Thing, thing_id: int) -> Sequence[Act]:
    """Return what was done about a thing, newest first."""
    return db.session.scalars(select(Act).where(*_about(Act, thing, thing_id)).order_by(Act.id.desc())).all()


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
    found = _locked(found)
    db.session.refresh(known)
    if version is not None and known.version != version:
        raise StaleVersion(_("Another moderator did something about it a moment ago. Look at it anew."))
    return known, found


def standing(thing: Thing, thing_id: int) -> Sequence[Act]:
    """Return what holds of a thing, newest first."""
    return [one for one in acts_of(thing, thing_id) if one.ended_at is None]


def hidings_of(case_id: int) -> Sequence[Act]:
    """Return the act that hides a case now; none where it is not hidden."""
    return [act for act in standing(Thing.CASE, case_id) if act.what is ActKind.HIDE]


def parts_of(case_id: int, *, at: datetime) -> tuple[Sequence[Attachment], Sequence[CaseEvent]]:
    """Return the photos of a case and the entries of its story with words that everybody reads."""
    events = story(case_id, reader=Audience.PUBLIC, at=at)
    shown = [photo for photo in photos(case_id) if photo_is_public(photo, at=at)]
    return shown, [event for event in events if event.message]


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


def as_written(found: Found) -> dict[str, Any]:
    """Return what a thing says as it was written, numbers and addresses of people not masked, by field."""
    if found.thing is Thing.CASE:
        kept: Any = db.session.get(CaseOriginal, found.id)
        fields: tuple[str, ...] = ("title", "body", "address", "answers")
    elif found.thing is Thing.UPDATE:
        kept, fields = db.session.get(EventOriginal, found.id), ("message",)
    else:
        kept, fields = None, ("body",)
    said = kept.texts if kept is not None else {}
    return {field: said.get(field, getattr(found.row, field)) for field in fields}


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


def count_settled(until: datetime) -> int:
    """Count objections that were settled before a moment."""
    return db.session.scalar(select(func.count()).where(Flag.settled_at < until)) or 0
