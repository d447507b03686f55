"""Voting: choose, check, cast. One address for all three, at home and at the counter's screen.

The choice and the receipt code are in the body of requests and answers only. The cast answers from the same
request, without leading elsewhere, so that nothing of it stands in an address.
"""

from collections.abc import Callable
from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.errors import ConfigurationError
from cps.core.keys import hashed_token
from cps.core.security import Can, public, requires
from cps.polls import queries
from cps.polls.eligibility import NotEligible, WhyNot
from cps.polls.queries import Gate
from cps.polls.services.casting import NotTaken, VoteRefused, why_closed
from cps.polls.views import refusals
from cps.polls.views.ballot_pages import CAST, ask, submitted
from cps.polls.views.base import bp, visible_poll
from cps.polls.views.booths import Booth, OwnBooth, counter_booth, own_booth

Step = Callable[[Booth], ResponseReturnValue]


@bp.get("/<code:slug>/vote")
@requires(Can.USE_OWN_ACCOUNT)
def vote(slug: str) -> ResponseReturnValue:
    """Ask for the choice, or say why this person cannot vote now."""
    return _at_home(slug, ask)


@bp.post("/<code:slug>/vote")
@requires(Can.USE_OWN_ACCOUNT)
def submit_vote(slug: str) -> ResponseReturnValue:
    """Show the choice once more with its receipt code, or record it."""
    return _at_home(slug, submitted)


@bp.get("/<code:slug>/counter/<token:ticket>")
@public
def counter(slug: str, ticket: str) -> ResponseReturnValue:
    """Ask for the choice at the counter's screen."""
    return _at_the_counter(slug, ticket, ask)


@bp.post("/<code:slug>/counter/<token:ticket>")
@public
def submit_counter(slug: str, ticket: str) -> ResponseReturnValue:
    """Show the choice once more, or record it and use up the pass."""
    return _at_the_counter(slug, ticket, submitted)


def _at_home(slug: str, step: Step) -> ResponseReturnValue:
    """Let somebody signed in go on, unless they have voted, may not vote, or the poll takes no votes.

    A cast is not stopped here: a vote whose answer was lost is to hear that it counts, also after the close.
    """
    poll, at = visible_poll(slug), clock.now()
    gate = Gate(poll.state, poll.opens_at, poll.closes_at)
    try:
        booth = own_booth(poll, current_user)
        if not _is_cast():
            _must_be_open(gate, at)
            _must_have_a_vote(booth)
        return step(booth)
    except VoteRefused as refused:
        return refusals.refused(poll, refused.reason)
    except (NotEligible, ConfigurationError) as error:
        if not gate.is_open(at):  # whoever comes too late need not hear what else is in the way
            return refusals.refused(poll, why_closed(gate, at))
        if isinstance(error, NotEligible):
            return refusals.not_eligible(poll, error.reason)
        return refusals.without_keys(poll, error)


def _must_be_open(gate: Gate, at: datetime) -> None:
    if not gate.is_open(at):
        raise VoteRefused(why_closed(gate, at))


def _must_have_a_vote(booth: OwnBooth) -> None:
    """Raise VoteRefused or NotEligible, but not for what the voter is about to declare."""
    if queries.has_voted(booth.poll.id, booth.mark):
        raise VoteRefused(NotTaken.ALREADY_VOTED)
    try:
        booth.must_be_eligible(None)
    except NotEligible as refused:
        if not (refused.reason is WhyNot.FACTS_MISSING and booth.asks_facts):
            raise


def _at_the_counter(slug: str, ticket: str, step: Step) -> ResponseReturnValue:
    """Let whoever has a pass go on while it is good; a cast that was taken may be sent again."""
    poll, at = visible_poll(slug), clock.now()
    try:
        if not _is_cast():
            _must_be_good(poll.id, ticket, at)
            _must_be_open(Gate(poll.state, poll.opens_at, poll.closes_at), at)
        return step(counter_booth(poll, ticket))
    except VoteRefused as refused:
        return refusals.refused(poll, refused.reason, at_counter=True)
    except ConfigurationError as error:
        return refusals.without_keys(poll, error, at_counter=True)


def _must_be_good(poll_id: int, ticket: str, at: datetime) -> None:
    if not queries.pass_is_good(poll_id, hashed_token(ticket), at):
        raise VoteRefused(NotTaken.PASS_GONE)


def _is_cast() -> bool:
    return request.method == "POST" and request.form.get("act") == CAST
