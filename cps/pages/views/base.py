"""The blueprint of the pages, and what it gives to every template."""

from flask import Blueprint, request, url_for

bp = Blueprint("pages", __name__)


@bp.app_context_processor
def language_address() -> dict[str, str]:
    """Give every page the address where its language is chosen and that leads back to it."""
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    return {"language_url": url_for("pages.language", next=here if _leads_back(here) else None)}


def _leads_back(here: str) -> bool:
    return here not in {"", "/"} and request.endpoint not in {None, "pages.language"}
