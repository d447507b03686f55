"""Writes on the systems that departments are connected to: by administrators, and what the worker finds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from cps.core import audit, sealed
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.leases import still_ours
from cps.core.many import change_rows
from cps.open311.outgoing import queries
from cps.open311.outgoing.models import OtherSystem, SentCase
from cps.open311.outgoing.rules import SERVICES_KEPT, Connection, Ending, Failed, Stage, rest_after

KEY = "open311-key"


def connect(department_id: int, told: Connection, *, by: int, at: datetime) -> OtherSystem:
    """Connect a department to a system, which is asked for its services at once; nothing is sent yet."""
    row = OtherSystem(
        department_id=department_id,
        base_url=told.base_url,
        jurisdiction=told.jurisdiction,
        sealed_key=sealed.keep(KEY, told.key) if told.key else "",
        run_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _trace("connect-system", row, {"base_url": [None, row.base_url]}, by=by, at=at)
    return row


def change(row: OtherSystem, told: Connection, *, by: int, at: datetime) -> None:
    """Change where a system is. At another address it is another system: it must be turned on anew.

    What the former one had got is followed no more, for its numbers mean nothing there.
    """
    before = {"base_url": row.base_url, "jurisdiction": row.jurisdiction}
    is_other = row.base_url != told.base_url
    row.base_url, row.jurisdiction = told.base_url, told.jurisdiction
    if told.key:
        row.sealed_key = sealed.keep(KEY, told.key)
    if is_other:
        row.is_on, row.routes, row.services = False, {}, []
        if not told.key:
            row.sealed_key = ""  # a key is shown to nobody but whoever gave it
        _drop_all(row, at)
    _begin_anew(row, at)
    changes: dict[str, Any] = {
        name: [old, getattr(row, name)] for name, old in before.items() if old != getattr(row, name)
    }
    if told.key:
        changes["key"] = ["…", "…"]
    _trace("change-system", row, changes, by=by, at=at)


def ask_anew(row: OtherSystem, *, by: int, at: datetime) -> None:
    """Let the worker ask a system for its services now, however often it failed before."""
    _begin_anew(row, at)
    _trace("look-at-system", row, {}, by=by, at=at)


def set_routes(row: OtherSystem, routes: Mapping[str, str], *, by: int, at: datetime) -> None:
    """Say which of our categories go to which of its services; it is asked what those want to know."""
    before, row.routes = row.routes, dict(routes)
    if not routes:
        row.is_on = False
    _begin_anew(row, at)
    _trace("change-system", row, {"routes": [before, row.routes]}, by=by, at=at)


def turn(row: OtherSystem, *, on: bool, by: int, at: datetime) -> None:
    """Begin or stop to send and to follow. Raises RuleViolation where nothing says what goes where."""
    if on and not row.routes:
        raise RuleViolation(_("Say first which category goes to which of its services."))
    if on and not row.sealed_key:
        raise RuleViolation(_("Type the key first that the other system gave you."))
    row.is_on = on
    _begin_anew(row, at)
    _trace("turn-on-system" if on else "turn-off-system", row, {}, by=by, at=at)


def mark_services(key: int, owner: str, found: list[dict[str, Any]], form: str, *, at: datetime) -> None:
    """Keep what a system offers, and look again tomorrow."""
    if still_ours(OtherSystem, key, owner) is not None:
        _write(key, services=found, form=form, looked_at=at, looked_trouble="", **_rested(at))


def mark_not_looked(key: int, owner: str, failed: Failed, *, at: datetime) -> None:
    """Keep why a system could not be asked what it offers; it is asked again tomorrow, or when told to."""
    if still_ours(OtherSystem, key, owner) is not None:
        _write(key, looked_at=at, looked_trouble=str(failed)[:240], **_rested(at))


def heard(key: int, *, at: datetime) -> None:
    """Note that a system answers as it should."""
    _write(key, heard_at=at, trouble="", trouble_since=None, failures=0, rest_until=None)


def failed(key: int, why: Failed, *, at: datetime) -> None:
    """Note that a system does not answer as it should, and leave it alone for a growing time."""
    row = queries.system(key)
    if row is None:
        return
    failures = row.failures + 1
    since, rest = row.trouble_since or at, at + rest_after(failures)
    _write(key, trouble=str(why)[:240], trouble_since=since, failures=failures, rest_until=rest)


def _drop_all(row: OtherSystem, at: datetime) -> None:
    """End what the former system got; what is just on its way there is taken from its worker, and waits."""
    known = update(SentCase).where(SentCase.system_id == row.id, SentCase.stage != Stage.WAITING)
    change_rows(known.values(done_at=at, failed_at=None, ending=Ending.DROPPED, lease_until=None))
    waiting = update(SentCase).where(SentCase.system_id == row.id, SentCase.stage == Stage.WAITING)
    change_rows(waiting.values(lease_until=None, lease_owner=""))


def _begin_anew(row: OtherSystem, at: datetime) -> None:
    row.run_at, row.attempts, row.lease_until = at, 0, None
    row.lease_owner = ""  # who asks it just now asks what it was before
    row.trouble, row.trouble_since, row.failures, row.rest_until = "", None, 0, None
    row.looked_at, row.looked_trouble = None, ""
    db.session.flush()


def _rested(at: datetime) -> dict[str, Any]:
    return {"run_at": at + SERVICES_KEPT, "attempts": 0, "lease_until": None}


def _write(key: int, **values: Any) -> None:
    """Write what the worker found, past the version that administrators see."""
    change_rows(update(OtherSystem).where(OtherSystem.id == key).values(**values))


def _trace(act: str, row: OtherSystem, changes: dict[str, Any], *, by: int, at: datetime) -> None:
    audit.record(act, about=("department", row.department.code), by=by, at=at, changes=changes)
    db.session.flush()
