"""Rows of a file that cannot be used: where, why, and how many of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import click

from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.text import one_line

MOST_TOLD = 20

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class WrongRow:
    """Why a row cannot be used, in a sentence; `line` is where the row begins, counted from 1.

    `column` is empty where the row as a whole is meant.
    """

    line: int
    reason: str
    column: str = ""

    def __str__(self) -> str:
        if self.column:
            said = _("Line %(line)s, column “%(column)s”: %(reason)s", line=self.line, column=self.column,
                     reason=self.reason)  # fmt: skip
        else:
            said = _("Line %(line)s: %(reason)s", line=self.line, reason=self.reason)
        return one_line(said)  # what the file says must not steer the terminal


@dataclass(slots=True)
class WrongRows:
    """The rows that cannot be used: how many, and the first of them in words."""

    number: int = 0
    first: list[str] = field(default_factory=list)
    untold: int = 0

    def add(self, *faults: WrongRow) -> None:
        """Note one row with everything that is wrong with it."""
        self.number += 1
        if len(self.first) < MOST_TOLD:
            self.first += map(str, faults)
        else:
            self.untold += 1

    def tell(self) -> None:
        """Print the first of them to standard error, and how many more there are."""
        for line in self.first:
            click.echo(line, err=True)
        if self.untold:
            click.echo(ngettext("and %(num)s more.", "and %(num)s more.", self.untold), err=True)

    def refuse(self) -> None:
        """Raise RuleViolation where there are any: nothing is changed unless they are skipped."""
        if self.number:
            raise RuleViolation(
                ngettext(
                    "%(num)s row is wrong, so nothing was changed. Mend it, or load the others with"
                    " --skip-wrong.",
                    "%(num)s rows are wrong, so nothing was changed. Mend them, or load the others with"
                    " --skip-wrong.",
                    self.number,
                )
            )


def parted(rows: Iterable[Row | WrongRow]) -> tuple[list[Row], WrongRows]:
    """Return the rows that are right, and the others."""
    right, wrong = list[Row](), WrongRows()
    for row in rows:
        if isinstance(row, WrongRow):
            wrong.add(row)
        else:
            right.append(row)
    return right, wrong
