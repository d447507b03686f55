"""An accepted proposal becomes the draft of a poll, once."""

import pytest

from cps.cases.rules import Outcome
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.polls.models import Poll
from cps.proposals import queries as proposals
from cps.proposals.models import Proposal
from cps.triage import queries, services
from tests.proposals.making import answered, make_proposal
from tests.support.factories import make_administrator

pytestmark = pytest.mark.usefixtures("app")


def made_of(proposal: Proposal) -> Poll | None:
    by = make_administrator()
    with transaction():
        services.make_poll(proposals.lock(proposal.case.reference), by=by, at=clock.now())
    return queries.poll_of(proposal.case_id)


def test_a_yes_becomes_a_draft_that_asks_yes_or_no_in_every_language_of_the_city() -> None:
    proposal, _officer = answered()

    poll = made_of(proposal)

    assert poll is not None
    assert poll.is_draft
    assert poll.question == {"en": proposal.case.title, "ko": proposal.case.title}
    assert [(option.code, sorted(option.labels)) for option in poll.options] == [
        ("yes", ["en", "ko"]),
        ("no", ["en", "ko"]),
    ]


def test_the_same_proposal_again_leads_to_the_draft_that_is_there() -> None:
    proposal, _officer = answered()

    first, second = made_of(proposal), made_of(proposal)

    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert len(db.session.scalars(db.select(Poll)).all()) == 1


def test_what_the_city_has_not_said_yes_to_becomes_no_poll() -> None:
    waiting = make_proposal()
    declined, _officer = answered(outcome=Outcome.DECLINED)

    for proposal in (waiting, declined):
        with pytest.raises(RuleViolation, match="yes"):
            made_of(proposal)
