"""The fields in which a proposal is put into words, wherever somebody writes one down."""

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from cps.core.forms import LONGEST_TEXT, Form, tidy_line, tidy_text
from cps.core.i18n import lazy_gettext as _l
from cps.proposals.rules.lengths import LONGEST_TITLE, SHORTEST_BODY, SHORTEST_TITLE


class WordsFields(Form):
    """What is proposed, and why."""

    title = StringField(
        _l("What should the city do?"),
        description=_l("One line. Example: Plant trees along the canal"),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Say in one line what the city should do.")),
            Length(SHORTEST_TITLE, LONGEST_TITLE, _l("Say it in one line of 6 to 120 letters.")),
        ],
    )
    body = TextAreaField(
        _l("What exactly, and why?"),
        description=_l("A few sentences. Who would it help? Please write no names and no phone numbers."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Say in a few sentences what should be done, and why.")),
            Length(SHORTEST_BODY, message=_l("Say a little more: what should be done, and why?")),
            Length(max=LONGEST_TEXT, message=_l("This is longer than 10,000 characters. Please shorten it.")),
        ],
    )
