"""Values of single cells: words of the file for words of this program, and times; no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cps.cases.importing.fields import Ambiguous
from cps.core.i18n import gettext as _
from cps.core.text import one_line

ISO = "iso"
"""In place of a format: ISO 8601, with or without a time of day and a zone."""

ANY = "*"
OLDEST, LATEST = 1900, 2200


class BadValue(ValueError):
    """A cell cannot be used; the message is a sentence for whoever imports."""


@dataclass(frozen=True, slots=True)
class ValueMap:
    """What the words of a column stand for. In a key `*` stands for any signs; the first that fits counts.

    Case and spaces do not count. A key without `*` is looked up before all with one.
    """

    pairs: Mapping[str, str]
    _exact: dict[str, str] = field(default_factory=dict, init=False)
    _patterns: list[tuple[list[str], str]] = field(default_factory=list, init=False)
    _met: dict[str, str | None] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for key, value in self.pairs.items():
            if ANY in key:
                self._patterns.append(([_folded(part) for part in key.split(ANY)], value))
            else:
                self._exact[_folded(key)] = value

    def find(self, text: str) -> str | None:
        """Return what a text stands for; None where no key fits."""
        if text in self._met:
            return self._met[text]
        found = self._search(_folded(text))
        if len(self._met) < 10_000:
            self._met[text] = found
        return found

    def _search(self, text: str) -> str | None:
        if text in self._exact:
            return self._exact[text]
        return next((value for parts, value in self._patterns if _fits(text, parts)), None)


def _fits(text: str, parts: Sequence[str]) -> bool:
    """Say whether the text is the parts in their order with any signs between them."""
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    place, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True


def without_beginning(text: str, beginnings: Sequence[str]) -> str:
    """Return the text without the first of these beginnings that it has, and then with a capital."""
    for beginning in beginnings:
        if text.casefold().startswith(beginning.casefold()):
            rest = text[len(beginning) :].lstrip()
            return rest[:1].upper() + rest[1:]
    return text


@dataclass(frozen=True, slots=True)
class Times:
    """How moments are written: formats of `strptime` or `iso`, tried in turn; `zone` where none is said."""

    formats: Sequence[str]
    zone: ZoneInfo
    ambiguous: Ambiguous = Ambiguous.REFUSE

    def read(self, text: str) -> datetime:
        """Return a moment in UTC; a date alone is its first minute. Raises BadValue."""
        for form in self.formats:
            try:
                found = datetime.fromisoformat(text) if form == ISO else _strptime(text, form)
            except ValueError:
                continue
            if not OLDEST <= found.year <= LATEST:
                raise BadValue(_("“%(written)s” is not between the years 1900 and 2200.", written=text[:40]))
            return found.astimezone(UTC) if found.tzinfo else self._placed(found, text)
        raise BadValue(
            _(
                "“%(written)s” is no time of the form %(forms)s.",
                written=text[:40],
                forms=", ".join(self.formats),
            )
        )

    def _placed(self, local: datetime, text: str) -> datetime:
        """Put a local time into the zone; the clocks skip some and let others come twice."""
        earlier, later = (local.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if earlier == later:
            return earlier
        if earlier > later:
            raise BadValue(
                _("“%(written)s” never was in %(zone)s: the clocks were set forward over it.",
                  written=text[:40], zone=self.zone.key)
            )  # fmt: skip
        if self.ambiguous is Ambiguous.REFUSE:
            raise BadValue(
                _("“%(written)s” came twice in %(zone)s, when the clocks were set back; write ambiguous ="
                  " \"earlier\" or \"later\" into the mapping.", written=text[:40], zone=self.zone.key)
            )  # fmt: skip
        return earlier if self.ambiguous is Ambiguous.EARLIER else later


def _strptime(text: str, form: str) -> datetime:
    return datetime.strptime(text, form)  # noqa: DTZ007 - the zone comes from the mapping


def _folded(text: str) -> str:
    return one_line(text).casefold()
