"""What was published: months, their editions, the signed files."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Row, func, select

from cps.cases.models import Case
from cps.core.db import db
from cps.insights.models import PromiseFile
from cps.insights.rules import Month

Head = Row[str, int, str, datetime]
"""Month, edition, hash of the file, when it was frozen."""

_HEAD = select(PromiseFile.month, PromiseFile.edition, PromiseFile.sha256, PromiseFile.frozen_at)


def newest_editions(*, limit: int) -> Sequence[Head]:
    """Return the newest edition of each of the last months, the last month first; without the texts."""
    newest = (
        select(func.max(PromiseFile.id)).group_by(PromiseFile.month).order_by(PromiseFile.month.desc())
    ).limit(limit)
    return db.session.execute(
        _HEAD.where(PromiseFile.id.in_(newest)).order_by(PromiseFile.month.desc())
    ).all()


def editions(month: Month) -> Sequence[PromiseFile]:
    """Return every edition of a month, the newest first."""
    of_month = select(PromiseFile).where(PromiseFile.month == str(month))
    return db.session.scalars(of_month.order_by(PromiseFile.edition.desc())).all()


def edition(month: Month, number: int) -> PromiseFile | None:
    """Return one edition of a month; None where there is none of this number, however large."""
    return next((one for one in editions(month) if one.edition == number), None)


def is_published(month: Month) -> bool:
    """Return whether a month has been published."""
    return (
        db.session.scalar(select(PromiseFile.id).where(PromiseFile.month == str(month)).limit(1)) is not None
    )


def had_cases(*, before: datetime) -> bool:
    """Return whether a case stood in this installation before a moment."""
    return db.session.scalar(select(Case.id).where(Case.entered_at < before).limit(1)) is not None


def last_file() -> PromiseFile | None:
    """Return the file that was published last, of whichever month."""
    return db.session.scalars(select(PromiseFile).order_by(PromiseFile.id.desc()).limit(1)).one_or_none()


def published_files() -> Sequence[PromiseFile]:
    """Return every file in the order in which they were published."""
    return db.session.scalars(select(PromiseFile).order_by(PromiseFile.id)).all()


def count_files() -> int:
    """Return how many files were published, which grows with every month and every correction."""
    return db.session.scalar(select(func.count()).select_from(PromiseFile)) or 0


def key_of_last() -> str | None:
    """Return the public key of the last file, as hex; None while nothing is published."""
    return db.session.scalar(select(PromiseFile.public_key).order_by(PromiseFile.id.desc()).limit(1))


@lru_cache(maxsize=64)
def file_text(sha256: str) -> str:
    """Return the text of the file with this hash, which never changes; it must have been published."""
    return db.session.scalars(select(PromiseFile.text).where(PromiseFile.sha256 == sha256)).one()
