"""`cps` at a terminal: each command in a process of its own, forked from one that has the program in memory.

To import the program costs most commands more than what they do.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from importlib import import_module
from typing import IO

from cps import FEATURES, PACKAGE, cli
from tests.support.fixtures import Database

LENGTH = 1_000_000
PARTS = ("queries", "services", "views", "forms", "jobs")
_waiting: list[tuple[socket.socket, "subprocess.Popen[bytes]"]] = []


def cps(
    database: Database, *arguments: str, timeout: float = 60, **more: str
) -> "subprocess.CompletedProcess[str]":
    """Run `cps` as somebody at a terminal does."""
    line = _parent()
    line.settimeout(timeout)
    asked = json.dumps({"arguments": arguments, "environment": database.environment(**more)})
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        socket.send_fds(line, [asked.encode()], [out.fileno(), err.fileno()])
        ended = int(line.recv(LENGTH))
        return subprocess.CompletedProcess(["cps", *arguments], ended, _read(out), _read(err))


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _parent() -> socket.socket:
    """Return the line to the process that forks; it is started at the first call and ends with this one."""
    if not _waiting:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "tests.support.terminal", str(theirs.fileno())]
            parent = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        _waiting.append((ours, parent))
    return _waiting[0][0]


def _serve(line: socket.socket) -> None:
    """Fork for each command that is asked for, and tell how it ended."""
    _know_the_program()
    while True:
        asked, files, *_ = socket.recv_fds(line, LENGTH, 2)
        if not asked:
            return
        child = os.fork()
        if not child:
            line.close()
            _become(json.loads(asked), files)
            return
        for file in files:
            os.close(file)
        line.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _know_the_program() -> None:
    """Import what any command would."""
    cli._collect()
    for feature in ("core", *FEATURES):
        for part in PARTS:
            place = PACKAGE / feature / part
            if place.is_dir() or place.with_suffix(".py").exists():
                import_module(f"cps.{feature}.{part}")


def _become(asked: dict[str, object], files: list[int]) -> None:
    """Be the command, to the end of this process."""
    os.dup2(files[0], 1)
    os.dup2(files[1], 2)
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[call-overload]
    sys.argv = ["cps", *asked["arguments"]]  # type: ignore[misc]
    cli.main()


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
