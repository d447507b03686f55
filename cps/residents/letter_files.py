"""Codes on paper: a table for a mail merge, and a file of letters to print, one A4 sheet for each person.

Whoever holds these files could vote for everybody in them, so only their owner can read them. A letter shows
the end of the person's number, enough to put it into the right envelope. Its square code leads to the page
without the letter's own code: scanners keep and send on what they read.
"""

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from jinja2 import Environment
from markupsafe import Markup

from cps.core.city import CityFacts
from cps.core.crockford import grouped
from cps.core.errors import RuleViolation
from cps.core.i18n import current_language, direction, localized, use_language
from cps.core.i18n import gettext as _
from cps.core.square_code import square_code
from cps.core.text import harmless_cell
from cps.residents.rules import LETTER_FOR, last_signs
from cps.residents.services import Letter

HEAD = ("letter", "number", "code", "ward", "valid until")
STYLE = Path(__file__).parent.parent / "templates" / "print" / "register_letters.css"


@dataclass(frozen=True, slots=True)
class Printer:
    """Where the letters of a city go, and what they say besides the code."""

    folder_and_name: Path
    templates: Environment
    city: CityFacts
    address: str
    at: datetime

    @property
    def paths(self) -> tuple[Path, Path]:
        """The table and the letters."""
        return self.folder_and_name.with_suffix(".csv"), self.folder_and_name.with_suffix(".html")

    def refuse_to_overwrite(self) -> None:
        """Raise RuleViolation where a file stands already: its letters may be on their way."""
        for path in self.paths:
            if path.exists():
                raise RuleViolation(_("%(file)s is there already. Choose another name.", file=path))

    @contextmanager
    def kept_if_all_goes_well(self) -> Iterator[None]:
        """Keep what `write` writes in this block only if nothing fails: else its codes have come to nothing.

        The transaction that makes the codes stands inside.
        """
        self.refuse_to_overwrite()
        try:
            yield
        except BaseException:
            for path in self.paths:
                path.unlink(missing_ok=True)
            raise

    def write(self, letters: Iterable[Letter], wards: Mapping[int, Mapping[str, str]]) -> int:
        """Write both files, safe on disk when this returns; returns how many letters they have."""
        number = 0
        with ExitStack() as open_files:
            table, pages = (open_files.enter_context(_private(path)) for path in self.paths)
            table.write("\ufeff")
            writer = csv.writer(table)
            writer.writerow(HEAD)

            def each() -> Iterator[dict[str, str]]:
                nonlocal number
                for number, letter in enumerate(letters, 1):
                    ward = localized(wards[letter.ward_id], self.city.default_language)
                    until = (self.at + LETTER_FOR).astimezone(self.city.zone).date().isoformat()
                    code = grouped(letter.code)
                    writer.writerow([str(number), *map(harmless_cell, (letter.number, code, ward)), until])
                    yield {"code": code, "ward": ward, "number": last_signs(letter.number)}

            pages.writelines(self._pages(each()))
            for file in (table, pages):
                file.flush()
                os.fsync(file.fileno())
        return number

    def _pages(self, letters: Iterator[dict[str, str]]) -> Iterator[str]:
        words = [self._words(code) for code in _default_first(self.city)]
        yield from self.templates.get_template("print/register_letters.html").generate(
            city=localized(self.city.name, self.city.default_language),
            lang=self.city.default_language,
            dir=direction(self.city.default_language),
            style=Markup(f"<style>{STYLE.read_text()}</style>"),  # noqa: S704 - our own file
            code=square_code(self.address),
            words=words,
            letters=letters,
        )

    def _words(self, language: str) -> Markup:
        """Return what a letter says in one language; it is the same for all."""
        before = current_language()
        use_language(language)
        try:
            text = self.templates.get_template("print/register_letter_words.html").render(
                city=localized(self.city.name, language),
                lang=language,
                dir=direction(language),
                address=self.address,
                until=self.at + LETTER_FOR,
                phone=self.city.phone,
            )
        finally:
            use_language(before)
        return Markup(text)  # noqa: S704 - rendered by us a line above


def _default_first(city: CityFacts) -> list[str]:
    return sorted(city.languages, key=lambda code: code != city.default_language)


def _private(path: Path) -> IO[str]:
    """Open a new file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")
