"""One HTTP request to an address that somebody typed: never into our own network, never without an end.

The address is looked up once and the connection goes to what was found then, so that a name cannot mean one
machine when it is checked and another when it is asked. Redirects are not followed, certificates are always
checked, proxies are not used; an answer has a size and all of it together a time.
"""

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlencode, urlsplit

CONNECT_SECONDS = 5.0
LONGEST_SECONDS = 20.0
"""From the first byte of a request to the last one of its answer."""

LARGEST_ANSWER = 2_000_000
MOST_TRIED = 3
"""Of a name that leads to many addresses so many are tried; each may take the time of connecting."""

LONGEST_ADDRESS = 400
WELL_KNOWN = {"https": 443, "http": 80}
_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for one of IPv4 (RFC 6052)."""

Fields = Sequence[tuple[str, str]]
Address = IPv4Address | IPv6Address


class Unreachable(Exception):
    """No whole answer came, so nobody knows what became of the request; the words say why."""


class NotAllowed(Exception):
    """The address leads where the program must not ask: into a network of our own, or over an open line."""


class TooLarge(Exception):
    """The answer is larger than any that we can use."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    body: bytes = field(repr=False)

    @property
    def is_redirect(self) -> bool:
        """Whether it only says where else to ask."""
        return 300 <= self.status < 400


def is_address(url: str, *, may_be_here: bool) -> bool:
    """Return whether a text is an address that may be asked, as far as it can be told without asking.

    With `may_be_here`, in demo and test, it may lack TLS and lead to this machine.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_ADDRESS
    has_more = parts.username is not None or "?" in url or "#" in url
    if not host or not is_plain or has_more or parts.scheme not in WELL_KNOWN:
        return False
    return may_be_here or (parts.scheme == "https" and _is_elsewhere(host))


def is_public(address: Address) -> bool:
    """Return whether an address is somebody's in the internet, and none of our own network."""
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inside = IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
        if address.teredo is not None:
            return False
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def get(url: str, query: Fields, *, may_be_here: bool) -> Answer:
    """Ask for what stands at an address. Raises NotAllowed, Unreachable, TooLarge."""
    asked = f"{url}?{urlencode(query)}" if query else url
    return _ask("GET", asked, b"", {}, may_be_here=may_be_here)


def post(url: str, fields: Fields, headers: Mapping[str, str], *, may_be_here: bool) -> Answer:
    """Send a form to an address. Raises NotAllowed, Unreachable, TooLarge."""
    body = urlencode(fields).encode()
    own = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return _ask("POST", url, body, own, may_be_here=may_be_here)


def _ask(method: str, url: str, body: bytes, headers: Mapping[str, str], *, may_be_here: bool) -> Answer:
    parts = urlsplit(url)
    if not is_address(parts._replace(query="").geturl(), may_be_here=may_be_here):
        raise NotAllowed("not an address that may be asked")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = parts.port or WELL_KNOWN[parts.scheme]
    try:
        line = _line(parts.hostname or "", port, may_be_here=may_be_here)
        with line, _ended_in_time(line), closing(_over(line, parts, port)) as talk:
            talk.request(method, path, body or None, {"User-Agent": "cps", **headers})
            return _read(talk.getresponse())
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(type(error).__name__) from error


def _line(host: str, port: int, *, may_be_here: bool) -> socket.socket:
    """Open a connection to what a host is called now; raises NotAllowed where any of it is our own."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not all(_may_be_asked(ip_address(one), may_be_here=may_be_here) for one in addresses):
        raise NotAllowed("it leads into a network of our own")
    *others, last = addresses[:MOST_TRIED]
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
    return socket.create_connection((last, port), timeout=CONNECT_SECONDS)


def _may_be_asked(address: Address, *, may_be_here: bool) -> bool:
    """Return whether an address is public, or, where it may be here, that of this machine itself."""
    return is_public(address) or (may_be_here and address.is_loopback)


def _over(line: socket.socket, to: SplitResult, port: int) -> HTTPConnection:
    """Return the connection of HTTP over an open line; a certificate must be that of the host."""
    line.settimeout(LONGEST_SECONDS)
    host = to.hostname or ""
    if to.scheme == "http":
        plain = HTTPConnection(host, port)
        plain.sock = line
        return plain
    context = ssl.create_default_context()
    secure = HTTPSConnection(host, port, context=context)
    secure.sock = context.wrap_socket(line, server_hostname=host)
    return secure


def _read(answer: HTTPResponse) -> Answer:
    with answer:
        room = bytearray(LARGEST_ANSWER + 1)
        size = answer.readinto(room)  # read() takes all there is where a chunk says that it has -1 bytes
        if size > LARGEST_ANSWER:
            raise TooLarge(f"more than {LARGEST_ANSWER} bytes")
        if answer.length:  # less came than was announced
            raise Unreachable("the answer was cut")
        return Answer(answer.status, bytes(room[:size]))


@contextmanager
def _ended_in_time(line: socket.socket) -> Iterator[None]:
    """Cut the line when its time is over: a server that says one letter now and then never times out."""
    handle = line.dup()
    timer = threading.Timer(LONGEST_SECONDS, _cut, [handle])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        handle.close()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _is_elsewhere(host: str) -> bool:
    """Return whether a host is the number of a machine in the internet, or may be the name of one."""
    try:
        return is_public(ip_address(host))
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))
