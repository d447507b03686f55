"""Who outside the city hall watches a poll, what they get, and the file of ballots to give to them."""

from http import HTTPStatus

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import audit, clock
from cps.core.db import transaction
from cps.core.security import Can, requires
from cps.core.storage import current_storage
from cps.polls import queries
from cps.polls.bundle import Kind
from cps.polls.manage.views.base import bp, only_while, page
from cps.polls.models import Poll
from cps.polls.rules import RESULT_IS_PUBLIC, PollEventKind
from cps.polls.services import publishing
from cps.polls.views.result_files import zip_file


@bp.get("/<code:slug>/witnesses")
@requires(Can.MANAGE_POLLS)
@only_while(lambda poll: not poll.is_draft)
def witnesses(poll: Poll) -> ResponseReturnValue:
    """Name the witnesses and what they get."""
    return page(
        "witnesses",
        poll,
        get_ballots=Kind.OBSERVER in publishing.bundles_of(poll),
        is_public=poll.state in RESULT_IS_PUBLIC,
        has_file=_has_file(poll),
        digest=_digest(poll),
    )


@bp.post("/<code:slug>/witnesses/ballots")
@requires(Can.MANAGE_POLLS)
def witnesses_ballots(slug: str) -> ResponseReturnValue:
    """Give the file with every ballot line, by POST only; that somebody took it leaves a trace."""
    poll = queries.get_poll(slug)
    if not _has_file(poll):
        return redirect(url_for("manage_polls.witnesses", slug=slug), HTTPStatus.SEE_OTHER)
    stream = current_storage().open(_key(poll))
    with transaction():
        audit.record("take-witness-ballots", about=("poll", slug), by=current_user.id, at=clock.now())
    response = zip_file(stream, f"{slug}-witnesses.zip")
    response.headers["Cache-Control"] = "no-store"
    return response


def _has_file(poll: Poll) -> bool:
    """Say whether the file is here: from the result on, until the keys are destroyed."""
    may_be = poll.state in RESULT_IS_PUBLIC and poll.keys_destroyed_at is None
    return may_be and current_storage().exists(_key(poll))


def _key(poll: Poll) -> str:
    return publishing.bundle_key(poll.slug, Kind.OBSERVER)


def _digest(poll: Poll) -> str:
    """Return the SHA-256 of that file as the publication noted it; "" where there was none."""
    published = [event for event in queries.events(poll.id) if event.kind is PollEventKind.PUBLISHED]
    return str(published[-1].data.get(Kind.OBSERVER.value, "")) if published else ""
