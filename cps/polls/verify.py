#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Civic Participation System contributors
# SPDX-License-Identifier: MIT
"""Check and recount the published bundle of a poll, without asking the city for anything else.

    python3 verify.py bundle.zip
    python3 verify.py bundle.zip --code K7QF-9XTM-P2JD-VRWA      show the ballot with this receipt code
    python3 verify.py bundle.zip --witness head-i-kept.jsonl     compare with heads kept outside the city hall
    python3 verify.py bundle.zip --key 5f0c…                     the city's public key, as you know it already

It prints one line for each check: "ok" it holds, "FAIL" it does not, "?" it could not be checked; then the
votes for each option and how many checks hold. The exit status is 0 when everything holds, 1 when something
failed or the bundle cannot be read, 3 when something could not be checked, 2 when the command line makes no
sense.

This one file needs Python 3.11 and nothing else. It shares no code with the program that counted the votes:
two programs that agree are worth more than one used twice. Read it from top to bottom: bytes, what values may
look like, the ledger, the ballots, the count, the checks, the command line. The formats stand in
docs/recounting.md of the Civic Participation System. Nothing in a bundle is trusted: sizes are bounded before
anything is read, nothing is unpacked to disk, and what comes out of it is made printable before it is shown.
"""

import argparse
import contextlib
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess  # openssl, where Python has no package for signatures
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import IO, Any, NoReturn

EVERYTHING_HOLDS, SOMETHING_FAILED, SOMETHING_UNKNOWN = 0, 1, 3

MEGABYTE = 1 << 20
MOST_FILES = 20
MOST_BYTES = 16 * MEGABYTE
"""Of one file; the next lists those that grow with the number of votes."""
MORE_BYTES = {
    "heads.jsonl": 64 * MEGABYTE,
    "leaves.txt": 2048 * MEGABYTE,
    "ballots.jsonl": 8192 * MEGABYTE,
    "ballots.csv": 4096 * MEGABYTE,
    "ballots.pb": 8192 * MEGABYTE,
}
MOST_SHRINKING = 100
"""Hashes, codes and salts are random and hardly shrink; what shrinks more than this is a bomb."""
MOST_OPTIONS = 1000
LONGEST_LINE = 1 << 16
LARGEST_NUMBER = 1 << 53

Choice = tuple[str, ...]
"""Codes of options: none for a blank ballot; in a ranking from the first rank down."""


class Failed(Exception):
    """A check does not hold."""


class Unknown(Exception):
    """Something could not be checked."""


# --- Bytes and JSON -----------------------------------------------------------------------------------------


def sha256(data: bytes) -> bytes:
    """Return the 32 bytes of the hash."""
    return hashlib.sha256(data).digest()


def canonical(value: object) -> bytes:
    """Return the only bytes a value may be written as."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode()


def parsed(data: bytes, what: str) -> dict[str, Any]:
    """Return the object that canonical bytes hold; anything written in another way is refused."""
    try:
        value = json.loads(data.decode("ascii"), parse_float=_refuse_number, parse_constant=_refuse_number)
    except (ValueError, RecursionError) as error:
        raise Failed(f"{what} is not JSON as it should be: {error}") from None
    if not isinstance(value, dict):
        raise Failed(f"{what} is not a JSON object")
    if canonical(value) != data:
        raise Failed(f"{what} is not canonical JSON")
    return value


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is not a whole number")


def lines_of(stream: IO[bytes], what: str) -> Iterator[bytes]:
    """Yield the lines of a file without their ends, a small part of the file in memory at a time."""
    rest = b""
    while part := stream.read(MEGABYTE):
        *whole, rest = (rest + part).split(b"\n")
        if len(rest) > LONGEST_LINE:
            raise Failed(f"{what} has a line that is too long")
        yield from whole
    if rest:
        raise Failed(f"{what} is cut off: its last line has no end")


def printable(text: object) -> str:
    """Return something from outside as harmless text: no control characters, not endless."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in str(text)[:300])


# --- What values may look like ------------------------------------------------------------------------------

Test = Callable[[Any], bool]


def is_text(value: object) -> bool:
    """Return whether it is a string."""
    return isinstance(value, str)


def is_flag(value: object) -> bool:
    """Return whether it is true or false."""
    return isinstance(value, bool)


def is_number(value: object) -> bool:
    """Return whether it is a whole number from zero up, not beyond what other programs can hold."""
    return type(value) is int and 0 <= value < LARGEST_NUMBER


def is_texts(value: object) -> bool:
    """Return whether it gives a text for each language."""
    return isinstance(value, dict) and all(is_text(text) for text in value.values())


def matches(pattern: str) -> Test:
    """Return a test for strings that match as a whole."""
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def is_one_of(*allowed: str) -> Test:
    """Return a test for one of these strings."""
    return lambda value: isinstance(value, str) and value in allowed


def is_list_of(test: Test) -> Test:
    """Return a test for lists of such values."""
    return lambda value: isinstance(value, list) and all(test(one) for one in value)


def is_null_or(test: Test) -> Test:
    """Return a test for null or such a value."""
    return lambda value: value is None or test(value)


def has_shape(tests: Mapping[str, Test]) -> Test:
    """Return a test for objects with exactly these keys, each value as its test wants it."""
    return lambda value: (
        isinstance(value, dict)
        and value.keys() == tests.keys()
        and all(test(value[key]) for key, test in tests.items())
    )


def expect_shape(value: Mapping[str, Any], tests: Mapping[str, Test], what: str) -> None:
    """Raise Failed with the first key that is missing, unknown or not as it should be."""
    for key in sorted(tests.keys() ^ value.keys()):
        raise Failed(f"{what} {'lacks' if key in tests else 'has an unknown'} key {printable(key)!r}")
    for key, test in tests.items():
        if not test(value[key]):
            raise Failed(f"{what} has a wrong {key!r}: {printable(json.dumps(value[key]))}")


