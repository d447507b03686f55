"""What the rows of a list say besides the case itself: names in the reader's language, icons."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cps.core import city
from cps.core.i18n import current_language, localized
from cps.departments import queries as departments
from cps.departments.catalogue import Catalogue
from cps.wards import queries as wards
from cps.wards.queries import Areas


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id. A case without a ward has the ward None, whose name is empty."""

    categories: Mapping[int, str]
    icons: Mapping[int, str]
    departments: Mapping[int, str]
    wards: Mapping[int | None, str]


def names() -> Names:
    """Return the names in the language of the page."""
    known = city.find()
    default = known.default_language if known else ""
    return _names(departments.catalogue(), wards.areas(), current_language(), default)


@lru_cache(maxsize=32)
def _names(catalogue: Catalogue, areas: Areas, language: str, _default: str) -> Names:
    return Names(
        categories={key: localized(one.name, language) for key, one in catalogue.categories.items()},
        icons={key: one.icon for key, one in catalogue.categories.items()},
        departments={key: localized(one.name, language) for key, one in catalogue.departments.items()},
        wards={None: "", **{key: localized(name, language) for key, name in areas.names.items()}},
    )
