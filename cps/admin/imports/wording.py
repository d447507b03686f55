"""What files that are brought in are called, what must be in them, and where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cps.admin.imports.rules import Carried, State, What
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import number


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: an icon, its name, what it is for, and what must stand in it."""

    icon: str
    title: Any
    text: Any
    holds: Any


KINDS = {
    What.CASES: Kind(
        "inbox",
        _l("Cases of an earlier system"),
        _l("Complaints with their times, places and answers. Nobody gets a message."),
        _l("A table in CSV with a row for each case. The mapping says which column is what. Without one, the"
           " columns are external_id, received_at, title or body, and category; closed_at, answer, ward, lat,"
           " lon, address, department and others if you like."),
    ),
    What.PROPOSALS: Kind(
        "lightbulb",
        _l("Proposals of an earlier site"),
        _l("With their supports as a number. Nobody gets a message."),
        _l("A table in CSV, or JSON Lines, and a mapping that says which column is what."),
    ),
    What.ARTICLES: Kind(
        "book-open",
        _l("Answers"),
        _l("Articles of the answer base, in every language they have."),
        _l("A table in CSV with the columns slug, language, title and text, and a row for each language; or"
           " JSON Lines as the export writes them."),
    ),
    What.CATEGORIES: Kind(
        "list",
        _l("Categories"),
        _l("What cases are about, who answers, and within which time."),
        _l("A table in CSV with the columns code, name, department (its code) and service_time; or JSON as in"
           " a city pack. None is removed."),
    ),
    What.PACK: Kind(
        "landmark",
        _l("A city as one file"),
        _l("Wards, departments, categories, calendar, reply templates and texts."),
        _l("A city pack in JSON, such as the export writes. What the city has and the pack has not stays."),
    ),
    What.RESIDENTS: Kind(
        "users",
        _l("Register of residents"),
        _l("Who may vote. Of each number only a tag is kept that nobody can read back."),
        _l("A table in CSV with the columns number, ward (its code) and birth date. The file is encrypted"
           " while it waits, and deleted after a day at the latest."),
    ),
    What.CARDS: Kind(
        "id-card",
        _l("City cards"),
        _l("Which card is whose, so that a counter can read the card."),
        _l("A table in CSV with the columns card and number. Bring the register in first."),
    ),
}  # fmt: skip

STATES = {
    State.TO_LOOK: _l("Waits to be checked"),
    State.LOOKING: _l("Is being checked"),
    State.LOOKED: _l("Checked. It waits for your decision"),
    State.TO_TAKE: _l("Waits to be taken over"),
    State.TAKING: _l("Is being taken over"),
    State.TAKEN: _l("Taken over"),
    State.REFUSED: _l("Cannot be taken over"),
    State.DROPPED: _l("Not taken over"),
    State.FORGOTTEN: _l("Deleted: nobody took it over within a day"),
    State.BROKEN: _l("The program could not read it"),
}

FIGURES = {
    "new": _l("New"),
    "changed": _l("Changed"),
    "closed": _l("Closed since"),
    "more": _l("With other supports"),
    "gone": _l("Gone"),
    "same": _l("As before"),
}


def figures(carried: Carried) -> Iterator[tuple[str, str]]:
    """Yield what became of the rows of a file, and how many of each."""
    for name, label in FIGURES.items():
        if name in carried.figures:
            yield str(label), number(carried.figures[name])
    if carried.wrong:
        yield _("Wrong"), number(carried.wrong)
