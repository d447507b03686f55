"""Settings of the web server that cannot be said on its command line."""

from typing import Any


def post_fork(server: Any, _worker: Any) -> None:
    """Give each process connections of its own: those made before the fork must not be shared."""
    from cps.core.db import db

    with server.app.wsgi().app_context():
        db.engine.dispose(close=False)
