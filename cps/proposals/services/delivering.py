"""After a yes: what is done by when, what has become of it, and whether it is what people wanted.

Every function takes a proposal that is locked, leaves a public event, of which followers are told, and an
audit row. Days promised first are kept, so that moving a milestone does not hide that it is late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cps.accounts.models import Account
from cps.cases import rules as cases_rules
from cps.cases.models import Attachment, CaseEvent
from cps.cases.rules import EventKind, Mover, PhotoStage, Status
from cps.cases.services.photos import add_photos
from cps.cases.services.steps import go, trace
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.upsert import insert_into
from cps.departments import queries as departments
from cps.proposals.models import Delivery, DeliveryVerdict, Milestone, Proposal
from cps.proposals.queries.answers import lock_delivery, milestone, milestones
from cps.proposals.queries.supports import family_backed_by
from cps.proposals.rules import ALMOST, YES, Verdict

MOST_MILESTONES = 30
WHOLE = 100
LARGEST_BUDGET = 10**15


@dataclass(frozen=True, slots=True)
class MilestoneSpec:
    """A part of the delivery and the day for which it is promised."""

    title: str
    due_on: date
    language: str = ""


@dataclass(frozen=True, slots=True)
class DeliverySpec:
    """How a promise is to be kept; the budget is in whole units of the city's currency."""

    unit_id: int
    due_on: date | None = None
    budget: int | None = None
    milestones: Sequence[MilestoneSpec] = ()


@dataclass(frozen=True, slots=True)
class News:
    """What the city says of a step, with its photos; never empty."""

    message: str
    language: str = ""
    photos: Sequence[Attachment] = ()


def begin_delivery(
    proposal: Proposal, spec: DeliverySpec, news: News, *, by: Account, today: date, at: datetime
) -> Delivery:
    """Say how an accepted proposal is done: by whom, until when, for how much, in which steps."""
    case = proposal.case
    if case.outcome not in YES:
        raise RuleViolation(_("Only what the city has said yes to is delivered."))
    _check(spec, today)
    _step(proposal, Status.IN_DELIVERY, news, by=by, at=at)
    delivery = Delivery(
        case_id=case.id, unit_id=spec.unit_id, due_on=spec.due_on, budget=spec.budget, began_at=at
    )
    db.session.add(delivery)
    db.session.flush()
    for one in spec.milestones:
        _add(case.id, one)
    trace(case, "begin-delivery", by, at, {"unit_id": [None, spec.unit_id], "budget": [None, spec.budget]})
    db.session.flush()
    return delivery


def progress(proposal: Proposal, percent: int, news: News, *, by: Account, at: datetime) -> None:
    """Say how far it is, 0 to 99 percent, and what has happened."""
    delivery = _running(proposal)
    if not 0 <= percent <= ALMOST:
        raise RuleViolation(
            _("Give a number from 0 to %(most)s; what is done is marked as done.", most=ALMOST)
        )
    before, delivery.percent = delivery.percent, percent
    _step(proposal, Status.IN_DELIVERY, news, by=by, at=at, data={"percent": percent})
    trace(proposal.case, "progress-delivery", by, at, {"percent": [before, percent]})
    db.session.flush()


def add_milestone(
    proposal: Proposal, spec: MilestoneSpec, *, by: Account, today: date, at: datetime
) -> Milestone:
    """Promise one more part; it stands on the page, and followers hear of it with the next news."""
    _running(proposal)
    if len(milestones(proposal.case_id)) >= MOST_MILESTONES:
        raise RuleViolation(_("A delivery has at most %(most)s milestones.", most=MOST_MILESTONES))
    _check_milestone(spec, today)
    row = _add(proposal.case_id, spec)
    trace(proposal.case, "add-milestone", by, at, {"due_on": [None, spec.due_on.isoformat()]})
    db.session.flush()
    return row


def complete_milestone(
    proposal: Proposal,
    milestone_id: int,
    done_on: date,
    news: News,
    *,
    by: Account,
    today: date,
    at: datetime,
) -> None:
    """Say that a part is done since a day that is not ahead."""
    row = _open_milestone(proposal, milestone_id)
    if done_on > today:
        raise RuleViolation(_("This day lies ahead. Say it when it is done."))
    row.done_on = done_on
    _step(proposal, Status.IN_DELIVERY, news, by=by, at=at, data={"milestone": row.title})
    trace(proposal.case, "complete-milestone", by, at, {"done_on": [None, done_on.isoformat()]})
    db.session.flush()


