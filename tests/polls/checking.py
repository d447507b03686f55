"""Runs the stand-alone checker in this process."""

import contextlib
import io
from pathlib import Path

from cps.polls import verify

HOLDS, FAILED, UNKNOWN = 0, 1, 3

Said = dict[str, str]
"""The line of each check by its name."""


def check(folder: Path, bundle: bytes, *options: str) -> tuple[int, Said]:
    """Run the checker on a bundle; return its status and what it said."""
    path = folder / "bundle.zip"
    path.write_bytes(bundle)
    return checked(path, *options)


def checked(path: Path, *options: str) -> tuple[int, Said]:
    """Run the checker on what stands there; return its status and what it said."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = verify.main([str(path), *options])
    lines = said.getvalue().partition("\n\n")[0].splitlines()
    return status, {line[5:].partition(":")[0]: line for line in lines}


def failed(said: Said) -> set[str]:
    """Return the names of the checks that failed."""
    return {name for name, line in said.items() if line.startswith("FAIL ")}


def unknown(said: Said) -> set[str]:
    """Return the names of what could not be checked."""
    return {name for name, line in said.items() if line.startswith("?    ")}
