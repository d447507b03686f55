"""Reading a document that people wrote (JSON, TOML): every value with its path, all faults at once.

A reader asks for what it expects; what is not so is noted with its path, such as
`categories[2].service_time`, and something harmless is returned, so that the whole is read before anything
is refused.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from cps.core import text
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _

Choice = TypeVar("Choice", bound=StrEnum)

LONGEST = 10_000


class BadDocument(RuleViolation):
    """The document cannot be used; `faults` has a sentence for each fault, `message` the first."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(faults[0])
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class Part:
    """An object of the document and where it stands; all parts of one document share `faults`."""

    value: Mapping[str, Any]
    path: str = ""
    faults: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, value: object) -> "Part":
        """Return a whole document; raises BadDocument where it is no object."""
        if not isinstance(value, dict):
            raise BadDocument([_("This is not an object with named values.")])
        return cls(value)

    def at(self, key: object) -> str:
        """Return the path of a value of this part."""
        return f"{self.path}.{key}" if self.path else str(key)

    def note(self, key: object, reason: str) -> None:
        """Note a fault of a value of this part; of the part itself without a key."""
        where = self.at(key) if key != "" else self.path
        self.faults.append(text.one_line(f"{where}: {reason}" if where else reason))

    def refuse(self) -> None:
        """Raise BadDocument where anything was noted."""
        if self.faults:
            raise BadDocument(self.faults)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what the block refuses as a fault of this part."""
        try:
            yield
        except RuleViolation as refusal:
            self.note("", refusal.message)

    def only(self, *known: str) -> None:
        """Note every value that has another name: a slip of the pen must not be passed over."""
        for key in self.value:
            if key not in known:
                self.note(key, _("There is no such value; known are: %(known)s.", known=", ".join(known)))

    def line(self, key: str, default: str = "", *, needed: bool = False, longest: int = LONGEST) -> str:
        """Return a text of one line."""
        value = self.value.get(key, default)
        if not isinstance(value, str):
            self.note(key, _("This must be a text."))
            return default
        found = text.one_line(value)
        if needed and not found:
            self.note(key, _("This is missing."))
        if len(found) > longest:
            self.note(key, _("This is longer than %(longest)s signs.", longest=longest))
            return default
        return found

    def whole(self, key: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
        """Return a whole number."""
        value = self.value.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.note(
                key, _("This must be a whole number from %(least)s to %(most)s.", least=least, most=most)
            )
            return default
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self.value.get(key, default)
        if not isinstance(value, bool):
            self.note(key, _("This must be true or false."))
            return default
        return value

    def one_of(self, key: str, default: Choice) -> Choice:
        """Return a member of the default's enum."""
        value = self.value.get(key, default.value)
        kind = type(default)
        if value not in [member.value for member in kind]:
            known = ", ".join(member.value for member in kind)
            self.note(key, _("This must be one of: %(known)s.", known=known))
            return default
        return kind(value)

    def texts(self, key: str) -> dict[str, str]:
        """Return `{language: text}`."""
        value = self.value.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            self.note(key, _("This must be texts by language, such as {en: …}."))
            return {}
        return {text.one_line(language): text.clean(one) for language, one in value.items()}

    def lists(self, key: str) -> dict[str, list[str]]:
        """Return `{language: [text, …]}`."""
        value = self.value.get(key, {})
        if not isinstance(value, dict) or not all(_is_texts(one) for one in value.values()):
            self.note(key, _("This must be lists of texts by language, such as {en: […]}."))
            return {}
        return {
            text.one_line(language): [text.one_line(one) for one in some] for language, some in value.items()
        }

    def lines(self, key: str) -> list[str]:
        """Return a list of texts; one text alone counts as a list of one."""
        value = self.value.get(key, [])
        some = [value] if isinstance(value, str) else value
        if not _is_texts(some):
            self.note(key, _("This must be a text or a list of texts."))
            return []
        return [text.one_line(one) for one in some]

    def has(self, key: str) -> bool:
        """Say whether the value is there at all."""
        return key in self.value

    def part(self, key: str) -> "Part":
        """Return an object of this part; an empty one where there is none."""
        value = self.value.get(key, {})
        if not isinstance(value, dict):
            self.note(key, _("This must be an object with named values."))
            value = {}
        return Part(value, self.at(key), self.faults)

    def parts(self, key: str) -> list["Part"]:
        """Return the objects of a list."""
        value = self.value.get(key, [])
        if not isinstance(value, list):
            self.note(key, _("This must be a list."))
            return []
        found = []
        for place, one in enumerate(value):
            where = f"{self.at(key)}[{place}]"
            if isinstance(one, dict):
                found.append(Part(one, where, self.faults))
            else:
                fault = _("This must be an object with named values.")
                self.faults.append(f"{where}: {fault}")
        return found


def read_json(written: bytes) -> Any:
    """Return what JSON in UTF-8 says, without the numbers that no database takes; raises ValueError."""
    try:
        return json.loads(written.decode("utf-8-sig"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError(_("it is nested too deep")) from None


def _refuse(constant: str) -> None:
    raise ValueError(_("%(constant)s is no number", constant=constant))


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
