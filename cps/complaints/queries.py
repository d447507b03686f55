"""Reads of drafts, and of cases that may be the same as one that is being written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select

from cps.cases import queries as cases
from cps.cases.models import Attachment, Case, CaseEvent, Draft
from cps.cases.queries import Near, voice
from cps.cases.rules import DRAFT_KEPT, Audience, CaseKind
from cps.cases.rules.alike import ANSWERED_WITHIN, Report, most_alike
from cps.cases.services.filing import CELL_ZOOM
from cps.core import search
from cps.core.db import db
from cps.core.json_text import contains_json
from cps.wards import geometry

# Every step asks for its draft, some twice; the statements are built once.
_USABLE = (
    or_(Draft.account_id.is_(None), Draft.account_id == bindparam("account_id")),
    Draft.updated_at > bindparam("since"),
)
_DRAFT = select(Draft).where(
    Draft.token_hash == bindparam("token_hash"), Draft.kind == CaseKind.COMPLAINT, *_USABLE
)
_LOCKED = _DRAFT.with_for_update().execution_options(populate_existing=True)


def find_draft(token_hash: str, *, account_id: int | None, at: datetime) -> Draft | None:
    """Return the draft of this token if it may still be gone on with and is not of another account."""
    wanted = {"token_hash": token_hash, "account_id": account_id, "since": at - DRAFT_KEPT}
    return db.session.scalar(_DRAFT, wanted)


def lock_draft(token_hash: str, *, account_id: int | None, at: datetime) -> Draft | None:
    """Return the same as `find_draft`, loaded anew and locked for the running write transaction."""
    wanted = {"token_hash": token_hash, "account_id": account_id, "since": at - DRAFT_KEPT}
    return db.session.scalar(_LOCKED, wanted)


def draft_of_account(account_id: int, *, at: datetime) -> Draft | None:
    """Return the draft an account touched last and has not sent, on whatever device."""
    return db.session.scalar(
        select(Draft)
        .where(
            Draft.kind == CaseKind.COMPLAINT,
            Draft.account_id == account_id,
            Draft.case_id.is_(None),
            Draft.updated_at > at - DRAFT_KEPT,
        )
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
        .limit(1)
    )


def sent_draft(
    token_hashes: Iterable[str], reference: str, *, account_id: int | None, at: datetime
) -> Draft | None:
    """Return the draft that became this case, if it is among those of these tokens and not another's."""
    return db.session.scalar(
        select(Draft)
        .join(Case, Case.id == Draft.case_id)
        .where(Draft.token_hash.in_(list(token_hashes)), Case.reference == reference, *_USABLE)
        .limit(1),
        {"account_id": account_id, "since": at - DRAFT_KEPT},
    )


def reference_of(case_id: int) -> str:
    """Return the reference of a case."""
    return db.session.execute(select(Case.reference).where(Case.id == case_id)).scalar_one()


def draft_photos(draft_id: int) -> Sequence[Attachment]:
    """Return the photos of a draft that is not sent, oldest first."""
    return db.session.scalars(
        select(Attachment)
        .where(Attachment.draft_id == draft_id, Attachment.case_id.is_(None))
        .order_by(Attachment.id)
    ).all()


def draft_photo(draft_id: int, name: str) -> Attachment | None:
    """Return a photo of a draft that is not sent."""
    return db.session.scalar(
        select(Attachment).where(
            Attachment.draft_id == draft_id, Attachment.name == name, Attachment.case_id.is_(None)
        )
    )


def hashes_of_draft(draft_id: int) -> set[str]:
    """Return the hashes of the originals of all photos of a draft, sent or not."""
    mine = Attachment.draft_id == draft_id
    return set(db.session.scalars(select(Attachment.original_sha256).where(mine)))


def pictures_of_draft(draft_id: int) -> frozenset[str]:
    """Return the perceptual hashes of the photos of a draft that is not sent."""
    mine = select(Attachment.perceptual_hash).where(
        Attachment.draft_id == draft_id, Attachment.case_id.is_(None)
    )
    return frozenset(db.session.scalars(mine))


