"""An alert as its owner sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

from cps.alerts import wording
from cps.alerts.models import Alert
from cps.alerts.rules import Wish
from cps.cases.asking import written_near
from cps.departments import queries as departments
from cps.wards import queries as wards


@dataclass(frozen=True, slots=True)
class Card:
    """An alert in words; `asked` are the values that narrow the public list, and its feed, to the same."""

    id: int
    name: str
    what: str
    how_often: str
    is_paused: bool
    asked: Mapping[str, str]


def card(alert: Alert) -> Card:
    """Return an alert in the running language."""
    wish = alert.wish
    return Card(
        id=alert.id,
        name=wording.name(wish),
        what=wording.what(wish),
        how_often=str(wording.SHORT_HOW_OFTEN[wish.rhythm]),
        is_paused=alert.paused_at is not None,
        asked=asked(wish),
    )


def asked(wish: Wish) -> dict[str, str]:
    """Return the values of an address that narrow the public list to what an alert hears of."""
    values = {}
    if wish.circle is not None:
        values["near"] = written_near(wish.circle)
    elif wish.ward_id is not None:
        values["ward"] = wards.areas().codes[wish.ward_id]
    if wish.category_id is not None:
        values["category"] = departments.catalogue().categories[wish.category_id].code
    return values
