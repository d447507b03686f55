"""The page of a proposal as everybody sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.access import viewer
from cps.cases.clock_words import changes_of, clock_in_words
from cps.cases.models import CaseEvent
from cps.cases.pictures import main_photos, pictures
from cps.cases.rules import Audience, Outcome, Status
from cps.cases.wording import status_look
from cps.core import clock
from cps.core.forms import OnceForm
from cps.core.http import own_origin
from cps.core.i18n import gettext as _
from cps.core.i18n import money
from cps.core.rendering import cacheable
from cps.core.security import Can, allows, public
from cps.proposals import presenting, queries
from cps.proposals.forms import AddForm, CommentForm
from cps.proposals.models import Delivery, Milestone, Proposal
from cps.proposals.queries import Supports, answers, comments, lists, whole
from cps.proposals.queries.comments import Talk
from cps.proposals.queries.whole import Whole
from cps.proposals.road import road_of
from cps.proposals.rules import Verdict, why_closed
from cps.proposals.views.base import bp, must_be_visible
from cps.proposals.views.talk import discussion_of
from cps.proposals.wording import ANSWERS, NO_SUPPORT, VERDICTS

WITH_DELIVERY = frozenset({Status.IN_DELIVERY, Status.DELIVERED})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page of a proposal says that changes, read once: of it the page's tag is made."""

    supports: Supports
    milestones: Sequence[Milestone]
    verdicts: dict[Verdict, int]
    talk: Talk

    def mark(self) -> str:
        """Return a text that changes with any of it."""
        parts = [(one.id, one.due_on, one.done_on) for one in self.milestones]
        told = f"{self.supports} {parts} {list(self.verdicts.values())} {self.talk.mark}"
        return sha256(told.encode()).hexdigest()[:16]


def _facts(found: Whole) -> Facts:
    case_id, status = found.proposal.case_id, found.proposal.case.status
    is_delivered = status in WITH_DELIVERY
    return Facts(
        supports=found.supports,
        milestones=answers.milestones(case_id) if is_delivered else (),
        verdicts=answers.verdicts(case_id) if status is Status.DELIVERED else {},
        talk=comments.talk(case_id),
    )


@bp.get("/<reference:reference>")
@public
def show(reference: str) -> ResponseReturnValue:
    """Show a proposal to whoever may see it; of a hidden one nothing."""
    now, found = clock.now(), whole.get(reference)
    proposal, case = found.proposal, found.proposal.case
    must_be_visible(case)
    facts = _facts(found)
    over = "over" if now >= proposal.gathers_until else "on"
    stands = f"{case.id}-{case.version}-{case.updated_at.timestamp()}"
    tag = f"proposal-{stands}-{facts.mark()}-{over}-{now:%Y%m%d%H}"
    if (answer := cacheable(tag)) is not None:
        return answer
    return _page_of(found, now, facts)


def page_with(reference: str, now: datetime, written: CommentForm) -> str:
    """Render the page of a proposal with a comment that holds errors."""
    found = whole.get(reference)
    return _page_of(found, now, _facts(found), written)


def _page_of(found: Whole, now: datetime, facts: Facts, written: CommentForm | None = None) -> str:
    proposal, case, reached = found.proposal, found.proposal.case, found.reached
    looking = viewer()
    is_author = current_user.is_authenticated and case.reporter_id == current_user.id
    events = cases.story(case.id, reader=Audience.REPORTER if is_author else Audience.PUBLIC, at=now)
    if is_author:
        cases.show_originals([case], events)
    photos = list(cases.photos(case.id)) if case.photo_count else []
    before, _after = main_photos(photos)
    delivery = _delivery(found.delivery, facts, now)
    return render_template(
        "proposals/show.html",
        proposal=proposal,
        case=case,
        look=status_look(case.status, _outcome(proposal)),
        road=road_of(proposal, reached, found.delivery, delivery["how_far"], now),
        lifted=reached if reached is not None and reached.is_lifted else None,
        progress=presenting.progress_of(proposal, facts.supports, now),
        clock=clock_in_words(case, changes_of(case, cases.due_changes), now),
        answer=found.answer,
        answer_word=ANSWERS[found.answer.outcome] if found.answer and found.answer.outcome else "",
        before=pictures(before, _("Picture of the proposal")),
        pictures=pictures,
        author=found.author,
        additions=presenting.additions(events),
        story=presenting.story_of(case, events, photos),
        joined=lists.joined_to(case.id) if facts.supports.proposals else (),
        closing=_closing(proposal, events),
        page_address=own_origin(current_app.extensions["cps_config"])
        + url_for(".show", reference=case.reference),
        is_author=is_author,
        may_work=allows(looking, Can.WORK_CASE, case),
        **delivery,
        **_taking_part(proposal, now, is_author=is_author),
        **discussion_of(case, facts.talk, written),
    )


def _outcome(proposal: Proposal) -> Outcome | None:
    """Return the answer while it is the last word; in delivery the state says more."""
    return None if proposal.case.status in WITH_DELIVERY else proposal.case.outcome


def _closing(proposal: Proposal, events: Any) -> CaseEvent | None:
    """Return the event that ended a proposal without an answer, with its words."""
    case = proposal.case
    if case.status not in {Status.EXPIRED, Status.WITHDRAWN} and case.outcome is not Outcome.JOINED:
        return None
    return next((event for event in reversed(events) if event.status is case.status), None)


def _delivery(delivery: Delivery | None, facts: Facts, now: datetime) -> dict[str, Any]:
    zone = g.city.zone
    today = now.astimezone(zone).date()
    parts = presenting.milestones_in_words(facts.milestones, today, zone)
    percent, how_far = presenting.how_far(delivery, facts.milestones) if delivery else (0, "")
    return {
        "percent": percent,
        "how_far": how_far,
        "delivery": delivery,
        "milestones": parts,
        "is_late": any(part.state == "late" for part in parts),
        "due": presenting.day_in_words(delivery.due_on, zone) if delivery and delivery.due_on else "",
        "budget": money(delivery.budget, g.city.currency) if delivery and delivery.budget is not None else "",
        "verdicts": [(VERDICTS[verdict], count) for verdict, count in facts.verdicts.items()],
    }


def _taking_part(proposal: Proposal, now: datetime, *, is_author: bool) -> dict[str, Any]:
    """Return what whoever is looking has done, and may do."""
    case = proposal.case
    closed = why_closed(case.status, case.outcome, proposal.gathers_until, now)
    mine = current_user.id if current_user.is_authenticated else None
    asked = case.status is Status.DELIVERED and mine is not None
    supports = mine is not None and not is_author and cases.is_supported_by(case.id, mine)
    return {
        "is_supporter": supports,
        "is_follower": mine is not None and cases.is_followed_by(case.id, mine),
        "takes_support": closed is None,
        "why_closed": NO_SUPPORT[closed] if closed is not None and case.is_open else "",
        "may_revise": is_author and case.status is Status.GATHERING and proposal.supported_at is None,
        "add_form": AddForm(formdata=None) if is_author and case.is_open else None,
        "may_judge": asked and (is_author or queries.family_backed_by(case.id, mine or 0)),
        "own_verdict": answers.verdict_of(case.id, mine or 0) if asked else None,
        "verdict_words": VERDICTS,
        "once": OnceForm(formdata=None) if mine is not None else None,
    }