is_hash = matches(r"[0-9a-f]{64}")
is_moment = matches(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z")
is_option_code = matches(r"[a-z0-9]{1,12}")
is_list_of_codes = is_list_of(is_option_code)

MANIFEST: dict[str, Test] = {
    "format": is_one_of("cps-poll-bundle-1"),
    "poll": is_text,
    "specification": is_hash,
    "kind": is_one_of("public", "observer"),
    "made_at": is_moment,
    "files": lambda value: (
        isinstance(value, dict)
        and all(has_shape({"sha256": is_hash, "bytes": is_number})(one) for one in value.values())
    ),
}

OPTION: dict[str, Test] = {
    "code": is_option_code,
    "cost": is_null_or(is_number),
    "labels": is_texts,
    "texts": is_texts,
    "picture": is_null_or(is_hash),
}

SPECIFICATION: dict[str, Test] = {
    "format": is_one_of("cps-poll-1"),
    "poll": is_text,
    "city": is_text,
    "question": is_texts,
    "explanation": is_texts,
    "method": is_one_of("single", "approval", "ranking", "budget"),
    "most": is_number,
    "budget": is_null_or(is_number),
    "currency": is_null_or(matches(r"[A-Z]{3}")),
    "options": is_list_of(has_shape(OPTION)),
    "order": is_one_of("published", "shuffled"),
    "key": is_one_of("register", "phone", "account"),
    "verified_before": is_moment,
    "who": has_shape(
        {
            "wards": is_null_or(is_list_of(is_text)),
            "age_from": is_null_or(is_number),
            "age_to": is_null_or(is_number),
            "listed": is_flag,
            "declared": is_flag,
        }
    ),
    "age_bands": is_list_of(is_number),
    "eligible": is_null_or(is_number),
    "opens_at": is_moment,
    "closes_at": is_moment,
    "results": is_one_of("after", "live"),
    "lines": is_one_of("counts", "full"),
    "sensitive": is_flag,
    "tie": is_one_of("report", "draw"),
    "draw": is_text,
    "objection_days": is_number,
    "decision_days": is_number,
    "witnesses": is_list_of(is_text),
    "keys": has_shape({"heads": is_hash, "seal": is_hash, "roll": is_hash, "handle": is_hash}),
}

HEAD: dict[str, Test] = {
    "batch": is_number,
    "final": is_flag,
    "pending": is_number,
    "poll": is_text,
    "previous": is_hash,
    "roll": is_number,
    "root": is_hash,
    "signature": matches(r"[0-9a-f]{128}"),
    "signed_at": is_moment,
    "size": is_number,
    "specification": is_hash,
}

RESULT: dict[str, Test] = {
    "format": is_one_of("cps-poll-result-1"),
    "poll": is_text,
    "specification": is_hash,
    "method": is_text,
    "eligible": is_null_or(is_number),
    "ballots": is_number,
    "blank": is_number,
    "paper": is_null_or(lambda value: isinstance(value, dict)),
    "counts": lambda value: isinstance(value, dict) and all(is_number(one) for one in value.values()),
    "rounds": is_list_of(
        has_shape(
            {
                "counts": lambda value: (
                    isinstance(value, dict) and all(is_number(one) for one in value.values())
                ),
                "exhausted": is_number,
                "out": is_list_of_codes,
                "winner": is_null_or(is_option_code),
            }
        )
    ),
    "winners": is_list_of_codes,
    "tie": is_list_of_codes,
    "draw": is_null_or(is_list_of_codes),
    "funded": is_null_or(is_list_of_codes),
    "rejected": is_null_or(is_list_of_codes),
    "undecided": is_null_or(is_list_of_codes),
    "spent": is_null_or(is_number),
}

RANKINGS = is_list_of(
    has_shape({"choice": is_list_of_codes, "count": lambda value: is_number(value) and value > 0})
)


# --- The ledger: tree and signatures ------------------------------------------------------------------------


class Tree:
    """A growing Merkle tree as RFC 9162, 2.1.1 defines it; it keeps only the roots of its whole subtrees."""

    def __init__(self) -> None:
        self.peaks: list[tuple[int, bytes]] = []  # (number of leaves, root), the largest first

    def append(self, leaf: bytes) -> None:
        """Add one leaf; two subtrees of one size become one of twice the size."""
        size, node = 1, leaf
        while self.peaks and self.peaks[-1][0] == size:
            size, node = 2 * size, sha256(b"\x01" + self.peaks.pop()[1] + node)
        self.peaks.append((size, node))

    def root(self) -> bytes:
        """Return the root of the tree as it stands; of an empty one the hash of nothing."""
        if not self.peaks:
            return sha256(b"")
        *larger, (_, node) = self.peaks
        for _, left in reversed(larger):
            node = sha256(b"\x01" + left + node)
        return node


Verify = Callable[[bytes, bytes, bytes], bool]
"""Of (public key, message, signature): whether the Ed25519 signature is right."""


def verify_with_cryptography() -> Verify:
    """Return a check by the package `cryptography`; ImportError where it is not installed."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    def verify(key: bytes, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    return verify


def verify_with_openssl() -> Verify:
    """Return a check by the program `openssl`; FileNotFoundError where there is none."""
    program = shutil.which("openssl")
    if program is None:
        raise FileNotFoundError("openssl")

    def verify(key: bytes, message: bytes, signature: bytes) -> bool:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + key)  # RFC 8410
            (folder / "message").write_bytes(message)
            (folder / "signature").write_bytes(signature)
            command = "pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in message -sigfile signature"
            done = subprocess.run(  # noqa: S603  # no shell, and no word of it comes from the bundle
                [program, *command.split()], cwd=folder, capture_output=True, timeout=60, check=False
            )
            return done.returncode == 0

    return verify


EXAMPLE = (  # RFC 8032, 7.1, test 2: shows whether a program can do this at all
    bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
    bytes.fromhex("72"),
    bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
)


def find_verifier() -> tuple[str, Verify] | None:
    """Return the first program here that accepts a known signature and refuses a wrong one, or None."""
    key, message, signature = EXAMPLE
    for name, make in (("cryptography", verify_with_cryptography), ("openssl", verify_with_openssl)):
        with contextlib.suppress(ImportError, OSError, subprocess.SubprocessError):
            verify = make()
            if verify(key, message, signature) and not verify(key, b"s", signature):
                return name, verify
    return None


def signed_bytes(head: Mapping[str, Any]) -> bytes:
    """Return what the signature of a head is made over."""
    return b"cps-poll-head-1\n" + canonical({key: head[key] for key in head if key != "signature"})


# --- Ballots ------------------------------------------------------------------------------------------------

BALLOT = re.compile(
    rb'\{"choice":\[((?:"[a-z0-9]{1,12}"(?:,"[a-z0-9]{1,12}")*)?)\],'
    rb'"code":"([0-9A-HJKMNP-TV-Z]{16})","salt":"[0-9a-f]{32}"\}'
)
"""A ballot line. No character in it could be written in another way, so what matches is canonical JSON."""


def choice_of(marks: bytes) -> Choice:
    """Return the option codes in the brackets of a ballot line."""
    return tuple(marks.decode().replace('"', "").split(",")) if marks else ()


def costs_of(specification: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each option costs, by code in the published order; None unless it is about a budget."""
    return {option["code"]: option["cost"] for option in specification["options"]}


def why_not_allowed(choice: Choice, specification: Mapping[str, Any], costs: Mapping[str, Any]) -> str:
    """Return why the specification does not allow this choice; empty when it does."""
    strange = [code for code in choice if code not in costs]
    if strange:
        return f"there is no option {strange[0]}"
    if len(set(choice)) != len(choice):
        return "an option stands in it twice"
    if len(choice) > specification["most"]:
        return f"it marks {len(choice)} options of at most {specification['most']}"
    if specification["method"] != "ranking" and list(choice) != sorted(choice):
        return "its options are not sorted"
    if specification["method"] == "budget" and sum(costs[code] for code in choice) > specification["budget"]:
        return "it costs more than the budget"
    return ""


class Problems:
    """The first problem of a kind, and how many there are."""

    def __init__(self) -> None:
        self.first = ""
        self.number = 0

    def add(self, text: str) -> None:
        """Note one more."""
        self.first = self.first or text
        self.number += 1

    def raise_any(self) -> None:
        """Raise Failed when there are some."""
        if self.number:
            raise Failed(self.first + (f"; {self.number - 1} more like this" if self.number > 1 else ""))


class Ballots:
    """All ballots, read line by line; equal choices are kept once and counted."""

    def __init__(self, specification: Mapping[str, Any]) -> None:
        self.specification = specification
        self.costs = costs_of(specification)
        self.numbers: dict[bytes, int] = {}  # a choice as it is written → its number
        self.counts: list[int] = []  # how often each choice was cast, by its number
        self.by_code: dict[bytes, int] = {}  # receipt code → number of the choice, in the order of the lines
        self.total = 0
        self.refused, self.repeated, self.misplaced = Problems(), Problems(), Problems()

    def read(self, lines: Iterable[bytes], leaves: bytes) -> None:
        """Read all lines; line *n* belongs to leaf *n*, 32 bytes each."""
        for line in lines:
            leaf = leaves[32 * self.total : 32 * self.total + 32]
            self.total += 1
            if sha256(b"\x00" + line) != leaf:
                self.misplaced.add(f"line {self.total} does not belong to leaf {self.total}")
            if match := BALLOT.fullmatch(line):
                self._count(*match.groups())
            else:
                self.refused.add(f"line {self.total} is not a ballot line: {printable(line[:200])}")

    def _count(self, marks: bytes, code: bytes) -> None:
        number = self.numbers.get(marks)
        if number is None:
            number = self._new_choice(marks)
        self.counts[number] += 1
        if code in self.by_code:
            self.repeated.add(f"line {self.total} has the receipt code of an earlier line")
        self.by_code[code] = number

    def _new_choice(self, marks: bytes) -> int:
        number = self.numbers[marks] = len(self.counts)
        self.counts.append(0)
        if why := why_not_allowed(choice_of(marks), self.specification, self.costs):
            self.refused.add(f"line {self.total} is not allowed: {why}")
        return number

    def choices(self) -> Iterator[tuple[Choice, int]]:
        """Yield every choice with the number of ballots that hold it."""
        for marks, number in self.numbers.items():
            yield choice_of(marks), self.counts[number]


# --- The count ----------------------------------------------------------------------------------------------


def count_options(
    specification: Mapping[str, Any], choices: Iterable[tuple[Choice, int]], paper: Mapping[str, Any] | None
) -> tuple[int, dict[str, int]]:
    """Return the blank ballots online, and each option's votes (in a ranking, first ranks) with paper."""
    counts = dict.fromkeys(costs_of(specification), 0)
    blank = 0
    for choice, number in choices:
        blank += number if not choice else 0
        for code in choice[:1] if specification["method"] == "ranking" else choice:
            counts[code] += number
    if paper and "counts" in paper:
        counts = {code: number + paper["counts"][code] for code, number in counts.items()}
    for ranking in paper.get("rankings", ()) if paper else ():
        counts[ranking["choice"][0]] += ranking["count"]
    return blank, counts


def most_votes(counts: Mapping[str, int], draw: Sequence[str] | None) -> dict[str, Any]:
    """Return who has the most votes."""
    best = max(counts.values(), default=0)
    equal = [code for code in counts if counts[code] == best and best]
    winners = equal if len(equal) == 1 else drawn_first(equal, draw)[:1]
    return {"rounds": [], "winners": winners, "tie": [] if winners else equal}


def drawn_first(equal: Sequence[str], draw: Sequence[str] | None) -> list[str]:
    """Return equal options in the order in which they were drawn; nothing where they were not all drawn."""
    order = [code for code in draw or () if code in equal]
    return order if len(order) == len(equal) else []


class RunOff:
    """An instant run-off: every ballot lies on the pile of its highest option that is still in."""

    def __init__(self, codes: Iterable[str], ballots: Iterable[tuple[Choice, int]]) -> None:
        self.piles: dict[str, list[tuple[Choice, int]]] = {code: [] for code in codes}
        self.exhausted = 0
        self.rounds: list[dict[str, Any]] = []
        for choice, number in ballots:
            if choice:
                self._lay(choice, number)

    def _lay(self, choice: Choice, number: int) -> None:
        for code in choice:
            if code in self.piles:
                self.piles[code].append((choice, number))
                return
        self.exhausted += number

    def run(self, draw: Sequence[str] | None) -> dict[str, Any]:
        """Count round after round until somebody wins or nobody can be told from the others."""
        while True:
            counts = {code: sum(number for _, number in pile) for code, pile in self.piles.items()}
            if not any(counts.values()):
                return {"rounds": self.rounds, "winners": [], "tie": []}
            winner = next((code for code in counts if 2 * counts[code] > sum(counts.values())), None)
            out = [] if winner else who_goes(counts, draw)
            self.rounds.append({"counts": counts, "exhausted": self.exhausted, "out": out, "winner": winner})
            if winner:
                return {"rounds": self.rounds, "winners": [winner], "tie": []}
            if not out:
                return {"rounds": self.rounds, "winners": [], "tie": lowest_of(counts)}
            for choice, number in [one for code in out for one in self.piles.pop(code)]:
                self._lay(choice, number)


def lowest_of(counts: Mapping[str, int]) -> list[str]:
    """Return the options with the fewest ballots."""
    return [code for code in counts if counts[code] == min(counts.values())]


def who_goes(counts: Mapping[str, int], draw: Sequence[str] | None) -> list[str]:
    """Return who leaves the run-off after a round without winner; nobody where only a draw could tell."""
    lowest = lowest_of(counts)
    together = sum(counts[code] for code in lowest)
    higher = [number for number in counts.values() if number > counts[lowest[0]]]
    if higher and together < min(higher):
        return lowest
    return drawn_first(lowest, draw)[-1:]


def fund(
    counts: Mapping[str, int], costs: Mapping[str, int], budget: int, draw: Sequence[str] | None
) -> dict[str, Any]:
    """Return what a budget pays for: options from the most approvals down, as long as they fit."""
    funded: list[str] = []
    rejected: list[str] = []
    left = budget
    for approvals in sorted(set(counts.values()) - {0}, reverse=True):
        equal = [code for code in counts if counts[code] == approvals]
        rejected += [code for code in equal if costs[code] > left]
        equal = [code for code in equal if costs[code] <= left]
        if sum(costs[code] for code in equal) > left and not drawn_first(equal, draw):
            undecided = equal + [code for code in counts if 0 < counts[code] < approvals]
            break
        for code in drawn_first(equal, draw) or equal:
            (funded if costs[code] <= left else rejected).append(code)
            left -= costs[code] if costs[code] <= left else 0
    else:
        undecided = equal = []
    rejected += [code for code in counts if counts[code] == 0]
    return {
        "rounds": [],
        "winners": funded,
        "tie": equal,
        "funded": funded,
        "rejected": rejected,
        "undecided": undecided,
        "spent": budget - left,
    }


def outcome(
    specification: Mapping[str, Any],
    counts: Mapping[str, int],
    ballots: Iterable[tuple[Choice, int]],
    draw: Sequence[str] | None,
) -> dict[str, Any]:
    """Return the parts of the result that follow from the counts, or in a ranking from the ballots."""
    parts = {"funded": None, "rejected": None, "undecided": None, "spent": None}
    if specification["method"] == "ranking":
        return parts | RunOff(counts, ballots).run(draw)
    if specification["method"] == "budget":
        return parts | fund(counts, costs_of(specification), specification["budget"], draw)
    return parts | most_votes(counts, draw)


# --- What the checks share ----------------------------------------------------------------------------------


class Facts:
    """What the checks so far have found to hold; each check adds to it what the next ones need."""

    path: Path
    code: str
    witness: Path
    trusted_key: str | None
    archive: zipfile.ZipFile
    manifest: dict[str, Any]
    specification: dict[str, Any]
    heads: list[dict[str, Any]]
    head_lines: list[bytes]
    leaves: bytes  # 32 bytes each, in the order of the ledger
    ballots: Ballots
    result: dict[str, Any]

    def __getattr__(self, name: str) -> NoReturn:
        """Say why something is not known: only called for what no check has found."""
        if name in ("leaves", "ballots"):
            self.expect_published(name)
        raise Unknown(f"not looked at, because of what is wrong with the {name.replace('_', ' ')}")

    def expect_published(self, name: str) -> None:
        """Raise Unknown when leaves or ballots do not belong into this bundle."""
        if {"leaves": "leaves.txt", "ballots": "ballots.jsonl"}[name] not in self.expected_files():
            raise Unknown(f"only the observers whom the poll names have the {name}")

    def expected_files(self) -> set[str]:
        """Return the names that a bundle of this kind of this poll holds."""
        names = {"manifest.json", "specification.json", "heads.jsonl", "result.json", "turnout.csv"}
        names |= {"server_ed25519.pub", "verify.py"}
        observer = self.manifest["kind"] == "observer"
        if observer or not self.specification["sensitive"]:
            names.add("leaves.txt")
            if observer or self.specification["lines"] == "full":
                names |= {"ballots.jsonl", "ballots.csv"}
                names |= {
                    name
                    for name, method in (("ballots.pb", "budget"), ("ballots.toi", "ranking"))
                    if method == self.specification["method"]
                }
        return names

    def open(self, name: str) -> IO[bytes]:
        """Open one file of the bundle."""
        if name not in self.archive.namelist():
            raise Failed(f"{name} is missing")
        return self.archive.open(name)

    def bytes_of(self, name: str) -> bytes:
        """Return a file as a whole."""
        with self.open(name) as stream:
            return stream.read()


def expect(holds: bool, otherwise: str) -> None:
    """Raise Failed with a sentence unless something holds."""
    if not holds:
        raise Failed(otherwise)


# --- The checks: each returns its sentence, or raises Failed or Unknown -------------------------------------


def check_archive(facts: Facts) -> str:
    """A zip with few files of plain names, none twice, of sizes that can be read."""
    expect(not facts.path.is_dir(), "this is a folder; give the zip as it was downloaded")
    archive = zipfile.ZipFile(facts.path)
    files = archive.infolist()
    expect(len(files) <= MOST_FILES, f"it holds {len(files)} files")
    names = [file.orig_filename for file in files]
    for name in names:
        plain = re.fullmatch(r"[a-z0-9_]+\.[a-z0-9]+", name)
        expect(plain is not None, f"no file of a bundle has the name {printable(name)}")
        expect(names.count(name) == 1, f"{name} is in it twice")
    for file in files:
        expect_readable(file)
    facts.archive = archive
    return f"{len(files)} files, {sum(file.file_size for file in files):,} bytes"


def expect_readable(file: zipfile.ZipInfo) -> None:
    """Raise Failed for a file that is too large, shrinks too well, or is packed in another way than ours."""
    most = MORE_BYTES.get(file.filename, MOST_BYTES)
    expect(
        file.file_size <= most, f"{file.filename} says it has {file.file_size:,} bytes, more than {most:,}"
    )
    shrinks = file.file_size > MEGABYTE and file.file_size > MOST_SHRINKING * file.compress_size
    expect(
        not shrinks, f"{file.filename} says it has {file.file_size:,} bytes, packed in {file.compress_size:,}"
    )
    usual = file.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} and not file.flag_bits & 1
    expect(usual, f"{file.filename} is packed in a strange way, or with a password")


