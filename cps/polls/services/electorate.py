"""Whether somebody may vote in a poll, and as whom they stand on its roll."""

from datetime import datetime

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.accounts.rules import IdentityKind
from cps.polls import queries
from cps.polls.eligibility import Facts, NotEligible, WhyNot, age_on, cell_of, check
from cps.polls.key_ring import specification_of
from cps.polls.keys import WebKeys, voter_tag
from cps.polls.models import Poll
from cps.polls.rules import CountKey
from cps.polls.services.casting import Voter
from cps.polls.services.turnouts import last_day
from cps.polls.specification import Specification
from cps.residents import queries as residents
from cps.residents.queries import RegisterFacts
from cps.wards import queries as wards


def voter_of(poll: Poll, account: Account, web: WebKeys, *, declared: Facts | None = None) -> Voter:
    """Return as whom an account votes; raises NotEligible with the reason.

    `declared` is what the person says of ward and age; it counts only in a poll that says so.
    """
    return known_voter(poll, account, web, residents.facts_of(account.id), declared)


def known_voter(
    poll: Poll, account: Account, web: WebKeys, register: RegisterFacts | None, declared: Facts | None = None
) -> Voter:
    """Return as whom an account votes of which it is known what the register says; as `voter_of` does."""
    specification = specification_of(poll)
    identity, verified_at = _identity(specification.key, account, register)
    if verified_at >= specification.verified_before:
        raise NotEligible(WhyNot.VERIFIED_TOO_LATE)
    if specification.who.listed and not queries.is_listed(poll.id, listing_tag(web, account, register, poll)):
        raise NotEligible(WhyNot.NOT_LISTED)
    facts = _facts(specification, register, declared)
    check(specification.who, facts)
    tag = voter_tag(web.roll, specification.key, identity)
    return Voter(tag, cell_of(facts, specification.age_bands))


def tag_of(poll: Poll, account: Account, web: WebKeys) -> str | None:
    """Return the tag under which an account would stand on the roll; None where it lacks what is counted."""
    try:
        return identified(poll, account, web)
    except NotEligible:
        return None


def identified(poll: Poll, account: Account, web: WebKeys) -> str:
    """Return the tag under which an account would stand on the roll; raises NotEligible where it has none."""
    return known_tag(poll, account, web, residents.facts_of(account.id))


def known_tag(poll: Poll, account: Account, web: WebKeys, register: RegisterFacts | None) -> str:
    """Return the tag of an account of which it is known what the register says; as `identified` does."""
    identity, _verified_at = _identity(poll.key, account, register)
    return voter_tag(web.roll, poll.key, identity)


def register_voter(poll: Poll, web: WebKeys, facts: RegisterFacts) -> Voter:
    """Return as whom somebody of the register votes at the counter; raises NotEligible."""
    specification = specification_of(poll)
    known = _known_facts(specification, facts)
    check(specification.who, known)
    listed = tag_on_list(web, CountKey.REGISTER, facts.tag)
    if specification.who.listed and not queries.is_listed(poll.id, listed):
        raise NotEligible(WhyNot.NOT_LISTED)
    return Voter(voter_tag(web.roll, CountKey.REGISTER, facts.tag), cell_of(known, specification.age_bands))


def listing_tag(web: WebKeys, account: Account, register: RegisterFacts | None, poll: Poll) -> str:
    """Return the tag under which the list of a poll would know an account."""
    if poll.key is CountKey.ACCOUNT:
        return tag_on_list(web, poll.key, accounts.email_tag(account.email))
    identity, _verified_at = _identity(poll.key, account, register)
    return tag_on_list(web, poll.key, identity)


def tag_on_list(web: WebKeys, key: CountKey, identity: str) -> str:
    """Return the tag by which the list of a poll knows somebody; the roll knows them by another."""
    return voter_tag(web.roll, key, f"listed:{identity}")


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
        return _known_facts(specification, register)
    return declared if declared is not None and specification.who.declared else Facts()


def _known_facts(specification: Specification, register: RegisterFacts) -> Facts:
    ward = wards.areas().codes.get(register.ward_id)
    return Facts(ward, age_on(register.born_on, last_day(specification)))
