"""A file of articles, read whole before anything is written."""

from collections.abc import Mapping
from typing import BinaryIO

from cps.core.city import CityFacts
from cps.core.errors import RuleViolation
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.table_file import at_most
from cps.core.wrong_rows import WrongRows, parted
from cps.departments import queries as departments
from cps.knowledge import importing, queries
from cps.knowledge.importing import ArticleRow, Known


def read(
    file: BinaryIO,
    city: CityFacts,
    languages: Mapping[str, str],
    *,
    is_lines: bool,
    most: int | None = None,
) -> tuple[list[ArticleRow], WrongRows]:
    """Look at every row of a table or of JSON Lines; an article that has a wrong one is not among the right.

    `languages` is `{theirs: ours}`. Raises RuleViolation where one of ours is none.
    """
    return parted(at_most(importing.read(file, _known(city, languages), is_lines=is_lines), most))


def _known(city: CityFacts, languages: Mapping[str, str]) -> Known:
    ours = dict.fromkeys((*city.languages, *OWN_NAMES, *queries.languages()))
    if unknown := [code for code in languages.values() if code not in ours]:
        raise RuleViolation(_("“%(code)s” is no language of this program.", code=unknown[0]))
    catalogue = departments.catalogue()
    return Known(
        categories={one.code for one in catalogue.categories.values()},
        departments={one.code for one in catalogue.departments.values()},
        languages={**{code: code for code in ours}, **languages},
    )
