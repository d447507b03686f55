"""What `manifest.json` of a backup says, and how it is read without trusting it."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cps.core.backup.kinds import KINDS
from cps.core.backup.rows import Shape
from cps.core.errors import CpsError
from cps.core.i18n import gettext as _

FORMAT = "cps-backup"
FORMAT_VERSION = 1
NAME = "manifest.json"
LARGEST = 64 * 1024 * 1024

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_HASH = re.compile(r"[0-9a-f]{64}")


class BadBackup(CpsError):
    """The file is no backup, is damaged, or does not fit this program; the message says which."""


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the archive with its size in bytes, unpacked, and its SHA-256."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TablePart:
    """The rows of one table; `content` tells them from other rows, in whatever order (`rows.Content`)."""

    shape: Shape
    rows: int
    content: str
    part: Part


@dataclass(frozen=True, slots=True)
class MediaPart:
    """Some files, in one tar."""

    files: int
    part: Part


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    `revision` is that of the schema, `keys` are fingerprints of the keys its rows go with, `missing` are the
    files that rows name and that were not there any more.
    """

    program: str
    revision: str
    made_at: datetime
    database: str
    keys: Mapping[str, str]
    tables: tuple[TablePart, ...]
    media: tuple[MediaPart, ...]
    missing: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables)

    @property
    def files(self) -> int:
        """How many files there are in all."""
        return sum(media.files for media in self.media)

    @property
    def parts(self) -> list[Part]:
        """Every member of the archive but the manifest."""
        return [table.part for table in self.tables] + [media.part for media in self.media]

    def to_json(self) -> bytes:
        """Return what is written."""
        text = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "program": self.program,
            "revision": self.revision,
            "made_at": self.made_at.isoformat(),
            "database": self.database,
            "keys": dict(self.keys),
            "tables": [_said_of(table) for table in self.tables],
            "media": [{"files": m.files, **asdict(m.part)} for m in self.media],
            "missing": list(self.missing),
        }
        return json.dumps(text, ensure_ascii=False, indent=1).encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Read a manifest; raises ValueError, KeyError, TypeError or AttributeError where it is none.

        Raises BadBackup where it is one of another version of the format.
        """
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise ValueError("another format")
        if said["format_version"] != FORMAT_VERSION:
            raise BadBackup(_("This backup is written in a format of another version of the program."))
        return cls(
            program=str(said["program"]),
            revision=str(said["revision"]),
            made_at=datetime.fromisoformat(said["made_at"]),
            database=str(said["database"]),
            keys={str(name): str(mark) for name, mark in said["keys"].items()},
            tables=tuple(_table(table) for table in said["tables"]),
            media=tuple(_media(number, media) for number, media in enumerate(said["media"], start=1)),
            missing=tuple(str(key) for key in said["missing"]),
        )


def table_member(table: str) -> str:
    """Return under which name the rows of a table stand in the archive."""
    return f"tables/{table}.jsonl"


def media_member(number: int) -> str:
    """Return under which name the so-many-th tar of files stands in the archive; the first is 1."""
    return f"media/{number:06}.tar"


def _said_of(table: TablePart) -> dict[str, Any]:
    shape, part = table.shape, asdict(table.part)
    said = {"name": shape.name, "columns": dict(shape.columns), "key": list(shape.key), "rows": table.rows}
    return {**part, **said, "content": table.content}


def _table(said: Mapping[str, Any]) -> TablePart:
    columns = tuple((_name(name), _kind(kind)) for name, kind in said["columns"].items())
    key = tuple(said["key"])
    if not set(key) <= {name for name, _kind in columns}:
        raise ValueError("a key of other columns")
    shape = Shape(_name(said["name"]), columns, key)
    return TablePart(shape, int(said["rows"]), _hash(said["content"]), _part(table_member(shape.name), said))


def _media(number: int, said: Mapping[str, Any]) -> MediaPart:
    return MediaPart(int(said["files"]), _part(media_member(number), said))


def _part(name: str, said: Mapping[str, Any]) -> Part:
    return Part(name, int(said["bytes"]), _hash(said["sha256"]))


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("a name that no table or column has")
    return text


def _kind(text: str) -> str:
    if text not in KINDS:
        raise ValueError("a kind of column that is not known")
    return text


def _hash(text: str) -> str:
    if not _HASH.fullmatch(text):
        raise ValueError("no SHA-256")
    return text
