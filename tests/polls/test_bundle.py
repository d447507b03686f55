"""The writer of bundles: which files belong in, in which form, and that equal polls give equal bytes."""

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from cps.polls import bundle, canonical, pabulib, tree
from cps.polls.bundle import VERIFIER, Kind
from cps.polls.fields import SpecificationError
from cps.polls.rules import Lines, Method
from tests.polls.bundles import Count, make_count, make_line, public_key, unzipped, write_whole
from tests.polls.specifications import CLOSES

ALWAYS = {
    "manifest.json",
    "specification.json",
    "heads.jsonl",
    "result.json",
    "turnout.csv",
    "server_ed25519.pub",
    "verify.py",
}
LINES = {"leaves.txt", "ballots.jsonl", "ballots.csv"}


@pytest.mark.parametrize(
    ("kind", "lines", "sensitive", "expected"),
    [
        (Kind.PUBLIC, Lines.FULL, False, LINES),
        (Kind.PUBLIC, Lines.COUNTS, False, {"leaves.txt"}),
        (Kind.PUBLIC, Lines.FULL, True, set()),
        (Kind.PUBLIC, Lines.COUNTS, True, set()),
        (Kind.OBSERVER, Lines.COUNTS, False, LINES),
        (Kind.OBSERVER, Lines.FULL, True, LINES),
    ],
)
def test_each_kind_holds_the_files_of_the_table(
    kind: Kind, lines: Lines, sensitive: bool, expected: set[str]
) -> None:
    files = make_count(kind=kind, lines=lines, sensitive=sensitive).files()

    assert files.keys() == ALWAYS | expected


@pytest.mark.parametrize(("method", "name"), [(Method.BUDGET, "ballots.pb"), (Method.RANKING, "ballots.toi")])
def test_budgets_and_rankings_come_in_the_format_of_their_science(method: Method, name: str) -> None:
    assert make_count(method).files().keys() == ALWAYS | LINES | {name}
    assert name not in make_count(method, lines=Lines.COUNTS).files()


def test_ballots_that_do_not_belong_in_are_not_even_read() -> None:
    def nobody() -> Iterator[bytes]:
        raise AssertionError("opened")
        yield b""

    count = make_count(sensitive=True)

    assert unzipped(written(count, leaves=nobody(), ballots=nobody())) == count.files()


def written(count: Count, **changes: object) -> bytes:
    file = io.BytesIO()
    given = {
        "specification": count.specification.to_bytes(),
        "heads": count.heads(),
        "leaves": count.leaves(),
        "ballots": count.lines,
        "result": canonical.to_bytes(dict(count.result)),
        "turnout": count.turnout,
        "public_key": public_key(),
        "kind": count.kind,
        "made_at": CLOSES,
    }
    write_whole(file, **{**given, **changes})
    return file.getvalue()


def test_the_lines_come_in_the_order_of_the_ledger() -> None:
    count = make_count()
    files = count.files()

    assert files["ballots.jsonl"] == b"".join(line + b"\n" for line in count.lines)
    assert files["leaves.txt"].decode().split() == [tree.leaf_hash(line).hex() for line in count.lines]
    assert files["heads.jsonl"] == b"".join(line + b"\n" for line in count.heads())


def test_the_manifest_lists_every_other_file() -> None:
    count = make_count()
    files = count.files()
    manifest = canonical.from_bytes(files.pop("manifest.json"))

    assert manifest == {
        "format": "cps-poll-bundle-1",
        "poll": "park",
        "specification": count.specification.sha256(),
        "kind": "public",
        "made_at": "2026-11-25T09:00:00Z",
        "files": {
            name: {"sha256": canonical.sha256(data), "bytes": len(data)} for name, data in files.items()
        },
    }


def test_the_checker_goes_with_it() -> None:
    assert make_count().files()["verify.py"] == VERIFIER.read_bytes()


def test_the_table_is_sorted_by_receipt_code(monkeypatch: pytest.MonkeyPatch) -> None:
    count = make_count(Method.RANKING)
    expected = sorted((one["code"], " ".join(one["choice"])) for one in map(json.loads, count.lines))

    for rows_in_memory in (7, 130, 1_000):
        monkeypatch.setattr(bundle, "_ROWS_IN_MEMORY", rows_in_memory)
        columns, *rows = csv.reader(count.files()["ballots.csv"].decode().splitlines())
        assert columns == ["code", "choice"]
        assert [tuple(row) for row in rows] == expected


def test_a_budget_is_read_back_from_pabulib() -> None:
    count = make_count(Method.BUDGET)

    read = pabulib.read(count.files()["ballots.pb"])

    assert sum(read.ballots.values()) == len(count.lines)


def test_equal_polls_give_equal_bytes() -> None:
    assert make_count(Method.BUDGET).zipped() == make_count(Method.BUDGET).zipped()


def test_the_moment_of_making_stands_in_the_manifest_alone() -> None:
    count = make_count()
    later = unzipped(written(count, made_at=CLOSES + timedelta(days=3)))

    assert {name for name, data in count.files().items() if later[name] != data} == {"manifest.json"}


def test_no_entry_tells_when_or_by_whom_it_was_written() -> None:
    with zipfile.ZipFile(io.BytesIO(make_count().zipped())) as archive:
        entries = archive.infolist()

    assert {(one.date_time, one.create_system, one.external_attr >> 16) for one in entries} == {
        ((1980, 1, 1, 0, 0, 0), 3, 0o100644)
    }


def test_what_is_no_specification_is_refused() -> None:
    with pytest.raises(SpecificationError):
        written(make_count(), specification=b"{}")


def test_ten_times_the_ballots_need_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "_ROWS_IN_MEMORY", 100)
    count = make_count(Method.BUDGET, voters=0)

    few, many = (most_memory(count, ballots) for ballots in (300, 3_000))

    assert many < few + 500_000


def most_memory(count: Count, ballots: int) -> int:
    """Return how many bytes were in use at most while a bundle of so many ballots was written."""
    random = Random(1)
    lines = (make_line(("a", "b"), random) for _ in range(ballots))
    with io.BytesIO() as nowhere:
        nowhere.write = lambda data: len(data)  # type: ignore[method-assign]
        tracemalloc.start()
        try:
            write_whole(
                nowhere,
                specification=count.specification.to_bytes(),
                heads=count.heads(),
                leaves=(bytes(32) for _ in range(ballots)),
                ballots=lines,
                result=canonical.to_bytes(dict(count.result)),
                turnout=count.turnout,
                public_key=public_key(),
                kind=Kind.OBSERVER,
                made_at=CLOSES,
            )
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
