"""The first page of the administration: every page on which the city's rules are set."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core.i18n import lazy_gettext as _l
from cps.core.security import Can, allows, requires

bp = Blueprint("admin", __name__, url_prefix="/admin")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the administration: its endpoint, an icon, what it is and what it is for."""

    endpoint: str
    icon: str
    title: Any
    text: Any


PAGES = (
    Page("people.index", "users", _l("Accounts of staff"), _l("Who works for the city, as what, and where.")),
    Page(
        "offices.index",
        "building-2",
        _l("Departments"),
        _l("Who answers: names, order, who works there."),
    ),
    Page(
        "categories.index", "list", _l("Categories"), _l("What cases are about, who answers, what is asked.")
    ),
    Page(
        "routing.index", "route", _l("Routing"), _l("Which complaint goes to whom, before anybody reads it.")
    ),
    Page(
        "suggestions.index",
        "flask-conical",
        _l("Suggested categories"),
        _l("What words tell, and how right it is."),
    ),
    Page(
        "templates.index", "message-square-text", _l("Reply templates"), _l("Words to begin an answer with.")
    ),
    Page(
        "reasons.index", "ban", _l("Reasons for a no"), _l("What officers choose from, and residents read.")
    ),
    Page(
        "calendar.index",
        "calendar",
        _l("Working calendar"),
        _l("Opening hours and holidays, which promises count."),
    ),
    Page(
        "clock.settings",
        "clock",
        _l("The answer clock"),
        _l("When cases are seen, and how far a date moves."),
    ),
    Page("partners.index", "handshake", _l("Partners"), _l("Who outside the city does its part of a case.")),
    Page(
        "open311_keys.index", "key-round", _l("Other programs"), _l("Keys by which programs file complaints.")
    ),
    Page("suspensions.manage", "calendar-clock", _l("Suspend work"), _l("A storm, or a day that was lost.")),
    Page("goals.index", "lightbulb", _l("Proposals"), _l("How many supports oblige the city to answer.")),
    Page("manage_polls.index", "vote", _l("Polls"), _l("From the first draft to the published result.")),
    Page(
        "insights.morning_readers",
        "file-text",
        _l("Morning report"),
        _l("Who reads every morning what is late."),
    ),
    Page("texts.index", "languages", _l("Languages"), _l("What is translated, and what a speaker has read.")),
    Page(
        "integrity.readers", "shield", _l("Integrity"), _l("Who may read who reported staff or corruption.")
    ),
    Page(
        "previews.index", "mail", _l("What the city writes"), _l("Every message to look at, and quiet hours.")
    ),
    Page(
        "deliveries.show",
        "circle-alert",
        _l("What did not arrive"),
        _l("Mails and text messages that came back, and why."),
    ),
    Page("sms.show", "smartphone", _l("Text messages"), _l("What they cost today, and what they may.")),
)


@bp.app_context_processor
def who_sets_the_rules() -> dict[str, object]:
    """Give pages what they need to lead administrators on."""
    return {"may_administer": lambda: allows(current_user, Can.MANAGE_CITY)}


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show where everything is set."""
    return render_template("admin/index.html", pages=[(page, url_for(page.endpoint)) for page in PAGES])
