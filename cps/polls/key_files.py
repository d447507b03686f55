"""The files that hold a poll's keys, outside the database: written once, read, destroyed.

Two stand in ``polls/`` of CPS_KEYS_DIR. ``<slug>.web.json`` is what a web server needs to take a vote: the
public key that seals, the roll key, the handle key. ``<slug>.worker.json`` has the private keys that open
ballots and sign heads; only the worker's machine needs it. ``<slug>.opened.json`` tells as which
specification they opened a poll: nothing else may ever be opened with them, also where a restored database
knows only the draft. ``<slug>.ended.json`` tells that they were destroyed, and keeps the public key of the
heads.
"""

import os
import secrets
from pathlib import Path
from typing import NamedTuple

from cps.core.errors import ConfigurationError
from cps.core.keys import write_once
from cps.polls import canonical
from cps.polls.keys import PollKeys, WebKeys, WorkerKeys
from cps.polls.soundness import SLUG

FOLDER = "polls"


class _Kind(NamedTuple):
    """One kind of file: what its name ends in, its format, the keys and hashes in it as hex."""

    ending: str
    format: str
    keys: tuple[str, ...]


_WEB = _Kind("web", "cps-poll-keys-web-1", ("heads_public", "seal_public", "roll", "handle"))
_WORKER = _Kind("worker", "cps-poll-keys-worker-1", ("heads_private", "seal_private"))
_OPENED = _Kind("opened", "cps-poll-keys-opened-1", ("specification",))
_ENDED = _Kind("ended", "cps-poll-keys-ended-1", ("heads_public",))


def write(directory: Path, keys: PollKeys) -> None:
    """Write both files, readable by their owner only.

    Raises ConfigurationError, with neither file left, where the poll has or had keys or the folder is closed.
    """
    if was_destroyed(directory, keys.poll):
        raise _destroyed(keys.poll)
    if was_used(directory, keys.poll):
        raise used_otherwise(keys.poll)
    worker = _path(directory, keys.poll, _WORKER)
    try:
        worker.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_new(worker, _WORKER, keys.worker)
        try:
            _write_new(_path(directory, keys.poll, _WEB), _WEB, keys.web)
        except (OSError, ConfigurationError):
            _overwrite_and_unlink(worker)
            raise
    except OSError as error:
        raise _closed(worker, error) from None


def read_web(directory: Path, poll: str) -> WebKeys:
    """Return the web servers' keys of a poll.

    Raises ConfigurationError where the file is missing, damaged or destroyed.
    """
    return WebKeys(poll=poll, **_read(directory, poll, _WEB))


def read_worker(directory: Path, poll: str) -> WorkerKeys:
    """Return the worker's keys of a poll; raises ConfigurationError as `read_web` does."""
    return WorkerKeys(poll=poll, **_read(directory, poll, _WORKER))


def read_all(directory: Path, poll: str) -> PollKeys:
    """Return all secrets of a poll, from both files; raises ConfigurationError as `read_web` does."""
    web, worker = read_web(directory, poll), read_worker(directory, poll)
    return PollKeys(
        poll=poll,
        seal_private=worker.seal_private,
        heads_private=worker.heads_private,
        roll=web.roll,
        handle=web.handle,
    )


def opened_as(directory: Path, poll: str) -> str | None:
    """Return the hash of the specification as which a poll was opened with the keys here; None for none.

    Raises ConfigurationError where the note is damaged.
    """
    if not _path(directory, poll, _OPENED).exists():
        return None
    return _read(directory, poll, _OPENED)["specification"].hex()


def note_opening(directory: Path, poll: str, specification: str) -> None:
    """Note beside the keys as what they open a poll; the hash of its specification, in hex.

    Raises ConfigurationError where they opened it as something else, or the folder is closed.
    """
    path = _path(directory, poll, _OPENED)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = write_once(path, _content(_OPENED, poll, {"specification": specification}))
    except OSError as error:
        raise _closed(path, error) from None
    if not is_new and opened_as(directory, poll) != specification:
        raise used_otherwise(poll)


def was_used(directory: Path, poll: str) -> bool:
    """Return whether a poll was ever opened here under this slug: it gets no keys, and no opening, again."""
    return _path(directory, poll, _OPENED).exists() or was_destroyed(directory, poll)