def check_manifest(facts: Facts) -> str:
    """The list of contents has its form."""
    expect("manifest.json" in facts.archive.namelist(), "manifest.json is missing")
    manifest = parsed(facts.archive.read("manifest.json"), "manifest.json")
    expect_shape(manifest, MANIFEST, "manifest.json")
    facts.manifest = manifest
    return f"{manifest['kind']} bundle of the poll {printable(manifest['poll'])}, made {manifest['made_at']}"


def check_specification(facts: Facts) -> str:
    """The frozen specification has its form and the hash that the manifest names."""
    expect("specification.json" in facts.archive.namelist(), "specification.json is missing")
    data = facts.archive.read("specification.json")
    digest = sha256(data).hex()
    expect(digest == facts.manifest["specification"], f"its hash is {digest}, the manifest has another")
    specification = parsed(data, "it")
    expect_shape(specification, SPECIFICATION, "it")
    expect_sense(specification)
    expect(specification["poll"] == facts.manifest["poll"], "it is of another poll than the manifest")
    facts.specification = specification
    return f"its hash is {digest}"


def expect_sense(specification: Mapping[str, Any]) -> None:
    """Raise Failed when the values of a specification contradict each other."""
    method, options, most = (specification[key] for key in ("method", "options", "most"))
    codes = [option["code"] for option in options]
    expect(0 < len(codes) == len(set(codes)), "it has no options, or two with one code")
    expect(len(codes) <= MOST_OPTIONS, f"it has {len(codes)} options")
    largest = {"single": 1, "ranking": 3}.get(method, len(codes))
    smallest = len(codes) if method == "budget" else 1
    expect(smallest <= most <= largest, f"its ballots may hold {most} options: not so in this method")
    numbers = [specification["budget"], specification["currency"], *(option["cost"] for option in options)]
    fits = None not in numbers if method == "budget" else numbers == [None] * len(numbers)
    expect(fits, "budget, currency and costs do not go with its method")
    expect(
        (specification["tie"] == "draw") == bool(specification["draw"]), "its draw does not go with its tie"
    )
    expect(specification["opens_at"] < specification["closes_at"], "it closes before it opens")
    bands = specification["age_bands"]
    expect(all(low < high for low, high in pairwise(bands)), "its age bands do not ascend")


