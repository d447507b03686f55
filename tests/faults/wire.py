"""A wire between the program and PostgreSQL that can be cut and mended."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import URL, make_url

from tests.support.browser import free_port

PIECE = 65_536


class Wire:
    """Passes on what both sides send while it is whole; cut, it ends all connections and takes no new one."""

    def __init__(self, to: URL) -> None:
        self._server = f"{to.query['host']}/.s.PGSQL.{to.port or 5432}"
        self._port = free_port()
        self._ends: list[socket.socket] = []
        self._listener: socket.socket | None = None
        here = to.set(host="127.0.0.1", port=self._port).difference_update_query(["host"])
        self.url = here.render_as_string(hide_password=False)

    @classmethod
    @contextmanager
    def to(cls, url: str) -> Iterator["Wire"]:
        """Lay a wire to the database at an address; `url` is the address at its near end."""
        wire = cls(make_url(url))
        wire.mend()
        try:
            yield wire
        finally:
            wire.cut()

    def mend(self) -> None:
        """Take connections, again where it was cut."""
        self._listener = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def cut(self) -> None:
        """End every connection at once."""
        listener, self._listener = self._listener, None
        for end in [listener, *self._ends]:
            if end is not None:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
        self._ends.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._server)
                self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=[one, other], daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(PIECE):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)
