"""Reads of alerts: those of one account, those that hear of something."""

from collections.abc import Collection, Sequence
from datetime import datetime
from math import cos, radians

from sqlalchemy import ColumnElement, Row, exists, func, or_, select, tuple_

from cps.alerts.models import Alert, AlertNews
from cps.alerts.rules import NewsKind, Rhythm, keys_for
from cps.cases.models import Case, CaseEvent, Follow
from cps.cases.rules import CaseKind
from cps.core.db import db
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.notices.rules import METRES_OF_A_DEGREE, KnownNotice
from cps.wards import queries as wards
from cps.wards.geometry import distance_to_border_m

Reached = tuple[int, int]
"""Account and alert up to which was looked."""


def of_account(account_id: int) -> Sequence[Alert]:
    """Return the alerts of an account, the newest first."""
    own = select(Alert).where(Alert.account_id == account_id)
    return db.session.scalars(own.order_by(Alert.id.desc())).all()


def find(alert_id: int) -> Alert | None:
    """Return one alert."""
    return db.session.get(Alert, alert_id)


def get(alert_id: int, account_id: int) -> Alert:
    """Return an alert of this account; raises NotVisible where it has none with this number."""
    found = find(alert_id)
    if found is None or found.account_id != account_id:
        raise NotVisible(_("There is no such alert."))
    return found


def lock(alert_id: int, account_id: int) -> Alert:
    """Return the same, loaded anew and locked for the running write transaction."""
    own = select(Alert).where(Alert.id == alert_id, Alert.account_id == account_id)
    found = db.session.scalars(own.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotVisible(_("There is no such alert."))
    return found


def with_scope(account_id: int, scope: str) -> Alert | None:
    """Return the alert of an account that hears of the same place and category."""
    same = select(Alert).where(Alert.account_id == account_id, Alert.scope == scope)
    return db.session.scalars(same).one_or_none()


def count_of(account_id: int) -> int:
    """Return how many alerts an account has."""
    own = select(func.count()).where(Alert.account_id == account_id)
    return db.session.scalar(own) or 0


def case_of(case_id: int) -> Case | None:
    """Return a case."""
    return db.session.get(Case, case_id)


def event_of(event_id: int) -> CaseEvent | None:
    """Return an event with its case; None where it was taken back."""
    return db.session.get(CaseEvent, event_id)


def hears_of_case(case: Case) -> list[ColumnElement[bool]]:
    """Return the conditions of alerts under which a case lies, whatever is told of it."""
    position = (case.lat, case.lon) if case.lat is not None and case.lon is not None else None
    conditions: list[ColumnElement[bool]] = [
        Alert.key.in_(keys_for(position, case.ward_id, case.category_id)),
        or_(Alert.category_id.is_(None), Alert.category_id == case.category_id),
    ]
    if position is not None:
        conditions.append(or_(Alert.lat.is_(None), _reaches(*position)))
    return conditions


def follows_not(case_id: int) -> ColumnElement[bool]:
    """Return the condition of alerts of whoever does not follow a case, whose news comes anyway."""
    return ~exists().where(Follow.case_id == case_id, Follow.account_id == Alert.account_id)


def wants_kind(kind: CaseKind) -> ColumnElement[bool]:
    """Return the condition of alerts that tell of new cases of a kind."""
    return (Alert.proposals if kind is CaseKind.PROPOSAL else Alert.problems).is_(True)


def hears_of_notice(notice: KnownNotice) -> list[ColumnElement[bool]]:
    """Return the conditions of alerts whose place a notice touches, and whose category it does not exclude.

    An alert of a category in the whole city hears only of notices of this category.
    """
    conditions: list[ColumnElement[bool]] = [Alert.notices.is_(True)]
    has_place = or_(Alert.lat.is_not(None), Alert.ward_id.is_not(None))
    if notice.category_id is None:
        conditions.append(has_place)
    else:
        conditions.append(or_(Alert.category_id.is_(None), Alert.category_id == notice.category_id))
    if notice.ward_codes or notice.circle is not None:
        everywhere = Alert.lat.is_(None) & Alert.ward_id.is_(None)
        conditions.append(or_(everywhere, *_touched(notice)))
    return conditions


def hearing(
    conditions: Sequence[ColumnElement[bool]], *, but: Collection[int], after: Reached, limit: int
) -> Sequence[Row[int, int, Rhythm]]:
    """Return (account_id, id, rhythm) of up to `limit` alerts behind `after` that are not paused."""
    return db.session.execute(
        select(Alert.account_id, Alert.id, Alert.rhythm)
        .where(
            *conditions,
            Alert.paused_at.is_(None),
            Alert.account_id.not_in(but),
            tuple_(Alert.account_id, Alert.id) > tuple_(*after),
        )
        .order_by(Alert.account_id, Alert.id)
        .limit(limit)
    ).all()


def _touched(notice: KnownNotice) -> list[ColumnElement[bool]]:
    """Return where alerts may lie that a notice with a place touches: in its wards, or by its circle."""
    areas = wards.areas()
    ids = {code: ward.id for code, ward in areas.wards.items()}
    within: list[ColumnElement[bool]] = [
        Alert.ward_id.in_([ids[code] for code in notice.ward_codes if code in ids])
    ]
    if (circle := notice.circle) is not None:
        touched = [
            ids[code]
            for code, area in areas.outlines.items()
            if distance_to_border_m(area, circle.lat, circle.lon) <= circle.radius_m
        ]
        within += [
            Alert.lat.is_(None) & Alert.ward_id.in_(touched),
            Alert.lat.is_not(None) & _reaches(circle.lat, circle.lon, circle.radius_m),
        ]
    return within


def _reaches(lat: float, lon: float, beyond_m: int = 0) -> ColumnElement[bool]:
    """Return the condition that the circle of an alert comes so near to a position, on flat ground."""
    wide = METRES_OF_A_DEGREE * cos(radians(lat))
    north, east = (Alert.lat - lat) * METRES_OF_A_DEGREE, (Alert.lon - lon) * wide
    reach = Alert.radius_m + beyond_m
    return north * north + east * east <= reach * reach


def count_old(before: datetime) -> int:
    """Return how much was told before a moment, or has been due since before without finding anybody."""
    return db.session.scalar(select(func.count()).select_from(AlertNews).where(_is_old(before))) or 0


def old_news(before: datetime, *, limit: int) -> Sequence[Row[int, NewsKind, int, int]]:
    """Return the keys of some of it."""
    keys = select(AlertNews.account_id, AlertNews.kind, AlertNews.about_id, AlertNews.alert_id)
    return db.session.execute(keys.where(_is_old(before)).limit(limit)).all()


def _is_old(before: datetime) -> ColumnElement[bool]:
    return or_(AlertNews.told_at < before, AlertNews.told_at.is_(None) & (AlertNews.due_at < before))


def doubles(old: int, new: int) -> Sequence[int]:
    """Return the alerts of one account that hear of the same place and category as one of the other."""
    other = select(Alert.scope).where(Alert.account_id == new)
    return db.session.scalars(select(Alert.id).where(Alert.account_id == old, Alert.scope.in_(other))).all()
