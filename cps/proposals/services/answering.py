"""The official answer: drafted, read by somebody else where the city wants it, published to all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cps.accounts.models import Account
from cps.cases import rules as cases_rules
from cps.cases.rules import EventKind, Mover, Outcome, Status
from cps.cases.services.steps import acknowledge, go, trace
from cps.core.db import db
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.i18n import gettext as _
from cps.departments import queries as departments
from cps.departments.models import DeclineReason
from cps.proposals.models import OfficialAnswer, Proposal
from cps.proposals.queries.answers import lock_answer
from cps.proposals.rules import ANSWERS, NO, Settings

MOST_POINTS = 20


@dataclass(frozen=True, slots=True)
class Point:
    """One part of a long answer."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """An answer as an officer writes it; a draft may leave anything out. Texts are cleaned.

    `unit_id` is the department that stands for it. `whose` says who decides what is not the city's, `link`
    where to see what is done already. `reason` is the code of one of the city's reasons for a no; it counts
    with a no alone, where nothing stands for a reason in the officer's own words.
    """

    outcome: Outcome | None = None
    text: str = ""
    language: str = ""
    points: Sequence[Point] = ()
    unit_id: int | None = None
    whose: str = ""
    link: str = ""
    reason: str = ""


def draft_answer(
    proposal: Proposal, spec: AnswerSpec, *, by: Account, at: datetime, version: int | None = None
) -> OfficialAnswer:
    """Keep an answer that only staff see; whoever changes it writes it, and it must be read anew.

    The proposal is locked. Raises StaleVersion where somebody changed the draft since `version`.
    """
    _must_wait(proposal)
    _check(spec)
    answer = lock_answer(proposal.case_id) or OfficialAnswer(case_id=proposal.case_id)
    if version is not None and answer.version != version:
        raise StaleVersion(_("Somebody else changed this answer a moment ago. Look at it anew."))
    answer.outcome, answer.text, answer.language = spec.outcome, spec.text, spec.language
    answer.points = [{"heading": point.heading, "text": point.text} for point in spec.points]
    answer.unit_id, answer.whose, answer.link = spec.unit_id, spec.whose, spec.link
    reason = _reason_of(spec)
    answer.reason_code = reason.code if reason else ""
    answer.reason_text = dict(reason.text) if reason else {}
    answer.drafted_by_id, answer.drafted_at = by.id, at
    answer.read_by_id = answer.read_at = None
    db.session.add(answer)
    acknowledge(proposal.case, at)
    trace(proposal.case, "draft-answer", by, at, {"outcome": [None, spec.outcome]})
    db.session.flush()
    return answer


def approve_answer(proposal: Proposal, *, by: Account, at: datetime) -> OfficialAnswer:
    """Note that a second person has read the draft and stands by it; never who wrote it."""
    _must_wait(proposal)
    answer = _drafted(proposal)
    if answer.drafted_by_id == by.id:
        raise RuleViolation(_("Somebody else than who wrote the answer must read it."))
    _must_be_whole(answer)
    answer.read_by_id, answer.read_at = by.id, at
    trace(proposal.case, "approve-answer", by, at, {})
    db.session.flush()
    return answer


def publish_answer(proposal: Proposal, *, by: Account, settings: Settings, at: datetime) -> OfficialAnswer:
    """Publish the answer and tell the author and every supporter; the proposal is answered.

    Raises RuleViolation where the unit, the words or what belongs to its kind are missing, or where nobody
    else has read it and the city wants that; MoveRefused where the proposal cannot be answered.
    """
    case = proposal.case
    answer = _drafted(proposal)
    _must_be_whole(answer)
    if settings.second_reader and answer.read_at is None:
        raise RuleViolation(_("In this city somebody else reads an answer before it is published."))
    outcome = answer.outcome
    cases_rules.check_move(
        case.kind, case.status, Status.ANSWERED, Mover.STAFF, message=answer.text, outcome=outcome
    )
    event = go(
        case,
        Status.ANSWERED,
        EventKind.MOVED,
        by=by.id,
        at=at,
        message=answer.text,
        language=answer.language,
        outcome=outcome,
        data={
            "points": answer.points,
            "unit": answer.unit_id,
            "whose": answer.whose,
            "link": answer.link,
            **_kept_reason(answer),
        },
    )
    answer.text, answer.points = event.message, event.data["points"]  # as masked in the story
    answer.published_by_id, answer.published_at = by.id, at
    acknowledge(case, at)
    trace(case, "publish-answer", by, at, {"outcome": [None, outcome]})
    db.session.flush()
    return answer


def _must_wait(proposal: Proposal) -> None:
    if proposal.case.status not in {Status.GATHERING, Status.ANSWER_DUE}:
        raise RuleViolation(_("This proposal waits for no answer."))


def _drafted(proposal: Proposal) -> OfficialAnswer:
    answer = lock_answer(proposal.case_id)
    if answer is None or answer.published_at is not None:
        raise RuleViolation(_("There is no draft of an answer to this proposal."))
    return answer


def _check(spec: AnswerSpec) -> None:
    if spec.outcome is not None and spec.outcome not in ANSWERS:
        raise RuleViolation(_("Choose one of the answers to a proposal."))
    if spec.unit_id is not None and spec.unit_id not in departments.catalogue().departments:
        raise RuleViolation(_("The city has no such department."))
    if len(spec.points) > MOST_POINTS:
        raise RuleViolation(_("An answer has at most %(most)s points.", most=MOST_POINTS))
    if any(not (point.heading.strip() and point.text.strip()) for point in spec.points):
        raise RuleViolation(_("Each point needs a heading and a text."))
    if spec.link and not _is_link(spec.link):
        raise RuleViolation(_("Write the whole address of the page, beginning with https://."))


def reasons_for(outcome: Outcome | None) -> list[DeclineReason]:
    """Return the city's reasons in use that fit an answer; only a no has some."""
    if outcome not in NO:
        return []
    return [one for one in departments.offered_reasons() if outcome.value in one.endings]


def _reason_of(spec: AnswerSpec) -> DeclineReason | None:
    """Return the reason that a no names; raises RuleViolation for one that is not for this answer."""
    if not spec.reason or spec.outcome not in NO:
        return None
    found = next((one for one in reasons_for(spec.outcome) if one.code == spec.reason), None)
    if found is None:
        raise RuleViolation(_("This reason is not for this answer. Choose another one, or none."))
    return found


def _kept_reason(answer: OfficialAnswer) -> dict[str, Any]:
    """Return the reason as the event of a no keeps it: in all languages, as it was worded."""
    if not answer.reason_code:
        return {}
    return {"reason": {"code": answer.reason_code, "text": dict(answer.reason_text)}}


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def _must_be_whole(answer: OfficialAnswer) -> None:
    if answer.unit_id is None:
        raise RuleViolation(_("Say which department stands for this answer."))
    if answer.outcome is None:
        raise RuleViolation(_("Choose what the answer is."))
    if not answer.text.strip():
        raise RuleViolation(_("Write the answer, with its reasons."))
    if answer.outcome is Outcome.ALREADY_DONE and not answer.link:
        raise RuleViolation(_("Say where people can see what is done already."))
    if answer.outcome is Outcome.NOT_OURS and not answer.whose.strip():
        raise RuleViolation(_("Say who decides this instead of the city."))
