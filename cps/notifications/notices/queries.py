"""Whom a notice concerns: who reported a case under it, who follows one, who follows the notice itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import joinedload

from cps.accounts.models import Account
from cps.accounts.rules import AccountState
from cps.cases.models import Case, CaseContact, Follow
from cps.core.db import db
from cps.notices.models import NoticeFollow

AT_ONCE = 500

_CAN_BE_MAILED = (
    Account.state == AccountState.ACTIVE,
    Account.email_verified_at.is_not(None),
    Account.email != "",
)


@dataclass(slots=True)
class Concerned:
    """One person, by their address, with the ids of the cases that they reported or follow."""

    address: str
    language: str
    account_id: int | None
    reported: list[int] = field(default_factory=list)
    followed: list[int] = field(default_factory=list)
    follows_notice: bool = False


def concerned(case_ids: Sequence[int], notice_id: int, *, but: int | None) -> list[Concerned]:
    """Return everybody whom news of these cases and of the notice concern, each once, but for one account.

    What a moderator hid concerns nobody; of a private case only its reporter hears.
    """
    people: dict[str, Concerned] = {}
    for keys in _parts(case_ids):
        for row in db.session.execute(_reporters(Case.id.in_(keys))):
            _add(people, row).reported.append(row.case_id)
        for row in db.session.execute(_reporters(Case.joined_to_id.in_(keys))):
            _add(people, row).followed.append(row.joined_to_id)
        for row in db.session.execute(_followers(keys)):
            _add(people, row).followed.append(row.case_id)
    for one in followers(notice_id):
        found = people.setdefault(one.address.casefold(), one)
        found.follows_notice, found.account_id = True, one.account_id
    return [one for one in people.values() if one.account_id is None or one.account_id != but]


def followers(notice_id: int) -> list[Concerned]:
    """Return who asked to be told about a notice."""
    rows = db.session.execute(
        select(Account.email, Account.language, Account.id)
        .join(NoticeFollow, NoticeFollow.account_id == Account.id)
        .where(NoticeFollow.notice_id == notice_id, *_CAN_BE_MAILED)
        .order_by(Account.id)
    )
    return [Concerned(email, language, key, follows_notice=True) for email, language, key in rows]


def cases_in_letter(case_ids: Sequence[int]) -> dict[int, tuple[Case, str]]:
    """Return these cases by id, each with the hash of its secret link."""
    rows = db.session.execute(
        select(Case, CaseContact.secret_hash)
        .outerjoin(CaseContact, CaseContact.case_id == Case.id)
        .where(Case.id.in_(case_ids))
        .options(joinedload(Case.department))
    )
    return {case.id: (case, secret_hash or "") for case, secret_hash in rows.unique()}


def _reporters(which: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id.label("case_id"),
            Case.joined_to_id,
            CaseContact.email.label("contact_email"),
            CaseContact.language.label("contact_language"),
            Account.id.label("account_id"),
            Account.email,
            Account.language,
        )
        .outerjoin(CaseContact, CaseContact.case_id == Case.id)
        .outerjoin(Account, and_(Account.id == Case.reporter_id, *_CAN_BE_MAILED))
        .where(which, Case.is_hidden.is_(False))
        .order_by(Case.id)
    )


def _followers(case_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Follow.case_id,
            Account.id.label("account_id"),
            Account.email,
            Account.language,
        )
        .join(Case, and_(Case.id == Follow.case_id, Case.is_listed.is_(True)))
        .join(Account, and_(Account.id == Follow.account_id, *_CAN_BE_MAILED))
        .where(Follow.case_id.in_(case_ids))
        .order_by(Follow.case_id, Account.id)
    )


def _add(people: dict[str, Concerned], row: Row[*tuple[Any, ...]]) -> Concerned:
    """Return whom a row is about; somebody without an address gets a place that is thrown away."""
    said = row._mapping  # noqa: SLF001 - the documented way to ask a row for what it may not have
    address = said.get("contact_email") or row.email or ""
    language = said.get("contact_language") or row.language or ""
    one = Concerned(address, language, row.account_id)
    return people.setdefault(address.casefold(), one) if address else one


def _parts(case_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (case_ids[at : at + AT_ONCE] for at in range(0, len(case_ids), AT_ONCE))
