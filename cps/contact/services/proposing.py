"""Proposing something for a caller, by the rules that hold for everybody who proposes."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.contact.models import Contact
from cps.contact.rules import Call, Ending
from cps.contact.services.contacts import Came, record
from cps.core import audit
from cps.core.city import CityFacts
from cps.core.errors import RuleViolation
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.text import detect_language
from cps.departments.catalogue import KnownCategory
from cps.proposals import services as proposals
from cps.proposals.models import Proposal
from cps.proposals.queries.mine import count_proposed
from cps.proposals.services import NewProposal
from cps.proposals.services.writing import MOST_A_DAY

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller proposes. Texts are cleaned; without ward it is for the whole city."""

    title: str
    body: str
    category: KnownCategory
    ward_id: int | None = None
    address: str = ""
    shows_author: bool = False
    code_id: int | None = None

    def mark(self, author: Account) -> str:
        """Return what stands for exactly this, proposed by this account: a code is read for nothing else."""
        told = (self.title, self.body, self.category.id, self.ward_id, self.address, self.shows_author)
        return sha256(json.dumps([author.id, *told]).encode()).hexdigest()


def must_be_free(author: Account, *, by: Account, at: datetime) -> None:
    """Raise RuleViolation where this account proposes no more today, or is the agent's own.

    Asked before a code is sent and paid for, and again when it is read.
    """
    if author.id == by.id:
        raise RuleViolation(_("This account is your own. Propose for yourself on the page for everybody."))
    if count_proposed(author.id, since=at - DAY) >= MOST_A_DAY:
        raise RuleViolation(_("This person has proposed much today. Please write it down again tomorrow."))


def propose_for(
    call: Call, wish: Wish, author: Account, *, city: CityFacts, by: Account, at: datetime
) -> tuple[Proposal, Contact]:
    """Propose what the caller tells, as the author whose account they have just shown to be theirs.

    The case names the agent and the way, the contact stands with the call, and the author reads in their own
    data who proposed for them. The account is locked, so that two agents at once do not go past the day's
    number. Raises RuleViolation as `proposals.propose` and `must_be_free` do.
    """
    accounts.lock_account(author.id)
    must_be_free(author, by=by, at=at)
    proposal = proposals.propose(
        NewProposal(
            title=wish.title,
            body=wish.body,
            language=detect_language(f"{wish.title} {wish.body}", OWN_NAMES) or call.language,
            category=wish.category,
            author=author,
            ward_id=wish.ward_id,
            address=wish.address,
            shows_author=wish.shows_author,
            channel=call.channel,
            filed_by=by,
        ),
        city=city,
        at=at,
    )
    contact = record(call, Came(Ending.FILED, case_id=proposal.case_id, code_id=wish.code_id), by=by, at=at)
    audit.record("propose-for", about=("case", proposal.case_id), by=by.id, at=at)
    audit.record_access("proposed", by=by.id, at=at, subject_id=author.id, case_id=proposal.case_id)
    return proposal, contact
