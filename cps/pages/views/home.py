"""The first page."""

from flask import current_app, g, render_template, request
from flask.typing import ResponseReturnValue

from cps.cases import queries as cases
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.rendering import address, cacheable, nav_item
from cps.core.security import public
from cps.notices import queries as notices
from cps.notices.presenting import cards as notice_cards
from cps.notices.rules import mark
from cps.pages.views.base import bp
from cps.pages.wording import done_in
from cps.polls import presenting
from cps.polls import queries as polls
from cps.polls.presenting import Stage

MOST_ANSWERED = 4
MOST_NOTICES = 3


@nav_item(0)
def home_place() -> tuple[str, str, str, bool]:
    """Lead to the first page."""
    return address("pages.home"), _("Home"), "house", request.endpoint == "pages.home"


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """Show what one can do here, and what the city has just answered."""
    if g.city is None:
        return render_template("pages/no_city.html")
    at, known = clock.now(), polls.listed()
    running = notices.running(at)[:MOST_NOTICES]
    tag = f"home-{cases.list_tag(at)}-{presenting.mark(known, at)}-{mark(running)}"
    if (answer := cacheable(tag)) is not None:
        return answer
    now_open = [poll for poll in reversed(known) if presenting.stage_of(poll, at) is Stage.OPEN]
    return render_template(
        "pages/home.html",
        answered=cases.recently_answered(at, MOST_ANSWERED),
        done_in=done_in,
        open_polls=[presenting.card_of(poll, at) for poll in now_open],
        open_words=presenting.open_words(now_open, at) if now_open else "",
        notices=notice_cards(running, at),
        endpoints=current_app.view_functions,
    )
