"""The keys of opened polls, read from this server's files and known to be those of the specification."""

import logging
from functools import lru_cache
from pathlib import Path

from cps.core.errors import ConfigurationError
from cps.core.keys import app_keys_dir
from cps.polls import key_files
from cps.polls.keys import WebKeys, WorkerKeys, check_match
from cps.polls.models import Poll
from cps.polls.specification import Fingerprints, Specification, from_bytes

log = logging.getLogger(__name__)


def specification_of(poll: Poll) -> Specification:
    """Return the frozen specification of a poll that is no draft."""
    return _specification(poll.spec_sha256, poll.spec_json)


def web_keys(poll: Poll) -> WebKeys:
    """Return what taking a vote needs; raises ConfigurationError where it is missing, destroyed or another's.

    Another's is also what opened another poll under this address, as after a restore from before its opening.

    Remembered while the file stands as it is, so that nothing is remembered of keys that were destroyed.
    Keys of a final poll that only the worker's machine has destroyed are destroyed here now.
    """
    directory = app_keys_dir()
    mark = key_files.mark_of_web(directory, poll.slug)
    if mark and poll.keys_destroyed_at is not None:
        key_files.destroy(directory, poll.slug, heads_public=specification_of(poll).keys.heads)
        mark = key_files.mark_of_web(directory, poll.slug)
    return _web_keys(directory, poll.slug, poll.spec_sha256, specification_of(poll).keys, mark)


def worker_keys(poll: Poll) -> WorkerKeys:
    """Return what batches and the count need; raises ConfigurationError as `web_keys` does."""
    directory = app_keys_dir()
    found = key_files.read_worker(directory, poll.slug)
    check_match(found, specification_of(poll).keys)
    _check_opening(directory, poll.slug, poll.spec_sha256)
    return found


@lru_cache(maxsize=32)
def _specification(_sha256: str, text: str) -> Specification:
    return from_bytes(text.encode())


@lru_cache(maxsize=32)
def _web_keys(directory: Path, slug: str, specification: str, expected: Fingerprints, _mark: int) -> WebKeys:
    found = key_files.read_web(directory, slug)
    check_match(found, expected)
    _check_opening(directory, slug, specification)
    return found


def _check_opening(directory: Path, slug: str, specification: str) -> None:
    """Note as what a poll was opened, for the server that did so may be another; refuse a second opening.

    Where the folder cannot be written the vote goes on: the server of the opening has the note.
    """
    known = key_files.opened_as(directory, slug)
    if known is not None and known != specification:
        raise key_files.used_otherwise(slug)
    if known is None:
        try:
            key_files.note_opening(directory, slug, specification)
        except ConfigurationError as error:
            log.warning("an opening is not noted here", extra={"poll": slug, "error": str(error)})
