"""The form of a category: its names, who answers by when, and how it is offered."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional

from cps.admin.forms.base import (
    CHOOSE,
    Choices,
    RuleForm,
    all_texts,
    show_texts,
    text_fields,
    texts_of,
)
from cps.cases.rules import Status
from cps.core.forms import SHORTEN, tidy_line
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.rules import CategoryKind, Needs, TimeUnit
from cps.departments.specs import LONGEST_CODE, CategorySpec, besides
from cps.triage import replies

LONGEST_NAME, LONGEST_HELP, LONGEST_KEYWORDS = 80, 300, 1_000
MOST_TIME, MOST_HOURS = 1_000, 200

UNITS = {
    TimeUnit.WORKING_DAYS: _l("working days"),
    TimeUnit.WORKING_HOURS: _l("working hours"),
    TimeUnit.HOURS: _l("hours, day and night"),
}
KINDS = {CategoryKind.COMPLAINT: _l("Complaints"), CategoryKind.PROPOSAL: _l("Proposals")}
ICONS = (
    *("circle-question-mark", "accessibility", "bike", "book-open", "brick-wall", "brush-cleaning", "bug"),
    *("building-2", "bus", "calendar", "car", "circle-dot", "circle-parking", "cloud-rain", "construction"),
    *("droplets", "footprints", "glass-water", "hard-hat", "heart-pulse", "house", "lamp-floor", "lightbulb"),
    *(
        "megaphone",
        "package",
        "paw-print",
        "phone",
        "rat",
        "recycle",
        "scale",
        "school",
        "shield",
        "signpost",
    ),
    *("siren", "spray-can", "store", "toilet", "toy-brick", "traffic-cone", "trash-2", "trees", "users"),
    *("utensils", "volume-2", "waves", "wifi", "wrench", "zap"),
)
"""Names of Lucide's icons that a category can have; all are built in (`cps/static/*.txt`)."""


def _from_one_to(most: int) -> Any:
    return _l("Choose a number from %(least)s to %(most)s.", least=1, most=most)


class CategoryForm(RuleForm):
    """What everybody reads of a category and who answers; made by `category_form` for a city's languages."""

    languages: ClassVar[tuple[str, ...]] = ()

    department = SelectField(_l("Which department answers?"), validate_choice=False)
    service_time = IntegerField(
        _l("Answered within"),
        [InputRequired(_l("Say within how long it is answered.")),
         NumberRange(1, MOST_TIME, _from_one_to(MOST_TIME))],
    )  # fmt: skip
    service_time_unit = SelectField(_l("Counted in"), validate_choice=False)
    acknowledge_hours = IntegerField(
        _l("Seen within so many working hours"),
        [Optional(),
         NumberRange(1, MOST_HOURS, _from_one_to(MOST_HOURS))],
        description=_l("Empty: as the answer clock says."),
    )  # fmt: skip
    icon = SelectField(_l("Icon"), validate_choice=False)
    is_repair = BooleanField(
        _l("Something is repaired"),
        description=_l("“Fixed” then needs a photo of the work, or the reason why there is none."),
    )
    is_private_by_default = BooleanField(
        _l("Private unless the resident says otherwise"),
        description=_l("The choice “only the city” is made beforehand."),
    )
    is_active = BooleanField(
        _l("In use"), default=True, description=_l("Residents can choose it. Cases that have it keep it.")
    )
    needs_message = SelectMultipleField(
        _l("A message is needed besides, for"),
        description=_l("Asking, waiting, planning and closing always need one."),
        validate_choice=False,
    )
    needs_photo = SelectMultipleField(
        _l("A photo is needed, or the reason why there is none, for"), validate_choice=False
    )
    needs_second = SelectMultipleField(
        _l("A second pair of eyes is needed for"),
        description=_l("A colleague closes the case then, not the officer who has it."),
        validate_choice=False,
    )
    look = SubmitField(_l("Look at it"))

    def offer(self, departments: Choices) -> None:
        """Offer these departments, every unit of time and every icon."""
        units = [(unit.value, str(name)) for unit, name in UNITS.items()]
        icons = [(name, name) for name in ICONS]
        for field, choices in (
            (self.department, departments), (self.service_time_unit, units), (self.icon, icons),
        ):  # fmt: skip
            field.choices = list(choices)
            field.validators = [AnyOf([value for value, _name in choices], message=CHOOSE)]
        words = replies.move_words()
        self.needs_message.choices = [(Status.IN_PROGRESS.value, words[Status.IN_PROGRESS.value])]
        ends = [(end.value, words[end.value]) for end in replies.ENDS]
        self.needs_photo.choices = self.needs_second.choices = ends

    def spec(self, before: CategorySpec) -> CategorySpec:
        """Return what a valid form asks for; what it does not ask stays as it was."""
        keywords = texts_of(self, "keywords", self.languages)
        return CategorySpec(
            code=before.code,
            kind=before.kind,
            name=all_texts(self, "name", self.languages, before.name),
            group_name=all_texts(self, "group", self.languages, before.group_name),
            description=all_texts(self, "help", self.languages, before.description),
            keywords={
                **besides(before.keywords, self.languages),
                **{code: _parted(words) for code, words in keywords.items()},
            },
            department=self.department.data or "",
            service_time=self.service_time.data or 0,
            service_time_unit=TimeUnit(self.service_time_unit.data),
            acknowledge_hours=self.acknowledge_hours.data,
            icon=self.icon.data or before.icon,
            is_repair=bool(self.is_repair.data),
            is_private_by_default=bool(self.is_private_by_default.data),
            is_integrity=before.is_integrity,
            ord=before.ord,
            questions=before.questions,
            is_active=bool(self.is_active.data),
            needs=self._needs(),
        )

    def _needs(self) -> Needs:
        """Return what was ticked; what is not offered is left out."""
        fields = (self.needs_message, self.needs_photo, self.needs_second)
        offered = ({choice[0] for choice in field.choices or ()} for field in fields)
        return Needs(
            *(frozenset(field.data or ()) & known for field, known in zip(fields, offered, strict=True))
        )

    def show(self, spec: CategorySpec) -> None:
        """Show a category as it stands."""
        for name, texts in (("name", spec.name), ("group", spec.group_name), ("help", spec.description)):
            show_texts(self, name, self.languages, texts)
        words = {code: ", ".join(list(given)) for code, given in spec.keywords.items()}
        show_texts(self, "keywords", self.languages, words)
        for name in ("department", "service_time", "acknowledge_hours", "icon", "is_repair"):
            self[name].data = getattr(spec, name)
        for name in ("message", "photo", "second") if spec.needs else ():
            self[f"needs_{name}"].data = sorted(getattr(spec.needs, name))
        self.service_time_unit.data = spec.service_time_unit.value
        self.is_private_by_default.data, self.is_active.data = spec.is_private_by_default, spec.is_active


