"""What the forms of the desk share: sent once, for the case as it was seen; their fields for words."""

import hashlib
from typing import Any, ClassVar

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from cps.core.forms import LONGEST_TEXT, SHORTEN, Form, OnceForm, tidy_line, tidy_text
from cps.core.i18n import lazy_gettext as _l
from cps.triage.rules import Act

LONGEST_NAME = 120
NO_DATE = _l("Choose a date from the list.")
NO_DEPARTMENT = _l("Choose a department from the list.")
NO_CATEGORY = _l("Choose a category from the list.")
PUBLIC = _l("The resident and everybody who follows will read it.")


class DeskForm(OnceForm):
    """What changes a case: once, and only the case as it was seen."""

    act: ClassVar[Act] = Act.TAKE

    class Meta(Form.Meta):
        """Gives every field an id of its act."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Bind a field under the id `<act>-<name>`; its name stays."""
            return unbound_field.bind(form=form, id=f"{form.act}-{options['name']}", **options)

    version = HiddenField()

    @property
    def seen(self) -> int | None:
        """The version of the case that the officer saw; None where the page did not say."""
        return number_of(self.version.data)

    def show(self, version: int) -> None:
        """Note the version of the case that is shown with the form from now on."""
        self.version.data = str(version)

    @property
    def key(self) -> str:
        """What makes pressing twice one act."""
        return key_of(self, self.act)

    @property
    def words(self) -> str:
        """What was typed for somebody to read."""
        return next((str(self[name].data or "") for name in ("message", "reason") if name in self), "")


def key_of(form: OnceForm, act: str) -> str:
    """Return what makes pressing twice one act: the form's key with all that was typed, but for its photos.

    The same form sent again with other words is another act, so that none of them is lost.
    """
    typed = [(f.name, f.data) for f in form if f.name not in {"form_key", "version", "photos"}]
    return f"{form.form_key.data}:{hashlib.sha256(repr((act, typed)).encode()).hexdigest()}"


def number_of(typed: Any) -> int | None:
    """Return a typed number; None where it is none."""
    try:
        return int(typed)
    except (TypeError, ValueError):
        return None


def line_field(label: Any, most: int, hint: Any = "") -> StringField:
    """Return a field for one line of at most so many letters, which may stay empty."""
    return StringField(
        label, description=hint, filters=[tidy_line], validators=[Length(max=most, message=SHORTEN)]
    )


def text_field(label: Any, hint: Any = "", missing: Any = None) -> TextAreaField:
    """Return a field for some lines; with `missing`, which says so, they must not be empty."""
    needed = [] if missing is None else [DataRequired(missing)]
    checks = [*needed, Length(max=LONGEST_TEXT, message=SHORTEN)]
    return TextAreaField(label, description=hint, filters=[tidy_text], validators=checks)


def resident_message() -> TextAreaField:
    """Return the field for the message that goes to the resident and to everybody who follows."""
    return text_field(_l("Message"), PUBLIC, _l("Write a message. The resident will read it."))


def templates() -> SelectField:
    """Return the list of reply templates to begin with."""
    return SelectField(_l("Begin with a template"), validate_choice=False)