def count_draft_photos(draft_id: int) -> int:
    """Return how many photos a draft has."""
    mine = Attachment.draft_id == draft_id
    return db.session.scalar(select(func.count()).select_from(Attachment).where(mine)) or 0


def drafts_about(account_id: int, addresses: Iterable[str]) -> Sequence[Draft]:
    """Return the drafts of an account, and those in which one of these addresses was typed; locked."""
    about = [Draft.account_id == account_id, *(contains_json(Draft.content, one) for one in addresses)]
    return db.session.scalars(select(Draft).where(or_(*about)).with_for_update()).all()


def count_gone_drafts(at: datetime) -> int:
    """Return how many drafts can no longer be gone on with."""
    return db.session.scalar(select(func.count()).where(Draft.updated_at <= at - DRAFT_KEPT)) or 0


def gone_drafts(at: datetime, *, limit: int) -> Sequence[Draft]:
    """Return drafts that can no longer be gone on with, the oldest first, locked for deletion."""
    return db.session.scalars(
        select(Draft)
        .where(Draft.updated_at <= at - DRAFT_KEPT)
        .order_by(Draft.updated_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


@dataclass(frozen=True, slots=True)
class Written:
    """What a new complaint says so far."""

    body: str
    category_id: int
    lat: float | None
    lon: float | None
    ward_id: int | None
    photos: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Similar:
    """A case that may be the same: its row of a list, and the city's answer where it has one."""

    row: Row[tuple[Any, ...]]
    answer: CaseEvent | None


def similar(new: Written, *, at: datetime) -> list[Similar]:
    """Return at most five listed cases that may be the same, open or answered of late, likeliest first.

    Near a position they are of any category; without one, of the same ward and category. Two statements, and
    one more where the new complaint has photos.
    """
    rows = {int(row.id): row for row in _candidates(new, at)}
    photos = cases.hashes_of_photos(rows) if new.photos else {}
    reports = {key: cases.report_of(row, photos.get(key, frozenset())) for key, row in rows.items()}
    told = Report(search.search_text(new.body), new.category_id, new.lat, new.lon, at, new.photos)
    best = most_alike(told, reports)
    answers = _answers([key for key in best if rows[key].closed_at is not None], at)
    return [Similar(rows[key], answers.get(key)) for key in best]


def _candidates(new: Written, at: datetime) -> Sequence[Row[tuple[Any, ...]]]:
    since = at - ANSWERED_WITHIN
    if new.lat is not None and new.lon is not None:
        cell = geometry.grid_cell(new.lat, new.lon, CELL_ZOOM)
        return cases.similar_candidates(Near(since, cell=cell))
    if new.ward_id is not None:
        return cases.similar_candidates(Near(since, ward_id=new.ward_id, category_id=new.category_id))
    return ()


def _answers(case_ids: list[int], at: datetime) -> dict[int, CaseEvent]:
    """Return the newest public answer of each case."""
    if not case_ids:
        return {}
    events = db.session.scalars(
        select(CaseEvent)
        .where(
            CaseEvent.case_id.in_(case_ids),
            CaseEvent.outcome.is_not(None),
            CaseEvent.audience == Audience.PUBLIC,
            CaseEvent.public_from <= at,
        )
        .order_by(CaseEvent.id)
    )
    return {event.case_id: event for event in events}


def sorted_complaints(most: int) -> Sequence[Row[str, str, int]]:
    """Return title, text and category of the newest public complaints that the city has looked at."""
    looked_at = or_(Case.acknowledged_at.is_not(None), Case.closed_at.is_not(None))
    has_words = Case.id.not_in(voice.UNWRITTEN)
    rows = (
        select(Case.title, Case.body, Case.category_id)
        .where(Case.kind == CaseKind.COMPLAINT, Case.is_listed.is_(True), looked_at, has_words)
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(most)
    )
    return db.session.execute(rows).all()
