"""Alerts when accounts are joined or deleted, what is forgotten, and workers that stumble over each other."""

from datetime import timedelta

import pytest
from flask import Flask

from cps.accounts import joins, partings
from cps.accounts.models import Account
from cps.accounts.partings import Parting
from cps.alerts.models import Alert, AlertNews
from cps.alerts.rules import NewsKind, Rhythm, Wish
from cps.alerts.services import TOLD_KEPT, forget_told, match
from cps.cases.models import Case
from cps.core import clock as clocks
from cps.core import retention
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.notifications.alerts.services import write_letters
from cps.notifications.models import Message
from tests.accounts.support import at_once
from tests.support import factories as make
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")


def hear(case: Case) -> None:
    """Find who hears of a case, as the worker does."""
    with transaction():
        match({"what": NewsKind.FILED, "about_id": case.id, "after": [0, 0]}, at=clocks.now())


def write() -> None:
    with transaction():
        write_letters(0, at=clocks.now())


def news() -> list[AlertNews]:
    db.session.rollback()
    return list(db.session.scalars(db.select(AlertNews).order_by(AlertNews.account_id)))


def alerts_of(account: Account) -> list[Alert]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Alert).where(Alert.account_id == account.id).order_by(Alert.id)))


def letters() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(db.select(Message.address)))


def test_alerts_go_along_when_accounts_are_joined_and_the_same_one_stays_once() -> None:
    ward, lamp = make.make_ward(), make.make_category()
    old, new, other = make.make_resident(), make.make_resident(), make.make_resident()
    make.make_alert(old, Wish(ward_id=ward.id, rhythm=Rhythm.WEEKLY))
    make.make_alert(old, Wish(category_id=lamp.id))
    make.make_alert(new, Wish(ward_id=ward.id))
    make.make_alert(other, Wish(ward_id=ward.id))
    hear(make.make_complaint(ward=ward, category=lamp))

    with transaction():
        joins.move_everything(old.id, new.id, clocks.now())

    assert alerts_of(old) == []
    assert {(one.ward_id, one.category_id, one.rhythm) for one in alerts_of(new)} == {
        (ward.id, None, Rhythm.DAILY),
        (None, lamp.id, Rhythm.DAILY),
    }
    assert {row.account_id for row in news()} == {new.id, other.id}


def test_somebody_who_deletes_their_account_leaves_no_alert_behind() -> None:
    ward, leaving, staying = make.make_ward(), make.make_resident(), make.make_resident()
    for person in (leaving, staying):
        make.make_alert(person, Wish(ward_id=ward.id))
    hear(make.make_complaint(ward=ward))

    with transaction():
        partings.forget_everywhere(Parting(leaving.id, "", frozenset({leaving.email}), clocks.now()))

    assert alerts_of(leaving) == []
    assert [row.account_id for row in news()] == [staying.id]
    assert len(alerts_of(staying)) == 1


def test_what_was_told_is_forgotten_after_a_month_and_what_waits_stays(clock: Clock) -> None:
    ward, daily, weekly = make.make_ward(), make.make_resident(), make.make_resident()
    make.make_alert(daily, Wish(ward_id=ward.id, rhythm=Rhythm.AT_ONCE))
    hear(make.make_complaint(ward=ward))
    write()
    clock.set_to(clock.now + TOLD_KEPT)
    make.make_alert(weekly, Wish(ward_id=ward.id, rhythm=Rhythm.WEEKLY))
    hear(make.make_complaint(ward=ward))

    assert dict(retention.run(clock.now + timedelta(seconds=1), dry_run=True))["what alerts told"] == 1
    with transaction():
        assert not forget_told(clock.now + timedelta(seconds=1))

    assert {row.account_id for row in news()} == {daily.id, weekly.id}
    assert [row for row in news() if row.told_at is not None] == []


def test_old_news_is_forgotten_in_pieces(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cps.alerts.services.keeping.FORGOTTEN_AT_ONCE", 2)
    ward = make.make_ward()
    for _person in range(3):
        make.make_alert(make.make_resident(), Wish(ward_id=ward.id, rhythm=Rhythm.AT_ONCE))
    hear(make.make_complaint(ward=ward))
    clock.set_to(clock.now + TOLD_KEPT + timedelta(seconds=1))

    for goes_on in (True, False):
        with transaction():
            assert forget_told(clock.now) is goes_on

    assert news() == []


def test_two_workers_at_once_write_each_letter_once(app: Flask) -> None:
    ward = make.make_ward()
    people = [make.make_resident() for _ in range(6)]
    for person in people:
        make.make_alert(person, Wish(ward_id=ward.id, rhythm=Rhythm.AT_ONCE))
    hear(make.make_complaint(ward=ward))
    hear(make.make_complaint(ward=ward))

    at_once(app, 3, lambda _number: write())

    assert letters() == sorted(person.email for person in people)
    assert all(row.told_at is not None for row in news())


def test_a_worker_that_is_killed_in_the_middle_has_told_nothing_and_the_next_tells_it_once() -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, Wish(ward_id=ward.id, rhythm=Rhythm.AT_ONCE))
    hear(make.make_complaint(ward=ward))

    def write_and_die() -> None:
        with transaction():
            write_letters(0, at=clocks.now())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_die()
    assert letters() == []

    write()
    write()

    assert letters() == [person.email]


def test_finding_who_hears_twice_tells_once() -> None:
    ward, person = make.make_ward(), make.make_resident()
    make.make_alert(person, Wish(ward_id=ward.id, rhythm=Rhythm.AT_ONCE))
    case = make.make_complaint(ward=ward)

    for _again in range(2):
        hear(case)
        write()

    assert letters() == [person.email]


def test_an_alert_of_nothing_or_nowhere_is_refused() -> None:
    person = make.make_resident()

    for wish in (Wish(), Wish(ward_id=make.make_ward().id, problems=False)):
        with pytest.raises(RuleViolation):
            make.make_alert(person, wish)
    with pytest.raises(RuleViolation, match="by mail"):
        make.make_alert(
            make.make_resident(email="", phone="+821012345678"), Wish(ward_id=make.make_ward().id)
        )
