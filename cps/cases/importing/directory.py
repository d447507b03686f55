"""Departments, categories and wards as files name them: by code, or by a name in any language; no database.

What the city does not have is collected, under a code made of its name, to be created with the rows.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cps.cases.importing.values import BadValue
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.text import one_line

LONGEST_NAME = 120
MOST_NEW = 1_000
"""Whoever brings more of them has taken another column for this one."""

_BETWEEN = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class Directory:
    """What the city has of one kind, by code; `new` is `{code: name}` of what the file brings."""

    creates: bool
    longest_code: int
    new: dict[str, str] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    _codes: set[str] = field(default_factory=set)
    _names: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        known: Iterable[tuple[str, Mapping[str, str]]],
        *,
        creates: bool,
        longest_code: int,
        reserved: Iterable[str] = (),
    ) -> "Directory":
        """Make one of codes and `{language: name}`; codes that are reserved are not for new ones."""
        directory = cls(creates, longest_code, reserved=frozenset(reserved))
        for code, names in known:
            directory._add(code, names.values())
        return directory

    def _add(self, code: str, names: Iterable[str]) -> None:
        self._codes.add(code)
        for name in {folded(name) for name in names}:
            self._names[name] = None if self._names.get(name, code) != code else code

    def find(self, written: str) -> str | None:
        """Return the code that is meant, None where there is none; raises BadValue where it could be two."""
        if written in self._codes:
            return written
        name = folded(written)
        code = self._names.get(name)
        if code is None and name in self._names:
            raise BadValue(
                _("Several have the name “%(name)s”; write the code.", name=written[:LONGEST_NAME])
            )
        return code

    def find_or_add(self, written: str) -> str:
        """Return the code that is meant, of a new one where the file may bring it; raises BadValue.

        Raises RuleViolation, which ends the import, where there are far too many new ones.
        """
        code = self.find(written)
        if code is not None:
            return code
        if not self.creates:
            raise BadValue(_("The city has no “%(name)s”.", name=written[:LONGEST_NAME]))
        if len(written) > LONGEST_NAME:
            raise BadValue(_("This name is longer than %(longest)s signs.", longest=LONGEST_NAME))
        if len(self.new) >= MOST_NEW:
            raise RuleViolation(
                _("The file has more than %(most)s new names such as “%(name)s”. Is it the right column?",
                  most=MOST_NEW, name=written)
            )  # fmt: skip
        code = self._free_code(written)
        self._add(code, [written])
        self.new[code] = written
        return code

    def _free_code(self, name: str) -> str:
        code = code_of(name, longest=self.longest_code)
        if code and code not in self._codes | self.reserved:
            return code
        mark = hashlib.sha256(folded(name).encode()).hexdigest()[:8]
        return f"{code[: self.longest_code - 9].rstrip('-')}-{mark}".lstrip("-")


def code_of(name: str, *, longest: int) -> str:
    """Return small letters, digits and hyphens that look like the name; empty where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return _BETWEEN.sub("-", plain).strip("-")[:longest].strip("-")


def folded(name: str) -> str:
    """Return a name for comparing: case and spaces do not count."""
    return one_line(name).casefold()
