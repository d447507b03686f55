"""Bundles made to break the checker: it names what is wrong, shows no traceback, never finds them good."""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cps.polls import canonical
from cps.polls.rules import Method
from tests.polls.bundles import Files, make_count, sealed, unzipped, zipped
from tests.polls.checking import FAILED, HOLDS, Said, check, checked, failed

HONEST = make_count().zipped()
FILES = unzipped(HONEST)

bounded = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def broken(said: Said) -> list[str]:
    """Return failures that no check foresaw: caught, but by the net below all of them."""
    nets = ("TypeError", "KeyError", "AttributeError", "IndexError", "AssertionError", "NameError")
    return [line for line in said.values() if any(f"({net}" in line for net in nets)]


# --- The zip itself -----------------------------------------------------------------------------------------


def with_entry(name: str, data: bytes = b"x", method: int = zipfile.ZIP_STORED) -> bytes:
    """Return the honest bundle with one entry more."""
    file = io.BytesIO(HONEST)
    with zipfile.ZipFile(file, "a") as archive, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)  # that the name is there already
        archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def declaring(size: int, name: str = "result.json") -> bytes:
    """Return the honest bundle with another size of a file in its list of contents."""
    data = bytearray(HONEST)
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(name.encode()))
    data[entry + 24 : entry + 28] = struct.pack("<I", size)
    return bytes(data)


def encrypted() -> bytes:
    data = bytearray(HONEST)
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def many_files() -> bytes:
    return zipped({f"f{number}.txt": b"" for number in range(1_000)})


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            archive.writestr(name, b"0" * 50_000_000 if name == "ballots.jsonl" else data)
    return file.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "not a zip": lambda: b"hello" * 1_000,
    "an empty zip": lambda: zipped({}),
    "zeros": lambda: b"\x00" * 10_000,
    "the first half": lambda: HONEST[: len(HONEST) // 2],
    "all but the last byte": lambda: HONEST[:-1],
    "a file twice": lambda: with_entry("result.json", FILES["result.json"]),
    "a path upwards": lambda: with_entry("../../result.json"),
    "a path from the root": lambda: with_entry("/etc/passwd"),
    "a path with backslashes": lambda: with_entry("..\\result.json"),
    "a folder": lambda: with_entry("folder/", b""),
    "a capital letter": lambda: with_entry("RESULT.json"),
    "a name that is cut at a NUL": lambda: with_entry("notes.txt\x00.json"),
    "a name in another script": lambda: with_entry("rеsult.json"),
    "a name that colours the terminal": lambda: with_entry("\x1b[31mred.txt"),
    "bzip2": lambda: with_entry("notes.txt", method=zipfile.ZIP_BZIP2),
    "a password": encrypted,
    "a thousand files": many_files,
    "a bomb": bomb,
    "a size of four gigabytes": lambda: declaring(0xFFFFFFF0),
    "a size too small": lambda: declaring(1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_is_refused_before_it_is_read(name: str, tmp_path: Path) -> None:
    status, said = check(tmp_path, HOSTILE[name]())

    assert status == FAILED
    assert failed(said)
    assert not broken(said)
    assert all(line.isprintable() for line in said.values())


def test_a_folder_is_no_bundle(tmp_path: Path) -> None:
    status, said = checked(tmp_path)

    assert (status, failed(said)) == (FAILED, {"archive"})


def test_a_bundle_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    status, said = checked(tmp_path / "nothing.zip")

    assert (status, failed(said)) == (FAILED, {"archive"})


# --- JSON that is none --------------------------------------------------------------------------------------

NOT_JSON: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"x"',
    "an empty object": b"{}",
    "NUL": b"\x00",
    "not UTF-8": b"\xff\xfe{}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "not a number": b'{"a":NaN}',
    "infinity": b'{"a":-Infinity}',
    "a fraction": b'{"a":1.0}',
    "an exponent": b'{"a":1e999}',
    "a number of five thousand digits": b'{"a":' + b"9" * 5_000 + b"}",
    "a deep list": b"[" * 200_000 + b"]" * 200_000,
    "deep objects": b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
    "half a character": b'{"a":"\\ud800"}',
    "a key twice": b'{"a":1,"a":1}',
    "a line that never ends": b"x" * 200_000,
}
WHERE = {
    "manifest.json": "manifest",
    "specification.json": "specification",
    "heads.jsonl": "heads",
    "result.json": "result",
    "ballots.jsonl": "ballots",
    "leaves.txt": "leaves",
    "ballots.csv": "tables",
    "turnout.csv": "turnout",
    "server_ed25519.pub": "key",
}


@pytest.mark.parametrize("content", NOT_JSON)
@pytest.mark.parametrize("name", WHERE)
def test_a_file_that_holds_something_else_is_named(name: str, content: str, tmp_path: Path) -> None:
    data = NOT_JSON[content] + (b"\n" if name.endswith(("l", "txt", "csv")) else b"")
    files = {**FILES, name: data}
    if name != "manifest.json":
        files = sealed(files)
    if name == "specification.json":
        manifest = json.loads(files["manifest.json"]) | {"specification": canonical.sha256(data)}
        files["manifest.json"] = canonical.to_bytes(manifest)

    status, said = check(tmp_path, zipped(files))

    assert status == FAILED
    assert WHERE[name] in failed(said)
    assert not broken(said)


# --- Anything, anywhere -------------------------------------------------------------------------------------


@bounded
@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_byte_changed_in_a_file_is_found(tmp_path: Path, name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))

    status, said = check(tmp_path, zipped({**FILES, name: bytes(content)}))

    assert status == FAILED
    assert not broken(said)


