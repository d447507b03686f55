"""The blueprint of the city's own pages, and how a colour looks by day and by night."""

from flask import Blueprint

from cps.core.colours import DARK, LIGHT, accent_for, contrast
from cps.core.i18n import gettext as _

bp = Blueprint("townhall", __name__, url_prefix="/admin/city")

OURS = "#0a6859"
"""The colour of a city that chose none, as it is in `tokens.css`."""


def samples(colour: str) -> list[tuple[str, str, str, str]]:
    """Return for each theme its code and name, the colour as it is shown, and its contrast with the page."""
    themes = (("light", _("By day"), LIGHT), ("dark", _("By night"), DARK))
    made = [(code, name, accent_for(colour, ground).accent, ground) for code, name, ground in themes]
    return [
        (code, name, shown, f"{contrast(shown, ground.surfaces[0]):.1f}")
        for code, name, shown, ground in made
    ]
