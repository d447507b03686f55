"""Photos and voices that arrive with a form: stored before the transaction, each refusal in a sentence."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

from flask import Response, abort, request
from werkzeug.datastructures import FileStorage

from cps.cases.models import Attachment
from cps.cases.rules import MOST_PHOTOS
from cps.cases.services import store_photo, voice
from cps.cases.services.photos import SIZES, storage_key
from cps.cases.voice_models import VoiceNote
from cps.cases.wording import AUDIO_REFUSALS, PHOTO_REFUSALS
from cps.core.audio import CONTENT_TYPES, AudioRefused
from cps.core.i18n import gettext as _
from cps.core.images import ImageRefused
from cps.core.storage import NotStored, StorageFull, current_storage, delete_files

NAME_LENGTH = 60


def stored_photos(
    files: Sequence[FileStorage] | None, *, zone: ZoneInfo, at: datetime, most: int = MOST_PHOTOS
) -> tuple[list[Attachment], list[str]]:
    """Store the photos of a form field; returns their rows and a sentence for each that was refused."""
    stored: list[Attachment] = []
    refused: list[str] = []
    for upload in [file for file in files or [] if file and file.filename][:most]:
        try:
            stored.append(
                store_photo(
                    cast("BinaryIO", upload.stream),
                    storage=current_storage(),
                    zone=zone,
                    at=at,
                )
            )
        except ImageRefused as error:
            refused.append(f"{(upload.filename or '')[:NAME_LENGTH]}: {PHOTO_REFUSALS[error.reason]}")
    return stored, refused


def forget_unused(photos: Sequence[Attachment]) -> None:
    """Delete the files of stored photos that hang on no case: the form failed, or there was no room."""
    unused = [photo for photo in photos if photo.case_id is None]
    delete_files(storage_key(photo.name, size) for photo in unused for size in SIZES)


def small_picture(name: str) -> Response:
    """Return a photo of a draft in its smallest size; 404 where its file is gone."""
    try:
        data = current_storage().get(storage_key(name, "thumbnail"))
    except NotStored:
        abort(404)
    return Response(data, mimetype="image/webp")


def stored_voice(file: FileStorage, *, at: datetime) -> tuple[VoiceNote | None, str]:
    """Store the voice note of a form field; returns its row, or none and a sentence that says why."""
    try:
        return voice.store_note(cast("BinaryIO", file.stream), storage=current_storage(), at=at), ""
    except AudioRefused as error:
        return None, str(AUDIO_REFUSALS[error.reason])
    except StorageFull:
        return None, _("There is no room for it just now. Please write in a few words what is wrong.")
    finally:
        file.close()


def sound_of(note: VoiceNote) -> Response:
    """Return a recording, or the part of it that is asked for; 404 where its file is gone.

    Browsers ask for parts to find out how long it is, and when somebody moves on in it.
    """
    try:
        data = current_storage().get(voice.storage_key(note.name, note.kind))
    except NotStored:
        abort(404)
    response = Response(data, mimetype=CONTENT_TYPES[note.kind])
    response.headers["Content-Disposition"] = f"inline; filename=voice-note.{note.kind.value}"
    response.make_conditional(request, accept_ranges=True, complete_length=len(data))
    return response
