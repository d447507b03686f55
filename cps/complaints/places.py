"""Where a position is, in a sentence: for whoever chooses it by keyboard or cannot see a map."""

from cps.cases.queries.addresses import nearest_address
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.wards import services as wards
from cps.wards.geometry import PlaceKind


def whereabouts(lat: float, lon: float) -> dict[str, str]:
    """Return `text`: the ward of a position and a place near by that residents named, as far as known."""
    return {"text": " ".join(part for part in (_ward(lat, lon), _near(lat, lon)) if part)}


def _ward(lat: float, lon: float) -> str:
    located = wards.locate(lat, lon)
    if located is None:
        return ""
    if located.kind is PlaceKind.OUTSIDE:
        return _("Outside the city.")
    ward = localized(located.ward.name)
    if located.kind is PlaceKind.NEAR_BORDER:
        return _("In %(ward)s, close to its border.", ward=ward)
    return _("In %(ward)s.", ward=ward)


def _near(lat: float, lon: float) -> str:
    address = nearest_address(lat, lon)
    return _("Near “%(address)s”.", address=address) if address else ""
