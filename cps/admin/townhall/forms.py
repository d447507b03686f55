"""The forms of the city, in every language that it offers."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from wtforms import FileField, SelectField, SelectMultipleField, StringField, SubmitField
from wtforms.validators import AnyOf, DataRequired, Length, Regexp

from cps.admin.forms.base import CHOOSE, RuleForm, all_texts, show_texts, text_fields, texts_of
from cps.admin.townhall.rules import LONGEST_OWN_WORDS
from cps.admin.townhall.specs import CitySpec, spoken
from cps.core.city import CityFacts
from cps.core.forms import SHORTEN, tidy_line
from cps.core.i18n import OWN_NAMES, current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l

LONGEST_NAME, LONGEST_WELCOME, LONGEST_WORDS, LONGEST_PHONE = 80, 300, 2_000, 40


class CityForm(RuleForm):
    """What everybody reads of the city; made by `city_form` for its languages."""

    languages: ClassVar[tuple[str, ...]] = ()

    offered = SelectMultipleField(
        _l("Languages that residents can choose"),
        description=_l("Texts of a language that is taken away stay, for the day it is offered again."),
        validators=[DataRequired(_l("Choose at least one language."))],
        validate_choice=False,
    )
    default_language = SelectField(
        _l("The city’s own language"),
        description=_l("Whoever chose none reads it, and what has no translation is shown in it."),
        validate_choice=False,
    )
    phone = StringField(
        _l("Phone of the city"),
        [Length(max=LONGEST_PHONE, message=SHORTEN)],
        filters=[tidy_line],
        description=_l("For people who would rather call."),
    )
    emergency_phone = StringField(
        _l("Number when somebody is in danger"),
        [
            DataRequired(_l("Give the number to call when somebody is in danger, such as 112.")),
            Length(max=LONGEST_PHONE, message=SHORTEN),
        ],
        filters=[tidy_line],
    )
    accent = StringField(
        _l("Colour"),
        [Regexp(r"(#[0-9a-fA-F]{6})?\Z", message=_l("Write a colour such as #0b5cad, or leave it empty."))],
        filters=[tidy_line],
        description=_l("Such as #0b5cad. It is made darker or lighter until it can be read. Empty: ours."),
    )
    look = SubmitField(_l("Look at it first"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(code, OWN_NAMES[code]) for code in spoken()]
        self.offered.choices = self.default_language.choices = choices
        self.default_language.validators = [AnyOf([code for code, _name in choices], message=CHOOSE)]

    @property
    def spec(self) -> CitySpec:
        """What a valid form asks for."""
        chosen = [code for code in spoken() if code in (self.offered.data or ())]
        words = texts_of(self, "danger", self.languages)
        return CitySpec(
            name=texts_of(self, "name", self.languages),
            welcome=texts_of(self, "welcome", self.languages),
            languages=[code for code in self.languages if code in chosen]
            + [code for code in chosen if code not in self.languages],
            default_language=self.default_language.data or "",
            phone=self.phone.data or "",
            emergency_phone=self.emergency_phone.data or "",
            accent=(self.accent.data or "").lower(),
            danger_words={code: _parted(words.get(code, "")) for code in self.languages},
        )

    def show(self, city: CityFacts) -> None:
        """Show the city as it stands."""
        show_texts(self, "name", self.languages, city.name)
        show_texts(self, "welcome", self.languages, city.welcome)
        danger = {code: ", ".join(words) for code, words in city.danger_words.items()}
        show_texts(self, "danger", self.languages, danger)
        self.offered.data, self.default_language.data = list(city.languages), city.default_language
        for name in ("phone", "emergency_phone", "accent"):
            self[name].data = getattr(city, name)


def city_form(languages: Sequence[str]) -> type[CityForm]:
    """Return the form for a city that speaks these languages, its own first."""
    return _made(tuple(languages), current_language())


@lru_cache(maxsize=64)
def _made(languages: tuple[str, ...], _language: str) -> type[CityForm]:
    fields = {
        "languages": languages,
        **text_fields("name", _("Name"), languages, most=LONGEST_NAME, missing=_l("Give the city a name.")),
        **text_fields("welcome", _("Welcome"), languages, most=LONGEST_WELCOME, rows=2,
                      hint=_("Residents read it on the first page, and on the page about the city.")),
        **text_fields("danger", _("Words of danger"), languages, most=LONGEST_WORDS, rows=3,
                      hint=_("Parted by commas. Who writes one sees the number; the case is urgent.")),
    }  # fmt: skip
    return type("CityFormOfCity", (CityForm,), fields)


class CrestForm(RuleForm):
    """A picture to look at before it becomes the city's crest."""

    file = FileField(
        _l("Picture"),
        description=_l(
            "PNG, WebP or JPEG, at most 2 MB. Best a PNG of 512 by 512 pixels with a clear ground."
        ),
    )


class WordsForm(RuleForm):
    """What the city says itself on a page; made by `words_form` for its languages."""

    languages: ClassVar[tuple[str, ...]] = ()

    look = SubmitField(_l("Look at it first"))

    def words(self) -> dict[str, str]:
        """Return what is typed, by language."""
        return texts_of(self, "words", self.languages)

    def all_words(self, before: Mapping[str, str]) -> dict[str, str]:
        """Return what a valid form says, and what stands in languages that it did not ask."""
        return all_texts(self, "words", self.languages, before)

    def show(self, texts: Mapping[str, str]) -> None:
        """Show the texts as they stand."""
        show_texts(self, "words", self.languages, texts)


def words_form(languages: Sequence[str]) -> type[WordsForm]:
    """Return the form for a city that speaks these languages, its own first."""
    return _words_made(tuple(languages), current_language())


@lru_cache(maxsize=64)
def _words_made(languages: tuple[str, ...], _language: str) -> type[WordsForm]:
    fields = {
        "languages": languages,
        **text_fields("words", _("Text"), languages, most=LONGEST_OWN_WORDS, rows=10,
                      hint=_("An empty line parts paragraphs. Lines that begin with “- ” are a list, with"
                             " “1. ” steps, with “## ” a heading. Addresses become links, also as"
                             " [words](https://…).")),
    }  # fmt: skip
    return type("WordsFormOfCity", (WordsForm,), fields)


def _parted(words: str) -> list[str]:
    found = (word.strip() for word in words.replace("\n", ",").split(","))
    return list(dict.fromkeys(word for word in found if word))
