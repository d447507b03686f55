"""Everything that is held about one account, as plain values for a file."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from cps.accounts.models import Account
from cps.cases.models import Case, CaseContact, Follow, Support
from cps.core.email import readable_email
from cps.pages import queries

OF_ACCOUNT = ("display_name", "phone", "language", "state", "created_at", "email_verified_at")
OF_CASE = (
    *("reference", "kind", "status", "outcome", "title", "body", "language", "answers"),
    *("lat", "lon", "address", "channel", "received_at", "due_at", "closed_at"),
    *("is_private", "support_count", "photo_count"),
)
OF_CONTACT = ("name", "email", "phone", "language")
OF_SESSION = ("device", "created_at", "seen_at", "expires_at")


def everything_about(account: Account, *, at: datetime) -> dict[str, Any]:
    """Return what is held: texts, numbers, moments as ISO 8601 in UTC; no hashes and no secrets."""
    return {
        "made_at": _plain(at),
        "account": {
            "email": readable_email(account.email),
            **_columns(account, OF_ACCOUNT),
            "roles": sorted(role.value for role in account.roles),
            "has_password": bool(account.password_hash),
        },
        "proven": [
            _columns(identity, ("kind", "verified_at")) for identity in queries.identities_of(account.id)
        ],
        "signed_in_devices": [_columns(row, OF_SESSION) for row in queries.sessions_of(account.id)],
        "cases": [_case(case, contact) for case, contact in queries.cases_with_contact(account.id)],
        "written_in_cases": _rows(queries.own_words(account.id)),
        "backed_cases": _rows(queries.taken_part(Support, account.id)),
        "followed_cases": _rows(queries.taken_part(Follow, account.id)),
        "messages_to_you": _rows(queries.messages_to(account.id)),
        "looked_at_by_staff": _rows(queries.looks_at(account.id, most=None)),
    }


def _case(case: Case, contact: CaseContact | None) -> dict[str, Any]:
    return {**_columns(case, OF_CASE), "contact": _columns(contact, OF_CONTACT) if contact else None}


def _columns(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row._asdict().items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
