"""The files of a backup: compared with those that its rows name, and stored."""

import mimetypes
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from cps.core.backup.archive import Archive
from cps.core.backup.manifest import BadBackup
from cps.core.backup.spool import Spool
from cps.core.i18n import gettext as _
from cps.core.storage import BadKey, Storage, current_storage

UNKNOWN_TYPE = "application/octet-stream"


def files_of(archive: Archive, named: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield key and bytes of every file, which must be exactly those that rows name, in the same order.

    Those that were gone when the backup was made are left out. Raises BadBackup.
    """
    gone = set(archive.manifest.missing)
    wanted = (key for key in named if key not in gone)
    for media in archive.manifest.media:
        for key, content in archive.files(media):
            if key != next(wanted, None) or not _is_key(key):
                raise BadBackup(
                    _(
                        "%(file)s holds a file that no row names, or that may not be stored.",
                        file=archive.name,
                    )
                )
            yield key, content
    if (absent := next(wanted, None)) is not None:
        raise BadBackup(_("The file %(key)s, which a row names, is not in the backup.", key=absent))


@contextmanager
def store(storage: Storage) -> Iterator[Callable[[str, bytes], None]]:
    """Give a function that stores a file; where the block fails, files that are new are removed."""

    def put(key: str, content: bytes) -> None:
        if not storage.exists(key):
            new.add(key)
        storage.put(key, content, mimetypes.guess_type(key, strict=False)[0] or UNKNOWN_TYPE)

    with Spool() as new:
        try:
            yield put
        except BaseException:
            for key in new:
                storage.delete(key)
            raise


def _is_key(key: str) -> bool:
    try:
        current_storage().path(key)
    except BadKey:
        return False
    return True
