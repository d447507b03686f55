"""Counts in words."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from cps.contact import queries
from cps.core.i18n import gettext as _
from cps.core.i18n import localized


def bars(counted: Counter[Any], word: Callable[[Any], Any]) -> list[tuple[str, int]]:
    """Return (word, count), the most first."""
    return [(str(word(key)), count) for key, count in counted.most_common() if count]


def code_names() -> Callable[[int | None], str]:
    """Return what gives the name of a code, and of none."""
    names = {one.id: localized(one.name) for one in queries.codes(every=True)}
    return lambda key: names.get(key, "") if key else _("Not chosen")
