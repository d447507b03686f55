"""The accounts of the demo city: staff of every role, residents one can sign in as, and their neighbours."""

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from cps.accounts import queries as account_queries
from cps.accounts import services as accounts
from cps.accounts.models import Account, Identity
from cps.accounts.rules import AccountState, IdentityKind, Role
from cps.core.db import db
from cps.core.keys import app_identity_key, keyed_tag
from cps.demo import queries, register
from cps.demo.plan import DOMAIN, FEWEST_RESIDENTS
from cps.demo.shapes import Content
from cps.departments import queries as departments
from cps.departments import services as department_services
from cps.wards import queries as wards

UNVERIFIED: Final = frozenset({49, 50})
"""Residents who have an address but have not shown that they live here."""

ROLES: Final[Mapping[str, Role]] = {
    "officer": Role.OFFICER,
    "officer2": Role.OFFICER,
    "supervisor": Role.SUPERVISOR,
    "agent": Role.AGENT,
    "moderator": Role.MODERATOR,
    "integrity": Role.INTEGRITY_OFFICER,
    "integrity2": Role.INTEGRITY_OFFICER,
    "admin": Role.ADMINISTRATOR,
}
OFFICERS: Final[Mapping[str, str]] = json.loads(
    (Path(__file__).parent / "content" / "officers.json").read_text(encoding="utf-8")
)
"""Names of the officers of departments that no account of the contract works in."""

CHUNK: Final = 5_000
YEARS_HERE: Final = timedelta(days=3 * 365)
_HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts for the city: officers by the code of their department, the others by their role."""

    officers: Mapping[str, Account]
    triage: Account
    agent: Account
    integrity: Account

    def acts_for(self, department: str, *, is_integrity: bool) -> Account:
        """Return who works a case of this department."""
        return self.integrity if is_integrity else self.officers[department]


def address_of(number: int) -> str:
    """Return the address of the n-th resident, counted from 1."""
    if number <= FEWEST_RESIDENTS:
        return f"resident{number if number > 1 else ''}@{DOMAIN}"
    return f"neighbour{number}@{DOMAIN}"


def make_staff(content: Content, password_hash: str, *, at: datetime) -> None:
    """Make the accounts of staff and let them work in their departments."""
    with_officer = set()
    for member in content.staff:
        role = ROLES[member.role]
        account = _make(member.role, member.name, role, password_hash, at)
        if member.department is not None:
            _works_in(account, member.department, at)
            with_officer |= {member.department} if role is Role.OFFICER else set()
    for code in [code for code in content.departments if code not in with_officer]:
        _works_in(_make(code, OFFICERS[code], Role.OFFICER, password_hash, at), code, at)


def find_staff(content: Content) -> Staff:
    """Return those who act for the city from among the accounts that `make_staff` made."""
    officers = {code: _known(code) for code in OFFICERS}
    for member in content.staff:
        if member.department is not None and ROLES[member.role] is Role.OFFICER:
            officers[member.department] = _known(member.role)
    triage = next(code for code, department in content.departments.items() if department.triage)
    return Staff(officers, officers[triage], _known("agent"), _known("integrity"))


def _known(local: str) -> Account:
    account = account_queries.account_by_email(f"{local}@{DOMAIN}")
    if account is None:
        raise LookupError(local)
    return account


def _make(local: str, name: str, role: Role, password_hash: str, at: datetime) -> Account:
    return accounts.create_account(
        f"{local}@{DOMAIN}",
        at=at,
        name=name,
        language="ko" if _HANGUL.search(name) else "en",
        password_hash=password_hash,
        roles=[role],
    )


def _works_in(account: Account, code: str, at: datetime) -> None:
    department = departments.department_by_code(code)
    if department is None:
        raise LookupError(code)
    department_services.add_staff(account.id, department, by=None, at=at)


def make_residents(content: Content, password_hash: str, *, number: int, seed: int, at: datetime) -> None:
    """Make so many residents, thousands at a time; the first fifty are those one can sign in as."""
    rng = random.Random(f"residents {seed}")  # noqa: S311 - invented people
    ids = [ward.id for ward in wards.wards()]
    key = app_identity_key()
    for start in range(1, number + 1, CHUNK):
        numbers = range(start, min(start + CHUNK, number + 1))
        before = queries.last_account_id()
        people = [_row(n, content, ids, password_hash, rng, at) for n in numbers]
        db.session.execute(insert(Account), people)
        made = queries.account_ids_after(before)
        db.session.execute(insert(Identity), list(_identities(numbers, people, made, key)))
        lives_in = [person["ward_id"] for person in people]
        register.enter(numbers, lives_in, unverified=UNVERIFIED, seed=seed, at=at, key=key)


def _row(
    number: int, content: Content, ward_ids: list[int], password_hash: str, rng: random.Random, at: datetime
) -> dict[str, Any]:
    name = _name(number, content.residents, rng)
    came = at - YEARS_HERE * rng.random() - timedelta(days=1)
    return {
        "display_name": name,
        "email": address_of(number),
        "email_verified_at": came,
        "phone": "",
        "language": "ko" if _HANGUL.search(name) else "en",
        "ward_id": ward_ids[number % len(ward_ids)],
        "password_hash": password_hash if number <= FEWEST_RESIDENTS else "",
        "state": AccountState.ACTIVE,
        "created_at": came,
        "version": 1,
    }


def _name(number: int, names: tuple[str, ...], rng: random.Random) -> str:
    """Return the n-th invented name; beyond the list, one's family name and another's given name."""
    if number <= len(names):
        return names[number - 1]
    one, other = rng.choice(names), rng.choice(names)
    if _HANGUL.search(one):
        given = other[1:] if _HANGUL.search(other) else one[1:]
        return f"{one[0]}{given}"
    family = one.partition(" ")[2]
    return f"{other.partition(' ')[0] if ' ' in other else one.partition(' ')[0]} {family}"


def _identities(
    numbers: range, people: list[dict[str, Any]], by_email: Mapping[str, int], key: bytes
) -> Iterator[dict[str, Any]]:
    for number, person in zip(numbers, people, strict=True):
        marks = [(IdentityKind.EMAIL, keyed_tag(key, IdentityKind.EMAIL.value, person["email"]))]
        if number not in UNVERIFIED:
            marks.append((IdentityKind.REGISTER, register.tag_of(number, key)))
        for kind, tag in marks:
            yield {
                "kind": kind,
                "tag": tag,
                "account_id": by_email[person["email"]],
                "verified_at": person["created_at"],
            }
