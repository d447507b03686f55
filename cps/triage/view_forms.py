"""What is asked of whoever keeps a view of the desk, or chooses with what their desk opens."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, Length

from cps.core.forms import Form, OnceForm, VersionedForm, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l

LONGEST_NAME = 60
Choices = Sequence[tuple[str, str]]


def _name_field() -> StringField:
    return StringField(
        _l("Name"),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Give the view a name.")),
            Length(max=LONGEST_NAME, message=_l("This is too long. Please shorten it.")),
        ],
    )


class KeepForm(OnceForm):
    """A name for what the list shows, and who has the view."""

    name = _name_field()
    share_with = SelectField(_l("Who sees it"), validate_choice=False)

    def offer(self, departments: Choices) -> None:
        """Offer these departments besides oneself; without any nobody is asked."""
        if not departments:
            del self.share_with
            return
        self.share_with.choices = [("", _("Only I")), *departments]
        codes = ["", *(code for code, _name in departments)]
        self.share_with.validators = [AnyOf(codes, message=_("Choose one of these."))]

    @property
    def department(self) -> str:
        """The code of the department that has the view; empty where it is one's own."""
        return self.share_with.data or "" if self.share_with else ""


class RenameForm(VersionedForm):
    """Another name for a view; a page may hold many of these forms."""

    name = _name_field()

    def __init__(self, view_id: int, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.name.id = f"view-{view_id}-name"


class StartForm(Form):
    """With what one's desk opens: a box, a view by its number, or what one's role says."""

    start = SelectField(_l("My desk opens with"), validate_choice=False)

    def offer(self, usual: str, boxes: Choices, views: Choices) -> None:
        """Offer these; `usual` is what the role says."""
        every = [("", usual), *boxes, *views]
        self.start.choices = every
        codes = [code for code, _name in every]
        self.start.validators = [AnyOf(codes, message=_("Choose one of these."))]