def forget_opening(directory: Path, poll: str) -> None:
    """Remove the keys and the note of an opening that nobody has seen: its transaction came to nothing.

    Only for invented data: of a real poll nobody can be sure. Raises ConfigurationError as `discard` does.
    """
    discard(directory, poll)
    _path(directory, poll, _OPENED).unlink(missing_ok=True)


def mark_of_web(directory: Path, poll: str) -> int:
    """Return a number that changes with the file of the web servers' keys; 0 where there is none."""
    try:
        return _path(directory, poll, _WEB).stat().st_mtime_ns
    except OSError:
        return 0


def destroy(directory: Path, poll: str, *, heads_public: str) -> None:
    """Overwrite and remove every key of the poll; the public key of its heads, in hex, is kept in a note.

    Overwriting is the best that can be done from here: a copying file system or a flash disk may keep old
    blocks, and printed or stored copies are for people to destroy. Raises ConfigurationError where a file
    cannot be removed; calling it again goes on.
    """
    note = _path(directory, poll, _ENDED)
    try:
        note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_once(note, _content(_ENDED, poll, {"heads_public": heads_public}))
        for path in sorted(note.parent.glob(f"{poll}.*")):
            if path != note:
                _overwrite_and_unlink(path)
    except OSError as error:
        raise _closed(note, error) from None


def discard(directory: Path, poll: str) -> None:
    """Overwrite and remove the keys of a draft; the address may get others afterwards unless they were used.

    Raises ConfigurationError where a file cannot be removed; calling it again goes on.
    """
    for kind in (_WORKER, _WEB):
        path = _path(directory, poll, kind)
        try:
            _overwrite_and_unlink(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise _closed(path, error) from None


def was_destroyed(directory: Path, poll: str) -> bool:
    """Return whether the keys of this poll were destroyed here."""
    return _path(directory, poll, _ENDED).exists()


def _path(directory: Path, poll: str, kind: _Kind) -> Path:
    if not SLUG.fullmatch(poll):
        raise ValueError(f"not the slug of a poll: {poll!r}")
    return directory / FOLDER / f"{poll}.{kind.ending}.json"


def _write_new(path: Path, kind: _Kind, keys: WebKeys | WorkerKeys) -> None:
    content = _content(kind, keys.poll, {name: getattr(keys, name).hex() for name in kind.keys})
    if not write_once(path, content):
        raise ConfigurationError(f"CPS_KEYS_DIR: {path} exists already; it is not overwritten.")


def _content(kind: _Kind, poll: str, keys: dict[str, str]) -> bytes:
    return canonical.to_bytes({"format": kind.format, "poll": poll, **keys}) + b"\n"


def _read(directory: Path, poll: str, kind: _Kind) -> dict[str, bytes]:
    path = _path(directory, poll, kind)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        if was_destroyed(directory, poll):
            raise _destroyed(poll) from None
        raise ConfigurationError(
            f"CPS_KEYS_DIR: {path} is missing; restore it from your copy of the keys."
        ) from None
    except OSError as error:
        raise _closed(path, error) from None
    keys = _keys_in(content, poll, kind)
    if keys is None:
        raise ConfigurationError(f"CPS_KEYS_DIR: {path} is damaged; restore it from your copy of the keys.")
    return keys


def _keys_in(content: bytes, poll: str, kind: _Kind) -> dict[str, bytes] | None:
    """Return the keys in a file's content, None where it is not exactly such a file of this poll."""
    try:
        value = canonical.from_bytes(content.removesuffix(b"\n"))
    except canonical.NotCanonical:
        return None
    if not isinstance(value, dict):
        return None
    texts = {name: text for name, text in value.items() if isinstance(text, str)}
    keys = {name: texts[name] for name in kind.keys if canonical.is_hash(texts.get(name, ""))}
    if value != {"format": kind.format, "poll": poll, **keys} or len(keys) < len(kind.keys):
        return None
    return {name: bytes.fromhex(text) for name, text in keys.items()}


def _overwrite_and_unlink(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _destroyed(poll: str) -> ConfigurationError:
    return ConfigurationError(f"CPS_KEYS_DIR: the keys of the poll {poll} were destroyed when it had ended.")


def used_otherwise(poll: str) -> ConfigurationError:
    """Return the error of keys that opened a poll already, as another than this one."""
    return ConfigurationError(
        f"CPS_KEYS_DIR: the keys of the poll {poll} were used for another opening; clone the draft to open it"
        " under another address, with keys of its own."
    )


def _closed(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"CPS_KEYS_DIR: {path} cannot be read or written ({error.strerror}).")
