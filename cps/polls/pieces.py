"""Long work on a poll, cut into short pieces that a worker does one after another, among other work.

What is half done is in this worker's memory and in temporary files alone, never in the database: a worker
that was killed leaves nothing, and whoever begins again comes to the same result. Two workers may be at the
same work; that costs time and changes nothing.
"""

import threading
from collections.abc import Callable, Collection, Generator
from typing import Any, TypeVar

from cps.polls.models import Poll

Result = TypeVar("Result")
Pieces = Generator[None, None, Result]
"""Does a piece of half a second or so each time it is asked, outside transactions; returns what came of all.

Between pieces it holds no row and no cursor: the session may have ended.
"""

Key = tuple[str, int]


def finish(pieces: Pieces[Result]) -> Result:
    """Do all pieces one after another and return what comes of them."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            result: Result = end.value
            return result


class UnderWay(threading.local):
    """What a worker, which is a thread, has begun: one piece of work for a poll as it stood then."""

    def __init__(self) -> None:
        self._begun: dict[Key, Pieces[Any]] = {}

    def go_on(self, poll: Poll, begin: Callable[[], Pieces[Result]]) -> Result | None:
        """Do the next piece; returns the result after the last, which is never None, and None before.

        Work on a poll that was changed since begins anew. What fails is forgotten with what it had done.
        """
        key = _key(poll)
        pieces = self._begun.pop(key, None) or begin()
        try:
            next(pieces)
        except StopIteration as end:
            result: Result = end.value
            return result
        self._begun[key] = pieces
        return None

    def forget_all_but(self, polls: Collection[Poll]) -> None:
        """Forget what was begun for polls that another worker finished, or that were changed since."""
        for key in self._begun.keys() - {_key(poll) for poll in polls}:
            self._begun.pop(key).close()


def _key(poll: Poll) -> Key:
    """A specification has keys of its own, so its hash is that of one opening of one poll."""
    return poll.spec_sha256, poll.version
