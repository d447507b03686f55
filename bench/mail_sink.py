"""A real mail server on loopback that takes every mail and notes for whom it was and when."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.sites import free_port


@dataclass(slots=True)
class MailSink:
    """What arrived: the address of each mail and when it came, in seconds of the monotonic clock."""

    url: str
    arrived: list[tuple[str, float]] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail; the server calls this by its name."""
        now = time.monotonic()
        self.arrived += [(address, now) for address in envelope.rcpt_tos]
        return "250 taken"


@contextmanager
def receiving() -> Iterator[MailSink]:
    """Run the server as long as the block."""
    port = free_port()
    sink = MailSink(f"smtp://127.0.0.1:{port}?from=no-reply%40bench.test")
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield sink
    finally:
        server.stop()
