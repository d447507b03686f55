"""Where crests are kept: two pictures each, under names that come from what they show."""

from typing import Literal

from cps.core.backup import media_of
from cps.core.backup.hooks import PlainRow
from cps.core.emblems import Emblem
from cps.core.models import City
from cps.core.stale_files import delete_once_committed, delete_unless_committed
from cps.core.storage import NotStored, current_storage

Size = Literal["small", "large"]
SIZES: tuple[Size, ...] = ("small", "large")


def key(name: str, size: Size) -> str:
    """Return under which key a picture of a crest is stored."""
    return f"crests/{name}-{size}.webp"


def keep(crest: Emblem) -> None:
    """Store a crest in the running transaction; where that is undone, what was not there before goes."""
    for size in SIZES:
        place, rendition = key(crest.name, size), getattr(crest, size)
        if not current_storage().exists(place):
            delete_unless_committed([place])
            current_storage().put(place, rendition.data, rendition.content_type)


def read(name: str, size: Size) -> bytes:
    """Return a picture of a crest, or nothing where the city has none or its file is lost."""
    try:
        return current_storage().get(key(name, size)) if name else b""
    except NotStored:
        return b""


def forget(row: City, *names: str) -> None:
    """Delete, once the transaction is committed, what of these names the city no longer uses."""
    for name in {*names} - {row.logo, row.logo_next, ""}:
        delete_once_committed(key(name, size) for size in SIZES)


@media_of(City)
def files_of_city(row: PlainRow) -> list[str]:
    """Return under which keys the crests of a city are stored, for backups."""
    names = dict.fromkeys((row.get("logo", ""), row.get("logo_next", "")))
    return [key(name, size) for name in names if name for size in SIZES]
