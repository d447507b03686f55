"""Filing a complaint by voice: a recording in place of words, or besides them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import abort, request
from flask.typing import ResponseReturnValue

from cps.cases.models import Draft
from cps.cases.queries.voice import note_of_draft
from cps.cases.services.voice import storage_key
from cps.cases.uploads import sound_of, stored_voice
from cps.cases.voice_models import VoiceNote
from cps.complaints import services
from cps.complaints.views import drafts
from cps.complaints.views.filing_photos import count_upload
from cps.complaints.views.public import bp
from cps.core import clock
from cps.core.security import public
from cps.core.storage import delete_files

FIELD, DROP = "voice", "drop_voice"


def voice_of(draft: Draft | None) -> VoiceNote | None:
    """Return the voice note of a draft."""
    return note_of_draft(draft.id) if draft is not None else None


def receive_voice(at: datetime) -> tuple[VoiceNote | None, str]:
    """Store what the field of the running request brought; returns its row, and why it was refused.

    Slow: call it before the transaction. Raises TooMany.
    """
    file = request.files.get(FIELD)
    if file is None or not file.filename or DROP in request.form:
        return None, ""
    count_upload(drafts.sender(), at)
    return stored_voice(file, at=at)


@contextmanager
def kept_or_gone(note: VoiceNote | None) -> Iterator[None]:
    """Delete the file of a note that was stored, where the block could not keep its row."""
    keys = [storage_key(note.name, note.kind)] if note is not None else []
    try:
        yield
    except BaseException:
        delete_files(keys)
        raise


def keep_voice(draft: Draft, note: VoiceNote | None, *, at: datetime) -> list[str]:
    """Keep what came in a locked draft, or take out what is to go; returns the storage keys to delete."""
    if DROP in request.form:
        return services.drop_voice(draft, at=at)
    return services.keep_voice(draft, note, at=at) if note is not None else []


@bp.get("/new/voice")
@public
def draft_voice() -> ResponseReturnValue:
    """Play the voice note of a draft to the one who is writing it."""
    note = voice_of(drafts.unsent(clock.now()))
    if note is None:
        abort(404)
    return sound_of(note)
