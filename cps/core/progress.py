"""How far long work of the console is: bars on a terminal, plain lines elsewhere."""

import sys
import time
from types import TracebackType
from typing import Any, Protocol

import click

LINE_EVERY = 5.0
"""Seconds between two lines of the same part."""


class Progress(Protocol):
    """Is told how far work is."""

    def begin(self, part: str, pieces: int) -> None:
        """Begin a part of so many pieces."""

    def step(self, pieces: int) -> None:
        """Note that so many pieces more are done."""


class Quiet:
    """Tells nobody: work that no terminal waits for."""

    def begin(self, part: str, pieces: int) -> None:
        """Begin a part of so many pieces."""

    def step(self, pieces: int) -> None:
        """Note that so many pieces more are done."""


class Bars:
    """Progress bars on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._part, self._pieces, self._done, self._told = "", 0, 0, 0.0

    def __enter__(self) -> "Bars":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def begin(self, part: str, pieces: int) -> None:
        """Begin a part of so many pieces."""
        self._end()
        self._part, self._pieces, self._done, self._told = part, pieces, 0, time.monotonic()
        if not pieces:
            return
        if sys.stdout.isatty():
            self._bar = click.progressbar(length=pieces, label=f"{part:<12}")
            self._bar.__enter__()
        else:
            click.echo(f"{part}: {pieces}")

    def step(self, pieces: int) -> None:
        """Note that so many pieces more are done."""
        self._done += pieces
        if self._bar is not None:
            self._bar.update(pieces)
        elif time.monotonic() - self._told >= LINE_EVERY:
            self._told = time.monotonic()
            click.echo(f"{self._part}: {self._done} of {self._pieces}")

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
