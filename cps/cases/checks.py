"""What `cps doctor` recounts of cases: what is kept beside the rows it counts must be what they say."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from cps.cases.models import Attachment, Case, CaseContact, CaseEvent, Support
from cps.cases.rules import EventKind
from cps.core.db import db
from cps.core.doctor import Wrong, check


@check("supports")
def _supports(_at: datetime) -> str:
    counted = select(func.count()).where(Support.case_id == Case.id).scalar_subquery()
    return _recounted(Case.support_count != counted, Case.support_count, "supports")


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


def _recounted(differs: ColumnElement[bool], column: InstrumentedAttribute[int], what: str) -> str:
    wrong = db.session.scalar(select(func.count(Case.id)).where(differs))
    if wrong:
        raise Wrong(f"{wrong} cases say another number of {what} than there are")
    return f"{db.session.scalar(select(func.coalesce(func.sum(column), 0)))} counted again, none missing"
