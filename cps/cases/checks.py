"""What `cps doctor` recounts of cases: what is kept beside the rows it counts must be what they say."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from cps.cases.clock_models import DueChange
from cps.cases.models import Attachment, Case, CaseContact, CaseEvent, Support
from cps.cases.queries import integrity, map_drift
from cps.cases.rules import CaseKind, EventKind, Status
from cps.core.db import db
from cps.core.doctor import Wrong, check
from cps.departments.models import WorkSuspension

COUNTED_WITHIN = timedelta(hours=1)


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


@check("complaints about staff")
def _integrity(_at: datetime) -> str:
    if integrity.is_any_unreadable():
        raise Wrong("one names everybody who could read it: make another integrity officer")
    return "somebody may read each that is open"


@check("map")
def _map(_at: datetime) -> str:
    wrong = map_drift.drift()
    if wrong:
        raise Wrong(f"{wrong} cells of the map say another number of cases than there are: `cps map rebuild`")
    return f"{map_drift.counted_cells()} cells of the map counted again, none wrong"


@check("due dates")
def _due_dates(_at: datetime) -> str:
    moves = select(
        DueChange.case_id,
        DueChange.before,
        DueChange.after,
        func.lag(DueChange.after).over(partition_by=DueChange.case_id, order_by=DueChange.id).label("last"),
        func.lead(DueChange.id).over(partition_by=DueChange.case_id, order_by=DueChange.id).label("next"),
    ).subquery()
    chain = select(moves.c.case_id).join(Case, Case.id == moves.c.case_id)
    broken = chain.where(moves.c.before != func.coalesce(moves.c.last, Case.promised_at))
    elsewhere = chain.where(moves.c.next.is_(None), moves.c.after != Case.due_at)
    moved = exists().where(DueChange.case_id == Case.id)
    runs = Case.clock_started_at.is_not(None)
    unsaid = select(Case.id).where(runs, Case.due_at != Case.promised_at, ~moved)
    wrong = db.session.scalar(select(func.count()).select_from(union(broken, elsewhere, unsaid).subquery()))
    if wrong:
        raise Wrong(f"{wrong} cases are due at another time than their promise and its moves say")
    _count_extensions_and_pauses()
    return f"{db.session.scalar(select(func.count(DueChange.id)))} moves of due dates counted again"


def _count_extensions_and_pauses() -> None:
    """Raise Wrong where a case says another number of extensions than there are, or of its one pause."""
    extensions = select(func.count()).where(DueChange.case_id == Case.id, DueChange.key.like("extension:%"))
    paused = exists().where(DueChange.case_id == Case.id, DueChange.key == "pause")
    is_over = and_(Case.pause_used, Case.paused_at.is_(None))
    wrong = db.session.scalar(
        select(func.count(Case.id)).where(
            or_(
                Case.extensions != extensions.scalar_subquery(),
                and_(is_over, ~paused),
                and_(~is_over, paused),
                and_(Case.paused_at.is_not(None), Case.status != Status.WAITING_RESIDENT),
            )
        )
    )
    if wrong:
        raise Wrong(f"{wrong} cases say something else of extensions and their pause than their moves do")


@check("suspensions")
def _suspensions(at: datetime) -> str:
    newest = select(func.max(WorkSuspension.id)).where(WorkSuspension.entered_at < at - COUNTED_WITHIN)
    runs = (Case.closed_at.is_(None), Case.clock_started_at.is_not(None))
    behind = select(func.count(Case.id)).where(*runs, Case.suspensions_seen < newest.scalar_subquery())
    if wrong := db.session.scalar(behind):
        raise Wrong(f"{wrong} due dates do not know the newest suspension of work: does a worker run?")
    return f"{db.session.scalar(select(func.count(WorkSuspension.id)))} entered, every open case knows them"


def _recounted(differs: ColumnElement[bool], column: InstrumentedAttribute[int], what: str) -> str:
    wrong = db.session.scalar(select(func.count(Case.id)).where(differs))
    if wrong:
        raise Wrong(f"{wrong} cases say another number of {what} than there are")
    return f"{db.session.scalar(select(func.coalesce(func.sum(column), 0)))} counted again, none missing"
