"""Photos of a case: stored in sizes of our own making, the original only as its hash."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.rules import PhotoStage
from cps.core import images
from cps.core.backup import media_of
from cps.core.backup.hooks import PlainRow
from cps.core.db import db
from cps.core.storage import Storage

SIZES = {"large": "webp", "thumbnail": "webp", "fallback": "jpg"}


def store_photo(source: bytes | BinaryIO, *, storage: Storage, zone: ZoneInfo, at: datetime) -> Attachment:
    """Read a photo, store its sizes and return its row, not yet added to the session.

    Slow work: call it before the transaction. Raises ImageRefused or StorageFull.
    """
    return store_placed_photo(source, storage=storage, zone=zone, at=at)[0]


def store_placed_photo(
    source: bytes | BinaryIO, *, storage: Storage, zone: ZoneInfo, at: datetime
) -> tuple[Attachment, tuple[float, float] | None]:
    """Do the same and also return where the photo says it was taken, as latitude and longitude."""
    photo = images.ingest(source)
    name = secrets.token_hex(16)
    for size in SIZES:
        rendition = getattr(photo, size)
        storage.put(storage_key(name, size), rendition.data, rendition.content_type)
    row = Attachment(
        name=name,
        original_sha256=photo.sha256,
        perceptual_hash=photo.perceptual_hash,
        taken_at=photo.taken_at.replace(tzinfo=zone) if photo.taken_at else None,
        width=photo.large.width,
        height=photo.large.height,
        added_at=at,
    )
    return row, photo.position


def storage_key(name: str, size: str) -> str:
    """Return under which key a size of a photo is stored."""
    return f"photos/{name[:2]}/{name}-{size}.{SIZES[size]}"


@media_of(Attachment)
def files_of_photo(row: PlainRow) -> list[str]:
    """Return under which keys the sizes of a photo are stored, for backups."""
    return [storage_key(row["name"], size) for size in SIZES]


def add_photos(
    case: Case, photos: Sequence[Attachment], stage: PhotoStage, *, event: CaseEvent | None = None
) -> None:
    """Hang stored photos on a case, and on the event they came with."""
    for photo in photos:
        photo.case_id = case.id
        photo.stage = stage
        photo.event_id = event.id if event else None
        db.session.add(photo)
    case.photo_count += len(photos)


def drop_photo(photo: Attachment) -> list[str]:
    """Remove a photo from a draft; returns the storage keys to delete once the transaction is committed."""
    db.session.delete(photo)
    return [storage_key(photo.name, size) for size in SIZES]
