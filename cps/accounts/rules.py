"""Roles, kinds of identity and what a password must be; no Flask, no database."""

from enum import StrEnum


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
    """What a one-time code by mail opens."""

    SIGN_IN = "sign-in"
    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"  # noqa: S105


SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
CODE_DIGITS = 6
CODE_MINUTES = 15
CODE_TRIES = 5
