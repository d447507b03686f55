"""The blueprint of polls, and finding a poll that the visitor may see."""

from flask import Blueprint, abort

from cps.polls import queries
from cps.polls.models import Poll
from cps.polls.rules import RESULT_IS_PUBLIC

bp = Blueprint("polls", __name__, url_prefix="/polls")


def visible_poll(slug: str) -> Poll:
    """Return a poll that everybody may see, to be read alone; raises NotVisible for a draft."""
    return queries.shown_poll(slug)


def published_poll(slug: str) -> Poll:
    """Return a poll whose result everybody may see; else the page is not there."""
    poll = visible_poll(slug)
    must_be_published(poll)
    return poll


def must_be_published(poll: Poll) -> None:
    """Abort with 404 unless everybody may see the result of a poll."""
    if poll.state not in RESULT_IS_PUBLIC:
        abort(404)