def check_files(facts: Facts) -> str:
    """Every file has the hash and the size of the manifest; none is missing, none is extra."""
    listed = facts.manifest["files"]
    present = set(facts.archive.namelist())
    expected = facts.expected_files()
    for title, names in (
        ("missing", expected - present),
        ("not part of such a bundle", present - expected),
        ("not listed in the manifest", present - listed.keys() - {"manifest.json"}),
        ("listed in the manifest, but not there", listed.keys() - (present - {"manifest.json"})),
    ):
        expect(not names, f"{title}: {printable(', '.join(sorted(names)))}")
    for name in sorted(listed):
        with facts.open(name) as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
        size = facts.archive.getinfo(name).file_size
        expect({"sha256": digest, "bytes": size} == listed[name], f"{name} is not the file of the manifest")
    return f"{len(listed)} files have the hash and size of the manifest, none is missing or extra"


def check_key(facts: Facts) -> str:
    """The public key is the one of the specification, and the one you know where you gave it."""
    key = facts.specification["keys"]["heads"]
    expect(
        facts.bytes_of("server_ed25519.pub") == f"{key}\n".encode(),
        "the file has another key than the specification",
    )
    if facts.trusted_key is None:
        return f"{key}; compare it with the protocol of the opening, or give the one you know with --key"
    trusted = re.sub(r"[\s:]", "", facts.trusted_key).lower()
    expect(is_hash(trusted), "the one you gave is not 64 hex digits")
    expect(trusted == key, f"the bundle has {key}, not the one you gave")
    return f"{key}, as you know it"


