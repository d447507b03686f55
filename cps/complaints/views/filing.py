"""Filing a complaint: beginning it, and what its steps share."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.models import Draft
from cps.cases.step_forms import StepForm
from cps.complaints import queries, services
from cps.complaints.queries import Written
from cps.complaints.rules import Step, first_missing
from cps.complaints.views import drafts
from cps.complaints.views.filing_photos import photos_page
from cps.complaints.views.public import bp
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.keys import hashed_token
from cps.core.security import public
from cps.core.storage import delete_files
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory

Typed = TypeVar("Typed", bound=StepForm)

BEFORE = {Step.PLACE: ".photos", Step.WORDS: ".place", Step.DETAILS: ".words"}
CHOICES = {"language": "pages.language", "text-size": "pages.text_size"}
"""Where a choice for all pages is made, by the name of the link to it."""


def typed_in(draft: Draft | None, step: Step) -> dict[str, Any]:
    """Return what was typed in a step, right or wrong."""
    typed: dict[str, Any] = draft.content.get("typed", {}).get(step.value, {}) if draft else {}
    return typed


def to_step(step: Step | None) -> ResponseReturnValue:
    """Lead to a step, or to the last look where all steps are done."""
    return redirect(url_for(f".{step.value if step else 'check'}"), 303)


def led_away(step: Step) -> ResponseReturnValue | None:
    """Lead where something else than "Continue" was pressed: back, or to language or letters and here again.

    What was typed is kept then, and what is wrong is not told yet. Returns None where the step goes on.
    """
    if "back" in request.form:
        return redirect(url_for(BEFORE[step]), 303)
    choice = CHOICES.get(request.form.get("leave", ""))
    return redirect(url_for(choice, next=url_for(f".{step.value}")), 303) if choice else None


def chosen_category(draft: Draft | None) -> KnownCategory | None:
    """Return the category chosen in the draft with its questions, while it is offered."""
    return departments.catalogue().offer(typed_in(draft, Step.WORDS).get("category", ""))


def is_urgent(draft: Draft, category: KnownCategory) -> bool:
    """Return whether the words of the draft, or an answer in it, say that somebody is in danger."""
    return services.is_urgent(draft, category, g.city.danger_words)


def written(draft: Draft, category_id: int) -> Written:
    """Return what the draft says, as similar cases are looked for."""
    place = draft.content.get("place", {})
    body = typed_in(draft, Step.WORDS).get("body", "")
    photos = queries.pictures_of_draft(draft.id)
    return Written(body, category_id, place.get("lat"), place.get("lon"), place.get("ward_id"), photos)


def told_to_wait(form: Typed, error: TooMany, page: Callable[[Typed], str]) -> ResponseReturnValue:
    """Answer 429 with everything typed still in the page."""
    form.form_errors.append(error.message)
    return page(form), error.status, {"Retry-After": str(error.retry_after)}


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
    delete_files(keys)
    return redirect(url_for(".photos"), 303)
