"""The road of a proposal as a picture with words: what is behind it, where it is, what lies ahead."""

from dataclasses import dataclass
from datetime import datetime

from cps.cases.models import Case
from cps.cases.names import names
from cps.cases.rules import Outcome, Status
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import long_date, ngettext
from cps.proposals.models import Delivery, Proposal, StepReached
from cps.proposals.rules import YES
from cps.proposals.wording import ANSWERS

PAST, NOW, AHEAD, ENDED = "past", "now", "ahead", "ended"

_ENDS = {
    Status.EXPIRED: ("clock", _l("Ran out of time")),
    Status.WITHDRAWN: ("x", _l("Taken back by its author")),
}


@dataclass(frozen=True, slots=True)
class RoadStep:
    """One place on the road: `state` is past, now, ahead, or ended where the road stops."""

    state: str
    icon: str
    what: str
    when: str = ""
    iso: str = ""
    is_late: bool = False


def road_of(
    proposal: Proposal, reached: StepReached | None, delivery: Delivery | None, how_far: str, now: datetime
) -> list[RoadStep]:
    """Return the road of a proposal in its order, past and ahead; `how_far` says it of its delivery."""
    case = proposal.case
    if case.status is Status.GATHERING:
        until = long_date(proposal.gathers_until)
        gathering = RoadStep(NOW, "users", _("Gathers support"), _("until %(date)s", date=until))
        return [gathering, *_ahead(proposal, case)]
    steps = [_step(PAST, "users", _("Opened"), proposal.opened_at)]
    if reached is not None:
        words = _("Lifted by the city") if reached.is_lifted else _("Goal reached")
        steps.append(_step(PAST, "flag", words, reached.at))
    if case.status in _ENDS or case.outcome is Outcome.JOINED:
        icon, words = _end(case)
        return [*steps, _step(ENDED, icon, words, case.closed_at)]
    if case.status is Status.ANSWER_DUE:
        return [*steps, _must_answer(case, now), *_after_answer()]
    return [*steps, *_answered(case, delivery, how_far)]


def _must_answer(case: Case, now: datetime) -> RoadStep:
    date = long_date(case.due_at)
    is_late = case.paused_at is None and case.due_at < now
    return RoadStep(
        NOW,
        "calendar-clock",
        _("%(department)s must answer", department=names().departments[case.department_id]),
        _("was due %(date)s", date=date) if is_late else _("by %(date)s", date=date),
        case.due_at.isoformat(),
        is_late=is_late,
    )


def _end(case: Case) -> tuple[str, str]:
    if case.outcome is Outcome.JOINED:
        return "git-merge", _("Joined to another proposal")
    icon, words = _ENDS[case.status]
    return icon, str(words)


def _ahead(proposal: Proposal, case: Case) -> list[RoadStep]:
    goal = ngettext("%(num)s support", "%(num)s supports", proposal.needed)
    within = ngettext("within %(num)s working day", "within %(num)s working days", proposal.answer_days)
    department = names().departments[case.department_id]
    return [
        RoadStep(AHEAD, "flag", _("Goal reached"), goal),
        RoadStep(AHEAD, "calendar-clock", _("%(department)s must answer", department=department), within),
        *_after_answer(),
    ]


def _after_answer() -> list[RoadStep]:
    return [RoadStep(AHEAD, "hammer", _("Being done"), _("after a yes")), RoadStep(AHEAD, "check", _("Done"))]


def _answered(case: Case, delivery: Delivery | None, how_far: str) -> list[RoadStep]:
    """Return the answer and what comes after it: after a no nothing."""
    word = str(ANSWERS[case.outcome]) if case.outcome in ANSWERS else ""
    is_last = case.status is Status.ANSWERED
    answer = _step(NOW if is_last else PAST, "message-square", _("Answered: %(answer)s", answer=word),
                   case.answered_at)  # fmt: skip
    if case.outcome not in YES:
        return [answer]
    if case.status is Status.IN_DELIVERY:
        return [
            answer,
            RoadStep(NOW, "hammer", _("Being done"), how_far),
            RoadStep(AHEAD, "check", _("Done")),
        ]
    if case.status is Status.DELIVERED and delivery is not None:
        began = _step(PAST, "hammer", _("Work began"), delivery.began_at)
        return [answer, began, _step(NOW, "check", _("Done"), delivery.delivered_at)]
    return [answer, RoadStep(AHEAD, "hammer", _("Being done")), RoadStep(AHEAD, "check", _("Done"))]


def _step(state: str, icon: str, what: str, at: datetime | None) -> RoadStep:
    return RoadStep(state, icon, what, long_date(at) if at else "", at.isoformat() if at else "")
