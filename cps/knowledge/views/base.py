"""The blueprint of the answer base, and what its pages share."""

from datetime import date

from flask import Blueprint, g

from cps.core import clock
from cps.core.i18n import current_language, html_language

bp = Blueprint("knowledge", __name__, url_prefix="/answers")


def today() -> date:
    """Return the day in the city's zone."""
    return clock.now().astimezone(g.city.zone).date()


def page_language() -> str:
    """Return the language in which texts are looked for first."""
    return html_language(current_language())
