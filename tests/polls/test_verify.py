"""The stand-alone checker on honest bundles, and what it can be asked besides."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cps.polls import receipt, verify
from cps.polls.bundle import VERIFIER, Kind
from cps.polls.rules import Lines, Method
from tests.polls.bundles import ANOTHER_KEY, make_count, public_key, sealed, zipped
from tests.polls.checking import FAILED, HOLDS, UNKNOWN, check, checked, failed, unknown

LINES = {"ballots", "codes", "ledger", "tables", "recount"}
NOTHING: set[str] = set()


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize(
    ("kind", "lines", "sensitive", "not_checked"),
    [
        (Kind.PUBLIC, Lines.FULL, False, NOTHING),
        (Kind.PUBLIC, Lines.COUNTS, False, LINES),
        (Kind.PUBLIC, Lines.FULL, True, LINES | {"leaves", "tree"}),
        (Kind.OBSERVER, Lines.COUNTS, False, NOTHING),
        (Kind.OBSERVER, Lines.COUNTS, True, NOTHING),
    ],
)
def test_an_honest_bundle_holds_as_far_as_its_kind_can_be_checked(
    method: Method, kind: Kind, lines: Lines, sensitive: bool, not_checked: set[str], tmp_path: Path
) -> None:
    count = make_count(method, kind=kind, lines=lines, sensitive=sensitive)

    status, said = check(tmp_path, count.zipped())

    assert (failed(said), unknown(said)) == (set(), not_checked)
    assert status == (UNKNOWN if not_checked else HOLDS)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("voters", [0, 1, 19, 20, 130])
def test_a_poll_of_any_size_holds(method: Method, voters: int, tmp_path: Path) -> None:
    assert check(tmp_path, make_count(method, voters=voters).zipped())[0] == HOLDS


@pytest.mark.parametrize("method", Method)
def test_votes_on_paper_are_counted_with_the_others(method: Method, tmp_path: Path) -> None:
    status, said = check(tmp_path, make_count(method, paper=True).zipped())

    assert status == HOLDS
    assert "130 ballots online, 12 on paper" in said["result"]


def test_a_poll_whose_electorate_nobody_knows_holds(tmp_path: Path) -> None:
    status, said = check(tmp_path, make_count(eligible=None).zipped())

    assert status == HOLDS
    assert "nobody knows how many may vote" in said["roll"]


def test_a_folder_is_told_from_a_bundle(tmp_path: Path) -> None:
    status, said = checked(tmp_path)

    assert (status, failed(said)) == (FAILED, {"archive"})
    assert "give the zip" in said["archive"]


def test_without_the_lines_the_winners_still_follow_from_the_counts(tmp_path: Path) -> None:
    count = make_count(lines=Lines.COUNTS)

    _, said = check(tmp_path, count.zipped())
    assert f"does follow from the counts: winners {count.result['winners'][0]}" in said["recount"]

    status, said = check(tmp_path, replace(count, result={**count.result, "winners": ["c"]}).zipped())
    assert (status, failed(said)) == (FAILED, {"recount"})


@pytest.mark.parametrize("method", Method)
def test_the_tables_for_spreadsheets_and_science_are_compared(method: Method, tmp_path: Path) -> None:
    _, said = check(tmp_path, make_count(method).zipped())

    others = {Method.BUDGET: " and ballots.pb", Method.RANKING: " and ballots.toi"}
    assert said["tables"] == f"ok   tables: ballots.csv{others.get(method, '')}: the same"


# --- Asked for one ballot -----------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [receipt.display, str.lower, lambda code: " ".join(code)])
def test_a_receipt_code_is_read_as_people_write_it(write: Callable[[str], str], tmp_path: Path) -> None:
    count = make_count()
    ballot = json.loads(count.lines[41])
    marks = ", ".join(f"{code} ({code.upper()})" for code in ballot["choice"])

    status, said = check(tmp_path, count.zipped(), "--code", write(ballot["code"]))

    assert status == HOLDS
    assert said["code"] == f"ok   code: {receipt.display(ballot['code'])} is ballot 42: {marks or 'blank'}"


def test_letters_like_digits_are_read_as_digits() -> None:
    assert verify.read_code("oOiI lL01-0000-0000") == "0011" + "1101" + "0" * 8
    assert verify.read_code("０１２３−４５６７ ABCD EFGH") == "01234567ABCDEFGH"


@pytest.mark.parametrize("code", ["", "K7QF", "K7QF-9XTM-P2JD-VRWU", "K7QF-9XTM-P2JD-VRWA-0", "\x00" * 16])
def test_what_is_no_receipt_code_is_refused(code: str, tmp_path: Path) -> None:
    status, said = check(tmp_path, make_count().zipped(), "--code", code)

    assert status == FAILED
    assert "sixteen letters and digits" in said["code"]


def test_a_code_that_nobody_has_is_told(tmp_path: Path) -> None:
    status, said = check(tmp_path, make_count().zipped(), "--code", "0" * 16)

    assert status == FAILED
    assert "no ballot has the code 0000-0000-0000-0000" in said["code"]


def test_a_code_cannot_be_looked_up_where_only_observers_have_the_lines(tmp_path: Path) -> None:
    status, said = check(tmp_path, make_count(lines=Lines.COUNTS).zipped(), "--code", "0" * 16)

    assert status == UNKNOWN
    assert "only the observers" in said["code"]


# --- Heads and keys that somebody kept ----------------------------------------------------------------------


def kept(folder: Path, *lines: bytes) -> tuple[str, str]:
    file = folder / "kept.jsonl"
    file.write_bytes(b"".join(lines))
    return "--witness", str(file)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n"])
def test_heads_that_were_kept_are_found_in_the_bundle(end: bytes, tmp_path: Path) -> None:
    count = make_count()
    first, second, _ = count.heads()

    status, said = check(tmp_path, count.zipped(), *kept(tmp_path, second + b"\n", first + end))

    assert (status, said["witness"]) == (HOLDS, "ok   witness: all 2 heads of the file are in the bundle")


def test_a_head_of_another_history_with_the_same_key_is_proof(tmp_path: Path) -> None:
    honest, cooked = make_count(seed=1), make_count(seed=2)
    _, head, _ = honest.heads()

    status, said = check(tmp_path, cooked.zipped(), *kept(tmp_path, head))

    assert status == FAILED
    assert failed(said) == {"witness"}
    assert "two histories" in said["witness"]
    assert "keep that file, it proves it" in said["witness"]


@pytest.mark.parametrize("line", [b"{}", b"hello", b"\x00\xff", b"[" * 100_000, None])
def test_a_head_that_the_city_never_signed_proves_nothing(line: bytes | None, tmp_path: Path) -> None:
    count = make_count()
    _, foreign, _ = make_count(seed=2).heads(ANOTHER_KEY)

    status, said = check(tmp_path, count.zipped(), *kept(tmp_path, line or foreign))

    assert status == FAILED
    assert "two histories" in said["witness"]
    assert "so it proves nothing" in said["witness"]


def test_an_empty_file_of_heads_is_no_comparison(tmp_path: Path) -> None:
    status, said = check(tmp_path, make_count().zipped(), *kept(tmp_path, b"\n"))

    assert (status, unknown(said)) == (UNKNOWN, {"witness"})


def test_a_file_of_heads_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    status, said = check(tmp_path, make_count().zipped(), "--witness", str(tmp_path / "nothing"))

    assert (status, failed(said)) == (FAILED, {"witness"})


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (public_key().hex(), HOLDS),
        (public_key().hex(":").upper(), HOLDS),
        (public_key(ANOTHER_KEY).hex(), FAILED),
        ("", FAILED),
        ("zz", FAILED),
    ],
)
def test_a_key_that_is_known_already_is_compared(key: str, expected: int, tmp_path: Path) -> None:
    status, said = check(tmp_path, make_count().zipped(), "--key", key)

    assert status == expected
    assert failed(said) == ({"key"} if expected else set())


# --- As a program of its own --------------------------------------------------------------------------------


def alone(*arguments: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    """Run the file with nothing but the standard library: no packages, no variables, no folder of its own."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={"PATH": path}, check=False
    )


