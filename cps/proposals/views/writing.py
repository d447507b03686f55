"""Writing a proposal: what and why, then where it is for with its pictures. Nothing typed is lost."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.cases.models import Draft
from cps.cases.rules import MOST_PHOTOS
from cps.cases.uploads import forget_unused
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import public
from cps.core.storage import delete_files
from cps.departments import queries as departments
from cps.departments.rules import CategoryKind
from cps.proposals import services
from cps.proposals.forms import PLACE, PlaceForm, WordsForm
from cps.proposals.queries.drafts import draft_photos
from cps.proposals.queries.similar import similar
from cps.proposals.views import drafts
from cps.proposals.views.base import bp
from cps.proposals.views.pictures import left_out, store
from cps.wards import queries as wards
from cps.wards import services as wards_services
from cps.wards.geometry import PlaceKind

LEAST_TYPED = 8
"""Letters of a title from which on it is worth looking for what is alike."""


def typed_in(draft: Draft | None) -> dict[str, Any]:
    """Return what was typed, right or wrong."""
    typed: dict[str, Any] = draft.content.get("typed", {}) if draft else {}
    return typed


@bp.get("/new")
@public
def new() -> ResponseReturnValue:
    """Ask what is proposed and why, with what was typed before; offer what was begun on another device."""
    at = clock.now()
    draft = drafts.unsent(at)
    other = drafts.elsewhere(at) if draft is None else None
    return _words_page(WordsForm(formdata=None, data=typed_in(draft)), draft, other)


def _words_page(form: WordsForm, draft: Draft | None, other: Draft | None = None) -> str:
    return render_template(
        "proposals/writing/words.html",
        form=form,
        is_begun=draft is not None,
        other=typed_in(other).get("title") or _("a proposal") if other is not None else "",
    )


@bp.post("/new")
@public
def set_words() -> ResponseReturnValue:
    """Keep the words as typed, and go on where they are right."""
    at, form = clock.now(), WordsForm()
    is_right = form.validate()
    try:
        drafts.count_new(at)
    except TooMany as error:
        form.form_errors.append(error.message)
        return _words_page(form, None), error.status, {"Retry-After": str(error.retry_after)}
    with transaction():
        draft = drafts.lock_or_begin(at)
        services.keep_draft(draft, form.typed(), at=at)
    if not is_right:
        return _words_page(form, draft), 422
    return redirect(url_for(".place"), 303)


@bp.get("/new/alike")
@public
def alike() -> ResponseReturnValue:
    """Give what may be the same as a title that is being typed: a piece of a page, for its script."""
    title = request.args.get("title", "")[:200]
    found = similar(title) if len(title) >= LEAST_TYPED else []
    return {"piece": render_template("proposals/writing/_alike.html", found=found)}


@bp.post("/new/resume")
@public
def resume() -> ResponseReturnValue:
    """Go on, on this device, with what the same account began on another."""
    at = clock.now()
    with transaction():
        draft = drafts.elsewhere(at)
        if draft is not None:
            drafts.take_over(draft, at)
    return redirect(url_for(".new"), 303)


@bp.post("/new/anew")
@public
def anew() -> ResponseReturnValue:
    """Throw away what was begun and start anew."""
    keys: list[str] = []
    with transaction():
        draft = drafts.lock_newest(clock.now())
        if draft is not None and draft.case_id is None:
            keys = services.drop_draft(draft)
    delete_files(keys)
    return redirect(url_for(".new"), 303)


@bp.get("/new/place")
@public
def place() -> ResponseReturnValue:
    """Ask where it is for, what it is about, and for pictures."""
    draft = drafts.unsent(clock.now())
    if draft is None:
        return redirect(url_for(".new"), 303)
    return _place_page(place_form(formdata=None, data=typed_in(draft)), draft)


def place_form(**options: Any) -> PlaceForm:
    """Return the form with all categories and wards to choose from."""
    form = PlaceForm(**options)
    themes = [
        (one.code, localized(one.name)) for one in departments.catalogue().offered(CategoryKind.PROPOSAL)
    ]
    names = [(ward.code, localized(ward.name)) for ward in wards.areas().wards.values()]
    form.offer(themes, sorted(names, key=lambda pair: pair[1]))
    return form


def _place_page(form: PlaceForm, draft: Draft | None) -> str:
    known = departments.catalogue().offered(CategoryKind.PROPOSAL)
    return render_template(
        "proposals/writing/place.html",
        form=form,
        icons={one.code: one.icon for one in known},
        photos=draft_photos(draft.id) if draft is not None else (),
        most=MOST_PHOTOS,
        has_map=bool(wards.areas().outlines),
    )


@bp.post("/new/place")
@public
def set_place() -> ResponseReturnValue:
    """Keep what was chosen and the pictures; go on where all is right. A bad picture stops nothing else."""
    at, form = clock.now(), place_form()
    settled = settle(form) if form.validate() else None
    try:
        drafts.count_new(at)
    except TooMany as error:
        form.form_errors.append(error.message)
        return _place_page(form, None), error.status, {"Retry-After": str(error.retry_after)}
    stored, refused = store(form, at)
    with transaction():
        draft = drafts.lock_or_begin(at)
        services.keep_draft(draft, form.typed(), at=at)
        if settled is not None:
            draft.content = {**draft.content, "place": settled}
        left_over = services.add_photos(draft, stored, at=at)
    forget_unused(left_over)
    form.photos.errors = [*refused, *left_out(len(left_over))]
    if "back" in request.form:
        return redirect(url_for(".new"), 303)
    if settled is None or form.photos.errors:
        return _place_page(form, draft), 422
    return redirect(url_for(".place" if "more" in request.form else ".check"), 303)


def settle(form: PlaceForm) -> dict[str, Any] | None:
    """Return `lat`, `lon`, `ward_id` of a form that is valid; None where it lies outside, which it says."""
    if form.area.data != PLACE:
        return {"lat": None, "lon": None, "ward_id": None}
    ward = wards.areas().wards.get(form.ward.data or "")
    if form.position is None:
        return {"lat": None, "lon": None, "ward_id": ward.id if ward else None}
    lat, lon = form.position
    located = wards_services.locate(lat, lon)
    if located is not None and located.kind is PlaceKind.OUTSIDE:
        form.say_outside(localized(g.city.name))
        return None
    chosen = located.ward if located is not None else ward
    return {"lat": lat, "lon": lon, "ward_id": chosen.id if chosen else None}
