"""In which polls one is marked as having voted. What one voted nobody can show: it stands elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.polls import presenting, queries
from cps.polls.services import electorate, publishing
from cps.residents import queries as residents

bp = Blueprint("own_polls", __name__)


@dataclass(frozen=True, slots=True)
class OwnPoll:
    """A poll and what its roll says of somebody: marked, not marked, or None where nobody can tell."""

    slug: str
    question: str
    when: str
    is_marked: bool | None
    takes_objections: bool


@bp.get("/accounts/me/polls")
@requires(Can.USE_OWN_ACCOUNT)
def own_polls() -> ResponseReturnValue:
    """Show in which polls one is marked as having voted, with a way to object."""
    rows = list(_rows())
    return render_template(
        "polls/own.html",
        marked=[row for row in rows if row.is_marked],
        unknown=[row for row in rows if row.is_marked is None],
    )


def _rows() -> Iterator[OwnPoll]:
    at, register = clock.now(), residents.facts_of(current_user.id)
    for poll in queries.listed():
        yield OwnPoll(
            slug=poll.slug,
            question=localized(poll.question),
            when=presenting.when_of(poll, presenting.stage_of(poll, at), at),
            is_marked=electorate.is_on_roll(poll, current_user, register),
            takes_objections=publishing.takes_objections(poll, at),
        )
