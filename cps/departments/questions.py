"""The extra questions of a category as fields of a form, and their answers as they are kept and shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from wtforms import Field, Form, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError
from wtforms.widgets import DateInput, TimeInput

from cps.core.forms import tidy_line, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.departments import rules
from cps.departments.catalogue import KnownCategory, KnownQuestion
from cps.departments.rules import Datatype, NotAnAnswer

LISTS = frozenset({Datatype.SINGLE, Datatype.MULTIPLE})


def field_name(question: KnownQuestion) -> str:
    """Return the name of the field that holds the answer."""
    return f"answer-{question.code}"


def time_name(question: KnownQuestion) -> str:
    """Return the name of the field that holds the time of day of a date."""
    return f"time-{question.code}"


def question_fields(questions: Iterable[KnownQuestion]) -> dict[str, Any]:
    """Return fields by name, in the order of the questions."""
    fields: dict[str, Any] = {}
    for question in questions:
        fields[field_name(question)] = _FIELDS[question.datatype](question)
        if question.datatype is Datatype.DATETIME:
            fields[time_name(question)] = StringField(
                _l("Time of day"), filters=[tidy_line], validators=[_Time(field_name(question))],
                widget=TimeInput(), description=_l("If you know it")
            )  # fmt: skip
    return fields


def offers(questions: Iterable[KnownQuestion]) -> dict[str, list[tuple[str, str]]]:
    """Return by the name of its field what each question with a list offers: (key, name)."""
    return {
        field_name(question): [(choice["key"], localized(choice["name"])) for choice in question.choices]
        for question in questions
        if question.datatype in LISTS
    }


def answers_of(form: Form, category: KnownCategory) -> dict[str, list[str]]:
    """Return the answers of a valid form as they are kept: `{question: [values]}`, without empty ones."""
    answers = {question.code: _answer(form, question) for question in category.questions}
    return {code: given for code, given in answers.items() if given}


def stops_of(form: Form, category: KnownCategory) -> list[tuple[KnownQuestion, str]]:
    """Return each question whose answer ends the filing in this category, with the words that say why."""
    found = []
    for question in category.questions:
        given = _chosen(form[field_name(question)])
        if (texts := rules.stopped_by(question.stops, given)) is not None:
            found.append((question, localized(texts)))
    return found


def chosen_in(form: Form, category: KnownCategory) -> dict[str, list[str]]:
    """Return what is chosen from lists in the form, right or wrong."""
    lists = [question for question in category.questions if question.datatype in LISTS]
    return {one.code: _chosen(form[field_name(one)]) for one in lists}


def answers_in_words(answers: Mapping[str, Sequence[str]], category: KnownCategory) -> list[tuple[str, str]]:
    """Return (question, answer) in the page's language, in the order of the questions."""
    rows = []
    for question in category.questions:
        names = {choice["key"]: localized(choice["name"]) for choice in question.choices}
        if given := answers.get(question.code):
            words = [names.get(value, value) for value in given]
            if question.datatype is Datatype.DATETIME:
                words = [value.replace("T", " ") for value in given]
            rows.append((localized(question.label), ", ".join(words)))
    return rows


def _answer(form: Form, question: KnownQuestion) -> list[str]:
    field = form[field_name(question)]
    if question.datatype in LISTS:
        return _chosen(field)
    if not field.data:
        return []
    if question.datatype is Datatype.NUMBER:
        return [rules.read_number(field.data)]
    if question.datatype is Datatype.DATETIME:
        return [rules.read_moment(field.data, form[time_name(question)].data or "")]
    return [field.data]


def _chosen(field: Field) -> list[str]:
    data = field.data or []
    return [data] if isinstance(data, str) else list(data)


def _common(question: KnownQuestion, *validators: Any) -> dict[str, Any]:
    label = localized(question.label)
    first = [DataRequired(_("Please answer: %(question)s", question=label))] if question.is_required else []
    return {
        "label": label,
        "description": localized(question.help),
        "validators": [*first, *validators],
    }


def _line(question: KnownQuestion) -> Any:
    limit = Length(max=rules.LONGEST_LINE_ANSWER, message=_l("That is too long; %(max)d letters at most."))
    return StringField(filters=[tidy_line], **_common(question, limit))


def _text(question: KnownQuestion) -> Any:
    limit = Length(max=rules.LONGEST_TEXT_ANSWER, message=_l("That is too long; %(max)d letters at most."))
    return TextAreaField(filters=[tidy_text], **_common(question, limit))


def _number(question: KnownQuestion) -> Any:
    return StringField(filters=[tidy_line], **_common(question, _check_number))


def _date(question: KnownQuestion) -> Any:
    return StringField(filters=[tidy_line], widget=DateInput(), **_common(question, _check_date))


def _single(question: KnownQuestion) -> Any:
    return RadioField(validate_choice=False, **_common(question, _check_choice))


def _multiple(question: KnownQuestion) -> Any:
    return SelectMultipleField(validate_choice=False, **_common(question, _check_choice))


_FIELDS: Mapping[Datatype, Callable[[KnownQuestion], Any]] = {
    Datatype.STRING: _line,
    Datatype.TEXT: _text,
    Datatype.NUMBER: _number,
    Datatype.DATETIME: _date,
    Datatype.SINGLE: _single,
    Datatype.MULTIPLE: _multiple,
}


def _check_choice(_form: Form, field: Any) -> None:
    known = {choice[0] for choice in field.choices or []}
    if any(value not in known for value in _chosen(field)):
        raise ValidationError(_("Choose one of these answers."))


def _check_number(_form: Form, field: Field) -> None:
    if not field.data:
        raise StopValidation
    try:
        rules.read_number(field.data)
    except NotAnAnswer:
        raise ValidationError(_("Write a number, like 3 or 3.5.")) from None


def _check_date(_form: Form, field: Field) -> None:
    if not field.data:
        raise StopValidation
    try:
        rules.read_moment(field.data, "")
    except NotAnAnswer:
        raise ValidationError(_("Write the day as year, month and day, like 2026-11-18.")) from None


class _Time:
    """Takes a time of day, which needs the day beside it."""

    def __init__(self, day: str) -> None:
        self.day = day

    def __call__(self, form: Form, field: Field) -> None:
        if not field.data:
            raise StopValidation
        if not form[self.day].data:
            raise ValidationError(_("Say the day too, or leave the time empty."))
        try:
            rules.read_moment("2000-01-01", field.data)
        except NotAnAnswer:
            raise ValidationError(_("Write the time as hours and minutes, like 14:30.")) from None
