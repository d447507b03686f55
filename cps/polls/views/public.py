"""Polls as everybody sees them: the list, the page of one, how a vote is protected, what programs read."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.services.photos import SIZES, storage_key
from cps.core import clock
from cps.core.errors import ConfigurationError
from cps.core.i18n import date_time
from cps.core.i18n import gettext as _
from cps.core.rendering import address, cacheable, nav_item
from cps.core.security import Can, allows, public
from cps.core.storage import NotStored, current_storage
from cps.polls import explaining, presenting, queries, so_far, story, wording
from cps.polls.eligibility import NotEligible, WhyNot
from cps.polls.key_ring import specification_of, web_keys
from cps.polls.models import Poll
from cps.polls.presenting import Stage
from cps.polls.rules import RESULT_IS_PUBLIC, CountKey, ResultsWhen
from cps.polls.services import electorate
from cps.polls.views.base import bp, visible_poll
from cps.residents import queries as residents

log = logging.getLogger(__name__)

DAY = 24 * 3600
CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
REGISTER_HELPS = frozenset(
    {WhyNot.NO_REGISTER, WhyNot.FACTS_MISSING, WhyNot.OTHER_WARD, WhyNot.TOO_YOUNG, WhyNot.TOO_OLD}
)
PROOFS = frozenset({WhyNot.NO_REGISTER, WhyNot.NO_PHONE, WhyNot.NO_EMAIL})
"""What has to be proven before a moment that the poll sets; where numbers or accounts count, its opening."""
CAN_CHANGE = PROOFS | {WhyNot.FACTS_MISSING}


@nav_item(20)
def _nav() -> tuple[str, str, str, bool]:
    return address("polls.index"), _("Polls"), "vote", (request.endpoint or "").startswith("polls.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody can do in an open poll: vote, or the reason why not with a way out where there is one."""

    may_vote: bool = False
    title: str = ""
    text: str = ""
    href: str = ""
    action: str = ""
    has_voted: bool = False


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Show the polls that are open, those to come, and the results."""
    at = clock.now()
    polls = queries.listed()
    if (answer := cacheable(f"polls-{presenting.mark(polls, at)}")) is not None:
        return answer
    cards = [presenting.card_of(poll, at) for poll in polls]
    now_open = {Stage.OPEN, Stage.SUSPENDED}
    return render_template(
        "polls/index.html",
        open=[card for card in reversed(cards) if card.stage in now_open],
        soon=[card for card in reversed(cards) if card.stage is Stage.SOON],
        past=[card for card in cards if card.stage not in {*now_open, Stage.SOON}],
    )


@bp.get("/<code:slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """Show what a poll asks, who may vote, when, and what is published of it."""
    poll, at = visible_poll(slug), clock.now()
    events, head = queries.events(poll.id), queries.last_head(poll.id)
    mark = presenting.mark([poll], at, len(events), head.batch_no if head else None)
    if (answer := cacheable(f"poll-{mark}")) is not None:
        return answer
    return render_template(
        "polls/show.html",
        poll=poll,
        **announced(poll, at),
        turnout=presenting.turnout_words(poll),
        story=story.entries(events),
        restored=story.restored(events) if presenting.stage_of(poll, at) is Stage.SUSPENDED else "",
        standing=standing_of(poll, at),
        has_result=poll.state in RESULT_IS_PUBLIC,
        has_counts=so_far.is_shown(poll, at),
    )


def announced(poll: Poll, at: datetime) -> dict[str, Any]:
    """Return what the page of a poll says from its opening on; a preview of a draft says the same."""
    return {
        "card": presenting.card_of(poll, at),
        "options": presenting.options_of(poll),
        "method": presenting.method_of(poll),
        "publishes": explaining.publishes(poll),
        "markable": explaining.markable_words(poll),
    }


def standing_of(poll: Poll, at: datetime) -> Standing | None:
    """Return what whoever is looking can do in a poll; None where it takes no votes now."""
    if presenting.stage_of(poll, at) is not Stage.OPEN:
        return None
    if not current_user.is_authenticated:
        return Standing(may_vote=True)
    try:
        web, register = web_keys(poll), residents.facts_of(current_user.id)
        if queries.has_voted(poll.id, electorate.roll_tag(poll, current_user, web, register)):
            text = _("A vote is recorded for you, and it counts. It cannot be changed.")
            return Standing(title=_("You have voted"), text=text, has_voted=True)
        electorate.eligible_voter(poll, current_user, web, register)
    except NotEligible as refused:
        declares = refused.reason is WhyNot.FACTS_MISSING and poll.is_declared
        return Standing(may_vote=True) if declares else why_not(poll, refused.reason)
    except ConfigurationError as error:
        log.warning("a poll lacks its keys", extra={"poll": poll.slug, "error": str(error)})
        return Standing(title=_("Votes cannot be taken just now"), text=_("Please try again in a while."))
    return Standing(may_vote=True)


def why_not(poll: Poll, reason: WhyNot) -> Standing:
    """Return in words why somebody may not vote, and the way out: none where a proof would come too late."""
    moment = specification_of(poll).verified_before
    is_too_late = reason in PROOFS and clock.now() >= moment
    text = str(wording.WHY_NOT[reason]) % {"before": date_time(moment)}
    if is_too_late:
        text += " " + _(
            "It had to be proven before %(before)s. What you prove now counts in polls that open later.",
            before=date_time(moment),
        )
    if poll.key is CountKey.REGISTER and (is_too_late or reason is WhyNot.VERIFIED_TOO_LATE):
        text += " " + _("With an identity document you can still vote at a counter until it closes.")
    can_change = reason in CAN_CHANGE and not is_too_late
    title = _("You cannot vote in this poll yet") if can_change else _("You cannot vote in this poll")
    href = "" if is_too_late else _way_out(poll, reason)
    action = str(wording.WAY_OUT[reason]) if href else ""
    return Standing(title=title, text=text, href=href, action=action)


def _way_out(poll: Poll, reason: WhyNot) -> str:
    back = url_for("polls.show", slug=poll.slug)
    if reason is WhyNot.NO_EMAIL:
        return url_for("accounts.reset", next=back)
    if reason is WhyNot.NO_PHONE:
        return url_for("accounts.phone")
    return url_for("residents.own", next=back) if reason in REGISTER_HELPS and not poll.is_declared else ""


@bp.get("/<code:slug>/protection")
@public
def protection(slug: str) -> ResponseReturnValue:
    """Say in plain words how a vote is protected in this poll, and against what it is not."""
    poll, at = visible_poll(slug), clock.now()
    head = queries.last_head(poll.id)
    if (answer := cacheable(f"protection-{presenting.mark([poll], at, head and head.batch_no)}")) is not None:
        return answer
    return render_template(
        "polls/protection.html",
        poll=poll,
        counted=str(wording.COUNTED_BY[poll.key]),
        is_live=poll.results is ResultsWhen.LIVE,
        lines=explaining.lines_words(poll),
        everybody_recounts=explaining.everybody_recounts(poll),
        keys=explaining.keys_words(poll),
        markable=explaining.markable_words(poll),
        head=head,
    )


@bp.get("/<code:slug>/specification.json")
@public
def specification(slug: str) -> ResponseReturnValue:
    """Give the frozen bytes of the specification, which hash to the published value for ever."""
    poll = visible_poll(slug)
    if (answer := cacheable(f"specification-{poll.spec_sha256}")) is not None:
        return answer
    return Response(poll.spec_json, mimetype="application/json")


@bp.get("/<code:slug>/heads.jsonl")
@public
def heads(slug: str) -> ResponseReturnValue:
    """Give every signed head of the ledger, one a line, oldest first."""
    lines = queries.head_lines(visible_poll(slug).id)
    if (answer := cacheable(f"heads-{slug}-{len(lines)}")) is not None:
        return answer
    return Response("".join(f"{line}\n" for line in lines), mimetype="application/jsonl")


@bp.get("/<code:slug>/pictures/<token:picture>/<any(large, thumbnail, fallback):size>")
@public
def show_picture(slug: str, picture: str, size: str) -> ResponseReturnValue:
    """Serve a picture of a poll or of one of its options; those of a draft to administrators only."""
    poll = queries.get_poll(slug) if allows(current_user, Can.MANAGE_POLLS) else visible_poll(slug)
    if picture not in {poll.picture, *(option.picture for option in poll.options)}:
        abort(404)
    try:
        data = current_storage().get(storage_key(picture, size))
    except NotStored:
        abort(404)
    response = Response(data, mimetype=CONTENT_TYPES[SIZES[size]])
    response.headers["Cache-Control"] = "private, max-age=600" if poll.is_draft else f"public, max-age={DAY}"
    return response
