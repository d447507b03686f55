"""Saved views as the desk lists them: what each asks for today, its address, its count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cps.accounts.models import Account
from cps.core.i18n import gettext as _
from cps.core.i18n import number
from cps.core.rendering import address
from cps.triage import queries
from cps.triage.models import SavedView
from cps.triage.queries import Count
from cps.triage.reading import Here, read
from cps.triage.wanted import Queue


@dataclass(frozen=True, slots=True)
class KnownView:
    """A saved view with what it asks for; `is_whole` is off where something of that has gone."""

    row: SavedView
    queue: Queue
    values: dict[str, str]
    is_whole: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return self.row.name

    @property
    def href(self) -> str:
        """The address of its list; also what has gone stands in it, so that the list says so."""
        return address("triage.index", **self.row.asked)


def known(account: Account, here: Here) -> list[KnownView]:
    """Return the views that somebody sees, in one statement: where a typed place is no count asks."""
    somewhere = replace(here, place_called=lambda _words: here.areas.centre or (0.0, 0.0))
    return [_known(row, somewhere) for row in queries.views_for(account)]


def _known(row: SavedView, here: Here) -> KnownView:
    found = read(row.asked, here)
    return KnownView(row, found.queue, found.values, not found.problems)


def links(
    views: Sequence[KnownView], counts: Sequence[Count], current: KnownView | None
) -> list[dict[str, Any]]:
    """Return the views as the boxes of the desk have it; what asks for something gone has no count."""
    return [
        {
            "text": view.name,
            "href": view.href,
            "count": in_words(count) if view.is_whole else None,
            "current": view is current,
            "late": False,
        }
        for view, count in zip(views, counts, strict=True)
    ]


def in_words(count: Count) -> str | None:
    """Return a count as it is written: "12", or "12+" where there may be more; nothing for "0+"."""
    if not count.is_more:
        return number(count.number)
    return _("%(number)s+", number=number(count.number)) if count.number else None