def check_heads(facts: Facts) -> str:
    """The heads go from the opening to the final one, and each holds the hash of the one before."""
    with facts.open("heads.jsonl") as stream:
        lines = list(lines_of(stream, "heads.jsonl"))
    heads = [parsed(line, f"line {number}") for number, line in enumerate(lines, 1)]
    expect(bool(heads), "there are none")
    digest = sha256(canonical(facts.specification)).hex()
    for number, head in enumerate(heads):
        what = f"line {number + 1}"
        expect_shape(head, HEAD, what)
        expect(head["batch"] == number, f"{what} is of batch {head['batch']}, not {number}")
        previous = sha256(lines[number - 1]).hex() if number else "0" * 64
        expect(head["previous"] == previous, f"{what} does not hold the hash of the head before it")
        expect(head["specification"] == digest, f"{what} is of another specification")
        expect(head["poll"] == facts.specification["poll"], f"{what} is of another poll")
        expect(head["final"] == (number == len(heads) - 1), f"{what}: the last head, and only it, is final")
    for earlier, later in pairwise(heads):
        for key in ("size", "roll"):
            expect(earlier[key] <= later[key], f"line {later['batch'] + 1}: {key} is lower than before")
    expect_times(heads, facts.specification)
    facts.heads, facts.head_lines = heads, lines
    return f"{len(heads)}, each with the hash of the one before; {heads[-1]['size']:,} ballots in the last"


def expect_times(heads: Sequence[Mapping[str, Any]], specification: Mapping[str, Any]) -> None:
    """Raise Failed when somebody voted before the opening, or the poll ended before its announced end."""
    first, last = heads[0], heads[-1]
    expect(first["size"] == first["roll"] == 0, "line 1: somebody voted before the opening")
    expect(
        last["signed_at"] >= specification["closes_at"], "the final head was signed before the announced end"
    )


def check_signatures(facts: Facts) -> str:
    """Every head is signed with the key of the specification."""
    heads = facts.heads
    found = find_verifier()
    if found is None:
        raise Unknown(
            "neither the Python package cryptography nor a program openssl that can do Ed25519 is here"
        )
    name, verify = found
    key = bytes.fromhex(facts.specification["keys"]["heads"])

    def is_signed(head: Mapping[str, Any]) -> bool:
        return verify(key, signed_bytes(head), bytes.fromhex(head["signature"]))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, right in enumerate(pool.map(is_signed, heads), 1):
            expect(right, f"the signature of head {number} is wrong")
    return f"all {len(heads)} heads are signed with this key ({name})"


def check_roll(facts: Facts) -> str:
    """At every head, ballots in the ledger and ballots waiting are as many as people who have voted."""
    for number, head in enumerate(facts.heads, 1):
        size, pending, roll = head["size"], head["pending"], head["roll"]
        expect(
            size + pending == roll, f"head {number}: {size} ballots and {pending} waiting, but {roll} voted"
        )
    last, eligible = facts.heads[-1], facts.specification["eligible"]
    expect(last["pending"] == 0, f"{last['pending']} ballots still wait at the final head")
    if eligible is None:
        return f"{last['roll']:,} voted online, as many as ballots; nobody knows how many may vote"
    expect(last["roll"] <= eligible, f"{last['roll']:,} voted, but only {eligible:,} may")
    return f"{last['roll']:,} voted online, as many as ballots at every head, of {eligible:,} who may"


def check_leaves(facts: Facts) -> str:
    """The leaves are as many as the last head says, none is there twice, each batch is in ascending order."""
    facts.expect_published("leaves")
    leaves = bytearray()
    with facts.open("leaves.txt") as stream:
        for number, line in enumerate(lines_of(stream, "leaves.txt"), 1):
            expect(re.fullmatch(rb"[0-9a-f]{64}", line) is not None, f"line {number} is not a hash")
            leaves += bytes.fromhex(line.decode())
    facts.leaves = bytes(leaves)
    size, total = facts.heads[-1]["size"], len(leaves) // 32
    expect(total == size, f"there are {total:,} leaves, but the last head says {size:,}")
    bounds = {head["size"] for head in facts.heads}
    for number, (one, following) in enumerate(pairwise(each_leaf(facts.leaves)), 1):
        expect(
            one < following or number in bounds, f"leaf {number + 1} is not in ascending order in its batch"
        )
    expect(len(set(each_leaf(facts.leaves))) == total, "a leaf is there twice")
    return f"{total:,}, no two alike, in ascending order in each batch"


