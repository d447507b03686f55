"""What `/components` shows: one form with every kind of field, once empty and once refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from cps.cases.clock_words import ClockInWords, ClockStep
from cps.core.forms import OnceForm
from cps.core.i18n import lazy_gettext as _l
from cps.notices.presenting import Card, Words
from cps.notices.rules import State

ADDRESS = r"[^@\s]+@[^@\s]+\.[^@\s]+$"
WARDS = {"": "—", "harbour": "Harbour", "mill": "Mill Hill", "orchard": "Orchard"}
KINDS = {"repair": "Something is broken", "danger": "Something is dangerous", "other": "Something else"}


class SpecimenForm(OnceForm):
    """Every kind of field that the product uses."""

    photos = MultipleFileField(_l("Photos"), description=_l("Up to five. Large ones are made smaller."))
    address = StringField(
        _l("Street or landmark"),
        [DataRequired(_l("Write the street, or something people know near by."))],
        description=_l("Example: bus stop in front of the clinic"),
    )
    ward = SelectField(_l("Ward"), choices=WARDS)
    kind = RadioField(_l("What is it about?"), [DataRequired(_l("Choose one of these."))], choices=KINDS)
    words = TextAreaField(
        _l("What is wrong?"),
        [
            DataRequired(_l("Write a few words.")),
            Length(max=400, message=_l("Write at most 400 characters.")),
        ],
    )
    email = EmailField(
        _l("E-mail address"),
        [DataRequired(), Regexp(ADDRESS, message=_l("Write an address like name@example.org."))],
    )
    phone = TelField(_l("Telephone"))
    password = PasswordField(_l("Password"), [DataRequired(_l("Write your password."))])
    since = DateField(_l("Since when?"))
    letter = FileField(_l("A letter or a form"))
    tell = SelectMultipleField(
        _l("Tell me by"),
        choices={"email": "E-mail", "sms": "SMS"},
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    private = BooleanField(
        _l("Only the city may read this"), description=_l("It is not shown on the map or in lists.")
    )


def specimens() -> dict[str, Any]:
    """Give the page its forms: untouched, filled in, and refused with everything still there."""
    filled = {"address": "Mill Lane, by the bridge", "ward": "harbour", "kind": "repair", "private": "y"}
    refused = {
        "wrong-email": "mina at example",
        "wrong-words": "Water! " * 60,
        "wrong-phone": "0100 555 0199",
    }
    wrong = SpecimenForm(MultiDict(refused), prefix="wrong-")
    wrong.validate()
    return {
        "form": SpecimenForm(MultiDict(filled)),
        "untouched": SpecimenForm(None, prefix="new-"),
        "wrong": wrong,
        "notices": [_notice()],
        "clock": _clock(),
    }


def _clock() -> ClockInWords:
    day = datetime(2026, 11, 16, 9, 12, tzinfo=UTC)
    moved = ["More time: moved from Friday 20 November to Friday 27 November. The reason stands below."]
    return ClockInWords(
        "Water and drains",
        [
            ClockStep("inbox", "Received", day, "past", is_to_the_minute=True),
            ClockStep("eye", "Should have been seen by", day, "late", ["Nobody has looked at it yet."]),
            ClockStep("calendar-clock", "Answer promised by", day + timedelta(days=11), "coming", moved),
            ClockStep(
                "hourglass", "Answer promised by", day, "paused", ["Paused: the city waits for a reply."]
            ),
            ClockStep("check", "Answered", day + timedelta(days=9), "past", ["in time"]),
        ],
    )


def _notice() -> Card:
    return Card(
        id=1,
        title=Words("No water in Harbour", None),
        text=Words("A pipe is being changed. Tank wagons stand at the quay.", None),
        say=Words("Tell them about the tank wagons first.", None),
        where="Harbour",
        when="Until Friday 27 November, 18:00",
        state=State.RUNNING,
        colour="in-hand",
        icon="megaphone",
        word="Now",
        category="Water",
        department="Water and drains",
    )
