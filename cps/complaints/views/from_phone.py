"""A complaint that a phone kept while it had no connection: it comes photo by photo, then the rest.

The same forms, rules and limits as in the three steps; only the pages between are missing. The phone draws
the token of the draft itself, so each of these may be sent again as often as answers get lost, and makes one
case. Nothing of it touches the cookie: a phone sends in the background while somebody writes another one.
"""

import hashlib
from datetime import datetime
from http import HTTPStatus
from typing import Any, BinaryIO, cast

from flask import g, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from cps.cases.models import Draft
from cps.cases.reference import display
from cps.cases.services.photos import store_placed_photo
from cps.cases.step_forms import StepForm
from cps.cases.uploads import forget_unused
from cps.cases.wording import PHOTO_REFUSALS
from cps.complaints import queries, services
from cps.complaints.forms import SendForm
from cps.complaints.rules import FASTEST, KeptState, Step, first_missing
from cps.complaints.views import drafts
from cps.complaints.views.filing import chosen_category, to_step
from cps.complaints.views.filing_photos import count_upload
from cps.complaints.views.filing_place import keep_place, read_place
from cps.complaints.views.filing_words import keep_details, keep_words, read_details, read_words
from cps.complaints.views.public import bp
from cps.complaints.views.sending import count_case, secret_link, sending_of
from cps.core import clock, on_phone
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.forms import used_key
from cps.core.http import origin_only
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.images import ImageRefused
from cps.core.keys import hashed_token
from cps.core.security import public
from cps.core.storage import current_storage
from cps.departments.catalogue import KnownCategory
from cps.wards import queries as wards

GONE = _l("Its category is not offered any more. Please choose another one.")
BLOCK = 1024 * 1024
LONGEST_WRITING = 86_400
"""Seconds; who says to have written for longer has written long enough."""


@bp.post("/kept/photo")
@public
@origin_only
def add_kept_photo() -> ResponseReturnValue:
    """Hang one photo on the draft of the phone; one that hangs there already is no error."""
    at, token = clock.now(), drafts.drawn_token()
    file = request.files.get("photo")
    if (refusal := _refusal(token, at)) is not None or file is None:
        return refusal or (jsonify(problems=[_("There is no photo in this.")]), 422)
    sha256 = _hash_of(file)
    draft = queries.find_draft(hashed_token(token), account_id=drafts.account_id(), at=at)
    if draft is not None and sha256 in queries.hashes_of_draft(draft.id):
        return jsonify(photo=sha256)
    try:
        if draft is None:
            drafts.count_begun(at)
        count_upload(_sender(token), at)
    except TooMany as error:
        return _wait(error)
    return _hang(file, sha256, token, at)


def _hang(file: FileStorage, sha256: str, token: str, at: datetime) -> ResponseReturnValue:
    """Store a photo outside of any transaction and hang it on the draft, unless it got there meanwhile."""
    try:
        placed = store_placed_photo(
            cast("BinaryIO", file.stream), storage=current_storage(), zone=g.city.zone, at=at
        )
    except ImageRefused as error:
        return jsonify(photo=sha256, refused=str(PHOTO_REFUSALS[error.reason])), 422
    unused, left_over = [placed[0]], []
    with transaction():
        draft = drafts.lock_drawn(token, at)
        if draft is not None and draft.case_id is None:
            fresh, unused = services.part_known(draft, [placed])
            left_over = services.add_photos(draft, fresh, at=at)
    forget_unused(unused + left_over)
    if draft is None:
        return _state(KeptState.NEW_KEY)
    if left_over:
        return jsonify(photo=sha256, refused=_("It was left out: there was no room for more photos.")), 422
    return jsonify(photo=sha256)


def _hash_of(file: FileStorage) -> str:
    digest = hashlib.sha256()
    while block := file.stream.read(BLOCK):
        digest.update(block)
    file.stream.seek(0)
    return digest.hexdigest()


@bp.post("/kept")
@public
@origin_only
def send_kept() -> ResponseReturnValue:
    """File what the phone kept. What is not right yet stays in the draft, and the phone is told."""
    at, token = clock.now(), drafts.drawn_token()
    if (refusal := _refusal(token, at)) is not None:
        return refusal
    try:
        if queries.find_draft(hashed_token(token), account_id=drafts.account_id(), at=at) is None:
            drafts.count_begun(at)
        email, answer = _keep_all(token, at)
        if answer is not None:
            return answer
        count_case(_sender(token), email, at)
    except TooMany as error:
        return _wait(error)
    return _file(token, at)


