"""What forms of the city's rules share: sent once, and only for what was seen; texts in every language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from cps.core.forms import SHORTEN, OnceForm, VersionField, tidy_line, tidy_text
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.specs import besides

CHOOSE = _l("Choose one of these.")
Choices = Sequence[tuple[str, str]]


class RuleForm(OnceForm):
    """A form that makes or changes one of the city's rules; `version` is that of what was seen."""

    version = VersionField(validators=[Optional()])

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether everything is right, and the page was sent whole."""
        right = bool(super().validate(*args, **more))
        if not self.form_key.data:
            self.form_key.data = type(self)(formdata=None).form_key.data
            self.form_errors.append(_("The page was not complete. Please send it again."))
            return False
        return right


def ordered(languages: Sequence[str], default: str) -> tuple[str, ...]:
    """Return the languages of a city, its own first."""
    return (default, *(code for code in languages if code != default))


def text_fields(
    name: str,
    label: Any,
    languages: Sequence[str],
    *,
    most: int,
    missing: Any = None,
    rows: int = 1,
    hint: Any = "",
) -> dict[str, Any]:
    """Return a field for each language, `<name>_<language>`; with `missing` the first must say something."""
    fields: dict[str, Any] = {}
    for number, language in enumerate(languages):
        told = str(label)
        if len(languages) > 1:
            told = _("%(what)s (%(language)s)", what=told, language=OWN_NAMES.get(language, language))
        needed = [DataRequired(missing)] if missing is not None and number == 0 else []
        kind, tidy = (StringField, tidy_line) if rows == 1 else (TextAreaField, tidy_text)
        fields[f"{name}_{language}"] = kind(
            told,
            description=hint if number == 0 else "",
            filters=[tidy],
            validators=[*needed, Length(max=most, message=SHORTEN)],
        )
    return fields


def texts_of(form: RuleForm, name: str, languages: Iterable[str]) -> dict[str, str]:
    """Return what was typed, by language, without empty ones."""
    texts = {language: str(form[f"{name}_{language}"].data or "") for language in languages}
    return {language: text for language, text in texts.items() if text}


def all_texts(
    form: RuleForm, name: str, languages: Sequence[str], before: Mapping[str, str]
) -> dict[str, str]:
    """Return what a valid form says in its languages, and what stands in others, which it did not ask."""
    return {**besides(before, languages), **texts_of(form, name, languages)}


def show_texts(form: RuleForm, name: str, languages: Iterable[str], texts: Mapping[str, str]) -> None:
    """Show texts in their fields."""
    for language in languages:
        form[f"{name}_{language}"].data = texts.get(language, "")
