"""The story of a case and its photos."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.rules import Audience, EventKind
from cps.core.db import db

# Statements of every page are built once, not for each request: building one takes longer than running it.
_EVENTS = select(CaseEvent).where(CaseEvent.case_id == bindparam("case_id"))
_READABLE = _EVENTS.where(CaseEvent.public_from <= bindparam("at"))
_IN_ORDER = (CaseEvent.at, CaseEvent.id)
_STORIES = {
    Audience.PUBLIC: _READABLE.where(CaseEvent.audience == Audience.PUBLIC).order_by(*_IN_ORDER),
    Audience.REPORTER: _READABLE.where(CaseEvent.audience != Audience.STAFF).order_by(*_IN_ORDER),
    Audience.STAFF: _EVENTS.order_by(*_IN_ORDER),
}
_PHOTOS = (
    select(Attachment)
    .where(Attachment.case_id == bindparam("case_id"), Attachment.is_hidden.is_(False))
    .order_by(Attachment.id)
)


def story(case_id: int, *, reader: Audience, at: datetime) -> Sequence[CaseEvent]:
    """Return the events of a case that the reader may read by now, oldest first.

    The reporter also reads what is public, staff read everything.
    """
    return db.session.scalars(_STORIES[reader], {"case_id": case_id, "at": at}).all()


def was_confirmed(case_id: int, *, since: datetime | None) -> bool:
    """Return whether the reporter said that the case is fixed since it was closed."""
    confirmed = select(CaseEvent.id).where(
        CaseEvent.case_id == case_id, CaseEvent.kind == EventKind.CONFIRMED_FIXED, CaseEvent.at >= since
    )
    return db.session.scalar(confirmed.limit(1)) is not None


def hidden_because(case_id: int) -> str:
    """Return why a case was hidden last, one of `HidingReason`; "" where its story does not say it."""
    hidden = select(CaseEvent.data).where(CaseEvent.case_id == case_id, CaseEvent.kind == EventKind.HIDDEN)
    data = db.session.scalar(hidden.order_by(CaseEvent.id.desc()).limit(1))
    return str((data or {}).get("why", ""))


def photos(case_id: int) -> Sequence[Attachment]:
    """Return the photos of a case that are not hidden, oldest first."""
    return db.session.scalars(_PHOTOS, {"case_id": case_id}).all()


def photo(name: str) -> Attachment | None:
    """Return one photo by its random name."""
    return db.session.scalar(select(Attachment).where(Attachment.name == name))


def case_of_photo(photo: Attachment) -> Case | None:
    """Return the case a photo hangs on; None while it belongs to a draft."""
    return db.session.get(Case, photo.case_id) if photo.case_id is not None else None


def photo_is_public(photo: Attachment, *, at: datetime) -> bool:
    """Return whether a photo came with the case itself or with an event that everybody may read by now."""
    if photo.event_id is None:
        return True
    event = db.session.get(CaseEvent, photo.event_id)
    return event is not None and event.audience is Audience.PUBLIC and event.public_from <= at


def events_of(event_ids: Sequence[int]) -> Sequence[CaseEvent]:
    """Return events by their numbers, oldest first."""
    return db.session.scalars(
        select(CaseEvent).where(CaseEvent.id.in_(event_ids)).order_by(CaseEvent.id)
    ).all()


def photos_of_events(event_ids: Sequence[int]) -> Sequence[Attachment]:
    """Return the photos that came with events."""
    return db.session.scalars(select(Attachment).where(Attachment.event_id.in_(event_ids))).all()
