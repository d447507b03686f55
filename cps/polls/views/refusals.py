"""The pages of voting that take no vote: each says why, that nothing was recorded, and what to do."""

import logging

from flask import Response, g, make_response, render_template, request

from cps.core.errors import ConfigurationError
from cps.core.i18n import date_time, localized
from cps.core.i18n import gettext as _
from cps.polls import wording
from cps.polls.eligibility import WhyNot
from cps.polls.models import Poll
from cps.polls.services.casting import NotTaken
from cps.polls.views.public import why_not

log = logging.getLogger(__name__)


def page(
    template: str, poll: Poll, status: int = 200, *, at_counter: bool = False, **values: object
) -> Response:
    """Render a page of voting or of its counter, which no browser or proxy keeps."""
    g.cacheable = False
    html = render_template(
        template, poll=poll, question=localized(poll.question), at_counter=at_counter, **values
    )
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(poll: Poll, reason: NotTaken, *, at_counter: bool = False) -> Response:
    """Say that no vote is taken; of a pass that gives none it is not told whether it ever did."""
    status = 409 if request.method == "POST" else 200
    return page(
        "polls/refused.html",
        poll,
        404 if reason is NotTaken.PASS_GONE else status,
        at_counter=at_counter,
        title=str(wording.NOT_TAKEN[reason]),
        text=why_not_taken(poll, reason),
        has_voted=reason is NotTaken.ALREADY_VOTED,
    )


def why_not_taken(poll: Poll, reason: NotTaken) -> str:
    """Return in words why no vote is taken, with the times of the poll."""
    moments = {
        "opens": date_time(poll.opens_at) if poll.opens_at else "",
        "closes": date_time(poll.closes_at) if poll.closes_at else "",
    }
    return str(wording.NOT_TAKEN_TEXT[reason]) % moments


def not_eligible(poll: Poll, reason: WhyNot) -> Response:
    """Say why somebody may not vote, and the way out."""
    standing = why_not(poll, reason)
    return page(
        "polls/refused.html",
        poll,
        422 if request.method == "POST" else 200,
        title=standing.title,
        text=standing.text,
        href=standing.href,
        action=standing.action,
    )


def without_keys(poll: Poll, error: ConfigurationError, *, at_counter: bool = False) -> Response:
    """Say that this server cannot take votes; the log says what it lacks."""
    log.warning("a poll lacks its keys", extra={"poll": poll.slug, "error": str(error)})
    return page(
        "polls/refused.html",
        poll,
        503,
        at_counter=at_counter,
        title=_("Votes cannot be taken just now"),
        text=_("Nothing was recorded. Please try again in a while; the city’s technicians can see why."),
    )


def foreign(poll: Poll, address: str, *, at_counter: bool) -> Response:
    """Say that what was sent is not what the check page of this voter carries."""
    return page("polls/foreign.html", poll, 409, at_counter=at_counter, address=address)
