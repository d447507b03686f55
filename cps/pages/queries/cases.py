"""The cases of an account, with their photos and voice notes, and what it wrote in the stories of cases."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, or_, select

from cps.cases.models import Attachment, Case, CaseContact, CaseEvent, EventOriginal, Follow, Support
from cps.cases.queries import original_message, show_originals
from cps.cases.voice_models import VoiceNote
from cps.core.db import db
from cps.pages.queries.base import AT_ONCE, each, may_be_named_to


def cases_with_contact(account_id: int) -> Iterator[Any]:
    """Yield every case of an account as it was written, with the contact that was left, oldest first."""
    found = db.session.execute(
        select(Case, CaseContact)
        .outerjoin(CaseContact, CaseContact.case_id == Case.id)
        .where(Case.reporter_id == account_id)
        .order_by(Case.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for some in found.partitions():
        show_originals([case for case, _contact in some])
        yield from some


def photos_of(account_id: int) -> Iterator[Any]:
    """Yield (name, reference of the case) of every photo an account sent: with a case, or later to one."""
    return each(photo_names(account_id).order_by(Attachment.id))


def photo_names(account_id: int) -> Select[*tuple[Any, ...]]:
    """Select what `photos_of` yields."""
    return (
        select(Attachment.name, Case.reference)
        .join(Case, Case.id == Attachment.case_id)
        .outerjoin(CaseEvent, CaseEvent.id == Attachment.event_id)
        .where(
            or_(
                (Case.reporter_id == account_id) & Attachment.event_id.is_(None),
                (CaseEvent.actor_id == account_id) & may_be_named_to(account_id),
            )
        )
    )


def voice_notes_of(account_id: int) -> Iterator[Any]:
    """Yield the voice notes of the cases of an account, with the references of these, oldest first."""
    columns = (VoiceNote.name, VoiceNote.kind, VoiceNote.size, VoiceNote.seconds)
    moments = (VoiceNote.added_at, VoiceNote.written_at)
    notes = select(Case.reference, *columns, *moments).join(Case, Case.id == VoiceNote.case_id)
    return each(notes.where(Case.reporter_id == account_id).order_by(VoiceNote.id))


def own_words(account_id: int) -> Iterator[Any]:
    """Yield what an account wrote in the stories of cases, as it was written, oldest first."""
    return each(
        select(Case.reference, CaseEvent.at, CaseEvent.kind, original_message())
        .join(Case, Case.id == CaseEvent.case_id)
        .outerjoin(EventOriginal, EventOriginal.event_id == CaseEvent.id)
        .where(CaseEvent.actor_id == account_id, may_be_named_to(account_id))
        .order_by(CaseEvent.id)
    )


def taken_part(table: type[Support] | type[Follow], account_id: int) -> Iterator[Any]:
    """Yield (reference, moment) of every case an account backs, or follows."""
    return each(
        select(Case.reference, table.at)
        .join(Case, Case.id == table.case_id)
        .where(table.account_id == account_id)
        .order_by(table.at, table.case_id)
    )
