"""Where files live: a folder on this server by default, a bucket elsewhere when the city asks for it.

Files are private. They are reached through views that ask the permission function, never by a public address.
"""

import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app

from cps.core.errors import ConfigurationError

# Folders, then a name that starts with four letters or digits: no dot begins a part, so none leads upwards.
_KEY = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9]{4}[A-Za-z0-9._-]*")
_KEY_LENGTH = 200
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when there is no room."""


class BadKey(ValueError):
    """The key is not one of ours: it is empty, too long, or could lead out of the store."""


class NotStored(LookupError):
    """There is no file under this key."""


class StorageFull(OSError):
    """There is no room for the file; nothing of it was kept."""


class Storage(Protocol):
    """Keeps whole files under keys. Every method raises BadKey for a key that is not one of ours."""

    def put(self, key: str, data: bytes | BinaryIO, content_type: str) -> None:
        """Keep the bytes, or an open file from where it stands, under the key, replacing older ones.

        All of them or none; a file is never in memory as a whole. Raises StorageFull.
        """

    def get(self, key: str) -> bytes:
        """Return the bytes; raises NotStored."""

    def open(self, key: str) -> BinaryIO:
        """Return a stream of the bytes, which the caller closes; raises NotStored."""

    def delete(self, key: str) -> None:
        """Remove the file; it is no error when there is none."""

    def exists(self, key: str) -> bool:
        """Say whether there is a file under the key."""

    def path(self, key: str) -> Path | None:
        """Return where the file lies on this server, or None where files live elsewhere."""


class DiskStorage:
    """Files below one folder, spread over subfolders by the first four characters of their names."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes | BinaryIO, content_type: str) -> None:  # noqa: ARG002 (no types here)
        """Write beside the place, flush to the disk, rename: a crash leaves the old file or the new."""
        place = self.path(key)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            _write_and_rename(place, data)
        except OSError as error:
            if error.errno in FULL:
                raise StorageFull(error.errno, "There is no room for this file.") from error
            raise

    def get(self, key: str) -> bytes:
        """Return the bytes; raises NotStored."""
        with self.open(key) as stream:
            return stream.read()

    def open(self, key: str) -> BinaryIO:
        """Return the open file; raises NotStored."""
        try:
            return self.path(key).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise NotStored(key) from error

    def delete(self, key: str) -> None:
        """Remove the file if it is there."""
        self.path(key).unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        """Say whether the file is there."""
        return self.path(key).is_file()

    def path(self, key: str) -> Path:
        """Return where the file lies, or would lie."""
        folder, _, name = _checked(key).rpartition("/")
        return self.root / folder / name[:2] / name[2:4] / name


class ObjectStorage:
    """Files in a bucket, reached through an ``obstore`` store."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def put(self, key: str, data: bytes | BinaryIO, content_type: str) -> None:
        """Keep the bytes with their type; a bucket replaces whole files at once."""
        self._store.put(_checked(key), data, attributes={"Content-Type": content_type})

    def get(self, key: str) -> bytes:
        """Return the bytes; raises NotStored."""
        try:
            return bytes(self._store.get(_checked(key)).bytes())
        except FileNotFoundError as error:
            raise NotStored(key) from error

    def open(self, key: str) -> BinaryIO:
        """Return the bytes as a stream; files here are a few hundred kilobytes. Raises NotStored."""
        return BytesIO(self.get(key))

    def delete(self, key: str) -> None:
        """Remove the file if it is there."""
        with contextlib.suppress(FileNotFoundError):
            self._store.delete(_checked(key))

    def exists(self, key: str) -> bool:
        """Ask the bucket whether the file is there."""
        try:
            self._store.head(_checked(key))
        except FileNotFoundError:
            return False
        return True

    def path(self, key: str) -> None:
        """Return None: the file does not lie on this server."""
        _checked(key)


def storage_from_url(url: str) -> Storage:
    """Return the store at a folder's path, a ``file://`` address or an ``s3://bucket/prefix`` address.

    Keys and region of a bucket come from the usual ``AWS_…`` environment variables. Raises ConfigurationError
    with what to do.
    """
    scheme = urlsplit(url).scheme if "://" in url else ""
    if scheme == "s3":
        return ObjectStorage(_obstore().from_url(url))
    if scheme == "file":
        return DiskStorage(Path(unquote(urlsplit(url).path)))
    if scheme:
        raise ConfigurationError(f"Files cannot be kept at {scheme}://. Use a folder, file:// or s3://.")
    if not url.strip():
        raise ConfigurationError("The place for files is empty. Name a folder, file:// or s3:// address.")
    return DiskStorage(Path(url))


def current_storage() -> Storage:
    """Return the store of the running application."""
    store: Storage = current_app.extensions["cps_storage"]
    return store


def delete_files(keys: Iterable[str]) -> None:
    """Delete what the store of the running application has under these keys; what is gone is no error."""
    store = current_storage()
    for key in keys:
        store.delete(key)


def _obstore() -> Any:
    try:
        return import_module("obstore.store")
    except ImportError as error:
        message = "Keeping files at s3:// needs the package obstore. Install it with: pip install obstore"
        raise ConfigurationError(message) from error


def _checked(key: str) -> str:
    if len(key) > _KEY_LENGTH or not _KEY.fullmatch(key):
        raise BadKey(key[:_KEY_LENGTH])
    return key


def _write_and_rename(place: Path, data: bytes | BinaryIO) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(BytesIO(data) if isinstance(data, bytes) else data, file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    """Flush the folder, so that the new name survives a loss of power; some systems cannot and need not."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
