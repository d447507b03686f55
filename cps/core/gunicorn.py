"""Settings of the web server that cannot be said on its command line."""

import gc
import logging
import socket
import struct
from typing import Any

SLOW_CLIENTS = 128
"""Threads of each web process beyond those that compute: so many clients may be slow at the same time."""

SILENT_SECONDS = 60
"""A client that sends nothing, or takes nothing of its answer, for so long is left."""

forwarded_allow_ips = ""
"""Nobody's word counts for gunicorn itself: scheme and path come from the request, and what a proxy adds is
read by the application, for as many hops as `CPS_PROXY_HOPS` says."""

forwarder_headers = ""
"""No header stands in place of the path or of what comes before it."""


def when_ready(server: Any) -> None:
    """Make ready before the processes part what their first requests would make, each for itself.

    What is frozen is never looked at again by the garbage collector, so that its pages of memory stay shared.
    """
    from cps.core import rendering

    logging.getLogger("gunicorn.error").addFilter(_is_news)
    for listener in server.LISTENERS:
        _be_patient(listener.sock)
    rendering.prepare(server.app.wsgi())
    gc.collect()
    gc.freeze()


def post_fork(server: Any, _worker: Any) -> None:
    """Give each process connections of its own: those made before the fork must not be shared."""
    from cps.core.db import db

    with server.app.wsgi().app_context():
        db.engine.dispose(close=False)


def post_worker_init(worker: Any) -> None:
    """Let slow clients wait in front of the application; `--threads` counts them and its places together."""
    from cps.core.waiting_room import WaitingRoom

    worker.wsgi = WaitingRoom(
        worker.wsgi,
        places=worker.cfg.threads - SLOW_CLIENTS,
        largest=worker.app.wsgi().config["MAX_CONTENT_LENGTH"],
    )


def _be_patient(listener: socket.socket) -> None:
    """Let the connections that a socket accepts end the wait for a silent client; they inherit it."""
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        listener.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", SILENT_SECONDS, 0))


def _is_news(record: logging.LogRecord) -> bool:
    """Keep clients that were silent for too long, or left, out of the log."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, BlockingIOError)
