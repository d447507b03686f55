"""Filing a complaint: beginning, the place, the words, and what the category still asks."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.models import Draft
from cps.complaints import queries, services
from cps.complaints.forms import PRIVATE, PUBLIC, DetailsForm, PlaceForm, StepForm, WordsForm, details_form
from cps.complaints.queries import Written
from cps.complaints.questions import answers_of, field_name, stops_of, time_name
from cps.complaints.rules import Step, first_missing, suggest
from cps.complaints.services import Settled
from cps.complaints.views import drafts
from cps.complaints.views.filing_photos import photos_page
from cps.complaints.views.public import bp
from cps.core import clock
from cps.core.db import transaction
from cps.core.email import normal_email
from cps.core.errors import TooMany
from cps.core.i18n import current_language, html_language, localized
from cps.core.i18n import gettext as _
from cps.core.keys import hashed_token
from cps.core.security import public
from cps.core.storage import current_storage
from cps.departments import queries as departments
from cps.departments.models import Category
from cps.departments.rules import CategoryKind
from cps.wards import queries as wards
from cps.wards.queries import Areas

Typed = TypeVar("Typed", bound=StepForm)


def typed_in(draft: Draft | None, step: Step) -> dict[str, Any]:
    """Return what was typed in a step, right or wrong."""
    typed: dict[str, Any] = draft.content.get("typed", {}).get(step.value, {}) if draft else {}
    return typed


def to_step(step: Step | None) -> ResponseReturnValue:
    """Lead to a step, or to the last look where all steps are done."""
    return redirect(url_for(f".{step.value if step else 'check'}"), 303)


def goes_back() -> bool:
    """Return whether "Back" was pressed: what was typed is kept, and what is wrong is not told yet."""
    return "back" in request.form


def chosen_category(draft: Draft | None) -> Category | None:
    """Return the category chosen in the draft with its questions, while it is offered."""
    code = typed_in(draft, Step.WORDS).get("category")
    category = departments.category_by_code(code) if code else None
    offered = category is not None and category.is_active and category.kind is CategoryKind.COMPLAINT
    return category if offered else None


def is_dangerous(draft: Draft | None) -> bool:
    """Return whether the words of the draft sound as if somebody were in danger."""
    return services.has_danger(typed_in(draft, Step.WORDS).get("body", ""), g.city.danger_words)


def written(draft: Draft, category_id: int) -> Written:
    """Return what the draft says, as similar cases are looked for."""
    place = draft.content.get("place", {})
    body = typed_in(draft, Step.WORDS).get("body", "")
    return Written(body, category_id, place.get("lat"), place.get("lon"), place.get("ward_id"))


@bp.get("/new")
@public
def new() -> ResponseReturnValue:
    """Begin with the photos, or offer to go on with what was begun, also on another device."""
    at = clock.now()
    draft = drafts.unsent(at)
    elsewhere = None
    if draft is None and current_user.is_authenticated:
        elsewhere = queries.draft_of_account(current_user.id, at=at)
    begun = draft or elsewhere
    photos = queries.draft_photos(begun.id) if begun else []
    if begun is None or not (begun.content.get("typed") or photos):
        return photos_page(None, [])
    return render_template(
        "complaints/filing/begun.html",
        words=typed_in(begun, Step.WORDS).get("body", ""),
        address=typed_in(begun, Step.PLACE).get("address", ""),
        photo_count=len(photos),
        begun_at=begun.updated_at,
        is_elsewhere=elsewhere is not None,
        next_step=first_missing(begun.content.get("done", [])),
    )


@bp.post("/new/resume")
@public
def resume() -> ResponseReturnValue:
    """Go on, on this device, with what the same account began on another."""
    at = clock.now()
    if not current_user.is_authenticated:
        return redirect(url_for(".new"), 303)
    with transaction():
        draft = queries.draft_of_account(current_user.id, at=at)
        if draft is None:
            return redirect(url_for(".new"), 303)
        services.take_over(draft, hashed_token(drafts.remember_new()), at=at)
        step = first_missing(draft.content.get("done", []))
    return to_step(step)


@bp.post("/new/anew")
@public
def anew() -> ResponseReturnValue:
    """Throw away what was begun and start from the first step."""
    at, keys = clock.now(), []
    with transaction():
        draft = drafts.lock_newest(at)
        if draft is None and current_user.is_authenticated:
            draft = queries.draft_of_account(current_user.id, at=at)
        if draft is not None and draft.case_id is None:
            keys = services.drop_draft(draft)
    for key in keys:
        current_storage().delete(key)
    return redirect(url_for(".photos"), 303)


def _place_form(known: Areas, **options: Any) -> PlaceForm:
    form = PlaceForm(**options)
    names = [(ward.code, localized(ward.name)) for ward in known.wards.values()]
    form.offer(sorted(names, key=lambda pair: pair[1]))
    return form


def _place_page(form: PlaceForm, draft: Draft | None, known: Areas) -> str:
    places = list(draft.content.get("photo_places", {}).values()) if draft else []
    located = services.settle(tuple(places[0]), None).located if places else None
    return render_template(
        "complaints/filing/place.html",
        form=form,
        photo_place=bool(places),
        photo_ward=localized(located.ward.name) if located else "",
        has_map=bool(known.outlines),
    )


@bp.get("/new/place")
@public
def place() -> ResponseReturnValue:
    """Ask where it is."""
    draft, known = drafts.unsent(clock.now()), wards.areas()
    return _place_page(_place_form(known, formdata=None, data=typed_in(draft, Step.PLACE)), draft, known)


@bp.post("/new/place")
@public
def set_place() -> ResponseReturnValue:
    """Keep the place as typed; go on when it lies in the city or is told in words."""
    at, known = clock.now(), wards.areas()
    form = _place_form(known)
    if form.use_photo.data:
        _use_place_of_photo(form, drafts.unsent(at))
    settled = _settle(form, known)
    try:
        drafts.count_new(at)
    except TooMany as error:
        return _told_to_wait(form, error, lambda form: _place_page(form, None, known))
    with transaction():
        draft = drafts.lock_or_begin(at)
        services.keep(draft, Step.PLACE, form.typed(), at=at)
        if settled is not None:
            here = {"lat": settled.lat, "lon": settled.lon, "ward_id": settled.ward_id}
            services.finish(draft, Step.PLACE, {"place": here})
    if goes_back():
        return redirect(url_for(".photos"), 303)
    if settled is None:
        return _place_page(form, draft, known), 422
    _say_which_ward(settled, form.ward.data or "")
    return to_step(Step.WORDS)


def _told_to_wait(form: Typed, error: TooMany, page: Callable[[Typed], str]) -> ResponseReturnValue:
    """Answer 429 with everything typed still in the page."""
    form.form_errors.append(error.message)
    return page(form), error.status, {"Retry-After": str(error.retry_after)}


def _use_place_of_photo(form: PlaceForm, draft: Draft | None) -> None:
    places = list(draft.content.get("photo_places", {}).values()) if draft else []
    if places:
        form.lat.data, form.lon.data = (f"{degrees:.6f}" for degrees in places[0])


def _settle(form: PlaceForm, known: Areas) -> Settled | None:
    """Return where it is; None where something is wrong, which the form then says."""
    if not form.validate():
        return None
    ward = known.wards.get(form.ward.data or "")
    settled = services.settle(form.position, ward.id if ward else None)
    if settled.is_outside:
        form.say_outside(localized(g.city.name))
        return None
    return settled


def _say_which_ward(settled: Settled, chosen: str) -> None:
    """Tell kindly where the position decided otherwise than people may think."""
    if settled.located is None:
        return
    ward = localized(settled.located.ward.name)
    if settled.located.distance_m > 0:
        flash(
            _(
                "The point lies just outside the city’s border. We took the nearest ward, %(ward)s.",
                ward=ward,
            ),
            "info",
        )
    elif chosen not in {"", settled.located.ward.code}:
        flash(_("The point lies in %(ward)s, so we use that ward.", ward=ward), "info")


@bp.get("/new/words")
@public
def words() -> ResponseReturnValue:
    """Ask what is wrong, in the resident's own words, and what kind of thing it is."""
    draft = drafts.unsent(clock.now())
    return _words_page(WordsForm(formdata=None, data=typed_in(draft, Step.WORDS)))


