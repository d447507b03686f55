"""A real mail server on this machine that takes, refuses, hangs or breaks off as a test says."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class Mailbox:
    """What arrived, and what the server answers: `answers` one by one, then it takes everything.

    It takes `seconds` over each mail.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.senders: list[str | None] = []
        self.answers: dict[str, list[str]] = {"RCPT": [], "DATA": []}
        self.break_after = 0
        self.connections = 0

    def subjects(self) -> list[str]:
        """Return the subjects in the order in which the mails arrived."""
        return [str(mail["Subject"]) for mail in self.received]

    def ids(self) -> list[str]:
        """Return the Message-IDs in the order in which the mails arrived."""
        return [str(mail["Message-ID"]) for mail in self.received]

    async def handle_EHLO(  # noqa: N802 - the server's own name for it
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.answers["RCPT"] and (answer := self.answers["RCPT"].pop(0)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.seconds)
        if self.answers["DATA"] and (answer := self.answers["DATA"].pop(0)):
            return answer
        assert isinstance(envelope.content, bytes)
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients += envelope.rcpt_tos
        self.senders.append(envelope.mail_from)
        if self.break_after and len(self.received) == self.break_after:
            server.transport.abort()
        return "250 taken"


class Server(Controller):
    """The server in a thread of its own, on a free port."""

    def __init__(self, mailbox: Mailbox, port: int = 0, **options: Any) -> None:
        super().__init__(mailbox, hostname="127.0.0.1", port=port or free_port(), **options)

    @property
    def url(self) -> str:
        """The address for `CPS_SMTP_URL`."""
        return smtp_url(self.port)


def smtp_url(port: int) -> str:
    """Return the setting for a server on this machine."""
    return f"smtp://127.0.0.1:{port}?from=City%20of%20Testford%20%3Cno-reply@testford.test%3E"


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(mailbox: Mailbox, port: int = 0, **options: Any) -> Iterator[Server]:
    """Run the server until the block ends."""
    server = Server(mailbox, port, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def hanging() -> Iterator[int]:
    """Listen on a port, let everybody connect and never say a word; gives the port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(20)
        held: list[socket.socket] = []
        done = threading.Event()

        def accept() -> None:
            listener.settimeout(0.1)
            while not done.is_set():
                try:
                    held.append(listener.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            done.set()
            thread.join()
            for connection in held:
                connection.close()


def self_signed(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for this machine that nobody knows; returns the server's context and its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "certificate.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    return context, chain
