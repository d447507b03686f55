"""What the link of a partner opens: the case as far as it is shared, and what the partner may do with it."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cps.cases import queries as cases
from cps.cases.models import Attachment
from cps.cases.pictures import main_photos
from cps.cases.services.photos import SIZES, storage_key
from cps.cases.uploads import forget_unused, stored_photos
from cps.core import clock, limits
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import current_language, localized
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.security import public
from cps.core.storage import NotStored, current_storage
from cps.departments import queries as departments
from cps.partners import queries, services
from cps.partners.forms import AnswerForm
from cps.partners.models import PartnerLink
from cps.partners.rules import LinkState, Share, state_of
from cps.wards import queries as wards

bp = Blueprint("partner", __name__, url_prefix="/partner")

ANSWERS = Limit("partner-answer", 20, timedelta(hours=1))


@bp.get("/<token:token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Show what was sent to the partner, or say plainly why it opens no more."""
    return _page(token, AnswerForm(formdata=None))


@bp.get("/<token:token>/photos/<token:name>/<any(large, thumbnail, fallback):size>")
@public
def photo(token: str, name: str, size: str) -> ResponseReturnValue:
    """Serve a photo of the problem to the partner, also of a case that is not public."""
    link = queries.link_of(token)
    if _state(link) is not LinkState.OPEN or name not in {one.name for one in _photos(link)}:
        abort(404)
    try:
        data = current_storage().get(storage_key(name, size))
    except NotStored:
        abort(404)
    response = Response(data, mimetype="image/jpeg" if SIZES[size] == "jpg" else "image/webp")
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


@bp.post("/<token:token>/take")
@public
def take(token: str) -> ResponseReturnValue:
    """Let the partner say that it is on it."""
    if _state(queries.link_of(token)) is LinkState.OPEN:
        with transaction():
            case = cases.lock_case(queries.link_of(token).case.reference)
            services.take(case, token, at=clock.now())
        flash(_("Thank you. The city knows that you are on it."), "success")
    return _back(token)


@bp.post("/<token:token>/answer")
@public
def answer(token: str) -> ResponseReturnValue:
    """Take the partner's answer; the link ends with it."""
    return _answer(token, returns=False)


@bp.post("/<token:token>/return")
@public
def send_back(token: str) -> ResponseReturnValue:
    """Take the case back from a partner that says it is not theirs; the link ends with it."""
    return _answer(token, returns=True)


def _answer(token: str, *, returns: bool) -> ResponseReturnValue:
    form = AnswerForm()
    if _state(queries.link_of(token)) is not LinkState.OPEN:
        return _page(token, form)
    limited = bool(current_app.extensions["cps_config"].rate_limits)
    limits.count(ANSWERS, token[:16], at=clock.now(), enabled=limited)
    right = bool(form.validate())
    stored, refused = stored_photos(form.photos.data, zone=g.city.zone, at=clock.now()) if right else ([], [])
    form.photos.errors = refused
    try:
        if right and not refused:
            _keep(token, form, stored, returns=returns)
            return _back(token)
    except RuleViolation:
        db.session.rollback()
    finally:
        forget_unused(stored)
    return _page(token, form)


def _keep(token: str, form: AnswerForm, photos: list[Attachment], *, returns: bool) -> None:
    with transaction():
        case = cases.lock_case(queries.link_of(token).case.reference)
        services.answer(
            case,
            token,
            form.message.data or "",
            at=clock.now(),
            language=current_language(),
            photos=photos,
            returns=returns,
        )


def _back(token: str) -> ResponseReturnValue:
    return redirect(url_for(".show", token=token), HTTPStatus.SEE_OTHER)


def _state(link: PartnerLink) -> LinkState:
    return state_of(link, clock.now(), case_is_open=services.is_theirs(link.case))


def _photos(link: PartnerLink) -> list[Attachment]:
    """Return the photos of the problem, which came with the case itself."""
    return main_photos(cases.photos(link.case_id))[0]


def _page(token: str, form: AnswerForm) -> ResponseReturnValue:
    link = queries.link_of(token)
    state = _state(link)
    if state is not LinkState.OPEN:
        words = "" if form.message.data == queries.answer_of(link) else form.message.data or ""
        page = render_template("partners/ended.html", link=link, state=state, words=words)
        return _private(page, HTTPStatus.GONE)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _private(render_template("partners/link.html", form=form, **_parts(link, token)), status)


def _private(page: str, status: HTTPStatus) -> Response:
    """Answer with a page that no cache keeps, no search engine lists, and no other site hears of."""
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _parts(link: PartnerLink, token: str) -> dict[str, Any]:
    """Return what of the case is shared: what everybody may read, and what the officer ticked."""
    case = link.case
    if Share.TEXTS in link.shares:
        cases.show_originals([case])
    known = departments.catalogue()
    ward = localized(wards.areas().names.get(case.ward_id or 0))
    return {
        "link": link,
        "token": token,
        "case": case,
        "category": localized(known.categories[case.category_id].name),
        "department": localized(known.departments[case.department_id].name),
        "place": ", ".join(part for part in (case.address, ward) if part),
        "reporter": queries.reporter_of(case) if Share.CONTACT in link.shares else None,
        "photos": [_picture(one, token) for one in _photos(link)],
    }


def _picture(one: Attachment, token: str) -> dict[str, Any]:
    return {
        "url": url_for(".photo", token=token, name=one.name, size="large"),
        "thumb": url_for(".photo", token=token, name=one.name, size="large"),
        "width": one.width,
        "height": one.height,
        "alt": _("Photo of the problem"),
        "caption": None,
    }
