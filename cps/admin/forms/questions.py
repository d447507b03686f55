"""The form of a category's question, with its answers; some end the filing or tell of danger."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, SelectField, SubmitField
from wtforms.validators import AnyOf

from cps.admin.forms.base import CHOOSE, RuleForm, show_texts, text_fields, texts_of
from cps.core.forms import add_error
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.rules import Datatype
from cps.departments.specs import LISTS, QuestionSpec, code_from

LONGEST_LABEL, LONGEST_HELP, LONGEST_STOP = 200, 300, 500
SPARE_ROWS = 2
MOST_CHOICES = 20

DATATYPES = {
    Datatype.SINGLE: _l("One answer of a list"),
    Datatype.MULTIPLE: _l("Several answers of a list"),
    Datatype.STRING: _l("A few words"),
    Datatype.TEXT: _l("A longer text"),
    Datatype.NUMBER: _l("A number"),
    Datatype.DATETIME: _l("A day, and the time where it is known"),
}


class QuestionForm(RuleForm):
    """What is asked, how it is answered; made by `question_form` with rows for the answers of a list."""

    languages: ClassVar[tuple[str, ...]] = ()
    rows: ClassVar[int] = 0

    datatype = SelectField(_l("How is it answered?"), validate_choice=False)
    is_required = BooleanField(_l("Must be answered"))
    look = SubmitField(_l("Look at it"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.datatype.choices = [(kind.value, str(name)) for kind, name in DATATYPES.items()]
        self.datatype.validators = [AnyOf([kind.value for kind in Datatype], message=CHOOSE)]

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether everything is right: a list has answers, and a message has its answer."""
        right = super().validate(*args, **more)
        first = self.languages[0]
        for number in range(self.rows):
            has_stop = bool(texts_of(self, f"stop{number}", self.languages))
            if has_stop and not texts_of(self, f"choice{number}", self.languages):
                add_error(
                    self[f"choice{number}_{first}"], _("Write the answer that this message belongs to.")
                )
                right = False
        is_list = self.datatype.data in {kind.value for kind in LISTS}
        if is_list and not any(
            texts_of(self, f"choice{number}", self.languages) for number in range(self.rows)
        ):
            add_error(self[f"choice0_{first}"], _("A list needs answers. Write at least one."))
            right = False
        return right

    def spec(self, code: str, known_keys: Sequence[str]) -> QuestionSpec:
        """Return what a valid form asks for; an answer whose text was emptied is gone, new ones get a key."""
        choices: list[tuple[str, dict[str, str]]] = []
        stops: dict[str, dict[str, str]] = {}
        dangers: list[str] = []
        taken = set(known_keys)
        datatype = Datatype(self.datatype.data)
        for number in range(self.rows if datatype in LISTS else 0):
            texts = texts_of(self, f"choice{number}", self.languages)
            if not texts:
                continue
            key = self[f"key{number}"].data
            if key not in known_keys or key in dict(choices):
                key = code_from(next(iter(texts.values())), taken, "answer")
            taken.add(key)
            choices.append((key, texts))
            if stop := texts_of(self, f"stop{number}", self.languages):
                stops[key] = stop
            if self[f"danger{number}"].data:
                dangers.append(key)
        return QuestionSpec(
            code,
            datatype,
            texts_of(self, "label", self.languages),
            help=texts_of(self, "help", self.languages),
            is_required=bool(self.is_required.data),
            choices=choices,
            stops=stops,
            dangers=dangers,
        )

    def show(self, spec: QuestionSpec) -> None:
        """Show a question as it stands."""
        show_texts(self, "label", self.languages, spec.label)
        show_texts(self, "help", self.languages, spec.help)
        self.datatype.data, self.is_required.data = spec.datatype.value, spec.is_required
        for number, (key, texts) in enumerate(spec.choices[: self.rows]):
            self[f"key{number}"].data = key
            self[f"danger{number}"].data = key in spec.dangers
            show_texts(self, f"choice{number}", self.languages, texts)
            show_texts(self, f"stop{number}", self.languages, spec.stops.get(key, {}))


def question_form(languages: Sequence[str], choices: int) -> type[QuestionForm]:
    """Return the form for a city that speaks these languages, with room for so many answers and some more."""
    return _made(tuple(languages), min(choices + SPARE_ROWS, MOST_CHOICES), current_language())


@lru_cache(maxsize=64)
def _made(languages: tuple[str, ...], rows: int, _language: str) -> type[QuestionForm]:
    missing = _l("Write the question.")
    fields: dict[str, Any] = {
        "languages": languages,
        "rows": rows,
        **text_fields("label", _("Question"), languages, most=LONGEST_LABEL, missing=missing),
        **text_fields("help", _("Help below it"), languages, most=LONGEST_HELP),
    }
    for number in range(rows):
        answer = _("Answer %(number)s", number=number + 1)
        stop = _("Answer %(number)s ends the filing with this message", number=number + 1)
        fields[f"key{number}"] = HiddenField()
        fields[f"danger{number}"] = BooleanField(_l("This answer says that somebody is in danger"))
        fields |= text_fields(f"choice{number}", answer, languages, most=LONGEST_LABEL)
        fields |= text_fields(f"stop{number}", stop, languages, most=LONGEST_STOP, rows=2)
    return type("QuestionFormOfCity", (QuestionForm,), fields)
