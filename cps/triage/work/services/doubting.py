"""Photos of the work that were used before, or are older than their case: pointed out, and looked at."""

from datetime import datetime

from cps.accounts.models import Account
from cps.cases.models import Attachment, Case
from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.upsert import insert_into
from cps.triage.work.models import PhotoDoubt
from cps.triage.work.queries import doubts
from cps.triage.work.rules import PhotoDoubtKind, is_older


def look_at_photos(event_id: int, *, at: datetime) -> int:
    """Point out what is odd about the photos of the work that came with an event; returns how many are.

    Each photo is pointed out once for each kind, however often it is looked at.
    """
    number = 0
    for photo, case in doubts.closing_photos(event_id):
        other = doubts.same_as(photo, case)
        if other is not None:
            number += _point_out(photo, PhotoDoubtKind.SAME, at, other.id)
        if is_older(photo, case):
            number += _point_out(photo, PhotoDoubtKind.EARLIER, at)
    return number


def _point_out(photo: Attachment, kind: PhotoDoubtKind, at: datetime, other_id: int | None = None) -> int:
    row = {"photo_id": photo.id, "case_id": photo.case_id, "kind": kind, "other_id": other_id, "found_at": at}
    new = insert_into(PhotoDoubt).values({**row, "note": ""}).on_conflict_do_nothing()
    return int(db.session.execute(new.returning(PhotoDoubt.id)).first() is not None)


def check_photo(doubt: PhotoDoubt, *, is_good: bool, note: str, by: Account, at: datetime) -> bool:
    """Keep what a supervisor found at a photo, which is locked; False where somebody had looked before.

    Raises RuleViolation where something was not good and nobody says what.
    """
    if not is_good and not note.strip():
        raise RuleViolation(_("Say what was not good."))
    if doubt.checked_at is not None:
        return False
    doubt.is_good, doubt.note, doubt.by_id, doubt.checked_at = is_good, note, by.id, at
    found = {"kind": [None, doubt.kind], "is_good": [None, is_good]}
    about = ("case", db.session.get_one(Case, doubt.case_id).reference)
    audit.record("check-photo", about=about, by=by.id, at=at, changes=found)
    db.session.flush()
    return True
