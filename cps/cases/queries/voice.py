"""Reads of voice notes."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, select

from cps.cases.models import Case
from cps.cases.voice_models import VoiceNote
from cps.core.db import db

_OF_CASE = select(VoiceNote).where(VoiceNote.case_id == bindparam("case_id"))
UNWRITTEN: Select[int | None] = select(VoiceNote.case_id).where(
    VoiceNote.stands_for_words, VoiceNote.written_at.is_(None), VoiceNote.case_id.is_not(None)
)
"""The cases that have no words yet but those of a voice note."""


def note_of(case_id: int) -> VoiceNote | None:
    """Return the voice note of a case."""
    return db.session.scalar(_OF_CASE, {"case_id": case_id})


def notes_of(case_ids: Sequence[int]) -> Sequence[VoiceNote]:
    """Return the voice notes of cases."""
    return db.session.scalars(select(VoiceNote).where(VoiceNote.case_id.in_(case_ids))).all()


def note_and_case(name: str) -> tuple[VoiceNote, Case] | None:
    """Return a voice note by its random name, with its case; None while it belongs to a draft."""
    found = select(VoiceNote, Case).join(Case, Case.id == VoiceNote.case_id).where(VoiceNote.name == name)
    row = db.session.execute(found).one_or_none()
    return (row[0], row[1]) if row is not None else None


def note_of_draft(draft_id: int) -> VoiceNote | None:
    """Return the voice note of a draft that is not sent."""
    unsent = (VoiceNote.draft_id == draft_id, VoiceNote.case_id.is_(None))
    return db.session.scalar(select(VoiceNote).where(*unsent))
