"""A proposal with all that stands beside it, for its page: in one statement that is built once."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager

from cps.cases.models import Case
from cps.core.db import db
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.proposals.models import Delivery, OfficialAnswer, Proposal, StepReached
from cps.proposals.rules import Step


@dataclass(frozen=True, slots=True)
class Whole:
    """A proposal, how it reached its goal, the answer that everybody reads, and its delivery."""

    proposal: Proposal
    reached: StepReached | None
    answer: OfficialAnswer | None
    delivery: Delivery | None


_IS_REACHED = (StepReached.case_id == Proposal.case_id) & (StepReached.step == Step.ANSWER)
_IS_PUBLIC = (OfficialAnswer.case_id == Proposal.case_id) & OfficialAnswer.published_at.is_not(None)
_WHOLE = (
    select(Proposal, StepReached, OfficialAnswer, Delivery)
    .join(Proposal.case)
    .outerjoin(StepReached, _IS_REACHED)
    .outerjoin(OfficialAnswer, _IS_PUBLIC)
    .outerjoin(Delivery, Delivery.case_id == Proposal.case_id)
    .options(contains_eager(Proposal.case))
    .where(Case.reference == bindparam("reference"))
)


def get(reference: str) -> Whole:
    """Return the proposal of this number; raises NotVisible when there is none."""
    row = db.session.execute(_WHOLE, {"reference": reference}).one_or_none()
    if row is None:
        raise NotVisible(_("There is no proposal with this number."))
    return Whole(*row)
