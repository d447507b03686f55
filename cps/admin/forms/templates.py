"""The form of a reply template, in every language of the city."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

from wtforms import BooleanField, SelectField, SubmitField
from wtforms.validators import AnyOf

from cps.admin.forms.base import CHOOSE, Choices, RuleForm, show_texts, text_fields, texts_of
from cps.core.errors import RuleViolation
from cps.core.forms import add_error
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments import placeholders
from cps.departments.specs import TemplateSpec

LONGEST_TITLE, LONGEST_BODY = 120, 4_000


class TemplateForm(RuleForm):
    """What a reply says, and when it is offered; made by `template_form` for a city's languages."""

    languages: ClassVar[tuple[str, ...]] = ()

    department = SelectField(_l("Of which department?"), validate_choice=False)
    category = SelectField(_l("For which category?"), validate_choice=False)
    move = SelectField(_l("When is it offered?"), validate_choice=False)
    is_active = BooleanField(_l("In use"), default=True)
    look = SubmitField(_l("Look at it"))

    def offer(self, departments: Choices, categories: Choices, moves: Choices) -> None:
        """Offer these by their codes; none of them means all."""
        offered = (
            (self.department, _("Every department"), departments),
            (self.category, _("Every category"), categories),
            (self.move, _("Every time"), moves),
        )
        for field, none, choices in offered:
            offers = [("", none), *choices]
            field.choices = offers
            field.validators = [AnyOf([value for value, _name in offers], message=CHOOSE)]

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether everything is right; a wrong placeholder is named beside its text."""
        right = super().validate(*args, **more)
        for language in self.languages:
            field = self[f"body_{language}"]
            try:
                placeholders.check(str(field.data or ""))
            except RuleViolation as refused:
                add_error(field, refused.message)
                right = False
        return right

    def spec(self, code: str) -> TemplateSpec:
        """Return what a valid form asks for."""
        return TemplateSpec(
            code=code,
            title=texts_of(self, "title", self.languages),
            body=texts_of(self, "body", self.languages),
            department=self.department.data or None,
            category=self.category.data or "",
            move=self.move.data or "",
            is_active=bool(self.is_active.data),
        )

    def show(self, spec: TemplateSpec) -> None:
        """Show a template as it stands."""
        show_texts(self, "title", self.languages, spec.title)
        show_texts(self, "body", self.languages, spec.body)
        self.department.data, self.category.data = spec.department or "", spec.category or ""
        self.move.data, self.is_active.data = spec.move or "", spec.is_active is not False


def template_form(languages: Sequence[str]) -> type[TemplateForm]:
    """Return the form for a city that speaks these languages, its own first."""
    return _made(tuple(languages), current_language())


@lru_cache(maxsize=64)
def _made(languages: tuple[str, ...], _language: str) -> type[TemplateForm]:
    fields = {
        "languages": languages,
        **text_fields("title", _("Name"), languages, most=LONGEST_TITLE, missing=_l("Give it a name."),
                      hint=_("Officers choose it by this.")),
        **text_fields("body", _("Words"), languages, most=LONGEST_BODY, missing=_l("Write what it says."),
                      rows=6),
    }  # fmt: skip
    return type("TemplateFormOfCity", (TemplateForm,), fields)
