"""Photos that arrive with a form: stored before the transaction, each refusal in a sentence."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

from flask import Response, abort
from werkzeug.datastructures import FileStorage

from cps.cases.models import Attachment
from cps.cases.rules import MOST_PHOTOS
from cps.cases.services import store_photo
from cps.cases.services.photos import SIZES, storage_key
from cps.cases.wording import PHOTO_REFUSALS
from cps.core.images import ImageRefused
from cps.core.storage import NotStored, current_storage, delete_files

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
