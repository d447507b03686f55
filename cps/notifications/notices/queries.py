"""Whom a notice concerns: who reported a case under it, who follows one, who follows the notice itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import joinedload

from cps.accounts.models import Account
from cps.cases.models import Case, CaseContact, Follow
from cps.core.db import db
from cps.notices.models import NoticeFollow
from cps.notifications import queries
from cps.notifications.queries import ADDRESS, CAN_BE_TOLD, Recipient

AT_ONCE = 500


@dataclass(slots=True)
class Concerned:
    """One person, by the address of mail or the number, with the cases that they reported or follow."""

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
        for reporter in queries.reporters_of(keys):
            _add(people, reporter.recipient).reported.append(reporter.case.id)
        for reporter in queries.reporters_joined_to(keys):
            _add(people, reporter.recipient).followed.append(reporter.case.joined_to_id or reporter.case.id)
        for case_id, *told in db.session.execute(_followers(keys)):
            _add(people, Recipient(*told)).followed.append(case_id)
    for one in followers(notice_id):
        found = people.setdefault(one.address.casefold(), one)
        found.follows_notice, found.account_id = True, one.account_id
    return [one for one in people.values() if one.account_id is None or one.account_id != but]


def followers(notice_id: int) -> list[Concerned]:
    """Return who asked to be told about a notice."""
    rows = db.session.execute(
        select(ADDRESS, Account.language, Account.id)
        .join(NoticeFollow, NoticeFollow.account_id == Account.id)
        .where(NoticeFollow.notice_id == notice_id, *CAN_BE_TOLD)
        .order_by(Account.id)
    )
    return [Concerned(address, language, key, follows_notice=True) for address, language, key in rows]


def cases_in_letter(case_ids: Sequence[int]) -> dict[int, tuple[Case, str]]:
    """Return these cases by id, each with the hash of its secret link."""
    rows = db.session.execute(
        select(Case, CaseContact.secret_hash)
        .outerjoin(CaseContact, CaseContact.case_id == Case.id)
        .where(Case.id.in_(case_ids))
        .options(joinedload(Case.department))
    )
    return {case.id: (case, secret_hash or "") for case, secret_hash in rows.unique()}


def _followers(case_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(Follow.case_id, ADDRESS, Account.language, Account.id)
        .join(Case, and_(Case.id == Follow.case_id, Case.is_listed.is_(True)))
        .join(Account, and_(Account.id == Follow.account_id, *CAN_BE_TOLD))
        .where(Follow.case_id.in_(case_ids))
        .order_by(Follow.case_id, Account.id)
    )


def _add(people: dict[str, Concerned], to: Recipient) -> Concerned:
    return people.setdefault(to.address.casefold(), Concerned(to.address, to.language, to.account_id))


def _parts(case_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (case_ids[at : at + AT_ONCE] for at in range(0, len(case_ids), AT_ONCE))
