"""The city's crest: laid before, published, taken away; its files go and come with the transaction."""

from datetime import datetime

from cps.admin.townhall import crests
from cps.core import audit
from cps.core.db import db
from cps.core.emblems import Emblem
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.models import City


def offer_crest(row: City, crest: Emblem, *, by: int, at: datetime) -> None:
    """Keep a crest for administrators to look at, in place of one that waits; the city's row is locked.

    Raises RuleViolation where everybody sees it already.
    """
    if crest.name == row.logo:
        raise RuleViolation(_("This is the crest that everybody sees already."))
    crests.keep(crest)
    _set(row, "draft", by=by, at=at, logo_next=crest.name)


def publish_crest(row: City, name: str, *, by: int, at: datetime) -> None:
    """Let everybody see the crest that waits; once more changes nothing.

    Raises RuleViolation where it is not the one of this name, or its file is lost.
    """
    if name == row.logo:
        return
    if name != row.logo_next or not crests.read(name, "small"):
        raise RuleViolation(_("Another crest waits by now, or none. Look at it again."))
    _set(row, "publish", by=by, at=at, logo=name, logo_next="")


def drop_crest(row: City, name: str, *, by: int, at: datetime) -> None:
    """Throw away the crest of this name that waits; nothing where another one does, or none."""
    if name and name == row.logo_next:
        _set(row, "drop", by=by, at=at, logo_next="")


def remove_crest(row: City, name: str, *, by: int, at: datetime) -> None:
    """Take the crest of this name from everybody; nothing where they see another one, or none."""
    if name and name == row.logo:
        _set(row, "remove", by=by, at=at, logo="")


def bring_crest(row: City, crest: Emblem, *, by: int | None, at: datetime) -> None:
    """Publish a crest that came with a pack; the same one again only puts back files that are lost."""
    crests.keep(crest)
    if crest.name != row.logo:
        _set(row, "import", by=by, at=at, logo=crest.name)


def _set(row: City, act: str, *, by: int | None, at: datetime, **names: str) -> None:
    before = {field: getattr(row, field) for field in names}
    for field, name in names.items():
        setattr(row, field, name)
    crests.forget(row, *before.values())
    told = {field: [before[field], name] for field, name in names.items()}
    audit.record(f"{act}-crest", about=("crest", 1), by=by, at=at, changes=told)
    db.session.flush()
