import io
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cps.core.errors import ConfigurationError
from cps.core.storage import (
    BadKey,
    DiskStorage,
    NotStored,
    ObjectStorage,
    Storage,
    storage_from_url,
)

ROOT = Path(__file__).parents[2]
BAD_KEYS = [
    "",
    "/",
    "abc",
    "/etc/passwd",
    "../secret-file",
    "photos/../../secret-file",
    "photos/..",
    "photos//name",
    ".hidden-file",
    "photos/.hidden-file",
    "a..b",
    "ab..secret",
    "photos\\name",
    "name\0.webp",
    "name.webp\n",
    "C:name.webp",
    "naïve.webp",
    "n" * 201,
]


@pytest.fixture
def disk(tmp_path: Path) -> DiskStorage:
    return DiskStorage(tmp_path / "media")


def bucket(_: Path) -> Storage:
    obstore = pytest.importorskip("obstore.store", reason="the optional package obstore is not installed")
    return ObjectStorage(obstore.MemoryStore())


@pytest.fixture(params=[lambda path: DiskStorage(path), bucket], ids=["disk", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    make: Callable[[Path], Storage] = request.param
    return make(tmp_path)


def test_what_was_put_is_read_back(store: Storage) -> None:
    store.put("photo-one.webp", b"first", "image/webp")
    store.put("photo-two.webp", b"second", "image/webp")

    assert store.get("photo-one.webp") == b"first"
    with store.open("photo-two.webp") as stream:
        assert stream.read() == b"second"


def test_a_file_is_kept_from_where_it_stands(store: Storage) -> None:
    file = io.BytesIO(b"head" + b"x" * 3_000_000)
    file.seek(4)

    store.put("polls/park/bundle.zip", file, "application/zip")

    assert store.get("polls/park/bundle.zip") == b"x" * 3_000_000


def test_a_second_put_replaces_the_first(store: Storage) -> None:
    store.put("photos/logo.png", b"old", "image/png")
    store.put("photos/logo.png", b"new", "image/png")

    assert store.get("photos/logo.png") == b"new"


def test_a_missing_file_is_said_to_be_missing(store: Storage) -> None:
    assert not store.exists("photo.webp")
    with pytest.raises(NotStored):
        store.get("photo.webp")
    with pytest.raises(NotStored):
        store.open("photo.webp")


def test_a_deleted_file_is_gone_and_others_stay(store: Storage) -> None:
    store.put("photo-one.webp", b"first", "image/webp")
    store.put("photo-two.webp", b"second", "image/webp")

    store.delete("photo-one.webp")
    store.delete("photo-one.webp")

    assert not store.exists("photo-one.webp")
    assert store.exists("photo-two.webp")


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_that_is_not_ours_is_refused_everywhere(store: Storage, key: str) -> None:
    for call in (store.get, store.open, store.delete, store.exists, store.path):
        with pytest.raises(BadKey):
            call(key)
    with pytest.raises(BadKey):
        store.put(key, b"", "image/webp")


def test_files_are_spread_over_folders_inside_the_root(disk: DiskStorage) -> None:
    disk.put("photos/abcdef.webp", b"x", "image/webp")

    assert disk.path("photos/abcdef.webp") == disk.root / "photos" / "ab" / "cd" / "abcdef.webp"
    assert disk.path("photos/abcdef.webp").read_bytes() == b"x"


def test_nothing_but_the_file_is_left_behind(disk: DiskStorage) -> None:
    disk.put("abcdef.webp", b"old", "image/webp")
    disk.put("abcdef.webp", b"new", "image/webp")

    assert [p.name for p in disk.root.rglob("*") if p.is_file()] == ["abcdef.webp"]


def test_nobody_else_on_the_server_may_read_the_file(disk: DiskStorage) -> None:
    disk.put("abcdef.webp", b"x", "image/webp")

    assert disk.path("abcdef.webp").stat().st_mode & 0o077 == 0


def test_a_reader_sees_the_old_file_or_the_new_one_and_never_a_part(disk: DiskStorage) -> None:
    versions = [bytes([number]) * 300_000 for number in range(20)]
    disk.put("abcdef.webp", versions[0], "image/webp")
    seen: list[bytes] = []

    def read() -> None:
        while writer.is_alive():
            seen.append(disk.get("abcdef.webp"))

    writer = threading.Thread(target=lambda: [disk.put("abcdef.webp", v, "image/webp") for v in versions])
    reader = threading.Thread(target=read)
    writer.start()
    reader.start()
    writer.join()
    reader.join()

    assert set(seen) <= set(versions)


_FILL = """
import resource, signal, sys
from pathlib import Path
from cps.core.storage import DiskStorage, StorageFull
store = DiskStorage(Path(sys.argv[1]))
store.put("abcdef.webp", b"old", "image/webp")
if sys.argv[2] == "limit":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    store.put("abcdef.webp", b"n" * 1_000_000, "image/webp")
except StorageFull:
    left = [p.name for p in store.root.rglob("*") if p.is_file()]
    print("full", store.get("abcdef.webp").decode(), *left)
"""


def test_a_file_larger_than_the_system_allows_is_said_not_to_fit_and_the_old_one_stays(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", _FILL, str(tmp_path), "limit"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.split() == ["full", "old", "abcdef.webp"]


def test_a_full_disk_is_said_to_be_full_and_the_old_file_stays(tmp_path: Path) -> None:
    mount = f"mount -t tmpfs -o size=64k tmpfs {tmp_path}"
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    try:
        subprocess.run([*unshare, mount], capture_output=True, timeout=60, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk of its own needs user namespaces, which this system does not allow")

    command = [*unshare, f'{mount} && exec "$0" -c "$1" "$2" disk', sys.executable, _FILL, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.split() == ["full", "old", "abcdef.webp"]


def test_a_path_and_a_file_address_lead_to_a_folder(tmp_path: Path) -> None:
    for url in (str(tmp_path), f"file://{tmp_path}", "instance/media"):
        assert isinstance(storage_from_url(url), DiskStorage)
    assert storage_from_url(f"file://{tmp_path}").path("abcdef") == tmp_path / "ab" / "cd" / "abcdef"
    assert storage_from_url("file:///a%20b").path("abcdef") == Path("/a b/ab/cd/abcdef")


@pytest.mark.parametrize("url", ["ftp://files.example/media", "http://files.example", "", "  "])
def test_an_address_we_cannot_use_is_refused_with_what_to_do(url: str) -> None:
    with pytest.raises(ConfigurationError, match="s3://"):
        storage_from_url(url)


def test_a_bucket_is_reached_or_the_missing_package_is_named() -> None:
    try:
        import obstore  # noqa: F401
    except ImportError:
        with pytest.raises(ConfigurationError, match="pip install obstore"):
            storage_from_url("s3://a-bucket/media")
    else:
        store = storage_from_url("s3://a-bucket/media")
        assert isinstance(store, ObjectStorage)
        assert store.path("abcdef") is None
