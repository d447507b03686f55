"""Filing a complaint, third step: what is wrong, and what the category still asks."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import g, get_template_attribute, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from cps.accounts.phone_fields import normal_address
from cps.cases.models import Draft
from cps.complaints import queries, services
from cps.complaints.forms import PRIVATE, PUBLIC, DetailsForm, WordsForm, details_form
from cps.complaints.rules import Step, first_missing, suggest
from cps.complaints.views import drafts
from cps.complaints.views.filing import (
    chosen_category,
    led_away,
    to_step,
    told_to_wait,
    typed_in,
    written,
)
from cps.complaints.views.filing_voice import DROP, keep_voice, kept_or_gone, receive_voice, voice_of
from cps.complaints.views.offered import answers_for
from cps.complaints.views.public import bp
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.http import let_speak
from cps.core.i18n import current_language, html_language, localized
from cps.core.i18n import gettext as _
from cps.core.security import public
from cps.core.storage import delete_files
from cps.departments import danger
from cps.departments import queries as departments
from cps.departments.catalogue import Catalogue, KnownCategory
from cps.departments.questions import answers_of, chosen_in, field_name, stops_of, time_name

CARDS = "complaints/filing/_categories.html"


@bp.get("/new/words")
@public
def words() -> ResponseReturnValue:
    """Ask what is wrong, in the resident's own words, and what kind of thing it is."""
    draft = drafts.unsent(clock.now())
    return _words_page(WordsForm(formdata=None, data=typed_in(draft, Step.WORDS)), draft)


@bp.post("/new/words")
@public
def set_words() -> ResponseReturnValue:
    """Keep the words as typed; go on to what the category asks."""
    at, note, refused = clock.now(), None, ""
    form = WordsForm()
    try:
        drafts.count_new(at)
        note, refused = receive_voice(at)
    except TooMany as error:
        return told_to_wait(form, error, lambda form: _words_page(form, None))
    with kept_or_gone(note), transaction():
        draft = drafts.lock_or_begin(at)
        gone = keep_voice(draft, note, at=at)
        valid = _is_right(form, has_voice=voice_of(draft) is not None, refused=refused)
        keep_words(draft, form, valid=valid, at=at)
    delete_files(gone)
    if (away := led_away(Step.WORDS)) is not None:
        return away
    if DROP in request.form:
        return to_step(Step.WORDS)
    return to_step(Step.DETAILS) if valid else (_words_page(form, draft), 422)


def read_words() -> tuple[WordsForm, bool]:
    """Return what was sent, and whether it is right; what is wrong the form then says."""
    form = WordsForm()
    return form, _is_right(form)


def _is_right(form: WordsForm, *, has_voice: bool = False, refused: str = "") -> bool:
    """Check the words, which may be missing where there is a voice note; `refused` says why one is not."""
    form.has_voice = has_voice
    form.category_is_offered = departments.catalogue().offer(form.category.data or "") is not None
    valid = form.validate()
    if refused:
        form.voice.errors = [refused]
    return valid and not refused


def keep_words(draft: Draft, form: WordsForm, *, valid: bool, at: datetime) -> None:
    """Keep the words as typed in a locked draft; another category asks other details."""
    before = typed_in(draft, Step.WORDS).get("category")
    services.keep(draft, Step.WORDS, form.typed(), at=at)
    if valid:
        services.finish(draft, Step.WORDS)
    if before not in {None, form.category.data}:
        services.forget_details(draft)


def _words_page(form: WordsForm, draft: Draft | None) -> str:
    catalogue = departments.catalogue()
    hinted = _hinted(form, catalogue.offered())
    let_speak()
    return render_template(
        "complaints/filing/words.html",
        drawn=drafts.token_of(draft),
        form=form,
        voice=voice_of(draft),
        hinted=hinted,
        words_of=_words_of,
        choices=_choices(catalogue, form.category.data, hinted),
    )