@bounded
@given(st.data())
def test_bytes_changed_in_the_zip_are_found_unless_its_files_stay_the_same(
    tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(HONEST)
    start = data.draw(st.sampled_from([0, max(0, len(content) - 1_200)]))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(start, len(content) - 1))] ^= data.draw(st.integers(1, 255))

    status, said = check(tmp_path, bytes(content))

    assert status == FAILED or (status == HOLDS and unzipped(bytes(content)) == FILES)
    assert not broken(said)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2**70) | st.text(max_size=5) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


def mangled(value: Any, data: st.DataObject) -> Any:
    """Return JSON with one part, anywhere inside, replaced, removed or added."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 4)):
        key = data.draw(st.sampled_from(sorted(value)))
        others = {name: one for name, one in value.items() if name != key}
        match data.draw(st.sampled_from(["into", "into", "into", "drop", "add"])):
            case "drop":
                return others
            case "add":
                return {**value, data.draw(st.text(max_size=5)): data.draw(values)}
        return {**others, key: mangled(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 4)):
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], mangled(value[place], data), *value[place + 1 :]]
    return data.draw(values)


def written(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


OF_EACH_METHOD = {
    method: make_count(method, paper=True, draw=("b", "a", "c", "d")).files() for method in Method
}


@bounded
@given(
    st.sampled_from(Method),
    st.sampled_from(["manifest", "specification", "result", "heads", "ballots"]),
    st.data(),
)
def test_json_mangled_anywhere_is_found(
    tmp_path: Path, method: Method, what: str, data: st.DataObject
) -> None:
    files = dict(OF_EACH_METHOD[method])
    name = next(name for name in files if name.startswith(f"{what}.json"))
    lines = files[name].split(b"\n")
    place = data.draw(st.integers(0, len(lines) - (2 if name.endswith("l") else 1)))
    changed = written(mangled(json.loads(lines[place]), data))
    assume(changed != lines[place] and not proves_nothing(changed, lines[place]))
    lines[place] = changed
    files[name] = b"\n".join(lines)

    status, said = check(tmp_path, zipped(with_fitting_manifest(files, what)))

    assert status == FAILED
    assert not broken(said)


def proves_nothing(changed: bytes, honest: bytes) -> bool:
    """Return whether nothing follows from what was changed: when it was made, lots that nobody needed."""
    value, before = json.loads(changed), json.loads(honest)
    free = {"made_at": 0, "draw": 0}
    same_keys = isinstance(value, dict) and value.keys() == before.keys()
    return same_keys and {**value, **free} == {**before, **free}


def with_fitting_manifest(files: Files, what: str) -> Files:
    if what == "manifest":
        return files
    files = sealed(files)
    if what == "specification":
        manifest = json.loads(files["manifest.json"])
        manifest["specification"] = canonical.sha256(files["specification.json"])
        files["manifest.json"] = canonical.to_bytes(manifest)
    return files
