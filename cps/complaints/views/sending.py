"""Filing a complaint, its end: similar cases, the last look, sending, and the page that stays."""

from datetime import datetime, timedelta

import segno
from flask import Response, current_app, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from cps.cases import queries as cases
from cps.cases.access import open_for_this_visitor
from cps.cases.models import Draft
from cps.complaints import queries, services
from cps.complaints.forms import PRIVATE, SendForm
from cps.complaints.presenting import promise_of
from cps.complaints.questions import answers_in_words
from cps.complaints.rules import FASTEST, Step, first_missing
from cps.complaints.services import Sending
from cps.complaints.views import drafts
from cps.complaints.views.filing import chosen_category, is_dangerous, to_step, typed_in, written
from cps.complaints.views.public import bp
from cps.core import clock, limits
from cps.core.db import transaction
from cps.core.errors import AlreadyDone, TooMany
from cps.core.forms import spend_key, used_key
from cps.core.http import own_origin
from cps.core.i18n import current_language, html_language
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.security import public
from cps.departments.models import Category
from cps.wards import queries as wards

NEW_CASES = Limit("new-case", 20, timedelta(hours=1))
NEW_CASES_OF_ADDRESS = Limit("new-case-address", 300, timedelta(hours=1))


def _ready(draft: Draft | None) -> Category | None:
    """Return the category of a draft whose steps are all done and whose category is still offered."""
    if draft is None or first_missing(draft.content.get("done", [])) is not None:
        return None
    return chosen_category(draft)


def _to_what_is_missing(draft: Draft | None) -> ResponseReturnValue:
    if draft is None:
        return redirect(url_for(".new"), 303)
    return to_step(first_missing(draft.content.get("done", [])) or Step.WORDS)


@bp.get("/new/similar")
@public
def similar() -> ResponseReturnValue:
    """Show cases that may be the same, open ones to back and answered ones with their answer."""
    at = clock.now()
    draft = drafts.unsent(at)
    category = _ready(draft)
    if draft is None or category is None:
        return _to_what_is_missing(draft)
    found = queries.similar(written(draft, category), at=at)
    if not found:
        return to_step(None)
    return render_template("complaints/filing/similar.html", found=found, in_danger=is_dangerous(draft))


@bp.get("/new/check")
@public
def check() -> ResponseReturnValue:
    """Show everything once more before it is sent."""
    draft = drafts.unsent(clock.now())
    category = _ready(draft)
    if draft is None or category is None:
        return _to_what_is_missing(draft)
    return _check_page(draft, category)


def _check_page(draft: Draft, category: Category, problem: str = "") -> str:
    form = SendForm(formdata=None, form_key=drafts.key_of(draft))
    place = draft.content["place"]
    ward = next((w for w in wards.areas().wards.values() if w.id == place["ward_id"]), None)
    typed = typed_in(draft, Step.DETAILS)
    return render_template(
        "complaints/filing/check.html",
        form=form,
        problem=problem,
        category=category,
        photos=queries.draft_photos(draft.id),
        place=place,
        ward=ward,
        address=typed_in(draft, Step.PLACE).get("address", ""),
        body=typed_in(draft, Step.WORDS)["body"],
        answers=answers_in_words(draft.content["answers"], category),
        is_private=category.is_integrity or typed.get("privacy") == PRIVATE,
        email=draft.content["email"],
        name=typed.get("name", ""),
        in_danger=is_dangerous(draft),
    )


@bp.post("/new/check")
@public
def send() -> ResponseReturnValue:
    """File the complaint; the same key, sent again or by several windows at once, leads to the same case."""
    at, form = clock.now(), SendForm()
    key = form.form_key.data or ""
    reference = used_key(key) or _sent_already(at)
    if reference is not None:
        return _to_last_page(reference)
    draft = drafts.unsent(at)
    category = _ready(draft)
    if draft is None or category is None:
        return _to_what_is_missing(draft)
    if key != drafts.key_of(draft):
        return _check_page(
            draft, category, _("Something changed in another window. Please look once more.")
        ), 409
    try:
        _count(at)
    except TooMany as error:
        return _told_to_wait(draft, category, error)
    return _to_last_page(_file(key, is_doubtful=bool(form.website.data), at=at))


def _sent_already(at: datetime) -> str | None:
    """Return the reference where this visitor's newest draft was sent, a moment ago or in another window."""
    draft = drafts.newest(at)
    return queries.reference_of(draft.case_id) if draft and draft.case_id else None


def _count(at: datetime) -> None:
    config = current_app.extensions["cps_config"]
    limits.count(NEW_CASES, drafts.sender(), at=at, enabled=config.rate_limits)
    limits.count(NEW_CASES_OF_ADDRESS, drafts.address(), at=at, enabled=config.rate_limits)


def _told_to_wait(draft: Draft, category: Category, error: TooMany) -> Response:
    minutes = max(1, error.retry_after // 60)
    problem = _(
        "Many complaints came from here within the last hour."
        " Yours is kept: please send it in %(minutes)s minutes.",
        minutes=minutes,
    )
    response = make_response(_check_page(draft, category, problem), error.status)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _file(key: str, *, is_doubtful: bool, at: datetime) -> str:
    """File the draft as it was seen and return the reference; what another window filed first counts."""
    with transaction():
        draft = drafts.lock_newest(at)
        if draft is not None and draft.case_id is not None:
            return queries.reference_of(draft.case_id)
        category = _ready(draft)
        if draft is None or category is None or key != drafts.key_of(draft):
            raise AlreadyDone(_("Something changed in another window. Please look once more."))
        sending = Sending(
            token=drafts.newest_token(),
            category=category,
            reporter=current_user if current_user.is_authenticated else None,
            city=g.city,
            page_language=html_language(current_language()),
            is_doubtful=is_doubtful or at - draft.created_at < FASTEST,
        )
        reference = services.file_draft(draft, sending, at=at).case.reference
        if not spend_key(key, purpose="complaint", leads_to=reference, at=at):
            raise AlreadyDone(_("This complaint was sent already."))
    return reference


def _to_last_page(reference: str) -> ResponseReturnValue:
    return redirect(url_for(".done", reference=reference), 303)


@bp.get("/new/done/<reference:reference>")
@public
def done(reference: str) -> ResponseReturnValue:
    """Show number, PIN and secret link to the one who sent it, as often as asked; lead others to the case."""
    now = clock.now()
    found = drafts.sent(reference, now)
    keys = services.opened(*found) if found else None
    if keys is None:
        return redirect(url_for(".show", reference=reference), 303)
    pin, secret = keys
    case = cases.get_case(reference)
    contact = cases.contact_of(case.id)
    open_for_this_visitor(case.id)
    link = own_origin(current_app.extensions["cps_config"]) + url_for(
        ".open_with_key", reference=reference, secret=secret
    )
    return render_template(
        "complaints/filing/done.html",
        case=case,
        pin=pin,
        link=link,
        code=_qr(link),
        email=contact.email if contact else "",
        promise=promise_of(case, now=now, zone=g.city.zone),
    )


def _qr(link: str) -> Markup:
    """Return the link drawn as a code, to stand in the page: it is printed and kept with it."""
    drawn = segno.make(link, error="m", micro=False)
    drawing = drawn.svg_inline(
        border=0, omitsize=True, svgclass=None, lineclass=None, title=_("Code with the link to your case")
    )
    return Markup(drawing)  # noqa: S704 - drawn by us from an address of our own
