"""Every write on notices. Services flush and never commit; the caller opens the transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from cps.accounts.models import Account
from cps.core import audit, changes, outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.upsert import insert_into
from cps.notices import queries
from cps.notices.models import Notice, NoticeFollow, NoticeUpdate
from cps.notices.rules import LONGEST_RUN, NoticeSpec
from cps.wards import queries as wards

RUN_OUT = "notice-run-out"


def make(spec: NoticeSpec, *, by: Account, at: datetime) -> Notice:
    """Say what the city knows, from now on or from later on; it expires by itself.

    Raises RuleViolation where it has no title, ends before it begins or by now, or names no ward of ours.
    """
    _check(spec, at)
    notice = Notice(author_id=by.id, created_at=at, updated_at=at, **_columns(spec))
    db.session.add(notice)
    db.session.flush()
    _expire_at_its_end(notice, at)
    outbox.state(outbox.Fact.NOTICE_MADE, notice.id, at=at)
    _trace("make-notice", notice, by, at, {"ends_at": [None, notice.ends_at.isoformat()]})
    return notice


def change(notice: Notice, spec: NoticeSpec, *, by: Account, at: datetime) -> None:
    """Let a locked notice say something else, concern another area, or end at another time."""
    _check(spec, at)
    _must_stand(notice, at)
    changed = changes.apply(notice, _columns(spec))
    if not changed:
        return
    notice.updated_at = at
    if "ends_at" in changed:
        _expire_at_its_end(notice, at)
    _trace("change-notice", notice, by, at, changed)


def extend(notice: Notice, until: datetime, *, by: Account, at: datetime) -> None:
    """Let a locked notice stand until another moment, later or earlier than announced."""
    _must_stand(notice, at)
    if until <= max(at, notice.starts_at):
        raise RuleViolation(_("Choose a time that lies ahead."))
    if until - notice.starts_at > LONGEST_RUN:
        raise RuleViolation(_("A notice stands for a year at most."))
    before, notice.ends_at, notice.updated_at = notice.ends_at, until, at
    _expire_at_its_end(notice, at)
    _trace("extend-notice", notice, by, at, {"ends_at": [before.isoformat(), until.isoformat()]})


def end(notice: Notice, *, by: Account, at: datetime, tells: bool = True) -> None:
    """End a locked notice now. With `tells` off nobody hears of it by itself: an update says it already."""
    _must_stand(notice, at)
    before, notice.ends_at, notice.updated_at = notice.ends_at, at, at
    notice.starts_at = min(notice.starts_at, at)
    db.session.flush()
    if tells:
        outbox.state(outbox.Fact.NOTICE_OVER, notice.id, at=at)
    _trace("end-notice", notice, by, at, {"ends_at": [before.isoformat(), at.isoformat()]})


def add_update(notice: Notice, text: dict[str, str], *, by: Account, at: datetime) -> NoticeUpdate:
    """Say something new about a locked notice, also once it is over.

    The cases under it hear of it by `cases.services.begin_answering`, which states the fact for people too.
    """
    if not any(text.values()):
        raise RuleViolation(_("Write what is new."))
    update = NoticeUpdate(notice_id=notice.id, at=at, by_id=by.id, text=text)
    db.session.add(update)
    notice.updated_at = at
    db.session.flush()
    _trace("update-notice", notice, by, at, {})
    return update


def run_out(notice_id: int, ends_at: datetime, *, at: datetime) -> None:
    """State that a notice is over, if it ends at this moment still and the moment has come."""
    notice = queries.find(notice_id)
    if notice is not None and notice.ends_at == ends_at <= at:
        outbox.state(outbox.Fact.NOTICE_OVER, notice_id, at=at)


def follow(notice_id: int, *, by: Account, at: datetime) -> bool:
    """Tell this account when a notice is over and what is new; False when it was to be told already."""
    if queries.get(notice_id).ends_at <= at:
        raise RuleViolation(_("This notice is over."))
    row = {"notice_id": notice_id, "account_id": by.id, "at": at}
    statement = insert_into(NoticeFollow).values(row).on_conflict_do_nothing()
    return db.session.execute(statement.returning(NoticeFollow.notice_id)).first() is not None


def unfollow(notice_id: int, account_id: int) -> None:
    """Tell this account no more; already ended is fine."""
    gone = delete(NoticeFollow).where(
        NoticeFollow.notice_id == notice_id, NoticeFollow.account_id == account_id
    )
    db.session.execute(gone)


def _check(spec: NoticeSpec, at: datetime) -> None:
    if not any(spec.title.values()):
        raise RuleViolation(_("Write in a few words what the city knows."))
    if spec.ends_at <= max(spec.starts_at, at):
        raise RuleViolation(_("The end must lie ahead, and after the beginning."))
    if spec.ends_at - spec.starts_at > LONGEST_RUN:
        raise RuleViolation(_("A notice stands for a year at most."))
    if unknown := set(spec.ward_codes) - set(wards.areas().wards):
        raise RuleViolation(_("There is no ward “%(code)s”.", code=min(unknown)))


def _must_stand(notice: Notice, at: datetime) -> None:
    if notice.ends_at <= at:
        raise RuleViolation(_("This notice is over. Make a new one."))


def _columns(spec: NoticeSpec) -> dict[str, Any]:
    circle = spec.circle
    return {
        "title": spec.title,
        "text": spec.text,
        "say": spec.say,
        "ward_codes": list(spec.ward_codes),
        "lat": circle.lat if circle else None,
        "lon": circle.lon if circle else None,
        "radius_m": circle.radius_m if circle else None,
        "category_id": spec.category_id,
        "department_id": spec.department_id,
        "starts_at": spec.starts_at,
        "ends_at": spec.ends_at,
    }


def _expire_at_its_end(notice: Notice, at: datetime) -> None:
    """Leave the worker the job to state that it is over; a job for an end that was moved does nothing."""
    outbox.enqueue(
        RUN_OUT,
        at=at,
        not_before=notice.ends_at,
        notice_id=notice.id,
        ends_at=notice.ends_at.isoformat(),
    )


def _trace(action: str, notice: Notice, by: Account, at: datetime, changed: dict[str, Any]) -> None:
    audit.record(action, about=("notice", notice.id), by=by.id, at=at, changes=changed)
