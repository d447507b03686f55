"""Reads the fields of a specification one by one and says which one is wrong, and why."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from cps.polls import canonical
from cps.polls.canonical import Json

Offered = TypeVar("Offered", bound=StrEnum)


class Why(StrEnum):
    """Why a field is refused; pages have a sentence for each."""

    NOT_CANONICAL = "not-canonical"
    MISSING = "missing"
    UNKNOWN = "unknown"
    WRONG_KIND = "wrong-kind"
    NOT_OFFERED = "not-offered"
    EMPTY = "empty"
    TOO_LONG = "too-long"
    NOT_CLEAN = "not-clean"
    MALFORMED = "malformed"
    TOO_SMALL = "too-small"
    TOO_LARGE = "too-large"
    TOO_FEW = "too-few"
    TOO_MANY = "too-many"
    REPEATED = "repeated"
    NOT_SORTED = "not-sorted"
    NEEDED = "needed"
    DOES_NOT_BELONG = "does-not-belong"
    TELLS_TOO_MUCH = "tells-too-much"


class SpecificationError(ValueError):
    """A field that no specification can have: ``field`` is its path, such as ``options[2].cost``."""

    def __init__(self, field: str, why: Why, detail: str = "") -> None:
        super().__init__(f"{field}: {why}{f' ({detail})' if detail else ''}")
        self.field = field
        self.why = why


class Fields:
    """One object of the specification; every getter raises SpecificationError for the wrong kind."""

    def __init__(self, value: Json, names: Sequence[str], path: str = "") -> None:
        """Refuse anything but an object with exactly these names."""
        if not isinstance(value, dict):
            raise SpecificationError(path or "specification", Why.WRONG_KIND)
        self._values = value
        self._prefix = f"{path}." if path else ""
        for name in names:
            if name not in value:
                raise SpecificationError(self.path(name), Why.MISSING)
        for name in value:
            if name not in names:
                raise SpecificationError(self.path(name), Why.UNKNOWN)

    def path(self, name: str) -> str:
        """Return the whole path of a field."""
        return f"{self._prefix}{name}"

    def value(self, name: str) -> Json:
        """Return the value as it came."""
        return self._values[name]

    def text(self, name: str) -> str:
        """Return a text."""
        value = self._values[name]
        if not isinstance(value, str):
            raise self._wrong(name)
        return value

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self._values[name]
        if not isinstance(value, bool):
            raise self._wrong(name)
        return value

    def number(self, name: str) -> int:
        """Return a whole number."""
        value = self._values[name]
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(name)
        return value

    def number_or_none(self, name: str) -> int | None:
        """Return a whole number, or None for null."""
        return None if self._values[name] is None else self.number(name)

    def text_or_none(self, name: str) -> str | None:
        """Return a text, or None for null."""
        return None if self._values[name] is None else self.text(name)

    def one_of(self, name: str, offered: type[Offered]) -> Offered:
        """Return one of the values of an enum."""
        text = self.text(name)
        if text not in {*offered}:
            raise SpecificationError(self.path(name), Why.NOT_OFFERED, text)
        return offered(text)

    def time(self, name: str) -> datetime:
        """Return a time in UTC."""
        try:
            return canonical.time_from_text(self.text(name))
        except canonical.NotCanonical as error:
            raise SpecificationError(self.path(name), Why.MALFORMED, str(error)) from None

    def items(self, name: str) -> list[Json]:
        """Return a list of anything."""
        value = self._values[name]
        if not isinstance(value, list):
            raise self._wrong(name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        items = self.items(name)
        texts = tuple(item for item in items if isinstance(item, str))
        if len(texts) != len(items):
            raise self._wrong(name)
        return texts

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        items = self.items(name)
        numbers = tuple(item for item in items if isinstance(item, int) and not isinstance(item, bool))
        if len(numbers) != len(items):
            raise self._wrong(name)
        return numbers

    def by_language(self, name: str) -> dict[str, str]:
        """Return ``{language: text}``."""
        value = self._values[name]
        if not isinstance(value, dict):
            raise self._wrong(name)
        texts = {language: text for language, text in value.items() if isinstance(text, str)}
        if len(texts) != len(value):
            raise self._wrong(name)
        return texts

    def _wrong(self, name: str) -> SpecificationError:
        return SpecificationError(self.path(name), Why.WRONG_KIND)
