"""Texts of the program in every language: what is missing, what no speaker has read, a file to work on."""

from collections.abc import Callable
from http import HTTPStatus
from itertools import islice
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from cps.admin import catalogs
from cps.core.i18n import OWN_NAMES, STAFF_LANGUAGES, number
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.paging import place
from cps.core.security import Can, requires

bp = Blueprint("texts", __name__, url_prefix="/admin/texts")

PAGE_SIZE = 50
SHOWN: dict[str, tuple[Any, Callable[[catalogs.Text], bool]]] = {
    "unreviewed": (_l("No speaker has read"), lambda text: not text.reviewed),
    "missing": (_l("Without a translation"), lambda text: text.is_missing),
    "reviewed": (_l("Reviewed"), lambda text: bool(text.reviewed)),
}
"""What a list of texts can be narrowed to."""


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show a row for each language."""
    found = [catalogs.counts_of(language) for language in catalogs.languages()]
    return render_template("admin/texts.html", rows=[_row(counts) for counts in found])


@bp.get("/<code:language>")
@requires(Can.MANAGE_CITY)
def language(language: str) -> ResponseReturnValue:
    """Show the texts of a language, those first that nobody has reviewed."""
    _must_exist(language)
    shown = request.args.get("show", "unreviewed")
    shown = shown if shown in SHOWN else "unreviewed"
    start = request.args.get("from", 0, type=place)
    wanted = (text for text in catalogs.texts_of(language) if SHOWN[shown][1](text))
    texts = list(islice(wanted, start, start + PAGE_SIZE + 1))
    return render_template(
        "admin/texts_of.html",
        code=language,
        name=OWN_NAMES.get(language, language),
        counts=catalogs.counts_of(language),
        tabs=[
            {
                "text": words,
                "href": url_for(".language", language=language, show=name),
                "current": name == shown,
            }
            for name, (words, _fits) in SHOWN.items()
        ],
        texts=texts[:PAGE_SIZE],
        earlier=_page(language, shown, start - PAGE_SIZE) if start else None,
        later=_page(language, shown, start + PAGE_SIZE) if len(texts) > PAGE_SIZE else None,
    )


@bp.get("/<code:language>.po")
@requires(Can.MANAGE_CITY)
def download(language: str) -> Response:
    """Send the catalog as it stands, for a translator's own program."""
    _must_exist(language)
    return send_file(
        catalogs.file_of(language),
        mimetype="text/x-gettext-translation",
        as_attachment=True,
        download_name=f"{language}.po",
    )


def _must_exist(language: str) -> None:
    if language not in catalogs.languages():
        abort(HTTPStatus.NOT_FOUND)


def _page(language: str, shown: str, start: int) -> str:
    values: dict[str, Any] = {"language": language, "show": shown, "from": max(start, 0)}
    return url_for(".language", **values)


def _row(counts: catalogs.Counts) -> dict[str, object]:
    return {
        "language": counts.language,
        "name": OWN_NAMES.get(counts.language, counts.language),
        "for_whom": _("residents and staff") if counts.language in STAFF_LANGUAGES else _("residents"),
        "texts": number(counts.texts),
        "missing": number(counts.missing),
        "unread": number(counts.texts - counts.missing - counts.reviewed),
        "is_offered": counts.language in g.city.languages,
    }
