"""What a moderator may look at: a case, an entry of its story, a photo, a comment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from cps.cases.models import Attachment, Case, CaseEvent, CaseOriginal, EventOriginal
from cps.cases.queries import photo_is_public, photos, story
from cps.cases.rules import FROM_REPORTER, Audience
from cps.core.db import Model, db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _
from cps.moderation.models import Act, Flag
from cps.moderation.rules import Thing
from cps.proposals.models import Comment

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
        entry = entry_of(self.thing, self.row)
        if self.thing is Thing.COMMENT:
            own = self.row.account_id
        elif entry is not None:
            own = entry.actor_id or (self.case.reporter_id if self.is_by_reporter else None)
        else:
            own = self.case.reporter_id
        return own

    @property
    def is_by_reporter(self) -> bool:
        """Whether it is of the one who reported the case, who may have no account but a secret link."""
        if self.thing is Thing.COMMENT:
            return False
        entry = entry_of(self.thing, self.row)
        return entry is None or entry.kind in FROM_REPORTER


def entry_of(thing: Thing, row: Any) -> CaseEvent | None:
    """Return the entry of the story that a thing is, or with which a photo came."""
    if thing is Thing.PHOTO and row.event_id is not None:
        return db.session.get(CaseEvent, row.event_id)
    return row if thing is Thing.UPDATE else None


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
    found = locked(found)
    if mark is not None and mark != mark_of(thing, thing_id):
        raise StaleVersion(_("Another moderator did something about it a moment ago. Look at it anew."))
    return found


def locked(found: Found) -> Found:
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
    if row is None:
        return None
    entry = entry_of(thing, row)
    if entry is not None and entry.audience is not Audience.PUBLIC:
        return None
    case = row if thing is Thing.CASE else db.session.get(Case, row.case_id) if row.case_id else None
    if case is None or case.is_private or case.is_integrity:
        return None
    return Found(thing, case, row)


def mark_of(thing: Thing, thing_id: int) -> str:
    """Return a text that changes with everything that moderators do about a thing."""
    of_acts = select(func.coalesce(func.max(Act.id), 0), func.coalesce(func.sum(Act.version), 0))
    acts = db.session.execute(of_acts.where(*about(Act, thing, thing_id))).one()
    settled = select(func.count()).where(*about(Flag, thing, thing_id), Flag.settled_at.is_not(None))
    return f"{acts[0]}-{acts[1]}-{db.session.scalar(settled) or 0}"


def about(table: type[Act] | type[Flag], thing: Thing, thing_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an act or an objection is about a thing."""
    return table.thing == thing, table.thing_id == thing_id


def parts_of(case_id: int, *, at: datetime) -> tuple[Sequence[Attachment], Sequence[CaseEvent]]:
    """Return the photos of a case and the entries of its story with words that everybody reads."""
    events = story(case_id, reader=Audience.PUBLIC, at=at)
    shown = [photo for photo in photos(case_id) if photo_is_public(photo, at=at)]
    return shown, [event for event in events if event.message]


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
