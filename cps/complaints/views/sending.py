"""Filing a complaint, its end: similar cases, the last look, sending, and the page that stays."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.access import open_for_this_visitor
from cps.cases.models import Draft
from cps.complaints import queries, services
from cps.complaints.forms import PRIVATE, SendForm
from cps.complaints.presenting import promise_of
from cps.complaints.rules import FASTEST, Step, first_missing
from cps.complaints.services import Sending
from cps.complaints.views import drafts, helping
from cps.complaints.views.filing import chosen_category, is_urgent, to_step, typed_in, written
from cps.complaints.views.filing_voice import voice_of
from cps.complaints.views.offered import answers_for
from cps.complaints.views.public import bp
from cps.core import clock, limits
from cps.core.db import transaction
from cps.core.errors import AlreadyDone, TooMany
from cps.core.forms import spend_key, used_key
from cps.core.http import own_origin
from cps.core.i18n import current_language, html_language, localized
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.keys import app_key, keyed_tag
from cps.core.limits import Limit
from cps.core.security import public
from cps.core.square_code import FAST_MASK, square_code
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.questions import answers_in_words
from cps.wards import queries as wards

CHANGED = _l("Something changed in another window. Please look once more.")
NEW_CASES = Limit("new-case", 20, timedelta(hours=1))
NEW_CASES_OF_ADDRESS = Limit("new-case-address", 300, timedelta(hours=1))
NEW_CASES_FOR_MAIL = Limit("new-case-mail", 20, timedelta(hours=1))
"""Whoever files may leave an address of mail that is not theirs: no one is written to without end."""


def _is_done(draft: Draft | None) -> bool:
    return draft is not None and first_missing(draft.content.get("done", [])) is None


def _to_what_is_missing(draft: Draft | None) -> ResponseReturnValue:
    if draft is None:
        return redirect(url_for(".new"), 303)
    return to_step(first_missing(draft.content.get("done", [])) or Step.WORDS)


@bp.get("/new/similar")
@public
def similar() -> ResponseReturnValue:
    """Show what the city answers already, and cases that may be the same: open ones, answered ones."""
    at = clock.now()
    draft = drafts.unsent(at)
    category = chosen_category(draft)
    if draft is None or category is None or not _is_done(draft):
        return _to_what_is_missing(draft)
    found, answers = queries.similar(written(draft, category.id), at=at), answers_for(draft, category)
    if not (found or answers):
        return to_step(None)
    return render_template(
        "complaints/filing/similar.html",
        found=found,
        answers=answers,
        in_danger=is_urgent(draft, category),
    )


@bp.get("/new/check")
@public
def check() -> ResponseReturnValue:
    """Show everything once more before it is sent."""
    return _check_page(drafts.unsent(clock.now()))


def _check_page(draft: Draft | None, problem: str = "") -> ResponseReturnValue:
    """Show the last look, or lead to what is still missing."""
    category = chosen_category(draft)
    if draft is None or category is None or not _is_done(draft):
        return _to_what_is_missing(draft)
    form = SendForm(formdata=None, form_key=drafts.key_of(draft))
    place = draft.content["place"]
    ward = next((w for w in wards.areas().wards.values() if w.id == place["ward_id"]), None)
    typed = typed_in(draft, Step.DETAILS)
    return render_template(
        "complaints/filing/check.html",
        drawn=drafts.token_of(draft),
        form=form,
        problem=problem,
        category=category,
        photos=queries.draft_photos(draft.id),
        place=place,
        ward=ward,
        address=typed_in(draft, Step.PLACE).get("address", ""),
        body=typed_in(draft, Step.WORDS)["body"],
        voice=voice_of(draft),
        answers=answers_in_words(draft.content["answers"], category),
        about=_about(category, typed),
        is_private=category.is_integrity or typed.get("privacy") == PRIVATE,
        email=draft.content["email"],
        name=typed.get("name", ""),
        in_danger=is_urgent(draft, category),
    )


def _about(category: KnownCategory, typed: dict[str, Any]) -> list[tuple[str, str]]:
    """Return whom a complaint about staff names, as the last look shows it."""
    if not category.is_integrity:
        return []
    named = departments.catalogue().department(typed.get("about_department") or "")
    said = [
        (_("Department it is about"), localized(named.name) if named else ""),
        (_("Person it is about"), typed.get("about_person") or ""),
    ]
    return [(what, words) for what, words in said if words]


@bp.post("/new/check")
@public
def send() -> ResponseReturnValue:
    """File the complaint; the same key, sent again or by several windows at once, leads to the same case."""
    at, form = clock.now(), SendForm()
    key = form.form_key.data or ""
    if (reference := used_key(key)) is not None:
        return _to_last_page(reference)
    draft = drafts.newest(at)
    if draft is not None and draft.case_id is not None:  # a moment ago, in another window
        return _to_last_page(queries.reference_of(draft.case_id))
    if draft is None or not _is_done(draft):
        return _to_what_is_missing(draft)
    if key != drafts.key_of(draft):
        return _with_status(_check_page(draft, CHANGED), HTTPStatus.CONFLICT)
    try:
        count_case(drafts.sender(), draft.content["email"], at)
    except TooMany as error:
        return _told_to_wait(draft, error)
    reference = _file(key, is_doubtful=bool(form.website.data), at=at)
    return _to_last_page(reference) if reference else _check_page(drafts.unsent(at))


def _with_status(answer: ResponseReturnValue, status: HTTPStatus) -> Response:
    """Give a page this status; what leads elsewhere keeps its own."""
    response = make_response(answer)
    if response.status_code == HTTPStatus.OK:
        response.status_code = status
    return response


def count_case(sender: str, email: str, at: datetime) -> None:
    """Count a complaint that is about to be filed; raises TooMany."""
    config = current_app.extensions["cps_config"]
    uses = [(NEW_CASES_OF_ADDRESS, drafts.address()), (NEW_CASES, sender)]
    if email and not current_user.is_authenticated:
        uses.append((NEW_CASES_FOR_MAIL, keyed_tag(app_key("limits"), email)[:32]))
    limits.count_each(uses, at=at, enabled=config.rate_limits)


def _told_to_wait(draft: Draft, error: TooMany) -> Response:
    minutes = max(1, error.retry_after // 60)
    problem = _(
        "Many complaints came from here within the last hour."
        " Yours is kept: please send it in %(minutes)s minutes.",
        minutes=minutes,
    )
    response = _with_status(_check_page(draft, problem), error.status)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _file(key: str, *, is_doubtful: bool, at: datetime) -> str | None:
    """File the draft as it was seen and return the reference; what another window filed first counts.

    None where the category was taken off in the meantime; raises AlreadyDone where the draft was changed.
    """
    with transaction():
        draft = drafts.lock_newest(at)
        if draft is not None and draft.case_id is not None:
            return queries.reference_of(draft.case_id)
        if draft is None or key != drafts.key_of(draft):
            raise AlreadyDone(CHANGED)
        category = chosen_category(draft)
        if category is None:
            return None
        is_fast = at - draft.created_at < FASTEST
        sending = sending_of(draft, drafts.newest_token(), category, is_doubtful=is_doubtful or is_fast)
        reference = services.file_draft(draft, sending, at=at).case.reference
        if not spend_key(key, purpose="complaint", leads_to=reference, at=at):
            raise AlreadyDone(_("This complaint was sent already."))
    return reference


def sending_of(draft: Draft, token: str, category: KnownCategory, *, is_doubtful: bool) -> Sending:
    """Return what is known of a sending besides its draft: who sends it, in which language, to which city.

    Call it in the transaction that files: a helper's consent is locked until then. Raises RuleViolation where
    it was ended.
    """
    resident = helping.resident_of(draft)
    sender = current_user if current_user.is_authenticated else None
    return Sending(
        token=token,
        category=category,
        reporter=resident or sender,
        helper=sender if resident else None,
        city=g.city,
        page_language=html_language(current_language()),
        is_doubtful=is_doubtful,
    )


def secret_link(reference: str, secret: str) -> str:
    """Return the whole address that opens a case to its reporter."""
    path = url_for("complaints.open_with_key", reference=reference, secret=secret)
    return own_origin(current_app.extensions["cps_config"]) + path


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
    link = secret_link(reference, secret)
    return render_template(
        "complaints/filing/done.html",
        case=case,
        pin=pin,
        link=link,
        code=square_code(link, title=_("Code with the link to your case"), mask=FAST_MASK),
        address=(contact.email or contact.phone) if contact else "",
        promise=promise_of(case, now=now, zone=g.city.zone),
    )
