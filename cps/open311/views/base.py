"""What all calls share: the form of an answer, errors in that form, which city is asked, whole addresses."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, g, request

from cps.cases import reference as references
from cps.core.errors import CpsError, TooMany
from cps.core.http import own_origin
from cps.core.rendering import address
from cps.open311.documents import TYPES, XML, Document, written
from cps.open311.presenting import Addresses
from cps.open311.rules import Problem, Refused, bad, jurisdictions, missing

bp = Blueprint("open311", __name__, url_prefix="/open311/v2")

NO_PHOTO = "0" * 16
NO_REFERENCE = "0" * references.LENGTH


@bp.before_request
def refuse_elsewhere() -> None:
    """Refuse what asks for a form that there is not, for another city, or before there is one."""
    if _suffix() not in TYPES:
        raise Refused(missing("only .xml and .json are served"))
    if g.city is None:
        raise Refused(Problem(HTTPStatus.SERVICE_UNAVAILABLE, "this city is not set up yet"))
    asked = request.values.get("jurisdiction_id", "").strip().lower()
    if asked and asked not in jurisdictions(origin()):
        raise Refused(missing(f"jurisdiction_id {asked[:80]} was not found"))


@bp.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """Answer with everything that is wrong, in the form that was asked for."""
    return _errors(error.problems)


@bp.errorhandler(CpsError)
def against_a_rule(error: CpsError) -> Response:
    """Answer what services refuse: 404 and 429 stay what they are, all else is 400."""
    stays = error.status in {HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}
    response = _errors([Problem(error.status, error.message) if stays else bad(error.message)])
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


@bp.after_request
def in_asked_form(response: Response) -> Response:
    """Give errors for which the site has a page the form that was asked for, too."""
    if response.status_code < HTTPStatus.BAD_REQUEST or response.mimetype != "text/html":
        return response
    status = HTTPStatus(response.status_code)
    told = _errors([Problem(status, status.description or status.phrase)])
    response.data, response.content_type = told.data, told.content_type
    return response


def answer(
    root: str, content: Sequence[Mapping[str, Any]] | Mapping[str, Any], status: int = 200
) -> Response:
    """Answer with a document in the form that was asked for."""
    form = _suffix() if _suffix() in TYPES else XML
    response = Response(written(Document(root, content), form), status)
    response.content_type = TYPES[form]
    return response


def wants_extensions() -> bool:
    """Return whether elements besides those of the standard are welcome."""
    return request.values.get("extensions", "").strip().lower() == "true"


def origin() -> str:
    """Return scheme and host of this installation."""
    return own_origin(current_app.extensions["cps_config"])


def addresses() -> Addresses:
    """Return where cases and their photos are."""
    return _addresses(origin(), *_patterns())


def _patterns() -> tuple[str, str]:
    page = address("complaints.show", reference=NO_REFERENCE)
    return page, address("cases.photo", name=NO_PHOTO, size="large")


@lru_cache(maxsize=8)
def _addresses(origin: str, page: str, photo: str) -> Addresses:
    shown = references.display(NO_REFERENCE)
    return Addresses(
        page=lambda reference: origin + page.replace(shown, references.display(reference)),
        photo=lambda name: origin + photo.replace(NO_PHOTO, name) if name else None,
    )


def _errors(problems: Sequence[Problem]) -> Response:
    g.cacheable = False
    told = [{"code": problem.code.value, "description": problem.description} for problem in problems]
    return answer("errors", told, problems[0].code.value)


def _suffix() -> str:
    return str((request.view_args or {}).get("suffix", XML))