@bp.post("/new/words")
@public
def set_words() -> ResponseReturnValue:
    """Keep the words as typed; go on to what the category asks."""
    at, form = clock.now(), WordsForm()
    chosen = form.category.data
    form.category_is_offered = bool(chosen) and queries.offered_category(chosen) is not None
    valid = form.validate()
    try:
        drafts.count_new(at)
    except TooMany as error:
        return _told_to_wait(form, error, _words_page)
    with transaction():
        draft = drafts.lock_or_begin(at)
        before = typed_in(draft, Step.WORDS).get("category")
        services.keep(draft, Step.WORDS, form.typed(), at=at)
        if valid:
            services.finish(draft, Step.WORDS)
        if before not in {None, form.category.data}:
            services.forget_details(draft)
    if goes_back():
        return to_step(Step.PLACE)
    return to_step(Step.DETAILS) if valid else (_words_page(form), 422)


def _words_page(form: WordsForm) -> str:
    categories = queries.offered_categories()
    groups: dict[str, list[Any]] = {}
    for category in categories:
        groups.setdefault(localized(category.group_name), []).append(category)
    return render_template(
        "complaints/filing/words.html",
        form=form,
        groups=groups,
        hinted=_hinted(form, categories),
        words_of={category.code: _keywords(category.keywords) for category in categories},
    )


