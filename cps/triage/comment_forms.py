"""The form with which a moderator hides a comment; a page has one for each, so ids carry its number."""

from typing import Any

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from cps.core.forms import Form, tidy_line
from cps.core.i18n import lazy_gettext as _l

LONGEST_REASON = 300


class HideForm(Form):
    """Why a comment is hidden."""

    class Meta(Form.Meta):
        """Gives every field an id of the comment."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Bind a field under the id `<name>-<comment>`; its name stays."""
            return unbound_field.bind(form=form, id=f"{options['name']}-{form.comment_id}", **options)

    reason = StringField(
        _l("Why is it hidden?"),
        description=_l("Everybody reads it in the place of the comment."),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Say why it is hidden; everybody reads it in its place.")),
            Length(max=LONGEST_REASON, message=_l("This is too long. Please shorten it.")),
        ],
    )

    def __init__(self, comment_id: int, *args: Any, **more: Any) -> None:
        self.comment_id = comment_id
        super().__init__(*args, **more)