def move_milestone(
    proposal: Proposal, milestone_id: int, due_on: date, news: News, *, by: Account, at: datetime
) -> None:
    """Say that a part will be done on another day, and why; the day promised first stays to be seen."""
    row = _open_milestone(proposal, milestone_id)
    before = row.due_on
    if due_on == before:
        raise RuleViolation(_("This is the day it has already."))
    row.due_on = due_on
    data = {"milestone": row.title, "from": before.isoformat(), "to": due_on.isoformat()}
    _step(proposal, Status.IN_DELIVERY, news, by=by, at=at, data=data)
    trace(proposal.case, "move-milestone", by, at, {"due_on": [before.isoformat(), due_on.isoformat()]})
    db.session.flush()


def deliver(proposal: Proposal, news: News, *, by: Account, at: datetime) -> None:
    """Say that it is done. Those who supported it are told, and asked whether it is what they wanted."""
    delivery = _running(proposal)
    if any(row.done_on is None for row in milestones(proposal.case_id)):
        raise RuleViolation(
            _("A milestone is not done yet. Mark it as done first, or say what became of it.")
        )
    delivery.percent, delivery.delivered_at = WHOLE, at
    _step(proposal, Status.DELIVERED, news, by=by, at=at, data={"percent": WHOLE})
    trace(proposal.case, "deliver-proposal", by, at, {})
    db.session.flush()


def judge(proposal: Proposal, verdict: Verdict, *, by: Account, at: datetime) -> None:
    """Say whether what was delivered is what one wanted: the author and the supporters, each once.

    Whoever changes their mind says it again; the last word counts.
    """
    case = proposal.case
    if case.status is not Status.DELIVERED:
        raise RuleViolation(_("This is not done yet."))
    if by.id != case.reporter_id and not family_backed_by(case.id, by.id):
        raise RuleViolation(_("Who wrote or supported the proposal is asked."))
    row = {"case_id": case.id, "account_id": by.id, "verdict": verdict, "at": at}
    statement = insert_into(DeliveryVerdict).values(row)
    changed = {"verdict": statement.excluded.verdict, "at": statement.excluded.at}
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["case_id", "account_id"], set_=changed)
    )


def _step(
    proposal: Proposal,
    to: Status,
    news: News,
    *,
    by: Account,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> CaseEvent:
    case = proposal.case
    cases_rules.check_move(case.kind, case.status, to, Mover.STAFF, message=news.message)
    event = go(
        case,
        to,
        EventKind.MOVED,
        by=by.id,
        at=at,
        message=news.message,
        language=news.language,
        outcome=case.outcome,
        data=data,
    )
    add_photos(case, news.photos, PhotoStage.AFTER, event=event)
    return event


def _running(proposal: Proposal) -> Delivery:
    delivery = lock_delivery(proposal.case_id)
    if delivery is None or proposal.case.status is not Status.IN_DELIVERY:
        raise RuleViolation(_("This proposal is not being delivered."))
    return delivery


def _open_milestone(proposal: Proposal, milestone_id: int) -> Milestone:
    _running(proposal)
    row = milestone(proposal.case_id, milestone_id)
    if row is None or row.done_on is not None:
        raise RuleViolation(_("This milestone is done already, or there is none such."))
    return row


def _add(case_id: int, spec: MilestoneSpec) -> Milestone:
    row = Milestone(
        case_id=case_id,
        title=spec.title,
        language=spec.language,
        due_on=spec.due_on,
        promised_on=spec.due_on,
    )
    db.session.add(row)
    return row


def _check(spec: DeliverySpec, today: date) -> None:
    if spec.unit_id not in departments.catalogue().departments:
        raise RuleViolation(_("Say which department delivers it."))
    if spec.due_on is not None and spec.due_on < today:
        raise RuleViolation(_("The day by which it is done must lie ahead."))
    if spec.budget is not None and not 0 <= spec.budget <= LARGEST_BUDGET:
        raise RuleViolation(_("Give the budget as a whole number."))
    if len(spec.milestones) > MOST_MILESTONES:
        raise RuleViolation(_("A delivery has at most %(most)s milestones.", most=MOST_MILESTONES))
    for one in spec.milestones:
        _check_milestone(one, today)


def _check_milestone(spec: MilestoneSpec, today: date) -> None:
    if not spec.title.strip():
        raise RuleViolation(_("Say in a few words what is to be done."))
    if spec.due_on < today:
        raise RuleViolation(_("The day of a milestone must lie ahead."))
