"""The columns of one row of a list of cases."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from cps.cases.models import Attachment, Case, CaseOriginal
from cps.cases.queries.originals import original_title
from cps.cases.rules import PhotoStage


def first_photo() -> ColumnElement[str]:
    """Return the name of a case's first photo that everybody may see, as a column of a list."""
    return (
        select(Attachment.name)
        .where(
            Attachment.case_id == Case.id,
            Attachment.is_hidden.is_(False),
            Attachment.stage != PhotoStage.REPLY,
        )
        .order_by(Attachment.id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
        .label("photo")
    )


def _row(title: Any) -> Select[*tuple[Any, ...]]:
    return select(
        Case.id,
        Case.reference,
        Case.kind,
        title,
        Case.language,
        Case.status,
        Case.outcome,
        Case.address,
        Case.lat,
        Case.lon,
        Case.received_at,
        Case.due_at,
        Case.paused_at,
        Case.closed_at,
        Case.support_count,
        Case.is_private,
        Case.category_id,
        Case.ward_id,
        first_photo(),
    )


OWN_ROW = _row(original_title()).outerjoin(CaseOriginal, CaseOriginal.case_id == Case.id)
"""The same columns for whoever filed the cases."""

ROW = _row(Case.title)
"""The columns of one row of a list; what category and ward are called is known (`cps.cases.names`)."""
