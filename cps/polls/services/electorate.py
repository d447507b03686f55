"""Who is eligible in a poll, and as whom they stand on its roll.

The electorate is everybody who may vote: that is what being eligible means. The roll is who has voted, each
under a tag that only the key of this poll makes. A list (`listing`) narrows the electorate to those it names.
"""

from datetime import datetime

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.accounts.rules import IdentityKind
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


def eligible_voter(
    poll: Poll, account: Account, web: WebKeys, register: RegisterFacts | None, declared: Facts | None = None
) -> Voter:
    """Return as whom an account votes; raises NotEligible with the reason.

    `register` is what the register says of the account. `declared` is what the person says of ward and age;
    it counts only in a poll that says so, and where the register knows nothing.
    """
    specification = specification_of(poll)
    identity, verified_at = _identity(specification.key, account, register)
    if verified_at >= specification.verified_before:
        raise NotEligible(WhyNot.VERIFIED_TOO_LATE)
    by_account = specification.key is CountKey.ACCOUNT
    _must_be_listed(poll, specification, web, accounts.email_tag(account.email) if by_account else identity)
    facts = _facts(specification, register, declared)
    check(specification.who, facts)
    return Voter(roll_tag(poll, account, web, register), cell_of(facts, specification.age_bands))


def eligible_in_person(poll: Poll, web: WebKeys, register: RegisterFacts) -> Voter:
    """Return as whom somebody of the register votes at the counter; raises NotEligible with the reason."""
    specification = specification_of(poll)
    facts = _register_facts(specification, register)
    check(specification.who, facts)
    _must_be_listed(poll, specification, web, register.tag)
    tag = voter_tag(web.roll, CountKey.REGISTER, register.tag)
    return Voter(tag, cell_of(facts, specification.age_bands))


def roll_tag(poll: Poll, account: Account, web: WebKeys, register: RegisterFacts | None) -> str:
    """Return the tag under which an account would stand on the roll; raises NotEligible where it has none."""
    identity, _verified_at = _identity(poll.key, account, register)
    return voter_tag(web.roll, poll.key, identity)


def is_on_roll(poll: Poll, account: Account, register: RegisterFacts | None) -> bool | None:
    """Return whether an account is marked as having voted; None once the keys are gone: no tag leads on."""
    try:
        return queries.has_voted(poll.id, roll_tag(poll, account, web_keys(poll), register))
    except NotEligible:
        return False
    except ConfigurationError:
        return None


def _must_be_listed(poll: Poll, specification: Specification, web: WebKeys, name: str) -> None:
    if specification.who.listed and not queries.is_listed(poll.id, list_tag(web, specification.key, name)):
        raise NotEligible(WhyNot.NOT_LISTED)


def _identity(key: CountKey, account: Account, register: RegisterFacts | None) -> tuple[str, datetime]:
    """Return by what the poll counts this account, and since when it is proven; raises NotEligible."""
    if key is CountKey.REGISTER:
        if register is None:
            raise NotEligible(WhyNot.NO_REGISTER)
        return register.tag, register.verified_at
    if key is CountKey.PHONE:
        phone = accounts.identity_of(account.id, IdentityKind.PHONE)
        if phone is None:
            raise NotEligible(WhyNot.NO_PHONE)
        return phone.tag, phone.verified_at
    if account.email_verified_at is None:
        raise NotEligible(WhyNot.NO_EMAIL)
    return str(account.id), max(account.created_at, account.email_verified_at)


def _facts(specification: Specification, register: RegisterFacts | None, declared: Facts | None) -> Facts:
    if register is not None:
        return _register_facts(specification, register)
    return declared if declared is not None and specification.who.declared else Facts()


def _register_facts(specification: Specification, register: RegisterFacts) -> Facts:
    ward = wards.areas().codes.get(register.ward_id)
    return Facts(ward, age_on(register.born_on, last_day(specification)))
