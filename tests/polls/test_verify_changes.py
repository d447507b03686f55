"""Somebody changes the files of a bundle, with a manifest that fits or without: each change is found."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cps.polls import canonical
from cps.polls.bundle import Kind
from cps.polls.rules import Lines
from tests.polls.bundles import ANOTHER_KEY, Files, make_count, public_key, sealed, zipped
from tests.polls.checking import FAILED, check, failed


def with_file(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Files], Files]:
    """Return a change of the lines of one file."""

    def forge(files: Files) -> Files:
        lines = change(files[name].splitlines())
        return {**files, name: b"".join(line + b"\n" for line in lines)}

    return forge


def with_edit(name: str, line: int, **changes: Any) -> Callable[[Files], Files]:
    """Return a change of the JSON in one line of a file."""

    def change(lines: list[bytes]) -> list[bytes]:
        return [*lines[:line], edited(lines[line], **changes), *lines[line + 1 :]]

    return with_file(name, change)


def edited(data: bytes, **changes: Any) -> bytes:
    return canonical.to_bytes({**json.loads(data), **changes})


def swapped(lines: list[bytes]) -> list[bytes]:
    return [lines[1], lines[0], *lines[2:]]


def without_result_draw(files: Files) -> Files:
    return {**files, "result.json": files["result.json"].replace(b'"draw":null,', b"")}


def with_other_specification(files: Files) -> Files:
    """A question that was changed after the poll, with the manifest naming its hash."""
    data = files["specification.json"].replace(b"become", b"forget")
    manifest = json.loads(files["manifest.json"]) | {"specification": canonical.sha256(data)}
    return {**files, "specification.json": data, "manifest.json": canonical.to_bytes(manifest)}


def signed_by_another(files: Files) -> Files:
    return {**files, "heads.jsonl": b"".join(line + b"\n" for line in make_count().heads(ANOTHER_KEY))}


CHANGES: dict[str, tuple[Callable[[Files], Files], set[str]]] = {
    "a ballot removed": (
        with_file("ballots.jsonl", lambda lines: lines[:-1]),
        {"ledger", "tables", "recount"},
    ),
    "a ballot added": (
        with_file(
            "ballots.jsonl",
            lambda lines: [*lines, b'{"choice":[],"code":"%b","salt":"%b"}' % (b"0" * 16, b"0" * 32)],
        ),
        {"ledger", "tables", "recount"},
    ),
    "a ballot twice": (
        with_file("ballots.jsonl", lambda lines: [*lines, lines[-1]]),
        {"codes", "ledger", "tables", "recount"},
    ),
    "a ballot changed": (with_edit("ballots.jsonl", 5, choice=["zz"]), {"ballots", "ledger", "tables"}),
    "two ballots swapped": (with_file("ballots.jsonl", swapped), {"ledger"}),
    "a salt changed": (with_edit("ballots.jsonl", 5, salt="0" * 32), {"ledger"}),
    "a code changed": (with_edit("ballots.jsonl", 5, code="0" * 16), {"ledger", "tables"}),
    "a ballot with a space": (
        with_file("ballots.jsonl", lambda lines: [lines[0].replace(b",", b", "), *lines[1:]]),
        {"ballots", "ledger", "tables"},
    ),
    "a row of the table changed": (
        with_file("ballots.csv", lambda lines: [*lines[:-1], lines[-1] + b"b"]),
        {"tables"},
    ),
    "rows of the table swapped": (
        with_file("ballots.csv", lambda lines: [lines[0], *swapped(lines[1:])]),
        {"tables"},
    ),
    "a row of the table removed": (with_file("ballots.csv", lambda lines: lines[:-1]), {"tables"}),
    "a leaf removed": (with_file("leaves.txt", lambda lines: lines[:-1]), {"leaves", "tree", "ledger"}),
    "a leaf added": (with_file("leaves.txt", lambda lines: [*lines, b"f" * 64]), {"leaves", "ledger"}),
    "a leaf changed": (
        with_file("leaves.txt", lambda lines: [b"0" * 64, *lines[1:]]),
        {"tree", "ledger"},
    ),
    "a leaf that is none": (with_file("leaves.txt", lambda lines: [b"x" * 64, *lines[1:]]), {"leaves"}),
    "an early head edited": (with_edit("heads.jsonl", 1, roll=108, pending=8), {"heads"}),
    "the last head edited": (with_edit("heads.jsonl", 2, signed_at="2026-11-26T00:00:00Z"), {"signatures"}),
    "a root edited": (with_edit("heads.jsonl", 2, root="0" * 64), {"signatures", "tree"}),
    "a head removed": (with_file("heads.jsonl", lambda lines: [lines[0], lines[2]]), {"heads"}),
    "the last head removed": (with_file("heads.jsonl", lambda lines: lines[:2]), {"heads"}),
    "the first head removed": (with_file("heads.jsonl", lambda lines: lines[1:]), {"heads"}),
    "heads reordered": (with_file("heads.jsonl", swapped), {"heads"}),
    "a head twice": (with_file("heads.jsonl", lambda lines: [*lines, lines[-1]]), {"heads"}),
    "no heads": (with_file("heads.jsonl", lambda _: []), {"heads"}),
    "heads signed by another": (signed_by_another, {"signatures"}),
    "another key beside them": (
        lambda files: {**files, "server_ed25519.pub": public_key(ANOTHER_KEY).hex().encode() + b"\n"},
        {"key"},
    ),
    "the question changed": (with_other_specification, {"heads", "result"}),
    "a part of the result removed": (without_result_draw, {"result"}),
    "the result of another poll": (
        lambda files: {**files, "result.json": edited(files["result.json"], poll="pool")},
        {"result"},
    ),
    "the turnout cut off": (lambda files: {**files, "turnout.csv": b""}, {"turnout"}),
    "a turnout without its last line end": (
        lambda files: {**files, "turnout.csv": files["turnout.csv"][:-1]},
        {"turnout"},
    ),
    "a file more": (lambda files: {**files, "notes.txt": b"Trust us.\n"}, {"files"}),
    "a file of another method": (lambda files: {**files, "ballots.pb": b""}, {"files"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changed_files_are_found_even_with_a_manifest_that_fits(change: str, tmp_path: Path) -> None:
    forge, expected = CHANGES[change]
    status, said = check(tmp_path, zipped(sealed(forge(make_count().files()))))

    assert (status, failed(said)) == (FAILED, expected)


NAMES = sorted(make_count().files())


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_not_the_one_of_the_manifest_is_found(name: str, tmp_path: Path) -> None:
    files = make_count().files()

    status, said = check(tmp_path, zipped({**files, name: files[name] + b" "}))

    assert status == FAILED
    assert failed(said) & {"files", "manifest", "specification"}


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_found(name: str, tmp_path: Path) -> None:
    files = make_count().files()
    del files[name]

    status, said = check(tmp_path, zipped(files))

    assert status == FAILED
    assert any(name in line for line in said.values() if line.startswith("FAIL "))


def test_a_public_bundle_that_gives_away_the_lines_is_refused(tmp_path: Path) -> None:
    """Whoever agreed to counts only must not find the lines published."""
    count = make_count(lines=Lines.COUNTS)
    files = count.files() | {"ballots.jsonl": replace(count, kind=Kind.OBSERVER).files()["ballots.jsonl"]}

    _, said = check(tmp_path, zipped(sealed(files)))

    assert failed(said) == {"files"}
