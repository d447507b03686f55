"""Asking to be told what is new, one's own alerts, and stopping them."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.alerts.models import Alert
from cps.alerts.rules import MOST_ALERTS, Rhythm, Wish, rounded
from cps.alerts.stopping import Stop, stop_path
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.quiet_hours import Hours
from cps.notifications.told.services import set_hours
from tests.accounts.support import at_once, mailed_code
from tests.support import factories as make
from tests.support.site import Site

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
NEW, OWN = "/alerts/new", "/accounts/me/alerts"


def alerts(account: Account | None = None) -> list[Alert]:
    db.session.rollback()
    found = list(db.session.scalars(db.select(Alert).order_by(Alert.id)))
    return [one for one in found if account is None or one.account_id == account.id]


def signed_in(site: Site) -> Account:
    resident = make.make_resident()
    site.sign_in(resident)
    return resident


def test_somebody_signed_in_is_told_of_a_place_that_is_kept_roughly(site: Site) -> None:
    ward, resident = make.make_ward(), signed_in(site)
    make.make_alert(make.make_resident(), Wish(ward_id=ward.id))
    lat, lon = make.middle(ward)

    page = site.submit(
        NEW,
        form=NEW,
        lat=f"{lat + 0.0001234}",
        lon=f"{lon:.6f}",
        radius="1000",
        what=["answers"],
        rhythm="at-once",
    )

    alert = alerts(resident)[0]
    assert page.path == OWN
    assert (alert.lat, alert.lon, alert.radius_m) == (round(lat, 3), round(lon, 3), 1000)
    assert alert.ward_id == ward.id
    assert (alert.problems, alert.answers, alert.notices) == (False, True, False)
    assert alert.rhythm is Rhythm.AT_ONCE
    assert page.all("main .alert-name") == ["1 km around a place in Ward 1"]


def test_the_form_says_that_at_once_waits_in_the_quiet_hours(site: Site) -> None:
    """A city without quiet hours promises nothing else."""
    assert site.get(NEW).has("also with “At once”")
    alert = make.make_alert(signed_in(site), Wish(ward_id=make.make_ward().id, rhythm=Rhythm.AT_ONCE))
    assert site.get(f"{OWN}/{alert.id}").has("also with “At once”")

    chief = make.make_administrator()
    with transaction():
        set_hours(Hours(0, 0, 8), by=chief.id, at=clock.now())

    assert not site.get(NEW).has("also with “At once”")


def test_the_list_leads_to_an_alert_of_what_it_shows(site: Site) -> None:
    ward, category = make.make_ward("harbour"), make.make_category("Lamp", code="lamp")
    make.make_complaint(ward=ward, category=category)
    resident = signed_in(site)

    site.get("/complaints?ward=harbour&category=lamp")
    site.submit(site.follow("Tell me about new cases here"), form=NEW)

    alert = alerts(resident)[0]
    assert (alert.ward_id, alert.category_id, alert.lat) == (ward.id, category.id, None)
    assert (alert.problems, alert.answers, alert.notices) == (True, True, True)
    assert alert.rhythm is Rhythm.DAILY


def test_a_visitor_proves_an_address_and_finds_the_form_as_it_was(site: Site) -> None:
    make.make_ward("harbour")

    page = site.submit(NEW, form=NEW, ward="harbour", what=["answers"], rhythm="weekly")
    page = site.submit(page, form="/accounts/prove", email="new@testford.test")
    page = site.submit(page, form="/accounts/code", code=mailed_code("new@testford.test"))
    assert urlsplit(page.path).path == NEW
    assert alerts() == []
    site.submit(page, form=NEW)

    alert = alerts()[0]
    assert (alert.rhythm, alert.answers, alert.problems) == (Rhythm.WEEKLY, True, False)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Choose a place, a ward or a category."),
        ({"lat": "36.01"}, "A position has two numbers"),
        ({"lat": "somewhere", "lon": "129.5"}, "A position has two numbers"),
        ({"lat": "10", "lon": "10"}, "This place lies outside Testford."),
        ({"ward": "one", "what": []}, "Choose at least one thing to be told of."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_cannot_be_heard_of_is_refused_and_nothing_typed_is_lost(
    site: Site, typed: dict[str, object], says: str
) -> None:
    make.make_ward("one")
    signed_in(site)

    page = site.submit(NEW, form=NEW, **{"radius": "2000", **typed})

    assert page.status == 422
    assert page.has(says)
    assert page.form(NEW).value("radius") == "2000"
    assert alerts() == []


@pytest.mark.parametrize(
    "forged",
    [
        {"ward": "nowhere"},
        {"category": "nothing"},
        {"ward": "one", "radius": "7"},
        {"ward": "one", "rhythm": "x"},
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_is_not_offered_is_refused(site: Site, forged: dict[str, str]) -> None:
    make.make_ward("one")
    signed_in(site)
    sent = {"radius": "500", "rhythm": "daily", "what": "problems", **forged}

    assert site.post_raw(NEW, sent).status == 422
    assert alerts() == []


def test_the_same_alert_again_changes_the_one_there_is(site: Site) -> None:
    make.make_ward("one")
    resident = signed_in(site)
    site.submit(NEW, form=NEW, ward="one")
    site.submit(OWN, form=f"{OWN}/{alerts()[0].id}/pause")

    page = site.submit(NEW, form=NEW, ward="one", rhythm="at-once")

    assert page.has("You had this alert already.")
    assert [(one.rhythm, one.paused_at) for one in alerts(resident)] == [(Rhythm.AT_ONCE, None)]


def test_an_account_has_twenty_alerts_at_most_also_when_asked_twice_at_once(app: Flask, site: Site) -> None:
    resident = signed_in(site)
    categories = [make.make_category() for _ in range(MOST_ALERTS + 3)]
    for category in categories[: MOST_ALERTS - 1]:
        make.make_alert(resident, Wish(category_id=category.id))

    def begin(number: int) -> bool:
        try:
            make.make_alert(resident, Wish(category_id=categories[MOST_ALERTS + number].id))
        except Exception:  # noqa: BLE001 - whichever refusal: only the number of rows counts
            return False
        return True

    assert sorted(at_once(app, 3, begin)) == [False, False, True]
    assert len(alerts(resident)) == MOST_ALERTS
    page = site.submit(NEW, form=NEW, category=categories[MOST_ALERTS - 1].code)
    assert page.status == 422
    assert page.has("more are not possible")


def test_an_account_without_an_address_is_asked_to_add_one(site: Site) -> None:
    make.make_ward("one")
    site.sign_in(make.make_resident(email="", phone="+821012345678"))

    assert site.get(NEW).link("Add one") == "/accounts/me/email"
    page = site.submit(NEW, form=NEW, ward="one")

    assert page.status == 422
    assert page.has("Add an e-mail address to your account first.")
    assert alerts() == []


def test_an_alert_is_changed_paused_resumed_and_deleted(site: Site) -> None:
    ward, other = make.make_ward("one"), make.make_ward("two")
    resident = signed_in(site)
    alert = make.make_alert(resident, Wish(ward_id=ward.id))
    someone_elses = make.make_alert(make.make_resident(), Wish(ward_id=ward.id))

    page = site.get(f"{OWN}/{alert.id}")
    assert page.form(f"{OWN}/{alert.id}").value("ward") == "one"
    page = site.submit(page, form=f"{OWN}/{alert.id}", ward="two", rhythm="weekly")
    assert page.all("main .alert-name") == ["Ward 2"]
    assert alerts(resident)[0].ward_id == other.id

    page = site.submit(page, form=f"{OWN}/{alert.id}/pause")
    assert page.has("Paused")
    page = site.submit(page, form=f"{OWN}/{alert.id}/resume")
    assert not page.has("Paused")
    page = site.submit(page, form=f"{OWN}/{alert.id}/delete")
    assert page.has("No alerts yet")
    assert [one.id for one in alerts()] == [someone_elses.id]


def test_an_alert_cannot_become_one_that_there_is(site: Site) -> None:
    one, two = make.make_ward("one"), make.make_ward("two")
    resident = signed_in(site)
    alert = make.make_alert(resident, Wish(ward_id=one.id))
    make.make_alert(resident, Wish(ward_id=two.id))

    page = site.submit(f"{OWN}/{alert.id}", form=f"{OWN}/{alert.id}", ward="two")

    assert page.status == 422
    assert page.has("You have another alert for this place and category.")


def test_each_alert_leads_to_its_feed_which_needs_no_account(site: Site) -> None:
    ward = make.make_ward()
    lat, lon = make.middle(ward)
    make.make_complaint(title="Near", ward=ward)
    make.make_complaint(title="Far", ward=make.make_ward())
    make.make_alert(signed_in(site), Wish(circle=rounded(lat, lon, 500)))

    feed = site.get(OWN).link("As a feed")

    assert parse_qs(urlsplit(feed).query) == {"near": [f"{lat:.3f},{lon:.3f},500"]}
    entries = site.another().get(feed).text
    assert "Near" in entries
    assert "Far" not in entries


def test_opening_the_end_of_letters_changes_nothing_and_one_button_stops_them(site: Site) -> None:
    ward, resident = make.make_ward(), make.make_resident()
    alert = make.make_alert(resident, Wish(ward_id=ward.id))
    make.make_alert(resident, Wish(category_id=make.make_category().id))
    path = stop_path(Stop(resident.id, alert.id))

    page = site.get(path)
    assert [one.paused_at for one in alerts()] == [None, None]
    page = site.submit(page, form=path)

    assert page.has("You get no such mails")
    assert [one.paused_at is not None for one in alerts()] == [True, False]


def test_mail_programs_stop_letters_without_cookie_and_token(site: Site) -> None:
    ward, resident = make.make_ward(), make.make_resident()
    make.make_alert(resident, Wish(ward_id=ward.id))
    make.make_alert(resident, Wish(category_id=make.make_category().id))
    make.make_alert(make.make_resident(), Wish(ward_id=ward.id))

    answer = site.post_raw(stop_path(Stop(resident.id)), ONE_CLICK, with_token=False, headers={})

    assert (answer.status, answer.text) == (200, "")
    assert [one.paused_at is not None for one in alerts()] == [True, True, False]


def test_a_token_of_another_account_or_alert_stops_nothing(site: Site) -> None:
    ward, resident = make.make_ward(), make.make_resident()
    alert = make.make_alert(resident, Wish(ward_id=ward.id))
    path = stop_path(Stop(resident.id + 1, alert.id))
    forged = path.replace(f"{resident.id + 1:x}-", f"{resident.id:x}-", 1)

    assert site.post_raw(forged, ONE_CLICK, with_token=False, headers={}).status == 404
    assert site.post_raw(path, ONE_CLICK, with_token=False, headers={}).status == 200
    assert alerts()[0].paused_at is None
