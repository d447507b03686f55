"""What the desk writes that concerns two features which know nothing of each other."""

from datetime import datetime

from cps.accounts.models import Account
from cps.cases.reference import display
from cps.core import city as cities
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import gettext_in
from cps.polls.models import Poll
from cps.polls.services import drafting
from cps.polls.services.drafting import OptionDraft
from cps.proposals.models import Proposal
from cps.proposals.rules import YES
from cps.triage import queries
from cps.triage.models import ProposalPoll


def make_poll(proposal: Proposal, *, by: Account, at: datetime) -> Poll:
    """Make a draft of a poll of an accepted proposal: its title asks, yes or no. Nothing is public by it.

    The proposal is locked. The same proposal again leads to the draft that is there. Raises RuleViolation
    where the city has not said yes. Its words are those of the proposal until somebody edits them.
    """
    case = proposal.case
    if case.outcome not in YES:
        raise RuleViolation(_("Only what the city has said yes to becomes a poll."))
    there = queries.poll_of(case.id)
    if there is not None:
        return there
    languages = cities.get().languages
    poll = drafting.create(
        f"proposal-{display(case.reference)}", dict.fromkeys(languages, case.title), by=by, at=at
    )
    explanation = dict.fromkeys(languages, case.body)
    drafting.change(poll, {"explanation": explanation}, by=by, at=at)
    options = [
        OptionDraft("yes", {language: gettext_in(language, "Yes") for language in languages}),
        OptionDraft("no", {language: gettext_in(language, "No") for language in languages}),
    ]
    drafting.set_options(poll, options, by=by, at=at)
    db.session.add(ProposalPoll(case_id=case.id, poll_id=poll.id, at=at))
    db.session.flush()
    return poll
