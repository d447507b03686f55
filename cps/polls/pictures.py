"""Pictures of polls and their options, stored as photos of cases are; and what of polls is in a backup."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from cps.cases.services.photos import SIZES, storage_key
from cps.core import images
from cps.core.backup import media_of
from cps.core.backup.hooks import PlainRow
from cps.core.storage import Storage
from cps.polls.models import Poll, PollOption
from cps.polls.services.publishing import bundle_key


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture; ``sha256`` is the hash of the bytes of its large size, which anybody can fetch."""

    name: str
    sha256: str


def store(source: bytes | IO[bytes], storage: Storage) -> Picture:
    """Store the sizes of a picture; call it before the transaction. Raises ImageRefused or StorageFull."""
    drawn = images.ingest(source)
    name = secrets.token_hex(16)
    for size in SIZES:
        rendition = getattr(drawn, size)
        storage.put(storage_key(name, size), rendition.data, rendition.content_type)
    return Picture(name, hashlib.sha256(drawn.large.data).hexdigest())


def forget(names: Iterable[str], storage: Storage) -> None:
    """Delete the files of pictures that hang on nothing any more."""
    for name in names:
        for key in _sizes(name):
            storage.delete(key)


@media_of(Poll)
def files_of_poll(row: PlainRow) -> list[str]:
    """Return under which keys the picture and the published bundle of a poll are stored, for backups."""
    bundle = [bundle_key(row["slug"])] if row["bundle_sha256"] else []
    return [*_sizes(row["picture"]), *bundle]


@media_of(PollOption)
def files_of_option(row: PlainRow) -> list[str]:
    """Return under which keys the picture of an option is stored, for backups."""
    return _sizes(row["picture"])


def _sizes(name: str) -> list[str]:
    return [storage_key(name, size) for size in SIZES] if name else []
