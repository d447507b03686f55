"""The blueprint of the pages, and what it gives to every template."""

from urllib.parse import urlencode

from flask import Blueprint, request

from cps.core.rendering import address

bp = Blueprint("pages", __name__)

YEAR = 365 * 24 * 3600
"""How many seconds a device remembers what was chosen for all pages."""


@bp.app_context_processor
def addresses_of_choices() -> dict[str, str]:
    """Give every page the addresses where its language and its letters are chosen, which lead back to it."""
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    back = f"?{urlencode({'next': here})}" if _leads_back(here) else ""
    return {
        "language_url": address("pages.language") + back,
        "text_size_url": address("pages.text_size") + back,
    }


def _leads_back(here: str) -> bool:
    return here not in {"", "/"} and request.endpoint not in {None, "pages.language", "pages.text_size"}
