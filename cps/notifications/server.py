"""The mail server of `CPS_SMTP_URL`, and who the mail comes from.

`smtp://user:password@host:port?from=City <no-reply@city.example>`; `smtps://` speaks TLS from the first byte.
With `smtp://` the connection is turned into TLS when the server offers it. `?starttls=required` refuses to go
on without, and so does any address with a password, unless the server is on this machine; `?starttls=off` is
for servers without a proper certificate inside one's own walls. Certificates are always checked.
"""

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from cps.core.errors import ConfigurationError

PORTS = {"smtp": 587, "smtps": 465}
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class Tls(StrEnum):
    """How a connection is kept from being read on the way."""

    IMPLICIT = "implicit"
    REQUIRED = "required"
    OFFERED = "offered"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, and who the mail comes from."""

    host: str
    port: int
    user: str
    password: str
    sender: Address
    tls: Tls

    @classmethod
    def from_url(cls, url: str) -> "Server":
        """Read `CPS_SMTP_URL`; raises ConfigurationError that says what is wrong with it."""
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS[parts.scheme]
            options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            sender = _sender(options["from"])
        except (KeyError, ValueError, MessageError):
            raise ConfigurationError(
                "CPS_SMTP_URL must look like smtp://user:password@host:587?from=no-reply@city.example."
            ) from None
        if not parts.hostname:
            raise ConfigurationError("CPS_SMTP_URL names no host.")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port, user, password, sender, _tls(parts, options))


def mail_address(address: str, name: str = "") -> Address:
    """Return an address for a header; raises ValueError for what is none or could end the header."""
    local, _at, domain = address.rpartition("@")
    if not (local and domain and address.isprintable() and name.isprintable()):
        raise ValueError(address)
    return Address(name, local, domain)


def _sender(text: str) -> Address:
    name, address = parseaddr(text) if text.isprintable() else ("", "")
    return mail_address(address, name)


def _tls(parts: SplitResult, options: dict[str, str]) -> Tls:
    if parts.scheme == "smtps":
        return Tls.IMPLICIT
    needs_secrecy = parts.username and parts.hostname not in THIS_MACHINE
    wanted = options.get("starttls") or (Tls.REQUIRED if needs_secrecy else Tls.OFFERED)
    if wanted not in {Tls.REQUIRED, Tls.OFFERED, Tls.OFF}:
        raise ConfigurationError("CPS_SMTP_URL: starttls must be required, offered or off.")
    return Tls(wanted)
