"""Where a vote is given: signed in on one's own phone, or with a pass at the counter's screen.

Both walk through the same pages. They differ in who the voter is, and in what binds the signed field of the
check page to them.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from cps.accounts.models import Account
from cps.core.db import db, transaction
from cps.core.keys import app_key, hashed_token, keyed_tag
from cps.polls import ballot, carried, queries
from cps.polls import keys as poll_keys
from cps.polls.carried import Carried
from cps.polls.eligibility import Facts
from cps.polls.key_ring import specification_of, web_keys
from cps.polls.keys import WebKeys
from cps.polls.models import Poll
from cps.polls.presenting import OptionView, options_of
from cps.polls.rules import OptionOrder
from cps.polls.seal import seal
from cps.polls.services import casting, electorate
from cps.polls.services.casting import Cast, SealedBallot
from cps.residents import queries as residents
from cps.residents.queries import RegisterFacts


@dataclass(frozen=True)
class Booth(ABC):
    """One voter in one poll; `mark` tells voters of the poll apart and leaves this server in no form."""

    poll: Poll
    web: WebKeys
    mark: str

    at_counter = False

    @property
    @abstractmethod
    def address(self) -> str:
        """Where the forms are sent."""

    @property
    def asks_facts(self) -> bool:
        """Whether ward and age are what the voter says."""
        return False

    @abstractmethod
    def record(self, sealed: SealedBallot, facts: Facts | None) -> Cast:
        """Record the vote in a transaction of its own; raises VoteRefused and NotEligible."""

    def options(self) -> Sequence[OptionView]:
        """Return the options in the order of this voter: the same at every load."""
        shown = options_of(self.poll)
        if self.poll.option_order is OptionOrder.PUBLISHED:
            return shown
        key = app_key("ballot-order")
        return sorted(shown, key=lambda option: keyed_tag(key, self.mark, option.code))

    def sign(self, vote: Carried) -> str:
        """Return the hidden field of the check page."""
        return carried.sign(vote, *self._bound())

    def read(self, text: str) -> Carried | None:
        """Return what a hidden field carries; None where it was not signed for this voter and poll."""
        return carried.read(text, *self._bound())

    def _bound(self) -> tuple[str, ...]:
        return str(self.poll.id), self.poll.spec_sha256, self.mark

    def has_recorded(self, vote: Carried) -> bool:
        """Say whether exactly this vote was recorded: its answer was lost, or it was sent twice."""
        return queries.is_recorded(poll_keys.handle(self.web.handle, vote.code))

    def must_be_eligible(self, facts: Facts | None) -> None:
        """Raise NotEligible where what was declared shows that somebody may not vote; a pass never does."""
        del facts

    def sealed(self, vote: Carried) -> SealedBallot:
        """Seal a ballot, so that only the worker can open it."""
        specification = specification_of(self.poll)
        choice = ballot.read_choice(specification, vote.choice)
        line = ballot.line(choice, vote.code, ballot.new_salt())
        padded = ballot.pad(line, ballot.body_size(specification))
        body = seal(self.web.seal_public, padded, self.poll.spec_sha256.encode())
        return SealedBallot(poll_keys.handle(self.web.handle, vote.code), body)


@dataclass(frozen=True)
class OwnBooth(Booth):
    """Somebody who is signed in; `mark` is the tag under which they would stand on the roll."""

    account: Account
    register: RegisterFacts | None
    """Who they are to the register; asked once for each request."""

    @property
    def address(self) -> str:
        """The page of voting."""
        return url_for("polls.vote", slug=self.poll.slug)

    @property
    def asks_facts(self) -> bool:
        """Whether the poll lets people declare and the register knows nothing of this one."""
        return self.poll.is_declared and self.register is None

    def must_be_eligible(self, facts: Facts | None) -> None:
        """Raise NotEligible where somebody may not vote, also by what they declared."""
        electorate.eligible_voter(self.poll, self.account, self.web, self.register, facts)

    def record(self, sealed: SealedBallot, facts: Facts | None) -> Cast:
        """Put the voter on the roll and the ballot into the inbox."""
        poll_id = self.poll.id
        voter = electorate.eligible_voter(self.poll, self.account, self.web, self.register, facts)
        db.session.expunge(self.account)  # the receipt's page needs it as it is, not read anew
        with transaction():
            held = electorate.held_voter(self.poll, self.account, self.web, self.register, voter)
            return casting.cast(poll_id, sealed, held)


@dataclass(frozen=True)
class CounterBooth(Booth):
    """Somebody with a pass; `mark` is the hash of the pass."""

    ticket: str

    at_counter = True

    @property
    def address(self) -> str:
        """The page that only the counter's screen shows."""
        return url_for("polls.counter", slug=self.poll.slug, ticket=self.ticket)

    def record(self, sealed: SealedBallot, facts: Facts | None) -> Cast:  # noqa: ARG002 - the pass knows them
        """Spend the pass and put the ballot into the inbox."""
        poll_id = self.poll.id
        with transaction():
            return casting.cast_with_pass(poll_id, sealed, self.ticket)


def own_booth(poll: Poll, account: Account) -> OwnBooth:
    """Return where somebody signed in votes.

    Raises ConfigurationError where the keys are not here, NotEligible where the poll cannot count them.
    """
    web = web_keys(poll)
    register = residents.facts_of(account.id)
    return OwnBooth(poll, web, electorate.roll_tag(poll, account, web, register), account, register)


def counter_booth(poll: Poll, ticket: str) -> CounterBooth:
    """Return where a pass is used; raises ConfigurationError where the keys are not here."""
    return CounterBooth(poll, web_keys(poll), hashed_token(ticket), ticket)
