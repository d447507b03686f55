"""Cases and the notices above them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from cps.cases.models import Case, CaseNotice, CaseNoticeUpdate, CaseOriginal
from cps.cases.queries.originals import original_title
from cps.cases.rules import CaseKind, Status
from cps.core.db import db
from cps.notices import queries as notices
from cps.notices.models import NoticeUpdate
from cps.notices.rules import KnownNotice
from cps.wards import queries as wards

UNDER_SHOWN = 200
OFFERED = 50

ROW: Select[*tuple[Any, ...]] = select(
    Case.id,
    Case.reference,
    Case.kind,
    original_title(),
    Case.language,
    Case.status,
    Case.outcome,
    Case.department_id,
    Case.ward_id,
    Case.address,
    Case.lat,
    Case.lon,
    Case.is_private,
    Case.received_at,
).outerjoin(CaseOriginal, CaseOriginal.case_id == Case.id)
"""The columns of a case in the list of a notice, for staff."""


def notice_of(case_id: int) -> KnownNotice | None:
    """Return the notice a case hangs under."""
    hung = db.session.get(CaseNotice, case_id)
    return notices.find(hung.notice_id) if hung is not None else None


def count_under(notice_id: int) -> int:
    """Count the cases under a notice."""
    counted = select(func.count()).select_from(CaseNotice).where(CaseNotice.notice_id == notice_id)
    return db.session.scalar(counted) or 0


def under(notice_id: int, workable: ColumnElement[bool]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the cases under a notice, the newest first, at most `UNDER_SHOWN`.

    Besides the columns of a list they have `is_mine`, whether `workable` selects them, `public_title`, what
    others may read (None of what is private), and `refusal`, why the newest update did not close them.
    """
    newest = select(func.max(NoticeUpdate.id)).where(NoticeUpdate.notice_id == notice_id).scalar_subquery()
    told = and_(CaseNoticeUpdate.case_id == Case.id, CaseNoticeUpdate.update_id == newest)
    return db.session.execute(
        ROW.add_columns(
            CaseNoticeUpdate.refusal,
            workable.label("is_mine"),
            case((Case.is_listed, Case.title), else_=None).label("public_title"),
        )
        .join(CaseNotice, CaseNotice.case_id == Case.id)
        .outerjoin(CaseNoticeUpdate, told)
        .where(CaseNotice.notice_id == notice_id)
        .order_by(Case.id.desc())
        .limit(UNDER_SHOWN)
    ).all()


def may_hang() -> ColumnElement[bool]:
    """Select the cases that can hang under a notice: open complaints that are not about staff."""
    return and_(
        Case.closed_at.is_(None),
        Case.kind == CaseKind.COMPLAINT,
        Case.status != Status.DRAFT,
        Case.is_integrity.is_(False),
        Case.is_hidden.is_(False),
    )


def offered(notice: KnownNotice, workable: ColumnElement[bool]) -> list[Row[*tuple[Any, ...]]]:
    """Return open cases that may belong under a notice, the newest first: of its area, category and time.

    `workable` selects those that whoever asks may work.
    """
    statement = ROW.where(
        may_hang(),
        workable,
        ~exists().where(CaseNotice.case_id == Case.id),
        *_in_its_area(notice),
    )
    if notice.category_id is not None:
        statement = statement.where(Case.category_id == notice.category_id)
    return list(db.session.execute(statement.order_by(Case.id.desc()).limit(OFFERED)).all())


def _in_its_area(notice: KnownNotice) -> list[ColumnElement[bool]]:
    """Select what lies in its wards, or in a square around its circle: a little more than the circle."""
    parts: list[ColumnElement[bool]] = []
    if notice.ward_codes:
        known = wards.areas().codes
        parts.append(Case.ward_id.in_([key for key, code in known.items() if code in notice.ward_codes]))
    if notice.circle is not None:
        around = notice.circle.square()
        parts.append(
            and_(Case.lat.between(around.south, around.north), Case.lon.between(around.west, around.east))
        )
    return [or_(*parts)] if parts else []


def lock_untold(update: NoticeUpdate, *, limit: int) -> Sequence[Case]:
    """Return the next cases under the notice in whose stories the update does not stand yet, locked."""
    told = exists().where(
        CaseNoticeUpdate.update_id == update.id, CaseNoticeUpdate.case_id == CaseNotice.case_id
    )
    return db.session.scalars(
        select(Case)
        .join(CaseNotice, CaseNotice.case_id == Case.id)
        .where(CaseNotice.notice_id == update.notice_id, ~told)
        .options(joinedload(Case.category))
        .order_by(Case.id)
        .limit(limit)
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def told_by(update_id: int) -> Sequence[int]:
    """Return the ids of the cases in whose story an update stands."""
    told = select(CaseNoticeUpdate.case_id).where(CaseNoticeUpdate.update_id == update_id)
    return db.session.scalars(told.order_by(CaseNoticeUpdate.case_id)).all()