def each_leaf(leaves: bytes) -> Iterator[bytes]:
    """Yield the hashes one by one."""
    return (leaves[start : start + 32] for start in range(0, len(leaves), 32))


def check_tree(facts: Facts) -> str:
    """The root of every head is the root of the tree over the first leaves."""
    leaves, tree, total = each_leaf(facts.leaves), Tree(), len(facts.leaves) // 32
    for (number, head), before in zip(enumerate(facts.heads, 1), [{"size": 0}, *facts.heads], strict=False):
        size = head["size"]
        expect(size <= total, f"head {number} says there are {size:,} leaves, but there are {total:,}")
        for leaf in islice(leaves, size - before["size"]):
            tree.append(leaf)
        same = tree.root().hex() == head["root"]
        expect(same, f"the first {size:,} leaves do not give the root of head {number}")
    return f"the leaves give the root of each of the {len(facts.heads)} heads"


def check_ballots(facts: Facts) -> str:
    """Every line is a ballot that the specification allows."""
    facts.expect_published("ballots")
    ballots = Ballots(facts.specification)
    with facts.open("ballots.jsonl") as stream:
        ballots.read(lines_of(stream, "ballots.jsonl"), facts.leaves)
    facts.ballots = ballots
    ballots.refused.raise_any()
    return f"{ballots.total:,}, each one that the specification allows"


def check_codes(facts: Facts) -> str:
    """No receipt code stands on two ballots."""
    facts.ballots.repeated.raise_any()
    return "no receipt code stands on two ballots"


def check_ledger(facts: Facts) -> str:
    """Line n of the ballots belongs to leaf n of the ledger."""
    ballots, total = facts.ballots, len(facts.leaves) // 32
    expect(ballots.total == total, f"there are {ballots.total:,} ballots and {total:,} leaves")
    ballots.misplaced.raise_any()
    return "line by line, the ballots are those of the leaves"


def check_tables(facts: Facts) -> str:
    """The other forms of the ballots, for spreadsheets and for science, say the same as their lines."""
    ballots = facts.ballots
    expect_table(facts, ballots)
    names = ["ballots.csv"]
    for name, read in (("ballots.pb", pabulib_choices), ("ballots.toi", preflib_choices)):
        if name not in facts.expected_files():
            continue
        names.append(name)
        left = list(ballots.counts)
        for marks, number in read(facts):
            expect(marks in ballots.numbers, f"{name} has a choice that is not in the lines")
            left[ballots.numbers[marks]] -= number
        if name == "ballots.toi" and b"" in ballots.numbers:
            left[ballots.numbers[b""]] = 0  # that format has no blank ballots
        expect(not any(left), f"{name} does not hold every choice as often as the lines")
    return f"{' and '.join(names)}: the same"


def expect_table(facts: Facts, ballots: Ballots) -> None:
    """Raise Failed when `ballots.csv` is not the ballots by ascending receipt code."""
    before, rows = b"", 0
    with facts.open("ballots.csv") as stream:
        lines = lines_of(stream, "ballots.csv")
        expect(next(lines, b"") == b"code,choice", "the columns of ballots.csv are not code and choice")
        for rows, line in enumerate(lines, 1):
            code, _, choice = line.partition(b",")
            number = ballots.numbers.get(marks_of(choice.replace(b" ", b",")))
            same = code in ballots.by_code and ballots.by_code[code] == number
            expect(same, f"row {rows} of ballots.csv is no ballot")
            expect(code > before, f"row {rows} of ballots.csv is not in the order of the codes")
            before = code
    expect(rows == ballots.total, f"ballots.csv has {rows:,} rows for {ballots.total:,} ballots")


def marks_of(codes: bytes) -> bytes:
    """Return option codes between commas as they stand in the brackets of a ballot line."""
    return b'"%b"' % codes.replace(b",", b'","') if codes else b""


def pabulib_choices(facts: Facts) -> Iterator[tuple[bytes, int]]:
    """Yield the choices of `ballots.pb` (https://pabulib.org/format): the rows of its last section."""
    with facts.open("ballots.pb") as stream:
        lines = lines_of(stream, "ballots.pb")
        expect(b"VOTES" in lines, "ballots.pb has no votes")  # reads up to this line
        expect(next(lines, b"") == b"voter_id;vote", "the columns of ballots.pb are not voter and vote")
        for line in lines:
            yield marks_of(line.partition(b";")[2]), 1


def preflib_choices(facts: Facts) -> Iterator[tuple[bytes, int]]:
    """Yield the rankings of `ballots.toi` (https://preflib.org/format), each with how often it was made."""
    codes = [code.encode() for code in costs_of(facts.specification)]
    with facts.open("ballots.toi") as stream:
        for line in lines_of(stream, "ballots.toi"):
            if line.startswith(b"#"):
                continue
            order = re.fullmatch(rb"([1-9][0-9]{0,14}): ([1-9][0-9]{0,3}(?:,[1-9][0-9]{0,3})*)", line)
            if order is None:
                raise Failed(f"ballots.toi has a line that is no ranking: {printable(line[:200])}")
            number, options = order.groups()
            places = [int(option) for option in options.split(b",")]
            expect(max(places) <= len(codes), "ballots.toi ranks an option that is not there")
            yield marks_of(b",".join(codes[place - 1] for place in places)), int(number)


def check_result(facts: Facts) -> str:
    """The result has its form, belongs to this poll, and its sums are possible."""
    result = parsed(facts.bytes_of("result.json"), "it")
    expect_shape(result, RESULT, "it")
    specification, codes = facts.specification, costs_of(facts.specification).keys()
    for key in ("poll", "method", "eligible"):
        expect(result[key] == specification[key], f"its {key} is not that of the specification")
    expect(
        result["specification"] == sha256(canonical(specification)).hex(), "it is of another specification"
    )
    expect(result["counts"].keys() == codes, "its counts are not those of all options")
    expect_paper(result["paper"], specification)
    expect_draw(result["draw"], specification)
    online, paper = result["ballots"], (result["paper"] or {}).get("ballots", 0)
    expect(online == facts.heads[-1]["size"], "its ballots are not as many as in the last head")
    most = specification["eligible"]
    expect(most is None or online + paper <= most, f"{online + paper:,} ballots, but only {most} may vote")
    blank = result["blank"] + (result["paper"] or {}).get("blank", 0)
    expect(result["blank"] <= online, "it has more blank ballots than ballots")
    expect_sums(result["counts"], online + paper - blank, specification)
    facts.result = result
    return f"{online:,} ballots online, {paper:,} on paper, {blank:,} of them blank"