def test_it_runs_alone_and_checks_signatures_with_openssl(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(make_count().zipped())

    done = alone(str(tmp_path / "bundle.zip"))

    assert (done.returncode, done.stderr) == (HOLDS, "")
    assert "ok   signatures: all 3 heads are signed with this key (openssl)" in done.stdout
    assert done.stdout.endswith("Everything holds.\n")


def test_at_its_end_it_says_in_plain_words_what_was_found(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(make_count(paper=True).zipped())

    _checks, said = alone(str(tmp_path / "bundle.zip")).stdout.split("\n\n", 1)

    assert "Votes, counted again from every ballot:" in said
    assert "142  ballots in all, 12 of them on paper" in said
    assert said.count("(won)") == 1
    assert "17 checks: 17 hold\nEverything holds.\n" in said


def test_counts_that_nobody_could_count_again_are_not_called_so(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(make_count(lines=Lines.COUNTS).zipped())

    _checks, said = alone(str(tmp_path / "bundle.zip")).stdout.split("\n\n", 1)

    assert "Votes, as published; not counted again here:" in said
    assert "5 could not be made (ballots, codes, ledger, tables, recount)" in said


def test_openssl_finds_a_wrong_signature(tmp_path: Path) -> None:
    files = make_count().files()
    files["heads.jsonl"] = b"".join(line + b"\n" for line in make_count().heads(ANOTHER_KEY))
    (tmp_path / "bundle.zip").write_bytes(zipped(sealed(files)))

    done = alone(str(tmp_path / "bundle.zip"))

    assert (done.returncode, done.stderr) == (FAILED, "")
    assert "FAIL signatures: the signature of head 1 is wrong" in done.stdout


def test_without_a_program_for_signatures_it_says_so_and_never_that_all_holds(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(make_count().zipped())

    done = alone(str(tmp_path / "bundle.zip"), path="/nowhere")

    assert (done.returncode, done.stderr) == (UNKNOWN, "")
    assert "?    signatures: neither" in done.stdout


def test_an_openssl_that_cannot_do_it_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(make_count().zipped())
    openssl = tmp_path / "openssl"
    openssl.write_text("#!/bin/sh\nexit 0\n")
    openssl.chmod(0o700)

    done = alone(str(tmp_path / "bundle.zip"), path=str(tmp_path))

    assert done.returncode == UNKNOWN
    assert "?    signatures" in done.stdout


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"\x00" * 1000])
def test_alone_too_it_answers_rubbish_with_a_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(content)

    done = alone(str(tmp_path / "bundle.zip"))

    assert (done.returncode, done.stderr) == (FAILED, "")
    assert done.stdout.startswith("FAIL archive: ")


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(VERIFIER.read_text())
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
    }

    assert names - sys.stdlib_module_names == {"cryptography"}