class NewCategoryForm(CategoryForm):
    """What is fixed once a category has cases: its code, its kind, whether it is about the city's staff."""

    code = StringField(
        _l("Code"),
        description=_l("Short, in small letters, for addresses and open data; it stays for ever."),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Give the category a code, like street-light.")),
            Length(max=LONGEST_CODE, message=SHORTEN),
        ],
    )
    kind = RadioField(
        _l("For what?"),
        validate_choice=False,
        default=CategoryKind.COMPLAINT.value,
        validators=[AnyOf([kind.value for kind in CategoryKind], message=CHOOSE)],
    )
    is_integrity = BooleanField(
        _l("About the city’s staff or corruption"),
        description=_l("Only the integrity officer reads what is filed in it."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind.choices = [(kind.value, str(name)) for kind, name in KINDS.items()]

    def new_spec(self, ord_: int) -> CategorySpec:
        """Return what a valid form asks for."""
        begun = CategorySpec(
            code=self.code.data or "",
            kind=CategoryKind(self.kind.data),
            is_integrity=bool(self.is_integrity.data),
            ord=ord_,
            name={},
            department="",
            service_time=1,
            service_time_unit=TimeUnit.WORKING_DAYS,
        )
        return self.spec(begun)


def category_form(languages: Sequence[str], *, is_new: bool = False) -> type[CategoryForm]:
    """Return the form for a city that speaks these languages, its own first."""
    base = NewCategoryForm if is_new else CategoryForm
    return _made(base, tuple(languages), current_language())


@lru_cache(maxsize=64)
def _made(base: type[CategoryForm], languages: tuple[str, ...], _language: str) -> type[CategoryForm]:
    missing = _l("Give the category a name.")
    fields = {
        "languages": languages,
        **text_fields("name", _("Name"), languages, most=LONGEST_NAME, missing=missing),
        **text_fields("group", _("Group"), languages, most=LONGEST_NAME,
                      hint=_("Categories with the same group stand together.")),
        **text_fields("help", _("What belongs here"), languages, most=LONGEST_HELP, rows=2),
        **text_fields("keywords", _("Words by which it is found"), languages, most=LONGEST_KEYWORDS, rows=2,
                      hint=_("Parted by commas.")),
    }  # fmt: skip
    return type(f"{base.__name__}OfCity", (base,), fields)


def _parted(words: str) -> list[str]:
    return [word.strip() for word in words.replace("\n", ",").split(",") if word.strip()]
