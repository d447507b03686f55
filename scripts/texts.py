"""Keeps the catalogs of translated texts in step with the program.

`python scripts/texts.py` reads every text from code and templates (and those of WTForms, which we show) and
brings `cps/translations/*/…/messages.po` up to date: new texts are added without a translation, texts that
are gone are removed. It prints what is missing.

`python scripts/texts.py reviewed es FILE --by "Name"` takes over what a speaker has reviewed: each text of
FILE (a `.po`, whole or in part) replaces ours and is marked with the name and the day.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import wtforms
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from cps.admin.catalogs import REVIEWED

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cps"
CATALOGS = PACKAGE / "translations"
FORMS = Path(wtforms.__file__).parent
FOR_ALL = ("ko",)
"""Languages in which staff read their pages too; English is the source."""

LANGUAGES = (*FOR_ALL, "id", "fil", "vi", "es", "fr", "ar")
"""Languages with a catalog: those not in FOR_ALL hold what residents read, and nothing else."""

STAFF_PLACES = CATALOGS / "staff-places.txt"
"""Patterns of files that staff alone read, one a line; texts of any other file are for residents."""

METHODS = [("templates/pages/components.html", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
KEYWORDS |= {"gettext_in": (2,)}
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}

NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""Dates in the header would make every update a change."""

Key = str | tuple[str, ...]


@dataclass(slots=True)
class Use:
    """Where a text of the program stands, and the comments for translators beside it."""

    files: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)


@cache
def all_used() -> dict[Key, Use]:
    """Return every text of the program with where it is used."""
    found: dict[Key, Use] = {}
    for folder, methods in ((PACKAGE, METHODS), (FORMS, [("**.py", "python")])):
        for file, _line, text, comments, _context in extract_from_dir(
            str(folder), methods, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            if text:
                use = found.setdefault(text, Use())
                use.files.add(file)
                use.comments += comments
    return found


def used(language: str) -> dict[Key, Use]:
    """Return the texts that the catalog of a language holds: those for residents, or all of them."""
    if language in FOR_ALL:
        return all_used()
    return {key: use for key, use in all_used().items() if not all(map(_is_for_staff, use.files))}


@cache
def staff_places() -> tuple[str, ...]:
    """Return the patterns of files that staff alone read."""
    lines = STAFF_PLACES.read_text().splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def _is_for_staff(file: str) -> bool:
    return any(fnmatchcase(file, pattern) for pattern in staff_places())


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


def missing(language: str) -> Iterator[Key]:
    """Yield the texts that are used and have no translation."""
    catalog = read(language)
    for key in used(language):
        message = catalog.get(key)
        if message is None or not all(_forms(message.string)) or message.fuzzy:
            yield key


def obsolete(language: str) -> Iterator[Key]:
    """Yield the texts that are translated and no longer used."""
    texts = used(language)
    yield from (key for message in read(language) if (key := _key(message.id)) and key not in texts)


def _key(texts: str | tuple[str, ...] | list[str]) -> Key:
    return tuple(texts) if isinstance(texts, list) else texts


def update(language: str) -> Catalog:
    """Write the catalog of a language anew: exactly the texts in use, with the translations it had."""
    old, new = read(language), _empty(language)
    for key, use in sorted(used(language).items(), key=lambda pair: _sort_key(pair[0])):
        before = old.get(key)
        new.add(
            key,
            before.string if before else "",
            auto_comments=dict.fromkeys(use.comments),
            user_comments=before.user_comments if before else (),
        )
    write(language, new)
    return new


def take_over(language: str, reviewed: Catalog, *, by: str, on: date) -> int:
    """Replace our texts by those a speaker has reviewed, mark them with name and day, and return how many.

    Texts that we do not have are passed over, as are those without a translation.
    """
    ours, taken = update(language), 0
    for message in reviewed:
        own = ours.get(message.id) if message.id else None
        if own is not None and all(_forms(message.string)) and not message.fuzzy:
            own.string = message.string
            own.user_comments = [f"{REVIEWED}{by}, {on.isoformat()}"]
            taken += 1
    write(language, ours)
    return taken


def _empty(language: str) -> Catalog:
    return Catalog(
        locale=language,
        project="Civic Participation System",
        version="1",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        header_comment="# The texts of the program; a speaker has reviewed those whose remark says so.",
        creation_date=NO_DATE,
        revision_date=NO_DATE,
        fuzzy=False,
    )


def write(language: str, catalog: Catalog) -> None:
    """Write the catalog of a language."""
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as file:
        write_po(file, catalog, width=0, omit_header=False, sort_output=False, no_location=True)


def _forms(string: str | Sequence[str] | None) -> tuple[str, ...]:
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)


def _sort_key(key: Key) -> str:
    return key[0] if isinstance(key, tuple) else key


def main(arguments: list[str] | None = None) -> int:
    """Update every catalog, or take over a reviewed file; exit status 1 while a text has no translation."""
    parser = argparse.ArgumentParser(description="Keep the catalogs of translated texts in step.")
    commands = parser.add_subparsers(dest="command")
    reviewed = commands.add_parser("reviewed", help="take over what a speaker has reviewed")
    reviewed.add_argument("language", choices=LANGUAGES)
    reviewed.add_argument("file", type=argparse.FileType("rb"))
    reviewed.add_argument("--by", required=True, help="the speaker's name, as it may stand in the catalog")
    wanted = parser.parse_args(arguments)
    if wanted.command:
        catalog = read_po(wanted.file, locale=wanted.language)
        taken = take_over(wanted.language, catalog, by=wanted.by, on=datetime.now(UTC).date())
        sys.stdout.write(f"{wanted.language}: {taken} texts reviewed\n")
        return 0
    left = 0
    for language in LANGUAGES:
        update(language)
        without = len(list(missing(language)))
        left += without
        sys.stdout.write(f"{language}: {len(used(language))} texts, {without} without a translation\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
