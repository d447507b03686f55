"""Publishing months: a month is counted, signed and kept, and from then on only corrected in public."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from cps.core import audit
from cps.core.city import CityFacts
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.departments import queries as departments
from cps.insights import files, queries, signing
from cps.insights.models import PromiseFile
from cps.insights.rules import FiguresRefused, Month, Why, check_internal
from cps.insights.schedule import SETTING
from cps.polls import canonical


def freeze(
    month: Month, city: CityFacts, *, at: datetime, keys: Path, by: int | None = None, new_key: bool = False
) -> PromiseFile:
    """Count a month that is over, sign it and keep it for ever.

    Raises FiguresRefused where it is not over or published already, ConfigurationError without the key.
    """
    _hold()
    if at < month.ends(city.zone):
        raise FiguresRefused(Why.NOT_OVER)
    if queries.is_published(month):
        raise FiguresRefused(Why.PUBLISHED_ALREADY)
    kept = _publish(month, city, None, reason="", at=at, key=_key(keys, new_key=new_key))
    audit.record("freeze-month", about=("month", month), by=by, at=at)
    return kept


def correct(
    month: Month,
    city: CityFacts,
    *,
    reason: str,
    at: datetime,
    keys: Path,
    by: int | None = None,
    new_key: bool = False,
) -> PromiseFile:
    """Publish a further edition of a month that says why; the one before stays as it is.

    Raises FiguresRefused where the month is not published, no reason is given or no figure is another.
    """
    _hold()
    before = next(iter(queries.editions(month)), None)
    if before is None:
        raise FiguresRefused(Why.NOT_PUBLISHED)
    if not reason.strip():
        raise FiguresRefused(Why.REASON_MISSING)
    kept = _publish(month, city, before, reason=reason.strip(), at=at, key=_key(keys, new_key=new_key))
    was, now = files.read(before.text), files.read(kept.text)
    if (was.lines, was.acts, was.categories or now.categories) == (now.lines, now.acts, now.categories):
        raise FiguresRefused(Why.NOTHING_CHANGED)
    audit.record(
        "correct-month",
        about=("month", month),
        by=by,
        at=at,
        changes={"edition": [before.edition, kept.edition]},
    )
    return kept


def keep_internal(until: date, city: CityFacts, *, at: datetime, by: int | None = None) -> None:
    """Let a new city keep its figures to itself until a day, on which they become public; once.

    Raises FiguresRefused where it has decided before, the day is no later than today or too late, or figures
    have been public.
    """
    row = lock_city()
    chosen: dict[str, Any] = row.settings.get(SETTING, {})
    check_internal(
        until,
        today=at.astimezone(city.zone).date(),
        decided="internal_until" in chosen,
        has_published=queries.last_file() is not None,
    )
    row.settings = {**row.settings, SETTING: {**chosen, "internal_until": until.isoformat()}}
    audit.record(
        "keep-figures-internal", about=("city", 1), by=by, at=at, changes={"until": [None, until.isoformat()]}
    )
    db.session.flush()


def _publish(
    month: Month, city: CityFacts, before: PromiseFile | None, *, reason: str, at: datetime, key: bytes
) -> PromiseFile:
    counted = queries.count_month(month, city.zone)
    last = queries.last_file()
    frame = files.frame_of(
        month,
        city=city.name.get(city.default_language) or next(iter(city.name.values())),
        zone=city.zone,
        edition=before.edition + 1 if before else 1,
        reason=reason,
        corrects=before.sha256 if before else "",
        previous=last.sha256 if last else "",
        at=at,
    )
    known = departments.catalogue()
    text = files.written(
        frame,
        counted,
        departments={one.id: (one.code, one.name) for one in known.departments.values()},
        categories={one.id: (one.code, one.name) for one in known.categories.values()},
    )
    kept = PromiseFile(
        month=str(month),
        edition=frame.edition,
        reason=reason,
        text=text.decode("ascii"),
        sha256=canonical.sha256(text),
        public_key=signing.public_key(key),
        signature=signing.sign(text, key),
        frozen_at=at,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _hold() -> None:
    """Let no two publish at the same time: each file names the one before it."""
    lock_city()


def _key(directory: Path, *, new_key: bool) -> bytes:
    return signing.private_key(directory, known_public=None if new_key else queries.key_of_last())
