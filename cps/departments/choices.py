"""Categories as the choices of a list, in the words of the page's language."""

from collections.abc import Iterable

from cps.core.i18n import localized
from cps.departments.catalogue import KnownCategory

Groups = dict[str, list[tuple[str, str]]]


def by_group(categories: Iterable[KnownCategory], *, others: str = "") -> Groups:
    """Return (code, name) of categories by group, each in its order; `others` names those of none."""
    groups: Groups = {}
    for one in categories:
        groups.setdefault(localized(one.group_name) or others, []).append((one.code, localized(one.name)))
    return groups
