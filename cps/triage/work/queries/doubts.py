"""Photos of the work that a supervisor should look at."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import aliased

from cps.cases.closing_models import ClosingRequest
from cps.cases.models import Attachment, Case
from cps.cases.queries import Reach
from cps.cases.rules import CaseKind, PhotoStage
from cps.cases.rules.alike import have_equal_photo
from cps.core.db import db
from cps.triage.work.models import PhotoDoubt
from cps.triage.work.queries.overview import of

NEWEST = 2_000
"""So many photos of the work of a department are compared by what they show; older ones by their file."""

SHOWN = 10


def closing_photos(event_id: int) -> Sequence[Row[Attachment, Case]]:
    """Return the photos of the work that came with an event of a complaint, each with its case."""
    found = select(Attachment, Case).join(Case, Case.id == Attachment.case_id)
    is_work = (Attachment.stage == PhotoStage.AFTER, Attachment.is_hidden.is_(False))
    is_watched = (Case.kind == CaseKind.COMPLAINT, Case.is_integrity.is_(False))
    found = found.where(Attachment.event_id == event_id, *is_work, *is_watched).order_by(Attachment.id)
    return db.session.execute(found).all()


def same_as(photo: Attachment, case: Case) -> Row[int, int | None, str, str] | None:
    """Return the photo that shows the same picture: the same file, or hardly anything differs."""
    for row in earlier_photos(photo, case):
        is_same_file = row.original_sha256 == photo.original_sha256
        if is_same_file or have_equal_photo([photo.perceptual_hash], [row.perceptual_hash]):
            return row
    return None


def earlier_photos(photo: Attachment, case: Case) -> Sequence[Row[int, int | None, str, str]]:
    """Return (id, case_id, perceptual_hash, original_sha256) of photos that one of the work is compared with.

    They are those of the case itself and those of the work of its department, the newest first; what came
    with the same event is not among them, nor what waited for a second pair of eyes, nor what came
    with complaints about staff.
    """
    of_work = (Attachment.stage == PhotoStage.AFTER, Case.department_id == case.department_id)
    exact = _compared(photo, *of_work, Attachment.original_sha256 == photo.original_sha256)
    was_asked = select(ClosingRequest.id).where(ClosingRequest.event_id == Attachment.event_id).exists()
    own = _compared(photo, Attachment.case_id == case.id, ~was_asked)
    newest = _compared(photo, *of_work).limit(NEWEST)
    return [row for part in (exact, own, newest) for row in db.session.execute(part)]


def _compared(photo: Attachment, *which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    earlier = or_(Attachment.event_id.is_(None), Attachment.event_id != photo.event_id)
    hashes = (Attachment.perceptual_hash, Attachment.original_sha256)
    columns = select(Attachment.id, Attachment.case_id, *hashes).join(Case, Case.id == Attachment.case_id)
    is_seen = (Attachment.is_hidden.is_(False), Case.is_integrity.is_(False))
    shown = (*is_seen, Attachment.id < photo.id, earlier)
    return columns.where(*shown, *which).order_by(Attachment.id.desc())


def open_doubts(reach: Reach) -> Sequence[Any]:
    """Return the photos that nobody has looked at, each with both cases, of these departments."""
    photo, other, other_case = aliased(Attachment), aliased(Attachment), aliased(Case)
    found = (
        select(PhotoDoubt, Case, photo, other_case, other)
        .join(Case, Case.id == PhotoDoubt.case_id)
        .join(photo, photo.id == PhotoDoubt.photo_id)
        .outerjoin(other, other.id == PhotoDoubt.other_id)
        .outerjoin(other_case, other_case.id == other.case_id)
        .where(or_(PhotoDoubt.other_id.is_(None), other_case.is_integrity.is_(False)))
        .where(PhotoDoubt.checked_at.is_(None), photo.is_hidden.is_(False), of(reach))
    )
    return db.session.execute(found.order_by(PhotoDoubt.id.desc()).limit(SHOWN)).all()


def is_theirs(doubt_id: int, reach: Reach) -> bool:
    """Return whether a supervisor of these departments may look at it."""
    found = select(PhotoDoubt.id).join(Case, Case.id == PhotoDoubt.case_id)
    return db.session.scalar(found.where(PhotoDoubt.id == doubt_id, of(reach))) is not None


def lock_doubt(doubt_id: int, reach: Reach) -> PhotoDoubt | None:
    """Return what a supervisor of these departments looks at, locked; None where it is not theirs."""
    found = select(PhotoDoubt).join(Case, Case.id == PhotoDoubt.case_id)
    found = found.where(PhotoDoubt.id == doubt_id, of(reach)).with_for_update(of=PhotoDoubt)
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
