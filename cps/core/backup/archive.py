"""The zip that a backup is: written member by member, read without unpacking anything anywhere."""

import contextlib
import hashlib
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, cast

from cps.core.backup import manifest as manifests
from cps.core.backup.manifest import BadBackup, Manifest, MediaPart, Part, TablePart
from cps.core.i18n import gettext as _

CHUNK = 1024 * 1024
LONGEST_LINE = 256 * 1024 * 1024
LARGEST_FILE = 256 * 1024 * 1024
OLDEST_TIME = (1980, 1, 1, 0, 0, 0)
DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)
"""What reading a damaged or foreign file may raise."""


class Hashed(io.RawIOBase):
    """A stream that counts and hashes what is written to it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.bytes = 0

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Write all of the data."""
        self._hash.update(data)
        self.bytes += len(data)
        return self._stream.write(data)

    def part(self, name: str) -> Part:
        """Return what was written as a member of this name."""
        return Part(name, self.bytes, self._hash.hexdigest())


class Writer:
    """Writes an archive to an open file; the block ends it."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(file, "w")

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError) if error else contextlib.nullcontext():
            self._zip.close()

    @contextmanager
    def member(self, name: str, *, packed: bool) -> Iterator[Hashed]:
        """Begin a member, ended with the block; one at a time."""
        info = zipfile.ZipInfo(name, OLDEST_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as stream:
            yield Hashed(stream)

    def add_manifest(self, manifest: Manifest) -> None:
        """Write the list of what is in it."""
        with self.member(manifests.NAME, packed=True) as stream:
            stream.write(manifest.to_json())


class Archive:
    """A backup that is being read. Everything raises BadBackup where the file is damaged or foreign."""

    def __init__(self, file: Path) -> None:
        self.name = file.name
        with self._undamaged():
            self._zip = zipfile.ZipFile(file)
        try:
            self.manifest = self._read_manifest()
            self._check_members()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def chunks(self, part: Part) -> Iterator[bytes]:
        """Yield the bytes of a member in pieces of a megabyte at most."""
        with self._open(part.name) as stream:
            while piece := stream.read(CHUNK):
                yield piece

    def lines(self, table: TablePart) -> Iterator[bytes]:
        """Yield the lines of a table."""
        with self._open(table.part.name) as stream:
            buffered = io.BufferedReader(cast("io.RawIOBase", stream), CHUNK)
            while line := buffered.readline(LONGEST_LINE):
                yield line

    def files(self, media: MediaPart) -> Iterator[tuple[str, bytes]]:
        """Yield key and bytes of each file of a member."""
        with self._open(media.part.name) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for info in tar:
                content = tar.extractfile(info) if info.isreg() and info.size <= LARGEST_FILE else None
                if content is None:
                    raise self.damaged()
                yield info.name, content.read()

    def prove(self, part: Part) -> Iterator[int]:
        """Yield the sizes of a member's pieces while they are read; raises where they are not its own."""
        digest, size = hashlib.sha256(), 0
        for piece in self.chunks(part):
            digest.update(piece)
            size += len(piece)
            yield len(piece)
        if (size, digest.hexdigest()) != (part.bytes, part.sha256):
            raise BadBackup(
                _(
                    "%(file)s was changed or damaged: %(part)s is not what it was.",
                    file=self.name,
                    part=part.name,
                )
            )

    def damaged(self) -> BadBackup:
        """Return the refusal of a file that cannot be read to its end."""
        return BadBackup(_("%(file)s is damaged or was cut off.", file=self.name))

    def foreign(self) -> BadBackup:
        """Return the refusal of a file that this program did not write."""
        return BadBackup(_("%(file)s is no backup of this program, or was cut off.", file=self.name))

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(name) as stream:
                yield stream
        except (*DAMAGE, KeyError, ValueError) as error:
            raise self.damaged() from error

    @contextmanager
    def _undamaged(self) -> Iterator[None]:
        try:
            yield
        except (*DAMAGE, KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise self.foreign() from error

    def _read_manifest(self) -> Manifest:
        with self._undamaged(), self._zip.open(manifests.NAME) as stream:
            return Manifest.from_json(stream.read(manifests.LARGEST))

    def _check_members(self) -> None:
        """Refuse members that the manifest does not name, and names that stand there twice."""
        there = [info.filename for info in self._zip.infolist()]
        if sorted(there) != sorted([manifests.NAME, *(part.name for part in self.manifest.parts)]):
            raise BadBackup(_("%(file)s does not hold the parts that its list names.", file=self.name))


def write_tar(stream: Hashed, files: Iterable[tuple[str, bytes]]) -> int:
    """Write files as a tar; returns how many."""
    count = 0
    with tarfile.open(fileobj=stream, mode="w|") as tar:
        for key, data in files:
            info = tarfile.TarInfo(key)
            info.size, info.mode = len(data), 0o600
            tar.addfile(info, io.BytesIO(data))
            count += 1
    return count