def expect_sums(counts: Mapping[str, int], marked: int, specification: Mapping[str, Any]) -> None:
    """Raise Failed when so many ballots that are not blank cannot give these counts."""
    method, budget, costs = specification["method"], specification["budget"], costs_of(specification)
    most = 1 if method == "ranking" else specification["most"]
    possible = marked <= sum(counts.values()) <= most * marked and max(counts.values()) <= marked
    expect(possible, f"{marked:,} ballots that are not blank cannot give its counts")
    if method == "budget":
        spent = sum(costs[code] * number for code, number in counts.items())
        expect(spent <= marked * budget, f"{marked:,} ballots cannot spend as much as its counts do")


def expect_paper(paper: Mapping[str, Any] | None, specification: Mapping[str, Any]) -> None:
    """Raise Failed when the paper ballots do not have their form or their sums are impossible."""
    if paper is None:
        return
    ranking = specification["method"] == "ranking"
    tests: dict[str, Test] = {"ballots": is_number, "blank": is_number}
    tests |= {"rankings": RANKINGS} if ranking else {"counts": RESULT["counts"]}
    expect_shape(paper, tests, "its paper")
    costs = costs_of(specification)
    if ranking:
        choices = [one["choice"] for one in paper["rankings"]]
        expect(all(low < high for low, high in pairwise(choices)), "its rankings on paper are not sorted")
        allowed = all(
            choice and not why_not_allowed(tuple(choice), specification, costs) for choice in choices
        )
        expect(allowed, "the specification does not allow one of its rankings on paper")
        counts = dict.fromkeys(costs, 0)
        for one in paper["rankings"]:
            counts[one["choice"][0]] += one["count"]
    else:
        counts = paper["counts"]
    expect(counts.keys() == costs.keys(), "its counts on paper are not those of all options")
    expect(paper["blank"] <= paper["ballots"], "it has more blank ballots on paper than ballots")
    expect_sums(counts, paper["ballots"] - paper["blank"], specification)


def expect_draw(draw: Sequence[str] | None, specification: Mapping[str, Any]) -> None:
    """Raise Failed for a draw that was not announced, or not one of options."""
    codes = costs_of(specification).keys()
    expect(
        draw is None or specification["tie"] == "draw", "it has a draw that the specification does not know"
    )
    expect(len(set(draw or ()) & codes) == len(draw or ()), "its draw is not one of different options")


def check_recount(facts: Facts) -> str:
    """Counting again gives what the result says, to the byte."""
    specification, result = facts.specification, facts.result
    try:
        ballots = facts.ballots
    except Unknown as reason:
        raise Unknown(f"{reason}{still_known(facts)}") from None
    if ballots.refused.number:
        raise Unknown("not done, because there are lines that are not ballots")
    blank, counts = count_options(specification, ballots.choices(), result["paper"])
    on_paper = (result["paper"] or {}).get("rankings", ())
    every_choice = chain(ballots.choices(), ((tuple(one["choice"]), one["count"]) for one in on_paper))
    again = {"ballots": ballots.total, "blank": blank, "counts": counts}
    expect_equal(result, again | outcome(specification, counts, every_choice, result["draw"]))
    return f"the same result: {told(result)}"


def still_known(facts: Facts) -> str:
    """Return what can be said without the ballots: that the winners follow from the counts."""
    if facts.specification["method"] == "ranking" or "ballots.jsonl" in facts.expected_files():
        return ""
    counts = {code: facts.result["counts"][code] for code in costs_of(facts.specification)}
    expect_equal(facts.result, outcome(facts.specification, counts, (), facts.result["draw"]))
    return f"; but this does follow from the counts: {told(facts.result)}"


def expect_equal(result: Mapping[str, Any], again: Mapping[str, Any]) -> None:
    """Raise Failed with the parts of the result that came out otherwise."""
    wrong = [key for key in again if canonical(result[key]) != canonical(again[key])]
    if wrong:
        said, counted = (printable(json.dumps(values[wrong[0]])) for values in (result, again))
        raise Failed(f"{', '.join(wrong)}: {wrong[0]} is {counted}, but the result says {said}")


def told(result: Mapping[str, Any]) -> str:
    """Return the result in a few words."""
    parts = {"winners": result["winners"], "tie": result["tie"]}
    return "; ".join(f"{key} {', '.join(codes)}" for key, codes in parts.items() if codes) or "nobody won"


def check_turnout(facts: Facts) -> str:
    """The sums of the turnout are possible, and no cell shows fewer than ten people."""
    total = facts.result["ballots"] + (facts.result["paper"] or {}).get("ballots", 0)
    with facts.open("turnout.csv") as stream:
        lines = [line.decode() for line in lines_of(stream, "turnout.csv")]
    expect(lines[:1] == ["ward,age_from,eligible,voted"], "its columns are not those of a turnout")
    rows = list(csv.reader(lines[1:], strict=True))
    expect(len({tuple(row[:2]) for row in rows}) == len(rows), "a group of people is there twice")
    expect(not rows or total >= 20, "it has rows, though there are fewer than twenty ballots")
    seen = {"eligible": 0, "voted": 0}
    for number, row in enumerate(rows, 2):
        expect(len(row) == 4, f"line {number} has {len(row)} cells")
        for key, cell in zip(("eligible", "voted"), row[2:], strict=True):
            expect(
                re.fullmatch(r"|[1-9][0-9]{1,14}", cell) is not None,
                f"line {number}: a cell is no number from 10 up",
            )
            seen[key] += int(cell or 0)
        expect("" in row[2:] or int(row[3]) <= int(row[2]), f"line {number}: more voted than may")
    most = facts.specification["eligible"]
    expect(seen["voted"] <= total, f"{seen['voted']:,} voted, but there are only {total:,} ballots")
    expect(most is None or seen["eligible"] <= most, "more may vote than the specification says")
    return f"{len(rows)} cells, possible sums, none with fewer than ten people"


def check_witness(facts: Facts) -> str:
    """Every head that was kept outside the city hall is one of the bundle."""
    ours = set(facts.head_lines)
    expect(facts.witness.stat().st_size <= MORE_BYTES["heads.jsonl"], "the file is too large for heads")
    kept = [line.strip() for line in facts.witness.read_bytes().split(b"\n") if line.strip()]
    if not kept:
        raise Unknown("the file holds no head")
    for number, line in enumerate(kept, 1):
        expect(
            line in ours,
            f"two histories: head {number} of the file is not in the bundle{who_signed(line, facts)}",
        )
    return f"all {len(kept)} heads of the file are in the bundle"


