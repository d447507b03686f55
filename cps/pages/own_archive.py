"""Files of everything that is held about one account: as JSON, and as an archive with its photos.

They are written to a file on the disk piece by piece, so that memory is the same for one case and for many.
"""

import zipfile
from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, BinaryIO, cast

from cps.accounts.models import Account
from cps.cases.reference import display
from cps.cases.services import voice
from cps.cases.services.photos import storage_key
from cps.core.storage import Storage
from cps.pages import queries
from cps.pages.own_data import as_json, everything_about

SIZE = "large"
BLOCK = 1 << 16


def json_of(account: Account, *, at: datetime) -> BinaryIO:
    """Return the file as JSON, open at its beginning, that is gone once it is closed."""
    file = TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    for piece in as_json(everything_about(account, at=at)):
        file.write(piece.encode())
    file.seek(0)
    return cast("BinaryIO", file)


def archive_of(account: Account, storage: Storage, *, at: datetime) -> BinaryIO:
    """Return a ZIP archive, open at its beginning, that is gone once it is closed.

    In it are `my-data.json` and `photos/<reference>/<number>.webp`: those that came with the account's cases,
    and with what it wrote in them; and `voice/<reference>.<kind>`. One file is in memory at a time.
    """
    file = TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("my-data.json", "w", force_zip64=True) as member:
            for piece in as_json(everything_about(account, at=at)):
                member.write(piece.encode())
        for number, photo in enumerate(queries.photos_of(account.id), start=1):
            key = storage_key(photo.name, SIZE)
            if storage.exists(key):
                place = f"photos/{display(photo.reference)}/{number}.webp"
                archive.writestr(place, storage.get(key), zipfile.ZIP_STORED)
        for note in queries.voice_notes_of(account.id):
            key = voice.storage_key(note.name, note.kind)
            if storage.exists(key):
                place = f"voice/{display(note.reference)}.{note.kind.value}"
                archive.writestr(place, storage.get(key), zipfile.ZIP_STORED)
    file.seek(0)
    return cast("BinaryIO", file)


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield an open file block by block."""
    return iter(lambda: file.read(BLOCK), b"")
