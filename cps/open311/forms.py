"""What a program sends about a complaint, checked by the rules of the site's own form; and a new key."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import DataRequired, Length, ValidationError

from cps.core.forms import SHORTEN, Form, OnceForm, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.catalogue import KnownCategory
from cps.departments.questions import (
    answers_of,
    field_name,
    offers,
    question_fields,
    stops_of,
    time_name,
)
from cps.departments.rules import Datatype
from cps.open311.rules import Problem, bad, day_and_time, host_of


class AttributesForm(Form):
    """The questions of one category, asked by `answers_to`."""


def answers_to(
    category: KnownCategory, given: Mapping[str, Sequence[str]], zone: ZoneInfo
) -> tuple[dict[str, list[str]], list[Problem]]:
    """Return the answers as a case keeps them, and what is wrong with those that were given by code."""
    codes = {question.code for question in category.questions}
    problems = [bad(f"attribute {code} is none of this service") for code in given if code not in codes]
    form_class = type("AttributesOfService", (AttributesForm,), question_fields(category.questions))
    form = form_class(formdata=_as_typed(category, given, zone))
    for name, choices in offers(category.questions).items():
        form[name].choices = choices
    single = (one.code for one in category.questions if one.datatype is not Datatype.MULTIPLE)
    problems += [bad(f"attribute {code} takes one value") for code in single if len(given.get(code, ())) > 1]
    if not form.validate():
        return {}, [*problems, *(bad(f"{_code_of(field.name)}: {told}") for field, told in form.problems())]
    problems += [bad(f"{question.code}: {why}") for question, why in stops_of(form, category)]
    return answers_of(form, category), problems


def _as_typed(
    category: KnownCategory, given: Mapping[str, Sequence[str]], zone: ZoneInfo
) -> MultiDict[str, str]:
    """Return the answers as the site's form sends them; dates have a field for the time of day."""
    typed: MultiDict[str, str] = MultiDict()
    for question in category.questions:
        values = [value for value in given.get(question.code, ()) if value]
        if question.datatype is Datatype.DATETIME and values:
            typed[field_name(question)], typed[time_name(question)] = day_and_time(values[0], zone)
        else:
            typed.setlist(field_name(question), values)
    return typed


def _code_of(field: str) -> str:
    """Return the attribute that a field of the site's form asks."""
    return f"attribute {field.partition('-')[2]}"


class KeyForm(OnceForm):
    """A key for another program."""

    client = StringField(
        _l("Name of the program"),
        description=_l("Staff read it in every case that the program files."),
        filters=[tidy_line],
        validators=[DataRequired(_l("Write the name.")), Length(max=120, message=SHORTEN)],
    )
    contact = StringField(
        _l("Whom to write to about it"),
        description=_l("An e-mail address that several people read."),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Say whom the city can write to.")),
            Length(max=254, message=SHORTEN),
        ],
    )
    media_host = StringField(
        _l("Host of its photos"),
        description=_l("Everybody sees photos that the program links there, such as photos.example.org."),
        filters=[tidy_line],
        validators=[Length(max=254, message=SHORTEN)],
    )

    def validate_media_host(self, field: Any) -> None:
        """Take a host alone, or nothing; an address is read as its host."""
        typed = field.data or ""
        host = host_of(typed if "//" in typed else f"//{typed}")
        if typed and "." not in host:
            raise ValidationError(_("Write a host such as photos.example.org, or leave it empty."))
        field.data = host
