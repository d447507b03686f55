"""In front of the application: requests wait here until they are whole, then few at a time go on.

Whoever sends or reads a byte now and then holds a thread, which costs little. What is scarce, the
application's few places with their connections to the database, is only taken for as long as it computes.
"""

import errno
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BytesIO
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any

from cps.core.storage import FULL

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

IN_MEMORY = 64 * 1024
"""Bytes of a request that are kept in memory; a larger one waits in a temporary file."""

PIECE = 32 * 1024

NO_ROOM = "cps.no_room"
"""Stands in the environment of a request that found no room on the disk; its body is then empty."""


class CutOff(OSError):
    """The client left before all of its request had come."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "The client left in the middle of its request.")


class WaitingRoom:
    """A WSGI application that gives another one whole requests only, to at most `places` threads at once.

    An answer that is made while it is sent, and not before, is made without a place. A request larger than
    `largest` bytes is passed on unread, to be refused. Raises CutOff where the client left.
    """

    def __init__(self, application: Application, *, places: int, largest: int) -> None:
        self._application = application
        self._places = BoundedSemaphore(places)
        self._largest = largest

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        if not self._has_body(environ):
            return self._answer(environ, start_response)
        body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed below
        try:
            environ["wsgi.input"] = _received(environ, body, self._largest)
            return self._answer(environ, start_response)
        finally:
            with suppress(OSError):  # a full disk is told once more
                body.close()

    def _has_body(self, environ: Environ) -> bool:
        if environ.get("HTTP_TRANSFER_ENCODING"):
            return True
        return 0 < int(environ.get("CONTENT_LENGTH") or 0) <= self._largest

    def _answer(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        with self._places:
            return self._application(environ, start_response)


def _received(environ: Environ, body: IO[bytes], largest: int) -> IO[bytes]:
    """Take in all of a request; returns what the application reads of it. Raises CutOff.

    What finds no room is taken in all the same: whoever is still sending would not hear an answer.
    """
    stream, left, fits = environ["wsgi.input"], largest + 1, True
    while left > 0 and (piece := stream.read(min(PIECE, left))):
        left -= len(piece)
        fits = fits and _keep(body, piece)
    length = largest + 1 - left
    if int(environ.get("CONTENT_LENGTH") or length) != length:
        raise CutOff
    if not fits:
        environ[NO_ROOM] = True
        return BytesIO()
    body.seek(0)
    return body


def _keep(body: IO[bytes], piece: bytes) -> bool:
    """Write a piece; returns False where there is no room."""
    try:
        body.write(piece)
        body.flush()
    except OSError as error:
        if error.errno not in FULL:
            raise
        return False
    return True
