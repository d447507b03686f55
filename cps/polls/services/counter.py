"""Votes at the counter: a pass for the screen there, or a mark on the roll for a ballot on paper.

The officer identifies the person and never sees a choice: the voter casts alone, at the counter's screen.
"""

import secrets
from datetime import datetime

from sqlalchemy import delete

from cps.accounts.models import Account
from cps.core import audit
from cps.core.db import db
from cps.core.keys import hashed_token
from cps.core.server_time import server_time
from cps.polls import queries
from cps.polls.models import CounterPass, Poll
from cps.polls.rules import PASS_FOR
from cps.polls.services.casting import NotTaken, Voter, VoteRefused, enter_on_roll, why_closed


def issue_pass(poll: Poll, voter: Voter, *, by: Account, at: datetime) -> str:
    """Return the token of a pass for one vote within the next minutes; raises VoteRefused.

    An older pass of the same person ends.
    """
    _must_take_votes(poll, at)
    if queries.has_voted(poll.id, voter.tag):
        raise VoteRefused(NotTaken.ALREADY_VOTED)
    db.session.execute(
        delete(CounterPass).where(CounterPass.poll_id == poll.id, CounterPass.tag == voter.tag)
    )
    token = secrets.token_urlsafe(24)
    db.session.add(
        CounterPass(
            token_hash=hashed_token(token),
            poll_id=poll.id,
            tag=voter.tag,
            cell=voter.cell,
            expires_at=at + PASS_FOR,
        )
    )
    audit.record("issue-counter-pass", about=("poll", poll.slug), by=by.id, at=at)
    return token


def was_looked_up(poll: Poll, *, by: Account, at: datetime) -> None:
    """Leave the trace that an officer asked whether somebody may vote; not about whom."""
    audit.record("look-up-voter", about=("poll", poll.slug), by=by.id, at=at)


def mark_paper(poll: Poll, voter: Voter, *, by: Account, at: datetime) -> None:
    """Put somebody who gets a ballot on paper on the roll; raises VoteRefused where they have voted."""
    queries.lock_shared(poll.id)
    _must_take_votes(poll, server_time())
    if not enter_on_roll(poll.id, voter, on_paper=True):
        raise VoteRefused(NotTaken.ALREADY_VOTED)
    audit.record("mark-paper-vote", about=("poll", poll.slug), by=by.id, at=at)


def forget_lapsed_passes(at: datetime) -> None:
    """Delete passes that nobody used in time."""
    db.session.execute(delete(CounterPass).where(CounterPass.expires_at <= at))


def _must_take_votes(poll: Poll, at: datetime) -> None:
    gate = queries.gate(poll.id)
    if not gate.is_open(at):
        raise VoteRefused(why_closed(gate, at))
