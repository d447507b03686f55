"""Settings of the web server that cannot be said on its command line."""

import gc
from typing import Any

forwarded_allow_ips = ""
"""Nobody's word counts for gunicorn itself: scheme and path come from the request, and what a proxy adds is
read by the application, for as many hops as `CPS_PROXY_HOPS` says."""

forwarder_headers = ""
"""No header stands in place of the path or of what comes before it."""


def post_fork(server: Any, _worker: Any) -> None:
    """Give each process connections of its own: those made before the fork must not be shared."""
    from cps.core.db import db

    with server.app.wsgi().app_context():
        db.engine.dispose(close=False)


def when_ready(server: Any) -> None:
    """Make ready before the processes part what their first requests would make, each for itself.

    What is frozen is never looked at again by the garbage collector, so that its pages of memory stay shared.
    """
    from cps.core import rendering

    rendering.prepare(server.app.wsgi())
    gc.collect()
    gc.freeze()
