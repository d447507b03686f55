"""A complaint as another program sends it, read by the rules of the site's own form."""

from collections.abc import Callable
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from cps.cases.services import Contact
from cps.complaints.services import Settled, settle
from cps.core import text
from cps.core.city import CityFacts
from cps.core.email import LONGEST_EMAIL, BadAddress, normal_email
from cps.core.forms import LONGEST_LINE
from cps.core.i18n import localized
from cps.core.phone import BadPhone, any_phone
from cps.departments.catalogue import KnownCategory
from cps.open311 import rules
from cps.open311.asking import position, service_of
from cps.open311.forms import answers_to
from cps.open311.rules import LONGEST_DESCRIPTION, Problem, Refused, bad
from cps.open311.services import Report

LONGEST_NAME = 120
Value = TypeVar("Value")
Fields = MultiDict[str, str]


def report_of(fields: Fields, tag: str, *, city: CityFacts, language: str) -> Report:
    """Return what was sent; raises Refused with everything that is wrong with it."""
    problems: list[Problem] = []

    def read(part: Callable[[], Value], instead: Value) -> Value:
        try:
            return part()
        except Refused as refused:
            problems.extend(refused.problems)
            return instead

    category = read(lambda: _category(fields), None)
    place = read(lambda: _place(fields), Settled(None, None, None, None))
    body = read(lambda: description(fields), "")
    address = read(lambda: _line(fields, "address_string", LONGEST_LINE), "")
    contact = read(lambda: _contact(fields, city, language), Contact())
    media_url = read(lambda: rules.link(fields.get("media_url", "").strip()), "")
    nothing: dict[str, list[str]] = {}
    answers = read(lambda: _answers(fields, category, city), nothing)
    if category is None or problems:
        raise Refused(*problems)
    return Report(
        body=body or localized(category.name),
        category=category,
        place=place,
        address=address,
        answers=answers,
        contact=contact,
        media_url=media_url,
        tag=tag,
    )


def description(fields: Fields) -> str:
    """Return the cleaned words; raises Refused where they are too many."""
    words = fields.get("description", "")
    if len(words) > LONGEST_DESCRIPTION:
        raise Refused(bad(f"description is longer than {LONGEST_DESCRIPTION} characters"))
    return text.clean(words)


def _category(fields: Fields) -> KnownCategory:
    code = fields.get("service_code", "").strip()
    if not code:
        raise Refused(bad("service_code is missing"))
    return service_of(code)


def _place(fields: Fields) -> Settled:
    lat, lon = (fields.get(name, "").strip() for name in ("lat", "long"))
    if lat or lon:
        place = settle(position(lat, lon), None)
        if place.is_outside:
            raise Refused(bad("lat and long are outside the city, which cannot act there"))
        return place
    if fields.get("address_string", "").strip():
        return settle(None, None)
    if fields.get("address_id", "").strip():
        raise Refused(bad("address_id is not known here: send lat and long, or address_string"))
    raise Refused(bad("a location is missing: send lat and long, or address_string"))


def _answers(fields: Fields, category: KnownCategory | None, city: CityFacts) -> dict[str, list[str]]:
    if category is None:
        return {}
    given: dict[str, list[str]] = {}
    for name, values in fields.lists():
        if (code := rules.attribute_code(name)) is not None and any(values):
            given.setdefault(code, []).extend(value for value in values if value)
    answers, problems = answers_to(category, given, city.zone)
    if problems:
        raise Refused(*problems)
    return answers


def _contact(fields: Fields, city: CityFacts, language: str) -> Contact:
    email = _line(fields, "email", LONGEST_EMAIL)
    phone = _line(fields, "phone", 60)
    names = [fields.get(name, "")[:LONGEST_NAME] for name in ("first_name", "last_name")]
    try:
        return Contact(
            name=text.one_line(" ".join(names))[:LONGEST_NAME],
            email=normal_email(email) if email else "",
            phone=any_phone(phone, city.country) if phone else "",
            language=language,
        )
    except BadAddress:
        raise Refused(bad("email is no address of mail")) from None
    except BadPhone:
        raise Refused(bad("phone is no number that can be called")) from None


def _line(fields: Fields, name: str, longest: int) -> str:
    line = text.one_line(fields.get(name, "")[: 4 * longest])
    if len(line) > longest:
        raise Refused(bad(f"{name} is longer than {longest} characters"))
    return line
