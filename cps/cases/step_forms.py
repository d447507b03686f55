"""What the steps of complaints and of proposals share: what a draft keeps of them, how a position is read."""

from collections.abc import Callable
from typing import Any

from wtforms import Field, FileField, HiddenField, RadioField, SelectField

from cps.core.forms import LONGEST_LINE, LONGEST_READ, Form, add_error
from cps.core.i18n import gettext as _
from cps.core.text import clean
from cps.wards.coordinates import BadCoordinate, Why, parse_latitude, parse_longitude

LONGEST_KEPT = 20_000
"""Characters of one field that a draft keeps; what is longer stays on the page that refused it."""


class StepForm(Form):
    """A step whose fields are kept in the draft as typed, also when they are wrong; files are not."""

    def typed(self) -> dict[str, Any]:
        """Return what was typed, cleaned so that any database takes it; too long fields are left out."""
        values = {
            field.name: _kept(field.data) for field in self if not isinstance(field, (HiddenField, FileField))
        }
        return {name: value for name, value in values.items() if value is not None}


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [clean(one[:LONGEST_LINE]) for one in value[:100] if isinstance(one, str)]
    if not isinstance(value, str) or len(value) > LONGEST_READ:
        return None
    value = clean(value)
    return value if len(value) <= LONGEST_KEPT else None


def codes(field: RadioField | SelectField) -> set[str]:
    """Return what can be chosen."""
    return {choice[0] for choice in field.choices or []}


def read_position(lat: Field, lon: Field) -> tuple[float, float] | None:
    """Return latitude and longitude; None where both are empty, and with errors beside them where wrong."""
    if not (lat.data or lon.data):
        return None
    north, east = _degrees(lat, parse_latitude, 90), _degrees(lon, parse_longitude, 180)
    if north is None or east is None:
        return None
    if (north, east) == (0, 0):
        add_error(
            lat, _("0, 0 means that the phone did not know where it is. Try again, or write the street.")
        )
        return None
    return north, east


def _degrees(field: Field, parse: Callable[[str], float], limit: int) -> float | None:
    try:
        return parse(field.data or "")
    except BadCoordinate as error:
        add_error(field, _what_is_wrong(error.reason, field.label.text, limit))
        return None


def _what_is_wrong(why: Why, what: str, limit: int) -> str:
    if why is Why.EMPTY:
        return _("A position has two numbers. Write both, or leave both empty.")
    if why is Why.OUT_OF_RANGE:
        return _("%(what)s is a number from -%(limit)s to %(limit)s.", what=what, limit=limit)
    return _("%(what)s is not a number. Write it like 36.0123.", what=what)
