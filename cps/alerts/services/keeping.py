"""Beginning, changing, pausing and ending alerts."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, tuple_, update

from cps.accounts.models import Account
from cps.accounts.partings import Parting
from cps.alerts import queries
from cps.alerts.models import Alert, AlertNews
from cps.alerts.rules import MOST_ALERTS, Wish
from cps.core import changes
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.many import change_rows

TOLD_KEPT = timedelta(days=30)
FORGOTTEN_AT_ONCE = 1_000


def begin(wish: Wish, *, by: Account, at: datetime) -> tuple[Alert, bool]:
    """Let a locked account hear of something from now on; returns its alert, and whether it is a new one.

    One that hears of the same place and category already is changed instead, and goes on if it was paused.
    Raises RuleViolation where the account has no proven address of mail, or as many alerts as it may have.
    """
    if not by.email or by.email_verified_at is None:
        raise RuleViolation(_("Alerts come by mail. Add an e-mail address to your account first."))
    _check(wish)
    same = queries.with_scope(by.id, wish.scope)
    if same is not None:
        changes.apply(same, {**_columns(wish), "paused_at": None})
        return same, False
    if queries.count_of(by.id) >= MOST_ALERTS:
        raise RuleViolation(
            _("You have %(number)d alerts, and more are not possible. Delete one first.", number=MOST_ALERTS)
        )
    alert = Alert(account_id=by.id, created_at=at, **_columns(wish))
    db.session.add(alert)
    db.session.flush()
    return alert, True


def change(alert: Alert, wish: Wish) -> None:
    """Let a locked alert hear of something else; raises RuleViolation where its owner hears of it already."""
    _check(wish)
    same = queries.with_scope(alert.account_id, wish.scope)
    if same is not None and same.id != alert.id:
        raise RuleViolation(_("You have another alert for this place and category. Change that one."))
    changes.apply(alert, _columns(wish))


def pause(alert: Alert, *, at: datetime) -> None:
    """Tell nothing of a locked alert until its owner wants it again, also not what was about to be told."""
    alert.paused_at = alert.paused_at or at
    change_rows(delete(AlertNews).where(AlertNews.alert_id == alert.id, AlertNews.told_at.is_(None)))


def resume(alert: Alert) -> None:
    """Tell what is new from now on."""
    alert.paused_at = None


def end(alert: Alert) -> None:
    """Delete a locked alert."""
    db.session.delete(alert)


def stop(account_id: int, alert_id: int | None, *, at: datetime) -> None:
    """Pause one alert of an account, or all of them, as its letters offer; already paused is fine."""
    for alert in queries.of_account(account_id):
        if alert_id in {None, alert.id}:
            pause(queries.lock(alert.id, account_id), at=at)


def count_told(at: datetime) -> int:
    """Return how much news is to be forgotten."""
    return queries.count_old(at - TOLD_KEPT)


def forget_told(at: datetime) -> bool:
    """Forget some of what was told a month ago, and of what has found nobody for as long; True for more."""
    old = queries.old_news(at - TOLD_KEPT, limit=FORGOTTEN_AT_ONCE)
    if old:
        key = tuple_(AlertNews.account_id, AlertNews.kind, AlertNews.about_id, AlertNews.alert_id)
        change_rows(delete(AlertNews).where(key.in_([tuple(row) for row in old])))
    return len(old) == FORGOTTEN_AT_ONCE


def hand_over(old: int, new: int, _at: datetime) -> None:
    """Give an account's alerts to the one it is joined to, except those that this one has already.

    What the old one was about to be told goes: the new one hears what comes from now on.
    """
    change_rows(delete(AlertNews).where(AlertNews.account_id == old))
    change_rows(delete(Alert).where(Alert.id.in_(queries.doubles(old, new))))
    change_rows(update(Alert).where(Alert.account_id == old).values(account_id=new))


def leave(parting: Parting) -> None:
    """Delete the alerts of somebody who deletes their account, and all that was told."""
    change_rows(delete(AlertNews).where(AlertNews.account_id == parting.account_id))
    change_rows(delete(Alert).where(Alert.account_id == parting.account_id))


def _check(wish: Wish) -> None:
    if not wish.says_where:
        raise RuleViolation(_("Choose a place, a ward or a category."))
    if not wish.says_what:
        raise RuleViolation(_("Choose at least one thing to be told of."))


def _columns(wish: Wish) -> dict[str, Any]:
    circle = wish.circle
    return {
        "scope": wish.scope,
        "key": wish.key,
        "lat": circle.lat if circle else None,
        "lon": circle.lon if circle else None,
        "radius_m": circle.radius_m if circle else None,
        "ward_id": wish.ward_id,
        "category_id": wish.category_id,
        "problems": wish.problems,
        "proposals": wish.proposals,
        "answers": wish.answers,
        "notices": wish.notices,
        "rhythm": wish.rhythm,
    }
