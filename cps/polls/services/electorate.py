"""Who is eligible in a poll, and as whom they stand on its roll.

The electorate is everybody who may vote: that is what being eligible means. The roll is who has voted, each
under a tag that only the key of this poll makes. A list (`listing`) narrows the electorate to those it names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.accounts.rules import AccountState, IdentityKind
from cps.accounts.services.joining import counts_since
from cps.core.errors import ConfigurationError
from cps.polls import queries
from cps.polls.eligibility import Facts, NotEligible, WhyNot, age_on, cell_of, check
from cps.polls.key_ring import specification_of, web_keys
from cps.polls.keys import WebKeys, voter_tag
from cps.polls.models import Poll
from cps.polls.rules import CountKey
from cps.polls.services.casting import Voter
from cps.polls.services.listing import list_tag
from cps.polls.services.turnouts import last_day
from cps.polls.specification import Specification
from cps.residents.queries import RegisterFacts
from cps.wards import queries as wards


@dataclass(frozen=True, slots=True)
class Mark:
    """What a poll counts somebody by: a tag or the number of an account, and since when it is proven."""

    identity: str
    verified_at: datetime


def eligible_voter(
    poll: Poll, account: Account, web: WebKeys, register: RegisterFacts | None, declared: Facts | None = None
) -> Voter:
    """Return as whom an account votes; raises NotEligible with the reason.

    `register` is what the register says of the account. `declared` is what the person says of ward and age;
    it counts only in a poll that says so, and where the register knows nothing.
    """
    specification = specification_of(poll)
    mark = _mark(poll, account, web, register)
    if mark.verified_at >= specification.verified_before:
        raise NotEligible(WhyNot.VERIFIED_TOO_LATE)
    _must_be_listed(poll, specification, web, _names(specification, account, mark))
    facts = _facts(specification, register, declared)
    check(specification.who, facts)
    tag = voter_tag(web.roll, specification.key, mark.identity)
    return Voter(tag, cell_of(facts, specification.age_bands))


def held_voter(
    poll: Poll, account: Account, web: WebKeys, register: RegisterFacts | None, voter: Voter
) -> Voter:
    """Return as whom an eligible account votes at this very moment, in the running write transaction.

    Where accounts are counted, the account is held until the transaction ends: joining it to another one
    waits for the vote, or the vote sees what the other one did. Raises NotEligible for an account that was
    joined to another one a moment ago.
    """
    if poll.key is not CountKey.ACCOUNT:
        return voter
    if accounts.hold_account(account.id) is not AccountState.ACTIVE:
        raise NotEligible(WhyNot.NO_EMAIL)
    return Voter(roll_tag(poll, account, web, register), voter.cell)


def eligible_in_person(poll: Poll, web: WebKeys, register: RegisterFacts) -> Voter:
    """Return as whom somebody of the register votes at the counter; raises NotEligible with the reason."""
    specification = specification_of(poll)
    facts = _register_facts(specification, register)
    check(specification.who, facts)
    _must_be_listed(poll, specification, web, [register.tag])
    tag = voter_tag(web.roll, CountKey.REGISTER, register.tag)
    return Voter(tag, cell_of(facts, specification.age_bands))


def roll_tag(poll: Poll, account: Account, web: WebKeys, register: RegisterFacts | None) -> str:
    """Return the tag under which an account would stand on the roll; raises NotEligible where it has none."""
    return voter_tag(web.roll, poll.key, _mark(poll, account, web, register).identity)


def is_on_roll(poll: Poll, account: Account, register: RegisterFacts | None) -> bool | None:
    """Return whether an account is marked as having voted; None once the keys are gone: no tag leads on."""
    try:
        return queries.has_voted(poll.id, roll_tag(poll, account, web_keys(poll), register))
    except NotEligible:
        return False
    except ConfigurationError:
        return None


def _must_be_listed(poll: Poll, specification: Specification, web: WebKeys, names: Iterable[str]) -> None:
    """Raise NotEligible where a list names nobody by one of these names."""
    if specification.who.listed and not any(_is_listed(poll, web, name) for name in names):
        raise NotEligible(WhyNot.NOT_LISTED)


def _is_listed(poll: Poll, web: WebKeys, name: str) -> bool:
    return queries.is_listed(poll.id, list_tag(web, poll.key, name))


def _names(specification: Specification, account: Account, mark: Mark) -> Iterator[str]:
    """Yield by what a list may name an account: what it is counted by, else its addresses.

    An address counts only from an account that had it in time: one given away and proven anew has voted.
    """
    if specification.key is not CountKey.ACCOUNT:
        yield mark.identity
        return
    for one in accounts.identities_of(account.id, IdentityKind.EMAIL):
        if one.verified_at < specification.verified_before:
            yield one.tag


def _mark(poll: Poll, account: Account, web: WebKeys, register: RegisterFacts | None) -> Mark:
    """Return by what the poll counts this account; raises NotEligible where it has no such thing.

    Of several, which only joined accounts give, it is the one that has voted; else the first that was proven
    in time. So nobody has a second vote for having joined two accounts. Of phone numbers a list narrows them
    to those it names, so that one line of it is one vote.
    """
    marks = _marks(poll.key, account, register)
    if poll.key is CountKey.PHONE and poll.is_listed:
        marks = [mark for mark in marks if _is_listed(poll, web, mark.identity)] or marks
    if len(marks) == 1:
        return marks[0]
    for mark in marks:
        if queries.has_voted(poll.id, voter_tag(web.roll, poll.key, mark.identity)):
            return mark
    before = specification_of(poll).verified_before
    return next((mark for mark in marks if mark.verified_at < before), marks[0])


def _marks(key: CountKey, account: Account, register: RegisterFacts | None) -> list[Mark]:
    """Return everything by which a poll could count this account, the newest first; raises NotEligible."""
    if key is CountKey.REGISTER:
        if register is None:
            raise NotEligible(WhyNot.NO_REGISTER)
        return [Mark(register.tag, register.verified_at)]
    if key is CountKey.PHONE:
        phones = accounts.identities_of(account.id, IdentityKind.PHONE)
        if not phones:
            raise NotEligible(WhyNot.NO_PHONE)
        return [Mark(one.tag, one.verified_at) for one in phones]
    since = counts_since(account)
    if since is None:
        raise NotEligible(WhyNot.NO_EMAIL)
    joined = accounts.joins_into(account.id)
    others = [Mark(str(one.account_id), one.counts_since) for one in joined if one.counts_since is not None]
    return [Mark(str(account.id), since), *others]


def _facts(specification: Specification, register: RegisterFacts | None, declared: Facts | None) -> Facts:
    if register is not None:
        return _register_facts(specification, register)
    return declared if declared is not None and specification.who.declared else Facts()


def _register_facts(specification: Specification, register: RegisterFacts) -> Facts:
    ward = wards.areas().codes.get(register.ward_id)
    return Facts(ward, age_on(register.born_on, last_day(specification)))