def _hinted(form: WordsForm, categories: Sequence[Any]) -> list[Any]:
    """Return the categories that the words point to, while none is chosen."""
    if form.category.data or not form.body.data:
        return []
    keywords = {one.code: [word for own in one.keywords.values() for word in own] for one in categories}
    known = {category.code: category for category in categories}
    return [known[code] for code in suggest(form.body.data[:2_000], keywords)]


def _keywords(keywords: dict[str, list[str]]) -> list[str]:
    """Return the keywords in the page's language, else in the city's."""
    return keywords.get(html_language(current_language())) or keywords.get(g.city.default_language, [])


@bp.get("/new/details")
@public
def details() -> ResponseReturnValue:
    """Ask what the category needs to know, who may read it, and how to reach the resident."""
    draft = drafts.unsent(clock.now())
    category = chosen_category(draft)
    if category is None:
        return to_step(Step.WORDS)
    default = PRIVATE if category.is_private_by_default else PUBLIC
    typed = {"privacy": default, **typed_in(draft, Step.DETAILS)}
    return _details_page(_details_form(category, formdata=None, data=typed), category, draft)


@bp.post("/new/details")
@public
def set_details() -> ResponseReturnValue:
    """Keep the answers as typed; go on to similar cases, or to the last look where there are none."""
    at = clock.now()
    category = chosen_category(drafts.unsent(at))
    if category is None:
        return to_step(Step.WORDS)
    form, category_id = _details_form(category), category.id
    valid = form.validate()
    for question, words_of_stop in stops_of(form, category):
        form[field_name(question)].errors = [words_of_stop]
        valid = False
    values = _read(form, category) if valid else {}
    with transaction():
        draft = drafts.lock_or_begin(at)
        services.keep(draft, Step.DETAILS, form.typed(), at=at)
        if valid:
            services.finish(draft, Step.DETAILS, values)
        missing, told = first_missing(draft.content["done"]), written(draft, category_id)
    if goes_back():
        return to_step(Step.WORDS)
    if not valid:
        return _details_page(form, category, draft), 422
    if missing is None and queries.similar(told, at=at):
        return redirect(url_for(".similar"), 303)
    return to_step(missing)


def _details_form(category: Category, **options: Any) -> DetailsForm:
    return details_form(category, asks_contact=not current_user.is_authenticated)(**options)


def _read(form: DetailsForm, category: Category) -> dict[str, Any]:
    email = form["email"].data if "email" in form else ""
    return {"answers": answers_of(form, category), "email": normal_email(email) if email else ""}


def _details_page(form: DetailsForm, category: Category, draft: Draft | None) -> str:
    stopped = bool(stops_of(form, category)) if form.errors else False
    return render_template(
        "complaints/filing/details.html",
        form=form,
        category=category,
        questions=[(question, field_name(question), time_name(question)) for question in category.questions],
        stopped=stopped,
        in_danger=is_dangerous(draft),
    )
