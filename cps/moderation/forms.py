"""Objecting, hiding, blacking out, leaving, appealing, deciding."""

from typing import Any

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from cps.cases.rules import HidingReason
from cps.cases.wording import HIDING_REASONS
from cps.core.forms import SHORTEN, Form, VersionedForm, tidy_line, tidy_text
from cps.core.i18n import lazy_gettext as _l
from cps.moderation.rules import LONGEST_APPEAL, LONGEST_WORDS
from cps.moderation.wording import FLAG_REASONS


class FlagForm(Form):
    """What is wrong with something that everybody sees."""

    reason = RadioField(
        _l("What is wrong with it?"),
        validators=[DataRequired(_l("Choose what is wrong with it."))],
    )
    words = TextAreaField(
        _l("In your words"),
        description=_l("A moderator reads it, nobody else."),
        filters=[tidy_text],
        validators=[Length(max=LONGEST_WORDS, message=SHORTEN)],
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.reason.choices = [(reason.value, words) for reason, words in FLAG_REASONS.items()]


class ActForm(Form):
    """What every act of a moderator about a thing has: what stood when the page was made, reason, note.

    A page has several of them, so that ids carry the name of the act.
    """

    class Meta(Form.Meta):
        """Gives every field an id of its form."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Bind a field under the id `<act>-<name>`; its name stays."""
            return unbound_field.bind(form=form, id=f"{form.act}-{options['name']}", **options)

    act = "act"
    mark = HiddenField()


class HideForm(ActForm):
    """Why a thing is hidden."""

    act = "hide"
    reason = RadioField(
        _l("Why?"),
        description=_l("Everybody reads it in its place."),
        validators=[DataRequired(_l("Choose why it is hidden; everybody reads it in its place."))],
    )
    note = TextAreaField(
        _l("Explain it to the author"),
        description=_l("Only the author reads it."),
        filters=[tidy_text],
        validators=[Length(max=LONGEST_WORDS, message=SHORTEN)],
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.reason.choices = [(reason.value, words) for reason, words in HIDING_REASONS.items()]

    @property
    def why(self) -> HidingReason:
        """The reason that was chosen."""
        return HidingReason(self.reason.data)


class WordsForm(HideForm):
    """Which words are blacked out."""

    act = "words"
    phrases = TextAreaField(
        _l("Words to black out"),
        description=_l("One phrase a line, copied from the text. It is blacked out wherever it stands."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Write the words that are to be blacked out.")),
            Length(max=LONGEST_APPEAL, message=SHORTEN),
        ],
    )


class CoverForm(HideForm):
    """Which parts of a photo are covered, in `cell` fields of the page; `photo` is the name that was seen."""

    act = "cover"
    photo = HiddenField()


class LeaveForm(ActForm):
    """Let a thing stand, with words to whoever objected."""

    act = "leave"
    answer = StringField(
        _l("Answer to who objected"),
        description=_l("Read by those who objected with an account."),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_WORDS, message=SHORTEN)],
    )


class DecideForm(VersionedForm):
    """The decision about an appeal; the button says which."""

    words = TextAreaField(
        _l("Why do you decide so?"),
        description=_l("The author will read it."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Say why. The author will read it.")),
            Length(max=LONGEST_WORDS, message=SHORTEN),
        ],
    )


class AppealForm(VersionedForm):
    """Why something should be shown again."""

    words = TextAreaField(
        _l("Why should it be shown again?"),
        description=_l("A moderator reads it, nobody else."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Say why it should be shown again.")),
            Length(max=LONGEST_APPEAL, message=SHORTEN),
        ],
    )
