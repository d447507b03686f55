"""Polls for tests, opened by the services with real keys; voters whom the register knows; their votes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cps.accounts import queries as accounts
from cps.accounts.models import Account, Identity
from cps.accounts.rules import IdentityKind
from cps.core import city as cities
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.keys import app_keys_dir
from cps.core.leases import Turn
from cps.polls import ballot, key_files, queries, receipt, working
from cps.polls import keys as poll_keys
from cps.polls.eligibility import Facts
from cps.polls.key_ring import specification_of, web_keys
from cps.polls.models import Poll
from cps.polls.rules import CountKey, Lines, Method, ResultsWhen
from cps.polls.seal import seal
from cps.polls.services import casting, drafting, electorate, opening, publishing
from cps.polls.services.casting import Cast, SealedBallot, Voter
from cps.residents import queries as residents
from cps.residents.models import RegisterEntry
from cps.residents.queries import register_tag
from cps.wards import queries as queries_of_wards
from cps.wards.models import Ward
from tests.support import factories

BORN = date(1980, 5, 17)


def in_all_languages(text: str, korean: str) -> dict[str, str]:
    """Return a text as a poll needs it: in every language of the city, which in the demo are eight."""
    return {**dict.fromkeys(cities.get().languages, text), "ko": korean}


def make_draft(
    slug: str = "",
    *,
    options: Sequence[str] = ("park", "pool", "school"),
    costs: Sequence[int] | None = None,
    **columns: Any,
) -> Poll:
    """Make a draft whose checklist is green but for its keys: it opens now and closes in a week.

    It counts by account unless another key is asked for; by the register where ballots are published one by
    one, because then it must be known how many may vote, and where counts are live.
    """
    by, at = factories.make_administrator(), clock.now()
    needs_register = columns.get("lines") is Lines.FULL or columns.get("results") is ResultsWhen.LIVE
    columns.setdefault("key", CountKey.REGISTER if needs_register else CountKey.ACCOUNT)
    if columns["key"] is CountKey.REGISTER:
        fill_register(columns.get("ward_codes"))
    if "objection_category_id" not in columns:
        columns["objection_category_id"] = factories.make_category("Objection to a poll").id
    columns = {
        "opens_at": at,
        "closes_at": at + timedelta(days=7),
        "witnesses": ["The Aurelia Courier", "Citizens for Counting"],
        "rehearsed_at": at,
        "copy_read_at": at,
        **columns,
    }
    with transaction():
        poll = drafting.create(
            slug or f"poll-{factories.number()}",
            in_all_languages("What first?", "무엇을 먼저?"),
            by=by,
            at=at,
        )
        for name, value in columns.items():
            if name not in {"rehearsed_at", "copy_read_at"}:
                setattr(poll, name, value)
            paid = costs if costs and poll.method is Method.BUDGET else [None] * len(options)
        drafts = [
            drafting.OptionDraft(code, in_all_languages(code.title(), code), cost=cost)
            for code, cost in zip(options, paid, strict=True)
        ]
        drafting.set_options(poll, drafts, by=by, at=at)
        poll.rehearsed_at, poll.copy_read_at = columns["rehearsed_at"], columns["copy_read_at"]
    return queries.get_poll(poll.slug)


def fill_register(ward_codes: Sequence[str] | None = None, people: int = 60) -> None:
    """Put people nobody asks for into the register, so that the electorate is not a small one."""
    known = queries_of_wards.all_by_code()
    ward = known[ward_codes[0]] if ward_codes else next(iter(known.values()), None) or factories.make_ward()
    register(*(f"N-{factories.number()}" for _person in range(people)), ward=ward)


def register(*numbers: str, ward: Ward | None = None, **columns: Any) -> None:
    """Let these numbers stand in the register, as if they were brought in now."""
    ward_id = (ward or next(iter(queries_of_wards.all_by_code().values()))).id
    values = {"ward_id": ward_id, "born_on": BORN, "imported_at": clock.now(), **columns}
    factories.save(*(RegisterEntry(tag=register_tag(number), **values) for number in numbers))


def make_poll(slug: str = "", **columns: Any) -> Poll:
    """Make an open poll; what is not asked for is as `make_draft` has it."""
    draft = make_draft(slug, **columns)
    made = poll_keys.make(draft.slug)
    key_files.write(app_keys_dir(), made)
    by = factories.make_administrator()
    with transaction():
        poll = queries.lock_poll(draft.slug)
        opening.open_poll(poll, made.fingerprints(), made.worker, by=by, at=clock.now())
    return queries.get_poll(draft.slug)


def make_voter(
    ward: Ward | None = None, *, born_on: date = BORN, verified_at: datetime | None = None, **columns: Any
) -> Account:
    """Make a resident; with a ward one whom the register knows, verified a month ago."""
    month_ago = clock.now() - timedelta(days=30)
    columns.setdefault("created_at", month_ago)
    columns.setdefault("email_verified_at", month_ago)
    verified_email_at = columns.pop("email_verified_at", month_ago)
    account = factories.make_resident(**columns)
    with transaction():
        account.email_verified_at = verified_email_at
        for known in accounts.identities_of(account.id, IdentityKind.EMAIL):
            known.verified_at = verified_email_at or month_ago
    if ward is not None:
        tag = register_tag(f"R-{factories.number()}")
        factories.save(
            RegisterEntry(tag=tag, ward_id=ward.id, born_on=born_on, imported_at=month_ago),
            Identity(
                kind=IdentityKind.REGISTER,
                tag=tag,
                account_id=account.id,
                verified_at=verified_at or month_ago,
            ),
        )
    return account


@dataclass(frozen=True)
class Prepared:
    """A vote that is ready to be cast: what the check page carries."""

    choice: ballot.Choice
    code: str
    ballot: SealedBallot


def prepare(poll: Poll, choice: Iterable[str], code: str = "") -> Prepared:
    """Seal a choice for a poll, under a fresh receipt code unless one is given."""
    specification, web = specification_of(poll), web_keys(poll)
    code = code or receipt.new_code()
    read = ballot.read_choice(specification, choice)
    line = ballot.line(read, code, ballot.new_salt())
    body = seal(web.seal_public, ballot.pad(line, ballot.body_size(specification)), poll.spec_sha256.encode())
    return Prepared(read, code, SealedBallot(poll_keys.handle(web.handle, code), body))


def voter_of(poll: Poll, account: Account, declared: Facts | None = None) -> Voter:
    """Return as whom an account votes."""
    register = residents.facts_of(account.id)
    return electorate.eligible_voter(poll, account, web_keys(poll), register, declared)


def vote(poll: Poll, account: Account, *choice: str, code: str = "") -> Cast:
    """Let somebody vote, all the way to the commit."""
    prepared, voter, poll_id = prepare(poll, choice, code), voter_of(poll, account), poll.id
    with transaction():
        return casting.cast(poll_id, prepared.ballot, voter)


def vote_many(poll: Poll, *choices: Iterable[str]) -> list[str]:
    """Record a vote for each choice by somebody new, without accounts; returns the receipt codes."""
    codes = []
    poll_id = poll.id
    made = [prepare(poll, choice) for choice in choices]
    with transaction():
        for prepared in made:
            voter = Voter(factories.token().encode().hex()[:64].ljust(64, "0"), "-|-")
            casting.cast(poll_id, prepared.ballot, voter)
            codes.append(prepared.code)
    return codes


def work() -> int:
    """Let the worker do everything that is due for polls now."""
    done = working.work(Turn("test"))
    db.session.rollback()
    return done


def make_published(slug: str = "", *choices: Iterable[str], **columns: Any) -> Poll:
    """Make a poll in which these choices were made, closed a week from now and published an hour later."""
    poll, by = make_poll(slug, **columns), factories.make_administrator()
    vote_many(poll, *choices)
    over = clock.now() + timedelta(days=7, hours=1)
    with clock.set_to(over):
        work()
        with transaction():
            publishing.ask_to_publish(queries.lock_poll(poll.slug), by=by, at=over)
        work()
    return queries.get_poll(poll.slug)
