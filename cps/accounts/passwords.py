"""What a password must be, and how it is kept: Argon2id, 19 MiB, two passes (OWASP's second choice)."""

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from cps.core.email import LONGEST_EMAIL

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200

_WORDS = """
password passwort passw0rd p@ssword p@ssw0rd motdepasse contrasena katasandi matkhau senha parola
wachtwoord mypassword yourpassword thepassword newpassword passwordpassword changeme letmein welcome
welcomehome iloveyou loveyou ilovemyself trustno master superman batman football baseball basketball
dragon monkey princess sunshine shadow michael jennifer whatever starwars computer internet freedom
secret topsecret administrator admin qwerty qwertyuiop qwertz qwertzuiop azerty azertyuiop asdfghjkl
zxcvbnm qazwsxedc qweasdzxc qweasd onetwothree abcdefghij sayang bismillah indonesia filipinas vietnam
korea saranghae dearcity mycity
"""
COMMON = frozenset(_WORDS.split())
"""Words that are guessed first, without the figures and signs that people hang on them."""

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
)
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class PasswordFault(StrEnum):
    """Why a password is refused; pages have a sentence for each."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    LIKE_EMAIL = "like-email"
    TOO_COMMON = "too-common"
    TOO_SIMPLE = "too-simple"


def normal_password(text: str) -> str:
    """Return the form that is hashed: the same password typed on another keyboard gives the same."""
    return unicodedata.normalize("NFKC", text)


def password_fault(password: str, *, email: str = "") -> PasswordFault | None:
    """Return what is wrong with a new password, or None."""
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.TOO_LONG
    password = normal_password(password).casefold()
    if len(password.strip()) < SHORTEST_PASSWORD:
        return PasswordFault.TOO_SHORT
    if email and _is_like(password, email[:LONGEST_EMAIL].casefold()):
        return PasswordFault.LIKE_EMAIL
    if password in COMMON or _AROUND.sub("", password) in COMMON:
        return PasswordFault.TOO_COMMON
    return PasswordFault.TOO_SIMPLE if _is_simple(password) else None


def _is_like(password: str, email: str) -> bool:
    local = email.partition("@")[0]
    return password == email or (len(local) > 3 and _AROUND.sub("", password) == _AROUND.sub("", local))


def _is_simple(password: str) -> bool:
    """Whether it is few signs, a repeated piece, or a walk along the alphabet, the figures or a keyboard."""
    if len(set(password)) < 4:
        return True
    if any(password == (password[:n] * len(password))[: len(password)] for n in range(1, 5)):
        return True
    neighbours = {pair for row in _ROWS for pair in (*pairwise(row), *pairwise(reversed(row)))}
    steps = list(pairwise(password))
    return sum(step in neighbours or step[0] == step[1] for step in steps) >= len(steps) - 1


_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16)
NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$s3IvBZETBkiQwvDbrkZRCA$9cH3IaE/h5Nz4v2cNhsH4jWESclaUPl16ZrmFyn4Jec"
)
"""The hash of a password that nobody knows: verified where there is no account, so that both take as long."""


def hash_password(password: str) -> str:
    """Return what is stored of a password; takes some 20 ms on purpose, so call it outside transactions."""
    return _HASHER.hash(normal_password(password))


def is_password(password: str, stored: str) -> bool:
    """Return whether the password is the one stored; takes as long when none is stored ("")."""
    if len(password) > LONGEST_PASSWORD:
        password, stored = "", ""
    try:
        return _HASHER.verify(stored or NOBODYS_HASH, normal_password(password)) and bool(stored)
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Return whether a stored hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(stored)
