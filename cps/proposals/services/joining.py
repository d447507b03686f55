"""Joining proposals that want the same: both addresses stay, each account counts once, it can be undone."""

from datetime import datetime

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.queries import lock_joins
from cps.cases.rules import EventKind, MoveRefused, Outcome, Refusal, Status
from cps.cases.services.people import bring_followers
from cps.cases.services.steps import acknowledge, go, trace
from cps.cases.services.story import record
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.proposals import queries
from cps.proposals.models import Proposal, ProposalJoin
from cps.proposals.queries.answers import standing_join
from cps.proposals.services.supporting import mark

JOINABLE = frozenset({Status.GATHERING, Status.ANSWER_DUE})


def join(
    proposal: Proposal, into: Proposal, reason: str, *, by: Account, at: datetime, language: str = ""
) -> ProposalJoin:
    """Join a proposal to another, with a reason that everybody reads; both are locked (`lock_both`).

    Its supports count there, each account once, and stay its own: who does not agree takes theirs back.
    Its supporters are told, those of the other see it on the page. Raises RuleViolation where either is
    joined, closed or not public.
    """
    case, target = proposal.case, into.case
    lock_joins(target)
    _check(case, target, reason)
    if target.status is Status.GATHERING and at >= into.gathers_until:
        raise RuleViolation(_("The time of the other proposal is over, so nothing can be joined to it."))
    before = case.status
    case.joined_to_id = target.id
    go(
        case,
        Status.ANSWERED,
        EventKind.JOINED,
        by=by.id,
        at=at,
        message=reason,
        language=language,
        outcome=Outcome.JOINED,
        data={"into": target.reference},
    )
    row = ProposalJoin(
        case_id=case.id, into_id=target.id, at=at, by_id=by.id, reason=reason, status_before=before
    )
    db.session.add(row)
    bring_followers(case, target, at=at)
    data = {"joined": case.reference}
    record(
        target, EventKind.UPDATED, by=by.id, at=at, message=reason, language=language, data=data, tells=False
    )
    mark(target.id, at=at)
    acknowledge(case, at)
    trace(case, "join-proposal", by, at, {"joined_to_id": [None, target.id]})
    return row


def part(proposal: Proposal, reason: str, *, by: Account, at: datetime, language: str = "") -> None:
    """Undo a join with a public reason: the proposal stands where it stood, with its own supports.

    The proposal and the one it was joined to are locked (`lock_both`). What the other has reached meanwhile
    it keeps.
    """
    case = proposal.case
    joined = standing_join(case.id)
    if joined is None or case.outcome is not Outcome.JOINED:
        raise RuleViolation(_("This proposal is not joined to another."))
    if not reason.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    reopened = case.reopened
    go(
        case,
        joined.status_before,
        EventKind.MOVED,
        by=by.id,
        at=at,
        message=reason,
        language=language,
        data={"parted": joined.into_id},
    )
    case.reopened, case.answered_at = reopened, None  # to be joined was no answer
    joined.undone_at, joined.undone_by_id, joined.undone_reason = at, by.id, reason
    mark(case.id, at=at)
    mark(joined.into_id, at=at)
    trace(case, "part-proposal", by, at, {"joined_to_id": [joined.into_id, None]})
    db.session.flush()


def _check(case: Case, target: Case, reason: str) -> None:
    if not reason.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    if case.id == target.id or target.joined_to_id is not None:
        raise RuleViolation(_("Choose another proposal that is not joined to one itself."))
    if not target.is_listed:
        raise RuleViolation(_("A proposal can only be joined to one that everybody can see."))
    if case.status not in JOINABLE:
        raise RuleViolation(_("This proposal is closed, so it cannot be joined."))
    if target.status not in JOINABLE:
        raise RuleViolation(_("The other proposal is closed. Joined are only those that both wait."))
    if queries.joined_ids(case.id):
        raise RuleViolation(_("Others are joined to this proposal. Join the other one to it instead."))
