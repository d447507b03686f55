"""Everything that is held about one account, as plain values for a file that is written piece by piece.

What the file has is written down in docs/own-data.md.
"""

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.cases.models import Follow, Support
from cps.core.email import readable_email
from cps.departments import queries as departments
from cps.helpers import queries as helpers
from cps.pages import queries
from cps.polls import queries as polls
from cps.polls.services import electorate
from cps.residents import queries as residents
from cps.wards import queries as wards

OF_ACCOUNT = (
    *("display_name", "phone", "language", "state", "created_at"),
    *("email_verified_at", "phone_verified_at"),
)
OF_CASE = (
    *("reference", "kind", "status", "outcome", "title", "body", "language", "answers"),
    *("lat", "lon", "address", "channel", "received_at", "due_at", "closed_at"),
    *("is_private", "support_count", "photo_count"),
)
OF_VOICE = ("reference", "kind", "size", "seconds", "added_at", "written_at")
OF_CONTACT = ("name", "email", "phone", "language", "sms_stopped_at")
OF_HELP = ("helper_name", "scope", "how", "asked_at", "expires_at", "given_at", "ended_at")
INDENT = "  "
OF_SESSION = ("device", "created_at", "seen_at", "expires_at")


def everything_about(account: Account, *, at: datetime) -> dict[str, Any]:
    """Return what is held: texts, numbers, moments as ISO 8601 in UTC; no hashes and no secrets.

    What grows without a bound is an iterator of rows, to be read once and in this order of members.
    """
    archive = queries.archive_of(account.id)
    return {
        "made_at": _plain(at),
        "account": {
            "email": readable_email(account.email),
            **_columns(account, OF_ACCOUNT),
            "ward": wards.areas().codes.get(account.ward_id) if account.ward_id else None,
            "roles": sorted(role.value for role in account.roles),
            "has_password": bool(account.password_hash),
        },
        "proven": [
            _columns(identity, ("kind", "verified_at")) for identity in queries.identities_of(account.id)
        ],
        "register": _register(account.id),
        "polls": _polls(account),
        "signed_in_devices": [_columns(row, OF_SESSION) for row in queries.sessions_of(account.id)],
        "cases": _cases(account.id),
        "voice_notes": _voice_notes(account.id),
        "written_in_cases": _rows(queries.own_words(account.id)),
        "backed_cases": _rows(queries.taken_part(Support, account.id)),
        "followed_cases": _rows(queries.taken_part(Follow, account.id)),
        "helpers": _helpers(account.id),
        "followed_notices": _rows(queries.followed_notices(account.id)),
        "alerts": _rows(queries.alerts_of(account.id)),
        "said_about_proposals": _rows(queries.comments_by(account.id)),
        "backed_comments": _rows(queries.backed_comments(account.id)),
        "objections": _rows(queries.objections_by(account.id)),
        "verdicts": _rows(queries.verdicts_of(account.id)),
        "morning_report_stopped_at": _plain(queries.morning_stopped_at(account.id)),
        "desk_views": _rows(queries.desk_views(account.id)),
        "desk_opens_with": queries.desk_start(account.id),
        "watched_polls": _rows(queries.watched_polls(account.id)),
        "messages_to_you": _rows(queries.messages_to(account.id)),
        "told_you": _rows(queries.told_to(account.id)),
        "how_you_hear": _rows(queries.message_wishes_of(account.id)),
        "mail_comes_back_since": _plain(queries.bounced_at(account.id)),
        "text_messages_to_you": _rows(queries.texts_to(account.id)),
        "joined_accounts": _rows(queries.accounts_joined_to(account.id)),
        "numbers_waited_for": _rows(queries.numbers_waited_for(account.id)),
        "looked_at_by_staff": _looks(account.id),
        "second_step": _second_step(account.id),
        "archive_asked_at": _plain(archive.asked_at) if archive else None,
    }


def as_json(content: dict[str, Any]) -> Iterator[str]:
    """Yield the text of a JSON object of these members; iterators are lists, read as they are written."""
    before = "{"
    for name, value in content.items():
        yield f"{before}\n{INDENT}{json.dumps(name)}: "
        if isinstance(value, Iterator):
            yield from _list(value)
        else:
            yield _indented(value, INDENT).lstrip()
        before = ","
    yield "\n}\n"


def _list(rows: Iterator[Any]) -> Iterator[str]:
    before, after = "[", "[]"
    for row in rows:
        yield f"{before}\n{_indented(row, INDENT * 2)}"
        before, after = ",", f"\n{INDENT}]"
    yield after


def _indented(value: Any, by: str) -> str:
    return textwrap.indent(json.dumps(value, ensure_ascii=False, indent=len(INDENT)), by)


def _looks(account_id: int) -> Iterator[dict[str, Any]]:
    """Yield each look of staff at the account's data: when, at what, for which case, of which department."""
    for looks in queries.all_looks_at(account_id):
        workplaces = departments.workplaces(look.actor_id for look in looks)
        for look in looks:
            yield {
                "at": _plain(look.at),
                "what": look.what,
                "reference": look.reference,
                "department": workplaces.get(look.actor_id),
            }


def _helpers(account_id: int) -> Iterator[dict[str, Any]]:
    """Yield who helps an account and whom it helps, now or before; of the other person only their name."""
    for consent in helpers.about(account_id):
        yield {"are_you_helped": consent.resident_id == account_id, **_columns(consent, OF_HELP)}


def _second_step(account_id: int) -> dict[str, Any] | None:
    """Return since when a second step is asked; neither the secret nor the codes, which nobody can read."""
    found = accounts.two_step_of(account_id)
    if found is None:
        return None
    left = accounts.count_recovery_codes(account_id)
    return {"since": _plain(found.since), "recovery_codes_left": left}


def _register(account_id: int) -> dict[str, Any] | None:
    """Return what the city's register has of the owner of an account; None who has not proven to be in it."""
    proof = residents.proof_of(account_id)
    if proof is None:
        return None
    areas = wards.areas()
    return {
        "verified_at": _plain(proof.verified_at),
        "ward": areas.codes.get(proof.ward_id),
        "ward_name": dict(areas.names.get(proof.ward_id, {})),
        "born_on": _plain(proof.born_on),
        "has_left": proof.is_gone,
    }


def _polls(account: Account) -> Iterator[dict[str, Any]]:
    """Yield the polls in which an account is marked as having voted, and those of which nobody can tell."""
    register = residents.facts_of(account.id)
    for poll in polls.listed():
        marked = electorate.is_on_roll(poll, account, register)
        if marked is not False:
            yield {
                "poll": poll.slug,
                "question": poll.question,
                "closes_at": _plain(poll.closes_at),
                "marked_as_voted": marked,
            }


def _cases(account_id: int) -> Iterator[dict[str, Any]]:
    for case, contact in queries.cases_with_contact(account_id):
        yield {**_columns(case, OF_CASE), "contact": _columns(contact, OF_CONTACT) if contact else None}


def _voice_notes(account_id: int) -> Iterator[dict[str, Any]]:
    for note in queries.voice_notes_of(account_id):
        yield _columns(note, OF_VOICE)


def _columns(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _rows(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {name: _plain(value) for name, value in row._asdict().items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