def _keep_all(token: str, at: datetime) -> tuple[str, ResponseReturnValue | None]:
    """Keep everything in the draft; returns the address to answer to, and what is still in the way."""
    with transaction():
        draft = drafts.lock_drawn(token, at)
        if draft is None:
            return "", _state(KeptState.NEW_KEY)
        if draft.case_id is not None:
            return "", _sent(queries.reference_of(draft.case_id), token, at)
        problems = _keep(draft, at)
        there = queries.hashes_of_draft(draft.id)
        missing = [sha256 for sha256 in request.form.getlist("photo") if sha256 not in there]
        if first_missing(draft.content.get("done", [])) is not None:
            problems = problems or [_("Something is still missing.")]
        email = draft.content.get("email", "")
    if missing:
        return email, _state(KeptState.PHOTOS_MISSING, photos=missing)
    return email, _state(KeptState.LOOK, problems=problems) if problems else None


def _keep(draft: Draft, at: datetime) -> list[str]:
    """Keep each step that was sent in a locked draft; returns what is wrong, in sentences."""
    steps, problems = set(request.form.getlist("step")), []
    if Step.PLACE in steps:
        place, settled = read_place(wards.areas(), draft)
        keep_place(draft, place, settled, at=at)
        problems += _said(place)
    if Step.WORDS in steps:
        words, valid = read_words()
        keep_words(draft, words, valid=valid, at=at)
        if words.category.errors and request.form.get("category"):
            words.category.errors = [str(GONE)]
        problems += _said(words)
    category = chosen_category(draft)
    if Step.DETAILS in steps and category is not None:
        details, values = read_details(category)
        keep_details(draft, details, values, at=at)
        problems += _said(details)
    elif category is None and not problems:
        problems.append(str(GONE))
    return problems


def _said(form: StepForm) -> list[str]:
    return [message for _field, message in form.problems()]


def _file(token: str, at: datetime) -> ResponseReturnValue:
    """File the draft; what another request of the same phone filed a moment ago counts."""
    with transaction():
        draft = drafts.lock_drawn(token, at)
        if draft is None:
            return _state(KeptState.NEW_KEY)
        if draft.case_id is not None:
            reference = queries.reference_of(draft.case_id)
        elif (category := chosen_category(draft)) is None:
            return _state(KeptState.LOOK, problems=[str(GONE)])
        else:
            reference = services.file_draft(draft, _sending(draft, token, category), at=at).case.reference
    return _sent(reference, token, at)


def _sending(draft: Draft, token: str, category: KnownCategory) -> services.Sending:
    """Return who sends it; how long somebody wrote is known to the phone alone."""
    seconds = request.form.get("seconds", "")
    is_number = seconds.isascii() and seconds.isdigit()
    wrote = min(int(seconds[:9]), LONGEST_WRITING) if is_number else 0
    is_fast = wrote < FASTEST.total_seconds()
    return sending_of(draft, token, category, is_doubtful=is_fast or bool(SendForm().website.data))


@bp.post("/kept/go-on")
@public
@origin_only
def go_on_with_kept() -> ResponseReturnValue:
    """Go on in the three steps with what a phone kept and the city could not take as it was."""
    at, token = clock.now(), drafts.drawn_token()
    draft = queries.find_draft(hashed_token(token), account_id=drafts.account_id(), at=at) if token else None
    if draft is None:
        return redirect(url_for(".new"), 303)
    drafts.remember(token)
    if draft.case_id is not None:
        return redirect(url_for(".done", reference=queries.reference_of(draft.case_id)), 303)
    return to_step(first_missing(draft.content.get("done", [])))


def _refusal(token: str, at: datetime) -> ResponseReturnValue | None:
    """Return why nothing is taken: no token, sent already, or begun under another sign-in."""
    if not token:
        return jsonify(problems=[_("This could not be read.")]), 422
    if (reference := used_key(token)) is not None:
        return _sent(reference, token, at)
    who = on_phone.who()
    return _state(KeptState.OTHER_PERSON, who=who) if request.form.get("who", "") != who else None


def _sender(token: str) -> str:
    """Return by what sending is counted: the account, the device where its cookie says so, else the draft."""
    if current_user.is_authenticated or drafts.DEVICE in session:
        return drafts.sender()
    return f"phone:{hashed_token(token)[:32]}"


def _state(state: KeptState, **more: Any) -> ResponseReturnValue:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if state is KeptState.LOOK else HTTPStatus.CONFLICT
    return jsonify(state=state, **more), status


def _wait(error: TooMany) -> ResponseReturnValue:
    return jsonify(problems=[error.message]), error.status, {"Retry-After": str(error.retry_after)}


def _sent(reference: str, token: str, at: datetime) -> ResponseReturnValue:
    """Tell the number; to whoever has the token and may use it, PIN and secret link too."""
    draft = queries.sent_draft([hashed_token(token)], reference, account_id=drafts.account_id(), at=at)
    keys = services.opened(draft, token) if draft else None
    told = {"number": display(reference), "address": url_for(".show", reference=reference)}
    if keys is not None:
        told |= {"pin": keys[0], "link": secret_link(reference, keys[1])}
    return jsonify(state=KeptState.SENT, **told)
