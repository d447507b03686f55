"""Addresses of mail: the one form in which each is kept, compared and written to."""

import unicodedata

LONGEST_EMAIL = 254
LONGEST_LOCAL_PART = 64
LONGEST_LABEL = 63
_LOCAL_SIGNS = frozenset("!#$%&'*+/=?^_`{|}~-")
_DOTS = str.maketrans("。．｡", "...")
_PREFIX = "xn--"


class BadAddress(ValueError):
    """A text that is no address mail can be sent to."""


def normal_email(text: str) -> str:
    """Return the one form in which an address is kept, compared and written to.

    Compatibility forms and capitals are folded, and a domain of other scripts becomes its ASCII form
    (RFC 5891), so that two spellings of one mailbox are one account and mail never goes to a look-alike.
    Raises BadAddress for what is no address.
    """
    if len(text) > LONGEST_EMAIL:
        raise BadAddress(text[:LONGEST_EMAIL])
    local, at, domain = unicodedata.normalize("NFKC", text.strip().translate(_DOTS)).lower().rpartition("@")
    if not (at and _is_local_part(local)):
        raise BadAddress(text)
    address = f"{local}@{_ascii_domain(domain)}"
    if len(address.encode()) > LONGEST_EMAIL:
        raise BadAddress(text)
    return address


def readable_email(address: str) -> str:
    """Return a kept address with its domain in the script its owner reads."""
    local, _at, domain = address.rpartition("@")
    return f"{local}@{'.'.join(_readable_label(label) for label in domain.split('.'))}" if local else address


def _is_local_part(local: str) -> bool:
    if not 0 < len(local.encode("utf-8", "surrogatepass")) <= LONGEST_LOCAL_PART:
        return False
    return all(part and all(map(_may_stand_in_local, part)) for part in local.split("."))


def _may_stand_in_local(sign: str) -> bool:
    return sign in _LOCAL_SIGNS or unicodedata.category(sign)[0] in "LMN"


def _ascii_domain(domain: str) -> str:
    labels = [_ascii_label(label) for label in domain.split(".")]
    if len(labels) < 2 or labels[-1].isdigit():
        raise BadAddress(domain)
    return ".".join(labels)


def _ascii_label(label: str) -> str:
    """Return a label of a domain in ASCII; letters, digits and inner hyphens only."""
    plain = all(sign == "-" or unicodedata.category(sign)[0] in "LMN" for sign in label)
    if not label or not plain or label.startswith("-") or label.endswith("-"):
        raise BadAddress(label)
    encoded = label if label.isascii() else _PREFIX + label.encode("punycode").decode()
    if len(encoded) > LONGEST_LABEL:
        raise BadAddress(label)
    return encoded


def _readable_label(label: str) -> str:
    if not label.startswith(_PREFIX):
        return label
    try:
        shown = label.removeprefix(_PREFIX).encode().decode("punycode")
    except UnicodeError:
        return label
    return shown if shown.isprintable() else label
