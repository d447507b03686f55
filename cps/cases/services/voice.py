"""Voice notes: stored as they came, written down by staff, deleted with the reporter they lead to."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import delete

from cps.accounts.models import Account
from cps.cases.masking import masked, searchable
from cps.cases.models import Case
from cps.cases.queries import voice
from cps.cases.rules import Audience, EventKind, Priority, Turn
from cps.cases.services.sorting import prioritise
from cps.cases.services.steps import acknowledge, trace
from cps.cases.services.story import record
from cps.cases.titles import title_of
from cps.cases.voice_models import VoiceNote
from cps.core import audio
from cps.core.audio import CONTENT_TYPES, AudioKind
from cps.core.backup import media_of
from cps.core.backup.hooks import PlainRow
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import gettext_in
from cps.core.many import change_rows
from cps.core.stale_files import delete_once_committed
from cps.core.storage import Storage
from cps.departments import danger


def store_note(source: BinaryIO, *, storage: Storage, at: datetime) -> VoiceNote:
    """Store a recording as it came and return its row, not yet added to the session.

    Call it before the transaction. Raises AudioRefused or StorageFull.
    """
    recording = audio.read(source)
    note = VoiceNote(
        name=secrets.token_hex(16),
        kind=recording.kind,
        size=len(recording.data),
        seconds=recording.seconds,
        original_sha256=recording.sha256,
        added_at=at,
    )
    storage.put(storage_key(note.name, note.kind), recording.data, CONTENT_TYPES[recording.kind])
    return note


def storage_key(name: str, kind: AudioKind) -> str:
    """Return under which key a recording is stored."""
    return f"voice/{name[:2]}/{name}.{kind.value}"


@media_of(VoiceNote)
def files_of_note(row: PlainRow) -> list[str]:
    """Return under which key a recording is stored, for backups."""
    return [storage_key(row["name"], AudioKind(row["kind"]))]


def drop_note(note: VoiceNote) -> list[str]:
    """Remove a note from a draft; returns the storage keys to delete once the transaction is committed."""
    db.session.delete(note)
    db.session.flush()
    return [storage_key(note.name, note.kind)]


def unwritten_words(language: str) -> str:
    """Return what stands in place of the words of a case that only has a voice note."""
    return gettext_in(language, "A voice note, being written down")


def write_down(
    case: Case,
    note: VoiceNote,
    words: str,
    *,
    danger_words: danger.Words,
    language: str,
    by: Account,
    at: datetime,
) -> None:
    """Let a case say what its voice note says; the reporter and staff keep each version in the story.

    A word of danger in it makes the case urgent, and not before: nobody knew it earlier. The case was
    locked in the running transaction. Raises RuleViolation where the case has words of its own.
    """
    if note.case_id != case.id or not note.stands_for_words:
        raise RuleViolation(_("This case has words of its own."))
    case.body, case.language = words, language
    case.title = title_of(words)
    case.search_text = searchable(case)
    note.written_at, note.written_by_id = at, by.id
    acknowledge(case, at)
    record(
        case,
        EventKind.NOTED,
        by=by.id,
        at=at,
        message=masked(words, language) if case.is_integrity else words,
        language=language,
        audience=Audience.REPORTER,
        data={"turn": Turn.WRITTEN_DOWN.value},
        tells=False,
    )
    trace(case, "write-down", by, at, {})
    if danger.in_words(words, danger_words):
        prioritise(case, Priority.URGENT, by=by, at=at)


def forget_notes(cases: Sequence[Case]) -> None:
    """Delete the recordings of cases whose speakers are forgotten; a case that nobody wrote down says so.

    The files go once the running transaction is committed.
    """
    by_id = {case.id: case for case in cases}
    notes = voice.notes_of(list(by_id))
    for note in notes:
        if note.case_id is not None and note.is_to_be_written_down:
            case = by_id[note.case_id]
            case.title = case.body = gettext_in(
                case.language, "A voice note that was deleted before anybody wrote it down"
            )
    change_rows(delete(VoiceNote).where(VoiceNote.id.in_([note.id for note in notes])))
    delete_once_committed(storage_key(note.name, note.kind) for note in notes)
