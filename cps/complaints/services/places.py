"""Where a complaint is."""

from dataclasses import dataclass

from cps.wards import services as wards
from cps.wards.geometry import PlaceKind
from cps.wards.services import Located


@dataclass(frozen=True, slots=True)
class Settled:
    """Where a complaint is, as it is kept; `located` is None where nothing can be said of the position."""

    lat: float | None
    lon: float | None
    ward_id: int | None
    located: Located | None

    @property
    def is_outside(self) -> bool:
        """Whether the position is not in the city."""
        return self.located is not None and self.located.kind is PlaceKind.OUTSIDE


def settle(position: tuple[float, float] | None, ward_id: int | None) -> Settled:
    """Return where it is: the ward of the position where there is one, else the ward that was chosen."""
    if position is None:
        return Settled(None, None, ward_id, None)
    located = wards.locate(*position)
    return Settled(*position, located.ward.id if located else ward_id, located)
