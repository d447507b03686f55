"""The blueprint of the pages, and what it gives to every template."""

from flask import Blueprint, request, url_for

bp = Blueprint("pages", __name__)

YEAR = 365 * 24 * 3600
"""How many seconds a device remembers what was chosen for all pages."""


@bp.app_context_processor
def addresses_of_choices() -> dict[str, str]:
    """Give every page the addresses where its language and its letters are chosen, which lead back to it."""
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    back = here if _leads_back(here) else None
    return {
        "language_url": url_for("pages.language", next=back),
        "text_size_url": url_for("pages.text_size", next=back),
    }


def _leads_back(here: str) -> bool:
    return here not in {"", "/"} and request.endpoint not in {None, "pages.language", "pages.text_size"}
