"""Forms of what staff note: a note, what was read or heard, who was at the place and found what."""

from cps.core.i18n import lazy_gettext as _l
from cps.triage.forms.base import DeskForm, text_field
from cps.triage.rules import Act


class ReadForm(DeskForm):
    """Note that the reply was read."""

    act = Act.READ


class NoteForm(DeskForm):
    """A note that only staff read."""

    act = Act.NOTE

    message = text_field(_l("Note"), _l("Only staff can read it."), _l("Write the note."))


class TranscribeForm(DeskForm):
    """The words of a voice note."""

    act = Act.TRANSCRIBE

    message = text_field(
        _l("What it says"),
        _l("Word for word, without names and phone numbers. It takes the place of the complaint’s text."),
        _l("Write what the voice note says."),
    )


class HereForm(DeskForm):
    """Be at the place."""

    act = Act.HERE


class MissingForm(DeskForm):
    """Not find what was reported."""

    act = Act.MISSING

    message = text_field(_l("What is there instead?"), _l("Only staff can read it."))
