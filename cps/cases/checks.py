"""What `cps doctor` recounts of cases: what is kept beside the rows it counts must be what they say."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from cps.cases.models import Attachment, Case, CaseContact, CaseEvent, Support
from cps.cases.queries import map_drift
from cps.cases.rules import CaseKind, EventKind
from cps.core.db import db
from cps.core.doctor import Wrong, check


@check("supports")
def _supports(_at: datetime) -> str:
    """Of complaints, whose count moves with the row; proposals have a check of their own."""
    counted = select(func.count()).where(Support.case_id == Case.id).scalar_subquery()
    differs = and_(Case.kind == CaseKind.COMPLAINT, Case.support_count != counted)
    return _recounted(differs, Case.support_count, "supports")


@check("photos")
def _photos(_at: datetime) -> str:
    counted: ScalarSelect[int] = select(func.count()).where(Attachment.case_id == Case.id).scalar_subquery()
    return _recounted(Case.photo_count != counted, Case.photo_count, "photos")


@check("stories")
def _stories(_at: datetime) -> str:
    filed = exists().where(CaseEvent.case_id == Case.id, CaseEvent.kind == EventKind.FILED)
    contact = exists().where(CaseContact.case_id == Case.id)
    wrong = db.session.scalar(select(func.count(Case.id)).where(~filed | ~contact))
    if wrong:
        raise Wrong(f"{wrong} cases without a beginning or without a contact row")
    return f"{db.session.scalar(select(func.count(Case.id)))} cases begin with their filing"


@check("map")
def _map(_at: datetime) -> str:
    wrong = map_drift.drift()
    if wrong:
        raise Wrong(f"{wrong} cells of the map say another number of cases than there are: `cps map rebuild`")
    return f"{map_drift.counted_cells()} cells of the map counted again, none wrong"


def _recounted(differs: ColumnElement[bool], column: InstrumentedAttribute[int], what: str) -> str:
    wrong = db.session.scalar(select(func.count(Case.id)).where(differs))
    if wrong:
        raise Wrong(f"{wrong} cases say another number of {what} than there are")
    return f"{db.session.scalar(select(func.coalesce(func.sum(column), 0)))} counted again, none missing"
