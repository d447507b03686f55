"""The form of a reason with which the city says no, in every language of the city."""

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar

from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import DataRequired

from cps.admin.forms.base import Choices, RuleForm, show_texts, text_fields, texts_of
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments.specs import ReasonSpec

LONGEST_TEXT = 300


class ReasonForm(RuleForm):
    """Why the city says no, and with which endings; made by `reason_form` for a city's languages."""

    languages: ClassVar[tuple[str, ...]] = ()

    endings = SelectMultipleField(
        _l("With which endings?"),
        validators=[DataRequired(_l("Choose at least one ending."))],
    )
    is_active = BooleanField(
        _l("In use"),
        default=True,
        description=_l("What is no longer in use stays in the cases that were closed with it."),
    )

    def offer(self, endings: Choices) -> None:
        """Offer these endings by their values."""
        self.endings.choices = list(endings)

    def spec(self, code: str) -> ReasonSpec:
        """Return what a valid form asks for."""
        return ReasonSpec(
            code,
            texts_of(self, "text", self.languages),
            frozenset(self.endings.data or ()),
            bool(self.is_active.data),
        )

    def show(self, spec: ReasonSpec) -> None:
        """Show a reason as it stands."""
        show_texts(self, "text", self.languages, spec.text)
        self.endings.data, self.is_active.data = sorted(spec.endings), spec.is_active


def reason_form(languages: Sequence[str]) -> type[ReasonForm]:
    """Return the form for a city that speaks these languages, its own first."""
    return _made(tuple(languages), current_language())


@lru_cache(maxsize=64)
def _made(languages: tuple[str, ...], _language: str) -> type[ReasonForm]:
    fields = {
        "languages": languages,
        **text_fields("text", _("Reason"), languages, most=LONGEST_TEXT, rows=3,
                      missing=_l("Write the reason."),
                      hint=_("A whole sentence. Residents read it before the words of the officer.")),
    }  # fmt: skip
    return type("ReasonFormOfCity", (ReasonForm,), fields)
