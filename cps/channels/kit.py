"""What is printed for a place without a connection: forms with references set aside, and the answer base.

The files show PINs: only their owner can read them, and none is written over.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cps.cases.reference import display
from cps.channels.paper_style import style
from cps.core import offline
from cps.core.city import CityFacts
from cps.core.errors import RuleViolation
from cps.core.i18n import direction, html_language, localized
from cps.core.i18n import gettext as _
from cps.core.square_code import square_code
from cps.knowledge import queries as knowledge

TEXTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kit:
    """Where the files go, in which language they speak."""

    folder: Path
    language: str
    city: CityFacts
    at: datetime

    @property
    def forms(self) -> Path:
        """The file of forms; named by the moment, so that one kit never stands in the place of another."""
        return self.folder / f"forms-{self.language}-{self.at:%Y%m%d-%H%M%S}.html"

    @property
    def answers(self) -> Path:
        """The file of answers."""
        return self.folder / f"answers-{self.language}-{self.at:%Y%m%d-%H%M%S}.html"

    @contextmanager
    def kept_if_all_goes_well(self) -> Iterator[None]:
        """Keep what is written in this block only if nothing fails: else its numbers come to nothing.

        The transaction that sets them aside stands inside.
        """
        self._refuse_to_overwrite()
        try:
            yield
        except BaseException:
            self.forms.unlink(missing_ok=True)
            self.answers.unlink(missing_ok=True)
            raise

    def _refuse_to_overwrite(self) -> None:
        """Make the folder; raises RuleViolation where a file stands already or the folder cannot be made."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise RuleViolation(f"{self.folder}: {error.strerror}") from None
        for path in (self.forms, self.answers):
            if path.exists():
                raise RuleViolation(_("%(file)s is there already. Choose another name.", file=path))

    def write(self, forms: Sequence[tuple[str, str]]) -> int:
        """Write both files, safe on disk when this returns; returns how many answers there are."""
        address = offline.absolute("/complaints/new")
        answers = list(self._answers())
        with offline.speaking(self.language, self.city):
            shared = {
                "city": localized(self.city.name),
                "phone": self.city.phone,
                "lang": html_language(self.language),
                "dir": direction(self.language),
                "style": style(),
                "square": square_code(address, title=_("The way to the form on the web")),
                "address": address,
                "day": self.at,
            }
            shown = [(display(reference), pin) for reference, pin in forms]
            _write(self.forms, {**shared, "forms": shown, "answers": ()})
            _write(self.answers, {**shared, "forms": (), "answers": answers})
        return len(answers)

    def _answers(self) -> Iterator[tuple[str, str]]:
        """Yield title and text of each article in this language, else in its own."""
        day = self.at.astimezone(self.city.zone).date()
        chosen: dict[int, Any] = {}
        after: tuple[Any, ...] | None = None
        while rows := knowledge.seen_texts(day, after=after, limit=TEXTS_AT_ONCE):
            for row in rows:
                if row.id not in chosen or row.language == self.language:
                    chosen[row.id] = row
            after = (rows[-1].id, rows[-1].language)
        yield from ((row.title, row.body) for row in chosen.values())


def _write(path: Path, values: dict[str, Any]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(offline.render("print/offline_kit.html", **values))
        file.flush()
        os.fsync(file.fileno())
