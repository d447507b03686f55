"""The first page of the administration: what to look at first, then every page on which something is set."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import attention
from cps.admin.attention import Attention
from cps.core import clock
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


WHO = (
    Page("people.index", "users", _l("Accounts of staff"), _l("Who works for the city, as what, and where.")),
    Page("offices.index", "building-2", _l("Departments"), _l("Who answers: names, order, who works there.")),
    Page("partners.index", "handshake", _l("Partners"), _l("Who outside the city does its part of a case.")),
    Page(
        "integrity.readers", "shield", _l("Integrity"), _l("Who may read who reported staff or corruption.")
    ),
    Page(
        "insights.morning_readers",
        "file-text",
        _l("Morning report"),
        _l("Who reads every morning what is late."),
    ),
)
CASES = (
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
)
TIME = (
    Page(
        "clock.settings",
        "clock",
        _l("The answer clock"),
        _l("When cases are seen, and how far a date moves."),
    ),
    Page(
        "calendar.index",
        "calendar",
        _l("Working calendar"),
        _l("Opening hours and holidays, which promises count."),
    ),
    Page("suspensions.manage", "calendar-clock", _l("Suspend work"), _l("A storm, or a day that was lost.")),
)
TAKING_PART = (
    Page("manage_polls.index", "vote", _l("Polls"), _l("From the first draft to the published result.")),
    Page("goals.index", "lightbulb", _l("Proposals"), _l("How many supports oblige the city to answer.")),
)
CITY = (
    Page("townhall.show", "landmark", _l("The city"), _l("Name, languages, colour, numbers to call.")),
    Page("townhall.crest", "shield", _l("Crest"), _l("The picture beside the city’s name, on every page.")),
    Page(
        "townhall.words",
        "file-text",
        _l("Words of the city"),
        _l("Who runs this, whom to ask about data, where to complain."),
    ),
    Page("districts.index", "map", _l("Wards"), _l("The areas of the city, and a file of their outlines.")),
    Page("texts.index", "languages", _l("Languages"), _l("What is translated, and what a speaker has read.")),
    Page(
        "previews.index", "mail", _l("What the city writes"), _l("Every message to look at, and quiet hours.")
    ),
    Page("sms.show", "smartphone", _l("Text messages"), _l("What they cost today, and what they may.")),
    Page(
        "open311_keys.index", "key-round", _l("Other programs"), _l("Keys by which programs file complaints.")
    ),
)
FILES = (
    Page("imports.index", "upload", _l("Bring in files"), _l("Cases, answers, categories, the register.")),
    Page("exports.index", "download", _l("Take out files"), _l("The city, answers, what was done.")),
)
WATCH = (
    Page("trail.index", "history", _l("What was done"), _l("Who changed what, and when.")),
    Page(
        "deliveries.show",
        "circle-alert",
        _l("What did not arrive"),
        _l("Mails and text messages that came back, and why."),
    ),
)
GROUPS = (
    ("who", _l("Who answers"), WHO),
    ("cases", _l("How cases are worked"), CASES),
    ("time", _l("By when"), TIME),
    ("taking-part", _l("Polls and proposals"), TAKING_PART),
    ("city", _l("The city and its words"), CITY),
    ("files", _l("Files"), FILES),
    ("watch", _l("What happened"), WATCH),
)


@bp.app_context_processor
def who_sets_the_rules() -> dict[str, object]:
    """Give pages what they need to lead administrators on."""
    return {"may_administer": lambda: allows(current_user, Can.MANAGE_CITY)}


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show what to look at first, and where everything is set."""
    looks = [(one.text, _address(one)) for one in attention.found(clock.now())]
    groups = [(key, name, [(page, url_for(page.endpoint)) for page in pages]) for key, name, pages in GROUPS]
    return render_template("admin/index.html", looks=looks, groups=groups)


def _address(one: Attention) -> str:
    values: dict[str, Any] = dict(one.values)
    return url_for(one.endpoint, **values)
