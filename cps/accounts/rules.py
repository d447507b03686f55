"""Roles, kinds of identity, how long one stays signed in, and one-time codes; no Flask, no database."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cps.core.phone import is_phone


class Role(StrEnum):
    """What an account may be; one account may hold several. Registration gives only resident."""

    RESIDENT = "resident"
    AGENT = "agent"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    MODERATOR = "moderator"
    INTEGRITY_OFFICER = "integrity-officer"
    ADMINISTRATOR = "administrator"


STAFF_ROLES = frozenset(Role) - {Role.RESIDENT}


class IdentityKind(StrEnum):
    """What a person has shown to be theirs; one (kind, tag) belongs to one account for ever."""

    EMAIL = "email"
    PHONE = "phone"
    REGISTER = "register"
    CARD = "card"
    IN_PERSON = "in-person"


class AccountState(StrEnum):
    """Whether an account can be used."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    DELETED = "deleted"


class CodePurpose(StrEnum):
    """What a one-time code by mail or text message opens."""

    SIGN_IN = "sign-in"
    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105
    VERIFY_PHONE = "verify-phone"
    JOIN = "join"
    CONFIRM = "confirm"


def proving(address: str) -> CodePurpose:
    """Return the purpose of a code that shows that an address or number is somebody's."""
    return CodePurpose.VERIFY_PHONE if is_phone(address) else CodePurpose.VERIFY_EMAIL


SIGNED_IN_FOR = timedelta(days=30)
STAFF_SIGNED_IN_FOR = timedelta(hours=12)
FRESH_FOR = timedelta(minutes=15)
"""So long after signing in, a person may choose a new password without the old one."""

LONGEST_NAME = 120


def signed_in_for(roles: frozenset[Role]) -> timedelta:
    """Return how long a device stays signed in: staff for a working day, residents for a month."""
    return STAFF_SIGNED_IN_FOR if roles & STAFF_ROLES else SIGNED_IN_FOR


def is_fresh(signed_in_at: datetime, at: datetime) -> bool:
    """Return whether somebody signed in so short a time ago that it is surely still them."""
    return at - signed_in_at <= FRESH_FOR


class ResetReason(StrEnum):
    """Why somebody's second step is turned off for them."""

    LOST = "lost"
    BROKEN = "broken"
    STOLEN = "stolen"


class CheckedHow(StrEnum):
    """How it was made sure that who asks is the owner of the account."""

    DOCUMENT = "document"
    CALLED_BACK = "called-back"
    KNOWN = "known"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class Grounds:
    """On what grounds somebody's second step is turned off for them."""

    reason: ResetReason
    checked: CheckedHow


CODE_DIGITS = 6
CODE_FOR = timedelta(minutes=15)
CODE_TRIES = 5


RECOVERY_CODES = 10
RECOVERY_LENGTH = 12
"""Signs of a recovery code, of five bits each; never six, so that it is not taken for a code of the app."""


def read_code(text: str) -> str | None:
    """Return the six digits of a typed code as 0–9, whatever script, spaces or hyphens; else None."""
    digits = []
    for sign in text[:100]:
        if sign.isdecimal():
            digits.append(str(unicodedata.decimal(sign)))
        elif not (sign.isspace() or unicodedata.category(sign) in {"Pd", "Cf"} or sign in ".·"):
            return None
    return "".join(digits) if len(digits) == CODE_DIGITS else None


def grouped_code(code: str) -> str:
    """Return a code as people read it: 123 456."""
    return f"{code[:3]} {code[3:]}"
