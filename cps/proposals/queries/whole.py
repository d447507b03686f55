"""A proposal with all that stands beside it, for its page: in one statement that is built once."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.core.db import db
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.proposals.models import Delivery, OfficialAnswer, Proposal, StepReached
from cps.proposals.queries.supports import JOINED, OWN, Supports, counted
from cps.proposals.rules import Step


@dataclass(frozen=True, slots=True)
class Whole:
    """A proposal, how it reached its goal, the answer that everybody reads, its delivery, and who wants it.

    `author` is the name of who wrote it where they want it shown; else it is empty.
    """

    proposal: Proposal
    reached: StepReached | None
    answer: OfficialAnswer | None
    delivery: Delivery | None
    author: str
    supports: Supports


_IS_REACHED = (StepReached.case_id == Proposal.case_id) & (StepReached.step == Step.ANSWER)
_IS_PUBLIC = (OfficialAnswer.case_id == Proposal.case_id) & OfficialAnswer.published_at.is_not(None)
_WHOLE = (
    select(Proposal, StepReached, OfficialAnswer, Delivery, Account.display_name, OWN, JOINED)
    .select_from(Proposal)
    .join(Proposal.case)
    .outerjoin(StepReached, _IS_REACHED)
    .outerjoin(OfficialAnswer, _IS_PUBLIC)
    .outerjoin(Delivery, Delivery.case_id == Proposal.case_id)
    .outerjoin(Account, (Account.id == Case.reporter_id) & Proposal.shows_author)
    .options(contains_eager(Proposal.case))
    .where(Case.reference == bindparam("reference"))
)


def get(reference: str) -> Whole:
    """Return the proposal of this number; raises NotVisible when there is none."""
    row = db.session.execute(_WHOLE, {"reference": reference}).one_or_none()
    if row is None:
        raise NotVisible(_("There is no proposal with this number."))
    proposal, reached, answer, delivery, author, own, joined = row
    supports = counted(proposal.case_id, own, proposal.former_supports, joined)
    return Whole(proposal, reached, answer, delivery, author or "", supports)
