"""What administrators type to make a poll: one form for each short screen."""

from wtforms import (
    BooleanField,
    FileField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from cps.core.forms import (
    LONGEST_LINE,
    Form,
    OnceForm,
    VersionedForm,
    tidy_line,
)
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.polls.forms.fields import WholeField
from cps.polls.soundness import LARGEST_BUDGET, SLUG

LONGEST_SLUG = 60


def _address(_form: Form, field: StringField) -> None:
    field.data = (field.data or "").lower()
    if field.data and not SLUG.fullmatch(field.data):
        raise ValidationError(_("Use small letters a to z, digits and hyphens only."))


class NewForm(OnceForm):
    """Address and question of a new draft; without an address one is made of the question."""

    slug = StringField(
        _l("Address of its page"),
        [Length(max=LONGEST_SLUG, message=_l("That is too long; %(max)d letters at most.")), _address],
        filters=[tidy_line],
        description=_l("Such as park-2027. It stays for ever. Left empty, it is made of the question."),
    )
    question = StringField(
        _l("Question"),
        [
            DataRequired(_l("Write the question.")),
            Length(max=LONGEST_LINE, message=_l("That is too long; %(max)d letters at most.")),
        ],
        filters=[tidy_line],
    )


class CloneForm(OnceForm):
    """The address of a draft that is begun from another poll."""

    slug = StringField(
        _l("Address of the new poll"),
        [
            DataRequired(_l("Write an address.")),
            Length(max=LONGEST_SLUG, message=_l("That is too long; %(max)d letters at most.")),
            _address,
        ],
        filters=[tidy_line],
    )


class PictureForm(VersionedForm):
    """A form that may bring a picture, or take the present one away."""

    picture = FileField(_l("Picture"))
    remove_picture = BooleanField(_l("Take the picture away"))


class OptionForm(PictureForm):
    """One option; its texts are added by language, the cost is asked for in budgets."""

    cost = WholeField(
        _l("Cost"),
        [Optional(), NumberRange(1, LARGEST_BUDGET, message=_l("The cost is at least 1."))],
    )


class VotersForm(VersionedForm):
    """A file with one person a line, or the wish to have no list."""

    file = FileField(_l("CSV file"))
    skips = BooleanField(_l("Leave the wrong lines out"))
    remove = BooleanField(_l("Take the list away"))


class ImportForm(VersionedForm):
    """A file of participatory budgeting in the Pabulib format."""

    file = FileField(_l("File ending in .pb"))


class CopyForm(VersionedForm):
    """The second copy of the keys, given back as a file or as text."""

    file = FileField(_l("File of the copy"))
    text = TextAreaField(_l("Or the text, typed or pasted"), [Optional(), Length(max=4_000)])
