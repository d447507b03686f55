"""Reads of notices: those that stand now, the list of all, one with its story."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, tuple_

from cps.core.db import db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.known import Known
from cps.core.paging import Page, page_of, read_key
from cps.notices.models import Notice, NoticeFollow, NoticeUpdate
from cps.notices.rules import Circle, KnownNotice, Spot, State, concerns

MOST_KNOWN = 200
"""How many notices are remembered: those that end last, so all that run or come, and some that are over."""

LIST_SIZE = 20


def running(at: datetime) -> list[KnownNotice]:
    """Return the notices that run at a moment, the newest first; no statement while none has changed."""
    return [one for one in _known.get() if one.state(at) is State.RUNNING]


def coming(at: datetime) -> list[KnownNotice]:
    """Return the notices that will run, the next first."""
    return [one for one in reversed(_known.get()) if one.state(at) is State.COMING]


def running_for(spot: Spot, at: datetime) -> list[KnownNotice]:
    """Return the running notices that are about what happened at a spot."""
    return [one for one in running(at) if concerns(one, spot)]


def _read() -> tuple[KnownNotice, ...]:
    latest = select(Notice).order_by(Notice.ends_at.desc(), Notice.id.desc()).limit(MOST_KNOWN)
    found = [known(row) for row in db.session.scalars(latest)]
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.id), reverse=True))


def known(row: Notice) -> KnownNotice:
    """Return a row as a plain value."""
    circle = None
    if row.lat is not None and row.lon is not None and row.radius_m is not None:
        circle = Circle(row.lat, row.lon, row.radius_m)
    return KnownNotice(
        id=row.id,
        version=row.version,
        title=row.title,
        text=row.text,
        say=row.say,
        ward_codes=tuple(row.ward_codes),
        circle=circle,
        category_id=row.category_id,
        department_id=row.department_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        updated_at=row.updated_at,
    )


_known = Known(_read, Notice)


def find(notice_id: int) -> KnownNotice | None:
    """Return one notice, also one that is over."""
    row = db.session.get(Notice, notice_id)
    return known(row) if row is not None else None


def get(notice_id: int) -> KnownNotice:
    """Return one notice; raises NotVisible when there is none."""
    notice = find(notice_id)
    if notice is None:
        raise NotVisible(_("There is no such notice."))
    return notice


def lock(notice_id: int, *, version: int | None = None) -> Notice:
    """Return the row locked for the running write transaction.

    Raises NotVisible when there is none and, with the `version` that the person saw, StaleVersion when
    somebody changed it since.
    """
    row = db.session.scalars(
        select(Notice)
        .where(Notice.id == notice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotVisible(_("There is no such notice."))
    if version is not None and row.version != version:
        raise StaleVersion(_("Somebody else changed this notice a moment ago. Look at it anew, then decide."))
    return row


def over(at: datetime, *, after: str | None = None, size: int = LIST_SIZE) -> Page[KnownNotice]:
    """Return one page of the notices that are over, those that ended last first."""
    statement = select(Notice).where(Notice.ends_at <= at)
    key = read_key(after, datetime, int)
    if key is not None:
        statement = statement.where(tuple_(Notice.ends_at, Notice.id) < tuple_(*key))
    latest = statement.order_by(Notice.ends_at.desc(), Notice.id.desc()).limit(size + 1)
    found = [known(row) for row in db.session.scalars(latest)]
    return page_of(found, size, lambda one: (one.ends_at, one.id))


def updates(notice_id: int) -> Sequence[NoticeUpdate]:
    """Return what the city added, newest first."""
    story = select(NoticeUpdate).where(NoticeUpdate.notice_id == notice_id)
    return db.session.scalars(story.order_by(NoticeUpdate.at.desc(), NoticeUpdate.id.desc())).all()


def update(update_id: int) -> NoticeUpdate | None:
    """Return one update."""
    return db.session.get(NoticeUpdate, update_id)


def is_followed_by(notice_id: int, account_id: int) -> bool:
    """Return whether the account is told when it is over."""
    return db.session.get(NoticeFollow, (notice_id, account_id)) is not None
