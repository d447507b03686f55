"""A visitor: what their cookie keeps when they sign in (at sign-out nothing), and where they come from."""

import ipaddress

from flask import request, session

_kept: set[str] = set()


def keep_at_sign_in(*keys: str) -> None:
    """Let values under these keys of the cookie outlive a sign-in: work begun as a visitor goes on.

    Keep nothing there that gives rights of an account, so that a planted cookie gains nobody anything.
    """
    _kept.update(keys)


def begin_anew() -> None:
    """Drop what the cookie held, but for what features asked to keep; called when somebody signs in."""
    kept = {key: session[key] for key in _kept if key in session}
    session.clear()
    session.update(kept)


def network() -> str:
    """Return the network a request came from: an IPv4 address, or the first 64 bits of an IPv6 one.

    One line of a household or a phone has all addresses of such 64 bits, and can take a fresh one each time.
    """
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
