"""Forms of the editors of the answer base."""

from collections.abc import Iterable, Mapping

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from cps.core.forms import SHORTEN, OnceForm, VersionedForm, VersionField, tidy_line, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.knowledge.rules import LONGEST_BODY, LONGEST_TITLE, LONGEST_WORDS, Facts, Words

LONGEST_MESSAGE = 500
Choices = Iterable[tuple[str, str]]


class TextForm(OnceForm):
    """An article in one language."""

    version = VersionField(validators=[Optional()])
    title = StringField(
        _l("Title"),
        description=_l("As people ask: “When is rubbish collected?”"),
        filters=[tidy_line],
        validators=[DataRequired(_l("Write a title.")), Length(max=LONGEST_TITLE, message=SHORTEN)],
    )
    body = TextAreaField(
        _l("Text"),
        description=_l(
            "An empty line parts paragraphs. Lines that begin with “- ” are a list, with “1. ” steps,"
            " with “## ” a heading. Addresses become links, also as [words](https://…)."
        ),
        filters=[tidy_text],
        validators=[DataRequired(_l("Write the answer.")), Length(max=LONGEST_BODY, message=SHORTEN)],
    )
    words = TextAreaField(
        _l("Other words"),
        description=_l(
            "Words by which people ask for it and that the text does not have. Readers do not see them."
        ),
        filters=[tidy_text],
        validators=[Length(max=LONGEST_WORDS, message=SHORTEN)],
    )

    def written(self) -> Words:
        """Return what was written."""
        return Words(self.title.data or "", self.body.data or "", self.words.data or "")


class FactsForm(VersionedForm):
    """What an article is besides its texts."""

    category = SelectField(_l("Category"), validate_choice=False)
    department = SelectField(_l("Department"), validate_choice=False)
    owner = SelectField(_l("Who looks after it"), coerce=str, validate_choice=False)
    valid_from = DateField(_l("Valid from"), validators=[Optional()])
    valid_until = DateField(
        _l("Valid until"), description=_l("Afterwards readers see it no more."), validators=[Optional()]
    )
    review_on = DateField(
        _l("Read again on"),
        description=_l("From that day on it stands on the list of what is due."),
        validators=[Optional()],
    )

    def offer(self, categories: Choices, departments: Choices, owners: Choices) -> None:
        """Offer these by their codes, owners by their keys, and none of each."""
        offered = (
            (self.category, _("No category"), categories),
            (self.department, _("No department"), departments),
            (self.owner, _("Nobody"), owners),
        )
        for field, none, choices in offered:
            offers = [("", none), *choices]
            field.choices = offers
            field.validators = [AnyOf([code for code, _name in offers], message=_("Choose one of these."))]

    def facts(self, categories: Mapping[str, int], departments: Mapping[str, int]) -> Facts:
        """Return what a valid form says; keys by code."""
        return Facts(
            category_id=categories.get(self.category.data or ""),
            department_id=departments.get(self.department.data or ""),
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            review_on=self.review_on.data,
            owner_id=int(self.owner.data) if self.owner.data else None,
        )


class MoveForm(VersionedForm):
    """Another step in the life of an article."""

    message = TextAreaField(
        _l("Why"),
        description=_l("The other editors read it. Needed to send it back and to retire it."),
        filters=[tidy_text],
        validators=[Length(max=LONGEST_MESSAGE, message=SHORTEN)],
    )


class ReviewedForm(VersionedForm):
    """It was read and is right."""

    next_on = DateField(_l("Read again on"), validators=[Optional()])


class SynonymsForm(OnceForm):
    """Words that mean the same."""

    words = StringField(
        _l("Words that mean the same, parted by commas"),
        filters=[tidy_line],
        validators=[DataRequired(_l("Write at least two words that mean the same."))],
    )

    def split(self) -> list[str]:
        """Return the words."""
        return [
            word.strip() for word in (self.words.data or "").replace("，", ",").replace("、", ",").split(",")
        ]
