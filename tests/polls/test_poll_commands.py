"""The commands of polls on the console."""

from pathlib import Path

import pytest
from flask import Flask

from cps.core.keys import app_keys_dir
from cps.polls import copies, key_files, queries, verify
from cps.polls import keys as poll_keys
from cps.polls.commands import poll_group
from cps.polls.models import Poll
from tests.support import polls
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("clock")


def run(app: Flask, *arguments: object) -> tuple[int, str]:
    found = app.test_cli_runner().invoke(poll_group, [str(argument) for argument in arguments])
    return found.exit_code, found.output or str(found.exception)


def counted(clock: Clock) -> Poll:
    poll = polls.make_poll("park")
    polls.vote_many(poll, ["park"], ["pool"], [])
    clock.move(days=8)
    polls.work()
    return queries.get_poll("park")


def test_observers_get_a_bundle_with_every_ballot_that_verifies(
    app: Flask, clock: Clock, tmp_path: Path
) -> None:
    counted(clock)
    file = tmp_path / "observers.zip"

    status, told = run(app, "observers", "park", file)

    assert status == 0
    assert str(file) in told
    assert file.stat().st_mode & 0o077 == 0
    assert run(app, "verify", file)[0] == 0
    assert verify.main([str(file)]) == 0


def test_no_bundle_is_written_before_the_count_or_over_another_file(
    app: Flask, clock: Clock, tmp_path: Path
) -> None:
    counted(clock)
    polls.make_poll("early")
    file = tmp_path / "there.zip"
    file.write_text("mine")

    assert run(app, "observers", "early", tmp_path / "early.zip")[0] != 0
    assert run(app, "observers", "park", file)[0] != 0
    assert file.read_text() == "mine"
    assert not (tmp_path / "early.zip").exists()


def test_a_bundle_that_was_changed_fails(app: Flask, clock: Clock, tmp_path: Path) -> None:
    counted(clock)
    file = tmp_path / "observers.zip"
    run(app, "observers", "park", file)
    file.write_bytes(file.read_bytes()[:-40])

    assert run(app, "verify", file)[0] == 1


def test_a_copy_of_the_keys_is_written_and_checked(app: Flask, tmp_path: Path) -> None:
    polls.make_poll("park")
    file = tmp_path / "keys.txt"

    assert run(app, "keys", "park", "--copy", file)[0] == 0
    assert copies.read_copy(file.read_text()) == key_files.read_all(app_keys_dir(), "park")
    assert file.stat().st_mode & 0o077 == 0
    assert run(app, "keys", "park", "--check", file)[0] == 0


def test_a_copy_of_other_keys_or_a_broken_one_is_told(app: Flask, tmp_path: Path) -> None:
    polls.make_poll("park")
    other, broken = tmp_path / "other.txt", tmp_path / "broken.txt"
    other.write_text(copies.copy_text(poll_keys.make("park")))
    broken.write_text("cps-poll-keys-1\npoll park\n1 AAAA\n")

    assert run(app, "keys", "park", "--check", other)[0] == 1
    assert run(app, "keys", "park", "--check", broken)[0] != 0
    assert run(app, "keys", "park", "--check", other, "--copy", broken)[0] == 2


def test_it_is_told_as_what_the_keys_opened_a_poll(app: Flask) -> None:
    poll, draft = polls.make_poll("park"), polls.make_draft("bridge")
    key_files.write(app_keys_dir(), poll_keys.make(draft.slug))

    assert poll.spec_sha256 in run(app, "keys", "park")[1]
    assert run(app, "keys", "bridge") == (0, "No poll was opened with the keys here.\n")
    key_files.note_opening(app_keys_dir(), "bridge", "ab" * 32)
    assert "which is not the poll in the database" in run(app, "keys", "bridge")[1]