def _choices(catalogue: Catalogue, chosen: str | None, hinted: Sequence[KnownCategory]) -> Markup:
    """Write all categories to choose from; as they are before anything is chosen, they are written once."""
    if chosen or hinted:
        return _written_choices(catalogue, chosen or "", hinted)
    return untouched_choices(catalogue)


def untouched_choices(catalogue: Catalogue) -> Markup:
    """Write all categories to choose from, as they are before anything is chosen."""
    return _untouched_choices(catalogue, current_language(), g.city.default_language)


@lru_cache(maxsize=32)
def _untouched_choices(catalogue: Catalogue, _language: str, _default: str) -> Markup:
    return _written_choices(catalogue, "", ())


def _written_choices(catalogue: Catalogue, chosen: str, hinted: Sequence[KnownCategory]) -> Markup:
    groups: dict[str, list[KnownCategory]] = {}
    for category in catalogue.offered():
        if category not in hinted:
            groups.setdefault(localized(category.group_name) or _("Something else"), []).append(category)
    write: Callable[..., Markup] = get_template_attribute(CARDS, "category_groups")
    return write(groups, chosen, _words_of)


def _hinted(form: WordsForm, categories: Sequence[KnownCategory]) -> list[KnownCategory]:
    """Return the categories that the words point to, while none is chosen."""
    if form.category.data or not form.body.data:
        return []
    keywords = {one.code: [word for own in one.keywords.values() for word in own] for one in categories}
    known = {category.code: category for category in categories}
    return [known[code] for code in suggest(form.body.data[:2_000], keywords)]


def _words_of(category: KnownCategory) -> list[str]:
    """Return the keywords in the page's language, else in the city's."""
    own = category.keywords.get(html_language(current_language()))
    return own or category.keywords.get(g.city.default_language, [])


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
    category_id = category.id
    form, values = read_details(category)
    with transaction():
        draft = drafts.lock_or_begin(at)
        keep_details(draft, form, values, at=at)
        missing, told = first_missing(draft.content["done"]), written(draft, category_id)
        answers = answers_for(draft, category)
    if (away := led_away(Step.DETAILS)) is not None:
        return away
    if values is None:
        return _details_page(form, category, draft), 422
    if missing is None and (answers or queries.similar(told, at=at)):
        return redirect(url_for(".similar"), 303)
    return to_step(missing)


def read_details(category: KnownCategory) -> tuple[DetailsForm, dict[str, Any] | None]:
    """Return what was sent and what it says; None where something is wrong, which the form then says."""
    form = _details_form(category)
    valid = form.validate()
    for question, words_of_stop in stops_of(form, category):
        form[field_name(question)].errors = [words_of_stop]
        valid = False
    return form, _read(form, category) if valid else None


def keep_details(draft: Draft, form: DetailsForm, values: dict[str, Any] | None, *, at: datetime) -> None:
    """Keep the answers as typed in a locked draft; the step is done where they could be read."""
    services.keep(draft, Step.DETAILS, form.typed(), at=at)
    if values is not None:
        services.finish(draft, Step.DETAILS, values)


def _details_form(category: KnownCategory, **options: Any) -> DetailsForm:
    return details_form(category, asks_contact=not current_user.is_authenticated)(**options)


def _read(form: DetailsForm, category: KnownCategory) -> dict[str, Any]:
    email = form["email"].data if "email" in form else ""
    return {"answers": answers_of(form, category), "email": normal_address(email) if email else ""}


def _details_page(form: DetailsForm, category: KnownCategory, draft: Draft | None) -> str:
    stopped = bool(stops_of(form, category)) if form.errors else False
    body = typed_in(draft, Step.WORDS).get("body", "")
    return render_template(
        "complaints/filing/details.html",
        drawn=drafts.token_of(draft),
        form=form,
        category=category,
        questions=[(question, field_name(question), time_name(question)) for question in category.questions],
        stopped=stopped,
        in_danger=danger.is_told(body, chosen_in(form, category), category, g.city.danger_words),
    )
