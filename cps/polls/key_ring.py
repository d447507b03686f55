"""The keys of opened polls, read from this server's files and known to be those of the specification."""

from functools import lru_cache
from pathlib import Path

from cps.core.keys import app_keys_dir
from cps.polls import key_files
from cps.polls.keys import WebKeys, WorkerKeys, check_match
from cps.polls.models import Poll
from cps.polls.specification import Specification, from_bytes


def specification_of(poll: Poll) -> Specification:
    """Return the frozen specification of a poll that is no draft."""
    return _specification(poll.spec_sha256, poll.spec_json)


def web_keys(poll: Poll) -> WebKeys:
    """Return what taking a vote needs; raises ConfigurationError where it is missing, destroyed or another's.

    Remembered while the file stands as it is, so that nothing is remembered of keys that were destroyed.
    Keys of a final poll that only the worker's machine has destroyed are destroyed here now.
    """
    directory = app_keys_dir()
    mark = key_files.mark_of_web(directory, poll.slug)
    if mark and poll.keys_destroyed_at is not None:
        key_files.destroy(directory, poll.slug, heads_public=specification_of(poll).keys.heads)
    found = _web_keys(directory, poll.slug, key_files.mark_of_web(directory, poll.slug))
    check_match(found, specification_of(poll).keys)
    return found


def worker_keys(poll: Poll) -> WorkerKeys:
    """Return what batches and the count need; raises ConfigurationError as `web_keys` does."""
    found = key_files.read_worker(app_keys_dir(), poll.slug)
    check_match(found, specification_of(poll).keys)
    return found


@lru_cache(maxsize=32)
def _specification(_sha256: str, text: str) -> Specification:
    return from_bytes(text.encode())


@lru_cache(maxsize=32)
def _web_keys(directory: Path, slug: str, _mark: int) -> WebKeys:
    return key_files.read_web(directory, slug)
