"""What is the same for every kind of case: finding it by its reference, its photos, its short address."""

from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries
from cps.cases import reference as references
from cps.cases.access import viewer
from cps.cases.models import Attachment, Case
from cps.cases.names import names
from cps.cases.queries import integrity
from cps.cases.queries.voice import note_and_case
from cps.cases.reference import NotAReference, Why
from cps.cases.rules import CaseKind
from cps.cases.services.photos import SIZES, storage_key
from cps.cases.uploads import sound_of
from cps.cases.wording import event_words, hidden_words, moderated_words, status_look
from cps.core import clock, looks
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.rendering import address
from cps.core.security import Can, allows, public
from cps.core.storage import NotStored, Storage

bp = Blueprint("cases", __name__)
BLUEPRINTS = (bp,)

WHY_NOT = {
    Why.EMPTY: _l("Enter the number of your case."),
    Why.NOT_DIGITS: _l("A case number has only digits, like 2611-4839-1260."),
    Why.WRONG_LENGTH: _l("A case number has twelve digits, like 2611-4839-1260. Please compare."),
    Why.MISTYPED: _l("One digit is wrong. Please compare it with your message or the last page."),
}
CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
KEPT = 300
"""Seconds for which a browser shows a photo without asking: so long it may show one that was hidden."""
HEARD = "voice"
"""What rows of the access log say where staff heard the voice note of a private case."""
PAGES = {CaseKind.COMPLAINT: "complaints.show", CaseKind.PROPOSAL: "proposals.show"}
LONGEST_PASTED = 500
"""Of what is pasted to find a case: a whole message by SMS."""

NO_REFERENCE, NO_PHOTO = "0" * 12, "0" * 32
SHOWN = references.display(NO_REFERENCE)
"""Stand in addresses for what differs from row to row, so that a list builds one address and not fifty."""


@bp.app_context_processor
def words_for_templates() -> dict[str, object]:
    """Give every template the words and addresses of cases."""
    return {
        "status_look": status_look,
        "event_words": event_words,
        "hidden_because": queries.hidden_because,
        "hidden_words": hidden_words,
        "moderated_words": moderated_words,
        "display_reference": references.display,
        "case_address": case_address,
        "photo_address": photo_address,
        "names": names,
    }


def case_address(kind: CaseKind, reference: str) -> str:
    """Return the address of a case's page."""
    return address(PAGES[kind], reference=NO_REFERENCE).replace(SHOWN, references.display(reference))


def photo_address(name: str | None, size: str = "thumbnail") -> str | None:
    """Return the address of a size of a photo; None for no photo."""
    return address("cases.photo", name=NO_PHOTO, size=size).replace(NO_PHOTO, name) if name else None


@bp.get("/track")
@public
def track() -> ResponseReturnValue:
    """Find a case by its number, as somebody typed or pasted it."""
    typed = request.args.get("reference", "")
    if "reference" not in request.args:
        return render_template("cases/track.html", typed="", problem=None)
    try:
        reference = references.find(typed[:LONGEST_PASTED])
    except NotAReference as error:
        return render_template("cases/track.html", typed=typed[:100], problem=WHY_NOT[error.reason]), 422
    case = queries.find_case(reference)
    if case is None:
        problem = _("There is no case with this number. Please compare it with your message.")
        return render_template("cases/track.html", typed=references.display(reference), problem=problem), 404
    return redirect(case_address(case.kind, reference), 303)


@bp.get("/c/<reference:reference>")
@public
def show(reference: str) -> ResponseReturnValue:
    """Lead a short address, as in text messages, to the page of the case."""
    case = queries.get_case(reference)
    return redirect(case_address(case.kind, reference), 303)


@bp.get("/photos/<token:name>/<any(large, thumbnail, fallback):size>")
@public
def photo(name: str, size: str) -> ResponseReturnValue:
    """Serve one size of a photo to those who may see its case and the event it came with."""
    found = queries.photo(name)
    if found is None or found.is_hidden or not _may_see(found):
        abort(404)
    tag = f"{name}-{size}"  # what a name leads to never changes: a covered photo has another name
    response = Response(status=304) if request.if_none_match.contains(tag) else _bytes_of(name, size)
    response.set_etag(tag)
    response.headers["Cache-Control"] = f"{'public' if g.photo_is_public else 'private'}, max-age={KEPT}"
    return response


def _bytes_of(name: str, size: str) -> Response:
    storage: Storage = current_app.extensions["cps_storage"]
    try:
        data = storage.get(storage_key(name, size))
    except NotStored:
        abort(404)
    return Response(data, mimetype=CONTENT_TYPES[SIZES[size]])


@bp.get("/voice/<token:name>")
@public
def voice(name: str) -> ResponseReturnValue:
    """Play a voice note to its reporter, and to whoever works the case and may know who reported it.

    A voice leads to its speaker: that staff heard one of a private case, or one about staff, is recorded.
    """
    found = note_and_case(name)
    if found is None:
        abort(404)
    note, case = found
    if not allows(viewer(), Can.SPEAK_AS_REPORTER, case):
        if not allows(viewer(), Can.SEE_REPORTER, case):
            abort(404)
        if case.is_private or case.is_integrity:
            _note_heard(case)
    return sound_of(note)


def _note_heard(case: Case) -> None:
    what = integrity.HEARD if case.is_integrity else HEARD
    looks.record_once(what, by=current_user.id, at=clock.now(), subject_id=case.reporter_id, case_id=case.id)


def _may_see(found: Attachment) -> bool:
    case = queries.case_of_photo(found)
    if case is None:
        return False
    came_in_public = queries.photo_is_public(found, at=clock.now())
    g.photo_is_public = case.is_listed and came_in_public
    if came_in_public and allows(viewer(), Can.SEE_CASE, case):
        return True
    return allows(viewer(), Can.SPEAK_AS_REPORTER, case) or allows(viewer(), Can.WORK_CASE, case)
