"""What support leads to: it is counted, the goal is reached, an officer lifts it, or time runs out.

All of it holds the proposal alone, so it sees every support that was given, and happens once.
"""

from datetime import datetime

from sqlalchemy import delete, update

from cps.accounts.models import Account
from cps.cases import rules as cases_rules
from cps.cases.models import Case
from cps.cases.queries import lock_case
from cps.cases.rules import EventKind, Mover, Status
from cps.cases.services.clock import start_clock
from cps.cases.services.steps import acknowledge, go, trace
from cps.core import outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.proposals import queries
from cps.proposals.models import Proposal, Recount, StepReached
from cps.proposals.queries import Supports
from cps.proposals.rules import Step, is_reached, rank
from cps.proposals.services.supporting import mark
from cps.proposals.wording import closing_words


def recount(case_id: int, *, at: datetime) -> Supports | None:
    """Count a proposal's supports for lists, and oblige the city to answer where they are enough.

    What is joined to another is counted there. None where the proposal is gone.
    """
    proposal = _held(case_id)
    if proposal is None:
        return None
    supports = queries.count(case_id)
    _keep(proposal, supports, at)
    if proposal.case.joined_to_id is not None:
        mark(proposal.case.joined_to_id, at=at)
    elif proposal.case.status is Status.GATHERING and _is_enough(proposal, supports):
        _reach(proposal, supports, at=at)
    return supports


def end(case_id: int, *, language: str, at: datetime) -> bool:
    """Close a proposal whose time is over with a short answer in a language, or oblige the city to answer.

    False where it is not over, or ended before: two workers do it once.
    """
    proposal = _held(case_id)
    if proposal is None or proposal.case.status is not Status.GATHERING or at < proposal.gathers_until:
        return False
    supports = queries.count(case_id)
    _keep(proposal, supports, at)
    if _is_enough(proposal, supports):
        _reach(proposal, supports, at=at)
        return True
    case = proposal.case
    message = closing_words(language, total=supports.total, needed=proposal.needed)
    cases_rules.check_move(case.kind, case.status, Status.EXPIRED, Mover.SYSTEM, message=message)
    data = {"total": supports.total, "needed": proposal.needed}
    go(case, Status.EXPIRED, EventKind.MOVED, by=None, at=at, message=message, language=language, data=data)
    return True


def lift(proposal: Proposal, reason: str, *, by: Account, at: datetime, language: str = "") -> None:
    """Let a proposal below the line be answered all the same, with a reason that everybody reads.

    The proposal is locked. Raises RuleViolation without a reason, MoveRefused where it does not gather.
    """
    case = proposal.case
    if not reason.strip():
        raise RuleViolation(_("Say why this proposal is answered below the line; everybody reads it."))
    cases_rules.check_move(case.kind, case.status, Status.ANSWER_DUE, Mover.STAFF, message=reason)
    supports = queries.count(case.id)
    _reach(proposal, supports, at=at, lifted_by=by, reason=reason, language=language)
    acknowledge(case, at)
    trace(case, "lift-proposal", by, at, {"supports": [None, supports.total]})


def _reach(
    proposal: Proposal,
    supports: Supports,
    *,
    at: datetime,
    lifted_by: Account | None = None,
    reason: str = "",
    language: str = "",
) -> None:
    """Oblige the department to answer: the clock starts, everybody who waits is told, once."""
    case = proposal.case
    reached = StepReached(
        case_id=case.id,
        step=Step.ANSWER,
        at=at,
        supports=supports.total,
        is_lifted=lifted_by is not None,
        lifted_by_id=lifted_by.id if lifted_by else None,
    )
    start_clock(case, proposal.answer_days, at=at)
    event = go(
        case,
        Status.ANSWER_DUE,
        EventKind.MOVED,
        by=lifted_by.id if lifted_by else None,
        at=at,
        message=reason,
        language=language,
        data={"supports": supports.total, "needed": proposal.needed},
    )
    reached.reason = event.message  # as masked in the story
    db.session.add(reached)
    outbox.state(outbox.Fact.PROPOSAL_REACHED, case.id, at=at, dedupe_key=f"{Step.ANSWER}:{case.id}")


def _held(case_id: int) -> Proposal | None:
    queries.hold_alone(case_id)
    proposal = queries.of_case(case_id)
    if proposal is None:
        return None
    lock_case(proposal.case.reference)
    db.session.refresh(proposal)
    return proposal


def _keep(proposal: Proposal, supports: Supports, at: datetime) -> None:
    """Keep the count for lists, without a new version: support never makes an officer's page stale."""
    db.session.execute(delete(Recount).where(Recount.case_id == proposal.case_id))
    db.session.execute(
        update(Case)
        .where(Case.id == proposal.case_id)
        .values(support_count=supports.total, updated_at=at)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(proposal.case, ["support_count", "updated_at"])
    proposal.rank = rank(proposal.opened_at, supports.total)
    db.session.flush()


def _is_enough(proposal: Proposal, supports: Supports) -> bool:
    return is_reached(proposal.needed, supports.counted, supports.former)