def who_signed(line: bytes, facts: Facts) -> str:
    """Return what the signature of a foreign head says about where it comes from."""
    found = find_verifier()
    try:
        head = parsed(line, "the head")
        expect_shape(head, HEAD, "the head")
    except Failed as error:
        return f"; {error}, so it proves nothing"
    if found is None:
        return "; nothing here can check its signature"
    key = bytes.fromhex(facts.specification["keys"]["heads"])
    if not found[1](key, signed_bytes(head), bytes.fromhex(head["signature"])):
        return ", and not signed with the key of this poll, so it proves nothing"
    return ", though signed with the same key: keep that file, it proves it"


def read_code(text: str) -> str:
    """Return the digits somebody meant; O is read as 0, I and L as 1. Empty where it is no code."""
    marks = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()
    digits = "".join(str(unicodedata.decimal(mark, mark)) for mark in marks)
    digits = digits.translate(str.maketrans("ILO", "110"))
    return digits if re.fullmatch("[0-9A-HJKMNP-TV-Z]*", digits) else ""


def check_code(facts: Facts) -> str:
    """The ballot with a receipt code."""
    code = read_code(facts.code)
    expect(len(code) == 16, "a receipt code has sixteen letters and digits, without U")
    ballots, name = facts.ballots, "-".join(code[start : start + 4] for start in range(0, 16, 4))
    number = ballots.by_code.get(code.encode())
    if number is None:
        raise Failed(f"no ballot has the code {name}")
    line = list(ballots.by_code).index(code.encode()) + 1
    choice = choice_of(list(ballots.numbers)[number])
    labels = {option["code"]: option["labels"] for option in facts.specification["options"]}
    marks = [f"{one} ({printable(' / '.join(labels.get(one, {}).values()))})" for one in choice]
    return f"{name} is ballot {line:,}: {', '.join(marks) or 'blank'}"


CHECKS: tuple[tuple[str, Callable[[Facts], str]], ...] = (
    ("archive", check_archive),
    ("manifest", check_manifest),
    ("specification", check_specification),
    ("files", check_files),
    ("key", check_key),
    ("heads", check_heads),
    ("signatures", check_signatures),
    ("roll", check_roll),
    ("leaves", check_leaves),
    ("tree", check_tree),
    ("ballots", check_ballots),
    ("codes", check_codes),
    ("ledger", check_ledger),
    ("tables", check_tables),
    ("result", check_result),
    ("recount", check_recount),
    ("turnout", check_turnout),
)


# --- The command line ---------------------------------------------------------------------------------------


def run(name: str, check: Callable[[Facts], str], facts: Facts) -> int:
    """Print the line of one check and return its exit status; whatever goes wrong in it is its failure."""
    status, mark = SOMETHING_FAILED, "FAIL"
    try:
        text = check(facts)
        status, mark = EVERYTHING_HOLDS, "ok"
    except Unknown as reason:
        text = str(reason)
        status, mark = SOMETHING_UNKNOWN, "?"
    except Failed as reason:
        text = str(reason)
    except Exception as error:  # noqa: BLE001  # a bundle may be broken in any way
        text = f"cannot be read ({type(error).__name__}: {printable(error)})"
    sys.stdout.write(f"{mark:<4} {name}: {text}\n")
    sys.stdout.flush()
    return status


def main(argv: Sequence[str] | None = None) -> int:
    """Check a bundle, print a line for each check, and return the exit status."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Check and recount the bundle of a poll.")
    parser.add_argument("bundle", type=Path, help="the zip file, as it was published")
    parser.add_argument("--code", help="show the ballot with this receipt code")
    parser.add_argument(
        "--witness", type=Path, metavar="FILE", help="heads that were kept outside the city hall"
    )
    parser.add_argument("--key", metavar="HEX", help="the public key of the city, as you know it already")
    options = parser.parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    facts = Facts()
    facts.path, facts.trusted_key = options.bundle, options.key
    checks = [*CHECKS]
    if options.witness is not None:
        facts.witness = options.witness
        checks.append(("witness", check_witness))
    if options.code is not None:
        facts.code = options.code
        checks.append(("code", check_code))
    statuses = {name: run(name, check, facts) for name, check in checks}
    sys.stdout.writelines(f"{line}\n" for line in summary(facts, statuses))
    for status, sentence in (
        (SOMETHING_FAILED, "Something does not hold."),
        (SOMETHING_UNKNOWN, "What could be checked holds; something could not be checked."),
    ):
        if status in statuses.values():
            sys.stdout.write(f"{sentence}\n")
            return status
    sys.stdout.write("Everything holds.\n")
    return EVERYTHING_HOLDS


HOW_SURE = {
    EVERYTHING_HOLDS: "counted again from every ballot",
    SOMETHING_UNKNOWN: "as published; not counted again here",
    SOMETHING_FAILED: "as published, which does NOT hold",
}


def summary(facts: Facts, statuses: Mapping[str, int]) -> Iterator[str]:
    """Yield in plain words what was found: the votes for each option, and how many checks hold."""
    yield ""
    if "result" in facts.__dict__:
        yield from votes_in_words(facts, HOW_SURE[statuses["recount"]])
    yield f"{len(statuses)} checks: " + "; ".join(
        f"{len(names)} {words}" + (f" ({', '.join(names)})" if status else "")
        for status, words in (
            (EVERYTHING_HOLDS, "hold"),
            (SOMETHING_FAILED, "failed"),
            (SOMETHING_UNKNOWN, "could not be made"),
        )
        if (names := [name for name, found in statuses.items() if found == status]) or not status
    )


def votes_in_words(facts: Facts, how_sure: str) -> Iterator[str]:
    """Yield the question and, from the most votes down, a line for each option."""
    specification, result, paper = facts.specification, facts.result, facts.result["paper"] or {}
    counted = "First choices" if specification["method"] == "ranking" else "Votes"
    yield in_one_language(specification["question"])
    yield f"{counted}, {how_sure}:"
    labels = {option["code"]: option["labels"] for option in specification["options"]}
    for code in sorted(labels, key=lambda code: -result["counts"][code]):
        won = "  (won)" if code in result["winners"] else "  (tie)" if code in result["tie"] else ""
        yield f"{result['counts'][code]:>12,}  {in_one_language(labels[code])} [{code}]{won}"
    yield f"{result['blank'] + paper.get('blank', 0):>12,}  blank ballots"
    on_paper = paper.get("ballots", 0)
    yield f"{result['ballots'] + on_paper:>12,}  ballots in all, {on_paper:,} of them on paper"
    yield ""


def in_one_language(texts: Mapping[str, str]) -> str:
    """Return a text in English where there is one, else in the first language."""
    return printable(texts.get("en") or next(iter(texts.values()), ""))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # nobody reads on, as in `verify.py … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(SOMETHING_FAILED)
