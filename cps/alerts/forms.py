"""The form of an alert: where, of what, how often."""

from collections.abc import Mapping
from typing import Any

from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from cps.alerts.rules import RADII, Rhythm, Wish, rounded
from cps.alerts.wording import HOW_OFTEN, WHAT, distance
from cps.cases.asking import read_near
from cps.core.forms import OnceForm, add_error, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.departments import queries as departments
from cps.departments.choices import by_group
from cps.notices.rules import Circle
from cps.wards import queries as wards
from cps.wards.coordinates import BadCoordinate, parse_latitude, parse_longitude

USUAL_RADIUS = "500"
USUAL_WHAT = ("problems", "answers", "notices")


class TicksField(SelectMultipleField):
    """Several of some things, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AlertForm(OnceForm):
    """Where somebody wants to hear what is new; a position counts before a ward."""

    lat = StringField(_l("Latitude"), filters=[tidy_line])
    lon = StringField(_l("Longitude"), filters=[tidy_line])
    radius = SelectField(_l("How far around it"), default=USUAL_RADIUS)
    ward = SelectField(_l("Ward"))
    category = SelectField(_l("Category"), validate_choice=False)
    what = TicksField(
        _l("What shall we tell you?"),
        validators=[DataRequired(_l("Choose at least one thing to be told of."))],
    )
    rhythm = RadioField(
        _l("How often?"),
        default=Rhythm.DAILY.value,
        validators=[AnyOf(list(Rhythm), message=_l("Choose how often we write."))],
    )

    circle: Circle | None = None
    """The circle once the form is valid and has one."""

    def offer(self) -> None:
        """Offer every ward and category of the city in the running language."""
        known = wards.areas().wards.values()
        named = sorted(((ward.code, localized(ward.name)) for ward in known), key=lambda pair: pair[1])
        self.ward.choices = [("", _("The whole city")), *named]
        groups = by_group(departments.catalogue().offered())
        self.category.choices = {"": [("", _("All")), *groups.pop("", [])], **groups}
        self.radius.choices = [(str(metres), distance(metres)) for metres in RADII]
        self.what.choices = [(name, str(words)) for name, words in WHAT.items()]
        self.rhythm.choices = [(rhythm.value, str(words)) for rhythm, words in HOW_OFTEN.items()]

    def validate(self, *args: Any, **more: Any) -> bool:
        """Check what was chosen: of place, ward and category at least one."""
        valid = super().validate(*args, **more)
        if self.category.data and departments.catalogue().category(self.category.data) is None:
            add_error(self.category, _("Choose a category from the list."))
        self.circle = self._circle() if valid else None
        if valid and not self.errors and not (self.circle or self.ward.data or self.category.data):
            add_error(self.ward, _("Choose a place, a ward or a category."))
        return valid and not self.errors

    @property
    def wish(self) -> Wish:
        """What a valid form asks for; the ward of a circle is not looked for."""
        category = departments.catalogue().category(self.category.data or "")
        ward = wards.areas().wards.get(self.ward.data or "")
        told = {name: name in (self.what.data or ()) for name in WHAT}
        return Wish(
            circle=self.circle,
            ward_id=ward.id if ward and self.circle is None else None,
            category_id=category.id if category else None,
            rhythm=Rhythm(self.rhythm.data),
            **told,
        )

    def typed(self) -> dict[str, Any]:
        """Return what was typed as values of an address, from which `filled` makes the form again."""
        near = {"near": f"{self.circle.lat},{self.circle.lon},{self.circle.radius_m}"} if self.circle else {}
        kept = {name: self[name].data for name in ("ward", "category", "what", "rhythm")}
        return {**near, **{name: value for name, value in kept.items() if value}}

    def _circle(self) -> Circle | None:
        if not (self.lat.data or self.lon.data):
            return None
        lat, lon = _degrees(self.lat, parse_latitude), _degrees(self.lon, parse_longitude)
        if lat is None or lon is None:
            return None
        return rounded(lat, lon, int(self.radius.data))


def _degrees(field: Field, parse: Any) -> float | None:
    try:
        return float(parse(field.data or ""))
    except BadCoordinate:
        add_error(field, _("A position has two numbers, like 36.0123 and 129.5123."))
        return None


def filled(address: Mapping[str, str], what: list[str]) -> AlertForm:
    """Return the form with what an address asks for; what does not exist is left out."""
    near = read_near(address.get("near", ""))
    radius = str(near.radius_m) if near and near.radius_m in RADII else USUAL_RADIUS
    rhythm = address.get("rhythm", "")
    form = AlertForm(
        formdata=None,
        data={
            "lat": str(near.lat) if near else "",
            "lon": str(near.lon) if near else "",
            "radius": radius,
            "ward": address.get("ward", ""),
            "category": address.get("category", ""),
            "what": [name for name in what if name in WHAT] or list(USUAL_WHAT),
            "rhythm": rhythm if rhythm in list(Rhythm) else Rhythm.DAILY.value,
        },
    )
    form.offer()
    return form


def of_wish(wish: Wish) -> AlertForm:
    """Return the form with what an alert hears of now."""
    codes = wards.areas().codes
    category = departments.catalogue().categories.get(wish.category_id or 0)
    circle = wish.circle
    form = AlertForm(
        formdata=None,
        data={
            "lat": str(circle.lat) if circle else "",
            "lon": str(circle.lon) if circle else "",
            "radius": str(circle.radius_m) if circle else USUAL_RADIUS,
            "ward": codes.get(wish.ward_id, "") if wish.ward_id and not circle else "",
            "category": category.code if category else "",
            "what": [name for name in WHAT if getattr(wish, name)],
            "rhythm": wish.rhythm.value,
        },
    )
    form.offer()
    return form
