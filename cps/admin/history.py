"""What was changed of the city's rules, in words: each audit row as one entry of a story."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.accounts.queries import names_of
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.models import AuditRow
from cps.core.text import excerpt

LONGEST_VALUE = 160
ACTS = {
    "create": _l("Made"),
    "change": _l("Changed"),
    "set": _l("Changed"),
    "move": _l("Moved"),
    "remove": _l("Taken away"),
}
Show = Callable[[str, Any], Any]
"""Returns the value of a field as people know it: a name in place of a number."""


Names = Callable[[Iterable[int | None]], dict[int, str]]
"""Returns how accounts are called."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what was done to what, the fields with old and new value in lines, who and when."""

    what: str
    words: str
    who: str
    at: datetime


def in_words(
    rows: Sequence[AuditRow],
    labels: Mapping[str, Any],
    *,
    show: Show = lambda _field, value: value,
    name: Callable[[AuditRow], str] = lambda _row: "",
    acts: Mapping[str, Any] = ACTS,
    names: Names = names_of,
) -> list[Change]:
    """Return changes in the order of the rows, with who made them; fields without a label are left out."""
    people = names(row.actor_id for row in rows)
    return [
        Change(
            what=" · ".join(part for part in (_act(row.action, acts), name(row)) if part),
            words="\n".join(_lines(row.changes, labels, show)),
            who=people.get(row.actor_id or 0, "") or _("on the console"),
            at=row.at,
        )
        for row in rows
    ]


def _act(action: str, acts: Mapping[str, Any]) -> str:
    """Return what was done; by the whole name of the act, else by its first word."""
    return str(acts.get(action) or acts.get(action.partition("-")[0]) or action.replace("-", " "))


def _lines(changes: Mapping[str, Any], labels: Mapping[str, Any], show: Show) -> Iterator[str]:
    for field, told in changes.items():
        kind, _space, code = field.partition(" ")
        if code and kind in labels:
            yield f"{labels[kind]} “{code}”: {_inside(told, labels, show)}"
        elif field in labels and isinstance(told, list) and len(told) == 2:
            yield from _line(str(labels[field]), show(field, told[0]), show(field, told[1]))


def _inside(told: Any, labels: Mapping[str, Any], show: Show) -> str:
    if isinstance(told, dict):
        return "; ".join(_lines(told, labels, show)) or str(_("changed"))
    return str(_("taken away"))


def _line(label: str, before: Any, after: Any) -> Iterator[str]:
    """Yield old and new value; of texts in several languages, those languages that differ."""
    if _is_texts(before) and _is_texts(after):
        for language in dict.fromkeys([*(before or {}), *(after or {})]):
            old, new = (before or {}).get(language, ""), (after or {}).get(language, "")
            if old != new:
                yield _told(f"{label} ({OWN_NAMES.get(language, language)})", old, new)
    elif (before or after) and before != after:
        yield _told(label, before, after)


def _is_texts(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and all(key in OWN_NAMES for key in value))


def _told(label: str, before: Any, after: Any) -> str:
    old, new = _plain(before), _plain(after)
    return f"{label}: {new}" if not old else f"{label}: {old} → {new or '–'}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return ""
    if isinstance(value, list):
        return excerpt(", ".join(_plain(one) for one in value), LONGEST_VALUE)
    if isinstance(value, dict):
        return excerpt("; ".join(f"{key}: {_plain(one)}" for key, one in value.items()), LONGEST_VALUE)
    return excerpt(str(value), LONGEST_VALUE)
