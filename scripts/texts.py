"""Keeps the catalogs of translated texts in step with the program.

`python scripts/texts.py` reads every text from code and templates (and those of WTForms, which we show) and
brings `cps/translations/*/…/messages.po` up to date: new texts are added without a translation, texts that
are gone are removed. It prints what is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import wtforms
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cps"
CATALOGS = PACKAGE / "translations"
FORMS = Path(wtforms.__file__).parent
LANGUAGES = ("ko",)
"""Languages with a catalog; English is the source."""

METHODS = [("templates/pages/components.html", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
KEYWORDS |= {"gettext_in": (2,)}
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}

NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""Dates in the header would make every update a change."""

Key = str | tuple[str, ...]


def used() -> dict[Key, list[str]]:
    """Return every text of the program with the comments for translators beside it."""
    found: dict[Key, list[str]] = {}
    for folder, methods in ((PACKAGE, METHODS), (FORMS, [("**.py", "python")])):
        for _file, _line, text, comments, _context in extract_from_dir(
            str(folder), methods, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            if text:
                found.setdefault(text, []).extend(comments)
    return found


def path_of(language: str) -> Path:
    """Return where the catalog of a language stands."""
    return CATALOGS / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Return the catalog of a language, empty where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing(catalog: Catalog) -> Iterator[Key]:
    """Yield the texts that are used and have no translation."""
    for key in used():
        message = catalog.get(key)
        if message is None or not all(_forms(message.string)) or message.fuzzy:
            yield key


def obsolete(catalog: Catalog) -> Iterator[Key]:
    """Yield the texts that are translated and no longer used."""
    texts = used()
    yield from (message.id for message in catalog if message.id and message.id not in texts)


def update(language: str) -> Catalog:
    """Write the catalog of a language anew: exactly the texts in use, with the translations it had."""
    old = read(language)
    new = Catalog(
        locale=language,
        project="Civic Participation System",
        version="1",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        header_comment="# The texts of the program; no speaker has reviewed them yet.",
        creation_date=NO_DATE,
        revision_date=NO_DATE,
        fuzzy=False,
    )
    for key, comments in sorted(used().items(), key=lambda pair: _sort_key(pair[0])):
        before = old.get(key)
        new.add(key, before.string if before else "", auto_comments=dict.fromkeys(comments))
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as file:
        write_po(file, new, width=0, omit_header=False, sort_output=False, no_location=True)
    return new


def _forms(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


def _sort_key(key: Key) -> str:
    return key[0] if isinstance(key, tuple) else key


def main() -> int:
    """Update every catalog; exit status 1 while a text has no translation."""
    left = 0
    for language in LANGUAGES:
        without = list(missing(update(language)))
        left += len(without)
        sys.stdout.write(f"{language}: {len(used())} texts, {len(without)} without a translation\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
