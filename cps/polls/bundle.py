"""Writes the bundle of a poll, for anybody to recount: `docs/recounting.md` (Bundle) has its files.

A pure writer: it decides which files belong in and checks nothing; `verify.py` checks what came out. However
many ballots there are, few are in memory at a time, and other work can be done between pieces of them. Equal
input gives equal bytes, with one version of zlib.
"""

import hashlib
import json
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from enum import StrEnum
from heapq import merge
from pathlib import Path
from typing import IO, BinaryIO

from cps.polls import canonical, pabulib, preflib
from cps.polls.ballot import Choice
from cps.polls.rules import Lines, Method
from cps.polls.specification import Specification, from_bytes

FORMAT = "cps-poll-bundle-1"
VERIFIER = Path(__file__).with_name("verify.py")

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can hold; when the bundle was made stands in its manifest."""
_READABLE_FILE = 0o100644 << 16
_MADE_ON_UNIX = 3
_ROWS_IN_MEMORY = 100_000
_PARTS_AT_ONCE = 2_000
"""After so many lines other work may be done: half a second where each is a ballot to be opened."""


class Kind(StrEnum):
    """Whom a bundle is for: everybody, or an observer whom the poll names."""

    PUBLIC = "public"
    OBSERVER = "observer"


def holds_leaves(specification: Specification, kind: Kind) -> bool:
    """Return whether a bundle of this kind lists the leaves of the ledger."""
    return kind is Kind.OBSERVER or not specification.sensitive


def holds_ballots(specification: Specification, kind: Kind) -> bool:
    """Return whether a bundle of this kind has the ballots themselves."""
    everybody = specification.lines is Lines.FULL and not specification.sensitive
    return kind is Kind.OBSERVER or everybody


def write_bundle(
    file: BinaryIO,
    *,
    specification: bytes,
    heads: Iterable[bytes],
    leaves: Iterable[bytes],
    ballots: Iterable[bytes],
    result: bytes,
    turnout: bytes,
    public_key: bytes,
    kind: Kind,
    made_at: datetime,
) -> Iterator[None]:
    """Write the zip a piece at a time; it is whole when the iterator has ended.

    `heads` and `ballots` are lines without their ends, `leaves` hashes of 32 bytes, all in the order of the
    ledger; each is read once, and only where such a bundle holds it. `public_key` is of Ed25519, 32 bytes.
    Raises SpecificationError for bytes that are no specification.
    """
    poll = from_bytes(specification)
    with ExitStack() as stack:
        bundle = _Bundle(stack.enter_context(zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)))
        yield from bundle.add("specification.json", [specification])
        yield from bundle.add("heads.jsonl", _ended(heads))
        yield from bundle.add("result.json", [result])
        yield from bundle.add("turnout.csv", [turnout])
        yield from bundle.add("server_ed25519.pub", [public_key.hex().encode() + b"\n"])
        yield from bundle.add("verify.py", [VERIFIER.read_bytes()])
        if holds_leaves(poll, kind):
            yield from bundle.add("leaves.txt", (leaf.hex().encode() + b"\n" for leaf in leaves))
        if holds_ballots(poll, kind):
            yield from _add_ballots(bundle, poll, ballots, result, _Rows(stack))
        manifest = {
            "format": FORMAT,
            "poll": poll.poll,
            "specification": canonical.sha256(specification),
            "kind": kind.value,
            "made_at": canonical.time_to_text(made_at),
            "files": bundle.files,
        }
        yield from bundle.add("manifest.json", [canonical.to_bytes(manifest)])


class _Bundle:
    """A zip being written, and what its manifest will say."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, dict[str, str | int]] = {}

    def add(self, name: str, parts: Iterable[bytes]) -> Iterator[None]:
        """Write one file, part by part."""
        info = zipfile.ZipInfo(name, _NO_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = _MADE_ON_UNIX
        info.external_attr = _READABLE_FILE
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as entry:
            for number, part in enumerate(parts, 1):
                entry.write(part)
                digest.update(part)
                size += len(part)
                if number % _PARTS_AT_ONCE == 0:
                    yield
        self.files[name] = {"sha256": digest.hexdigest(), "bytes": size}


class _Rows:
    """Rows `code,choice` of a table, sorted with the help of temporary files that have no name."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._sorted: list[IO[bytes]] = []
        self._waiting: list[bytes] = []

    def add(self, code: str, choice: Choice) -> None:
        """Add a row in any order."""
        self._waiting.append(f"{code},{' '.join(choice)}\n".encode())
        if len(self._waiting) == _ROWS_IN_MEMORY:
            self._put_aside()

    def _put_aside(self) -> None:
        file = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        file.writelines(sorted(self._waiting))
        self._sorted.append(file)
        self._waiting = []

    def in_order(self) -> Iterator[bytes]:
        """Yield the rows by ascending code."""
        for file in self._sorted:
            file.seek(0)
        yield from merge(*self._sorted, sorted(self._waiting))

    def choices(self) -> Iterator[Choice]:
        """Yield the choices by ascending code."""
        for row in self.in_order():
            yield tuple(row.decode().rstrip("\n").partition(",")[2].split())


def _add_ballots(
    bundle: _Bundle, poll: Specification, ballots: Iterable[bytes], result: bytes, rows: _Rows
) -> Iterator[None]:
    """Write the lines, and on the way collect what the other forms of them need."""
    number = 0
    approvals: Counter[str] = Counter()
    rankings: Counter[Choice] = Counter()

    def lines() -> Iterator[bytes]:
        nonlocal number
        for line in ballots:
            number += 1
            ballot = json.loads(line)
            choice = tuple(ballot["choice"])
            rows.add(ballot["code"], choice)
            approvals.update(choice)
            if poll.method is Method.RANKING:
                rankings[choice] += 1
            yield line + b"\n"

    yield from bundle.add("ballots.jsonl", lines())
    yield from bundle.add("ballots.csv", _table(rows))
    if poll.method is Method.BUDGET:
        funded = json.loads(result)["funded"]
        pabulib_lines = pabulib.write(
            poll, rows.choices(), approvals=approvals, ballots=number, funded=funded
        )
        yield from bundle.add("ballots.pb", _encoded(pabulib_lines))
    if poll.method is Method.RANKING:
        yield from bundle.add("ballots.toi", _encoded(preflib.write(poll, rankings)))


def _table(rows: _Rows) -> Iterator[bytes]:
    yield b"code,choice\n"
    yield from rows.in_order()


def _ended(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line + b"\n" for line in lines)


def _encoded(lines: Iterable[str]) -> Iterator[bytes]:
    return (line.encode() for line in lines)
