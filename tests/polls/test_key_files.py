"""Files of a poll's keys: written once, read whole or not at all, destroyed for good."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from cps.core.errors import ConfigurationError
from cps.polls import key_files, keys
from cps.polls.keys import PollKeys

Reader = Callable[[Path, str], object]
READERS = [key_files.read_web, key_files.read_worker]
FILES = ["park.web.json", "park.worker.json"]


@pytest.fixture
def made(tmp_path: Path) -> PollKeys:
    """The keys of the poll `park`, written, beside those of another poll whose slug begins alike."""
    made = keys.make("park")
    key_files.write(tmp_path, made)
    key_files.write(tmp_path, keys.make("park-2"))
    return made


def destroy(folder: Path, made: PollKeys) -> None:
    key_files.destroy(folder, made.poll, heads_public=made.fingerprints().heads)


def test_keys_are_read_as_they_were_written(tmp_path: Path, made: PollKeys) -> None:
    assert key_files.read_web(tmp_path, "park") == made.web
    assert key_files.read_worker(tmp_path, "park") == made.worker


def test_only_the_owner_can_read_the_files(tmp_path: Path, made: PollKeys) -> None:
    folder = tmp_path / "polls"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert {file.name for file in folder.glob("park.*")} == {*FILES}


def test_the_web_servers_file_holds_no_private_key(tmp_path: Path, made: PollKeys) -> None:
    text = (tmp_path / "polls" / "park.web.json").read_text()

    assert made.seal_private.hex() not in text
    assert made.heads_private.hex() not in text
    assert made.roll.hex() in text


def test_keys_are_never_overwritten(tmp_path: Path, made: PollKeys) -> None:
    with pytest.raises(ConfigurationError, match="exists already"):
        key_files.write(tmp_path, keys.make("park"))

    assert key_files.read_web(tmp_path, "park") == made.web
    assert key_files.read_worker(tmp_path, "park") == made.worker


def test_where_one_file_exists_the_other_is_not_left_behind(tmp_path: Path, made: PollKeys) -> None:
    (tmp_path / "polls" / "park.worker.json").unlink()

    with pytest.raises(ConfigurationError, match="exists already"):
        key_files.write(tmp_path, keys.make("park"))

    assert not (tmp_path / "polls" / "park.worker.json").exists()
    assert key_files.read_web(tmp_path, "park") == made.web


@pytest.mark.parametrize("read", READERS)
def test_missing_keys_are_told_with_the_setting_and_the_file(tmp_path: Path, read: Reader) -> None:
    with pytest.raises(ConfigurationError, match=r"CPS_KEYS_DIR: .*park\..*json is missing"):
        read(tmp_path, "park")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:0],
        lambda text: text[:-20],
        lambda text: text.replace('"poll":"park"', '"poll":"hall"'),
        lambda text: text.replace("-1", "-2", 1),
        lambda text: text.replace('"}', 'g"}'),
        lambda text: text.replace('"}', '","more":"1"}'),
        lambda text: f"[{text.strip()}]",
    ],
)
def test_a_damaged_file_is_refused(
    tmp_path: Path, made: PollKeys, name: str, damage: Callable[[str], str]
) -> None:
    file = tmp_path / "polls" / name
    file.write_text(damage(file.read_text()))
    read = key_files.read_web if "web" in name else key_files.read_worker

    with pytest.raises(ConfigurationError, match=rf"CPS_KEYS_DIR: .*{name} is damaged"):
        read(tmp_path, "park")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, made: PollKeys) -> None:
    file = tmp_path / "polls" / "park.web.json"
    file.unlink()
    file.mkdir()

    with pytest.raises(ConfigurationError, match="cannot be read or written"):
        key_files.read_web(tmp_path, "park")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "polls").write_text("a file in its place")

    with pytest.raises(ConfigurationError, match="cannot be read or written"):
        key_files.write(tmp_path, keys.make("park"))


@pytest.mark.parametrize("slug", ["../park", "park/x", "", ".", "Park", "park*"])
def test_a_slug_never_leads_out_of_the_folder(tmp_path: Path, slug: str) -> None:
    with pytest.raises(ValueError, match="not the slug"):
        key_files.read_web(tmp_path, slug)
    with pytest.raises(ValueError, match="not the slug"):
        key_files.destroy(tmp_path, slug, heads_public="ab" * 32)


def test_the_mark_of_a_file_changes_when_its_keys_are_destroyed(tmp_path: Path, made: PollKeys) -> None:
    mark = key_files.mark_of_web(tmp_path, "park")

    assert mark == key_files.mark_of_web(tmp_path, "park") != 0
    destroy(tmp_path, made)
    assert key_files.mark_of_web(tmp_path, "park") == 0


@pytest.mark.parametrize("read", READERS)
def test_destroyed_keys_are_told_to_be_destroyed(tmp_path: Path, made: PollKeys, read: Reader) -> None:
    assert not key_files.was_destroyed(tmp_path, "park")

    destroy(tmp_path, made)

    assert key_files.was_destroyed(tmp_path, "park")
    with pytest.raises(ConfigurationError, match="were destroyed"):
        read(tmp_path, "park")


def test_after_the_end_no_secret_is_left_and_the_public_key_is(tmp_path: Path, made: PollKeys) -> None:
    (tmp_path / "polls" / "park.1f2e3d4c").write_text(made.roll.hex())  # left by a process that was killed

    destroy(tmp_path, made)

    left = {file.name: file.read_text() for file in (tmp_path / "polls").glob("park.*")}
    assert {*left} == {"park.ended.json"}
    assert made.fingerprints().heads in left["park.ended.json"]
    for secret in (made.seal_private, made.heads_private, made.roll, made.handle):
        assert secret.hex() not in left["park.ended.json"]


def test_a_file_is_overwritten_before_it_goes(tmp_path: Path, made: PollKeys) -> None:
    other_name = tmp_path / "kept"
    os.link(tmp_path / "polls" / "park.web.json", other_name)

    destroy(tmp_path, made)

    assert made.roll.hex().encode() not in other_name.read_bytes()


def test_keys_of_another_poll_stay(tmp_path: Path, made: PollKeys) -> None:
    destroy(tmp_path, made)

    assert key_files.read_web(tmp_path, "park-2").poll == "park-2"


def test_destroying_twice_or_on_a_machine_with_one_file_is_fine(tmp_path: Path, made: PollKeys) -> None:
    (tmp_path / "polls" / "park.worker.json").unlink()

    destroy(tmp_path, made)
    destroy(tmp_path, made)

    assert key_files.was_destroyed(tmp_path, "park")


def test_a_poll_whose_keys_were_destroyed_gets_no_new_ones(tmp_path: Path, made: PollKeys) -> None:
    destroy(tmp_path, made)

    with pytest.raises(ConfigurationError, match="were destroyed"):
        key_files.write(tmp_path, keys.make("park"))


def test_keys_remember_as_what_they_opened_a_poll(tmp_path: Path, made: PollKeys) -> None:
    assert key_files.opened_as(tmp_path, "park") is None
    assert not key_files.was_used(tmp_path, "park")

    key_files.note_opening(tmp_path, "park", "ab" * 32)
    key_files.note_opening(tmp_path, "park", "ab" * 32)

    assert key_files.opened_as(tmp_path, "park") == "ab" * 32
    assert key_files.was_used(tmp_path, "park")
    assert not key_files.was_used(tmp_path, made.poll + "-2")


def test_a_second_opening_is_refused_and_the_first_stays_noted(tmp_path: Path, made: PollKeys) -> None:
    key_files.note_opening(tmp_path, made.poll, "ab" * 32)

    with pytest.raises(ConfigurationError, match="used for another opening"):
        key_files.note_opening(tmp_path, made.poll, "cd" * 32)

    assert key_files.opened_as(tmp_path, made.poll) == "ab" * 32


def test_an_address_that_was_opened_gets_no_other_keys(tmp_path: Path, made: PollKeys) -> None:
    key_files.note_opening(tmp_path, made.poll, "ab" * 32)
    key_files.discard(tmp_path, made.poll)

    with pytest.raises(ConfigurationError, match="used for another opening"):
        key_files.write(tmp_path, keys.make("park"))


def test_an_opening_that_nobody_saw_is_forgotten_with_its_keys(tmp_path: Path, made: PollKeys) -> None:
    key_files.note_opening(tmp_path, made.poll, "ab" * 32)

    key_files.forget_opening(tmp_path, made.poll)

    key_files.write(tmp_path, keys.make("park"))
    assert key_files.opened_as(tmp_path, "park") is None


def test_a_damaged_note_of_an_opening_is_told(tmp_path: Path, made: PollKeys) -> None:
    (tmp_path / "polls" / f"{made.poll}.opened.json").write_text("{}")

    with pytest.raises(ConfigurationError, match="damaged"):
        key_files.opened_as(tmp_path, "park")
