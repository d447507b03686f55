"""Filing without a connection: the three steps on one page, and the list of what a phone keeps.

A phone stores both pages for everybody who uses it, so they show nothing of anybody: they are the same
whoever is signed in. What is filled into them leaves the phone
through `from_phone` alone.
"""

from collections.abc import Callable
from functools import lru_cache

from flask import g, get_template_attribute
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import Field

from cps.cases.rules import MOST_PHOTOS
from cps.complaints.forms import PhotosForm, WordsForm, common_details_form, details_form
from cps.complaints.views.filing_place import place_form
from cps.complaints.views.filing_words import CARDS, untouched_choices
from cps.complaints.views.public import bp
from cps.core.i18n import current_language
from cps.core.on_phone import for_everybody
from cps.core.security import public
from cps.departments import queries as departments
from cps.departments.catalogue import Catalogue, KnownCategory, KnownQuestion
from cps.departments.questions import field_name, time_name
from cps.wards import queries as wards


@bp.get("/offline")
@public
def offline() -> ResponseReturnValue:
    """Ask everything on one page, with the questions of every category, to be kept and sent later."""
    catalogue = departments.catalogue()
    return for_everybody(
        "complaints/offline.html",
        photos=PhotosForm(formdata=None),
        most=MOST_PHOTOS,
        place=place_form(wards.areas(), formdata=None),
        words=WordsForm(formdata=None),
        choices=untouched_choices(catalogue),
        questions=_questions(catalogue, current_language(), g.city.default_language),
        common=common_details_form()(formdata=None),
    )


@bp.get("/kept")
@public
def kept() -> ResponseReturnValue:
    """Show the list of what this phone keeps, which the phone itself fills in."""
    return for_everybody("complaints/kept.html", zone=str(g.city.zone))


@lru_cache(maxsize=32)
def _questions(catalogue: Catalogue, _language: str, _default: str) -> Markup:
    """Write the questions of every category, each in a template that a script takes out."""
    write: Callable[..., Markup] = get_template_attribute(CARDS, "questions_of")
    return Markup().join(write(one, _fields(one)) for one in catalogue.offered())


def _fields(category: KnownCategory) -> list[tuple[KnownQuestion, Field, Field | None]]:
    """Return each question with its field and that of its time of day; no id stands on the page twice."""
    form = details_form(category, asks_contact=False)(formdata=None)
    fields = {field.name: field for field in form}
    for field in form:
        field.id = f"{category.code}-{field.name}"
    return [(one, fields[field_name(one)], fields.get(time_name(one))) for one in category.questions]
