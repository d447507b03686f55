"""One's own account: name, language, password, devices, signing out."""

import pytest

from cps.accounts.passwords import is_password
from cps.accounts.rules import AccountState
from cps.core.db import db, transaction
from tests.accounts.support import NEW_PASSWORD, account_of, facts, mailed_code, sessions
from tests.support.factories import PASSWORD, make_officer, make_resident
from tests.support.fixtures import Clock
from tests.support.site import Site

ANN = "ann@example.org"

OWN_PAGES = ["/accounts/me", "/accounts/me/profile", "/accounts/me/password", "/accounts/me/devices"]


def is_signed_in(site: Site) -> bool:
    return site.get("/accounts/me", follow=False).status == 200


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.first_case("who may do what is decided by the program")
def test_visitors_are_sent_to_sign_in_and_back(site: Site, path: str) -> None:
    page = site.get(path, follow=False)

    assert (page.status, page.header("Location")) == (303, f"/accounts/sign-in?next={path}")


@pytest.mark.parametrize(
    "path", ["/accounts/me/profile", "/accounts/me/password", "/accounts/me/sign-out-device"]
)
@pytest.mark.first_case("who may do what is decided by the program")
def test_visitors_cannot_change_anything(site: Site, path: str) -> None:
    assert site.post_raw(path, {"display_name": "Ann"}).status == 403


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.first_case("who may do what is decided by the program")
def test_own_pages_are_never_kept_by_a_cache(site: Site, path: str) -> None:
    site.sign_in(make_resident())

    assert site.get(path).header("Cache-Control") == "no-store"


def test_the_first_page_shows_address_and_language_and_no_role_to_residents(site: Site) -> None:
    site.sign_in(make_resident(email=ANN, display_name="Ann", language="en"))

    page = site.get("/accounts/me")

    assert page.heading == "Ann"
    assert page.has(ANN)
    assert not page.has("You work here as")


def test_staff_see_what_they_are_here(site: Site) -> None:
    site.sign_in(make_officer())

    assert site.get("/accounts/me").has("Officer")


def test_name_and_language_can_be_changed(site: Site) -> None:
    ann, bob = make_resident(email=ANN, language="en"), make_resident(display_name="Bob")
    site.sign_in(ann)

    page = site.submit("/accounts/me/profile", display_name="  Ann\u202e  Example ", language="ko")

    account = account_of(ANN)
    assert (account.display_name, account.language) == ("Ann Example", "ko")
    assert page.value_of("html", "lang") == "ko"
    assert account_of(bob.email).display_name == "Bob"


def test_a_name_may_be_taken_away(site: Site) -> None:
    site.sign_in(make_resident(email=ANN, display_name="Ann"))

    page = site.submit("/accounts/me/profile", display_name="")

    assert account_of(ANN).display_name == ""
    assert page.heading == "My account"


def test_a_language_the_city_does_not_speak_is_refused(site: Site) -> None:
    site.sign_in(make_resident(email=ANN, display_name="Ann", language="en"))

    page = site.post_raw("/accounts/me/profile", {"display_name": "Anna", "language": "xx"})

    assert page.status == 422
    assert page.value_of("#display_name") == "Anna"
    assert account_of(ANN).language == "en"


def test_only_name_and_language_are_read_from_the_form(site: Site) -> None:
    site.sign_in(make_resident(email=ANN))

    forged = {"email": "bob@example.org", "state": "blocked", "role": "administrator", "version": "99"}
    site.post_raw("/accounts/me/profile", {"display_name": "Ann", "language": "en", **forged})

    account = account_of(ANN)
    assert account.state is AccountState.ACTIVE
    assert not account.is_staff


def test_after_signing_in_a_new_password_needs_no_old_one(site: Site) -> None:
    site.sign_in(make_resident(email=ANN, password=PASSWORD))

    page = site.submit("/accounts/me/password", password=NEW_PASSWORD)

    assert page.has("Your password is changed.")
    assert is_password(NEW_PASSWORD, account_of(ANN).password_hash)


def test_later_the_old_password_is_asked_for(site: Site, clock: Clock) -> None:
    site.sign_in(make_resident(email=ANN, password=PASSWORD))
    clock.move(minutes=16)

    wrong = site.submit("/accounts/me/password", current="not my password", password=NEW_PASSWORD)
    assert wrong.status == 422
    assert wrong.text_of("#current-error")
    assert is_password(PASSWORD, account_of(ANN).password_hash)

    site.submit("/accounts/me/password", current=PASSWORD, password=NEW_PASSWORD)
    assert is_password(NEW_PASSWORD, account_of(ANN).password_hash)


def test_leaving_the_old_password_out_of_the_form_does_not_help(site: Site, clock: Clock) -> None:
    site.sign_in(make_resident(email=ANN, password=PASSWORD))
    clock.move(minutes=16)

    page = site.post_raw("/accounts/me/password", {"password": NEW_PASSWORD})

    assert page.status == 422
    assert is_password(PASSWORD, account_of(ANN).password_hash)


def test_an_account_without_a_password_gets_one_after_a_code(site: Site, clock: Clock) -> None:
    site.sign_in(make_resident(email=ANN))
    clock.move(minutes=16)
    refused = site.post_raw("/accounts/me/password", {"password": NEW_PASSWORD, "current": ""})
    assert refused.heading == "Choose a password"
    assert account_of(ANN).password_hash == ""

    site.submit("/accounts/me/password", form="/accounts/me/password/code")
    site.submit(code=mailed_code(ANN))
    page = site.submit("/accounts/me/password", password=NEW_PASSWORD)

    assert page.has("Your password is changed.")
    assert len(sessions(account_of(ANN))) == 1


def test_a_new_password_signs_out_every_other_device(site: Site) -> None:
    ann, bob = make_resident(email=ANN), make_resident()
    other, bobs = site.another().sign_in(ann), site.another().sign_in(bob)
    site.sign_in(ann)
    before = {row.token_hash for row in sessions(ann)}

    site.submit("/accounts/me/password", password=NEW_PASSWORD)

    assert [is_signed_in(s) for s in (site, other, bobs)] == [True, False, True]
    assert not {row.token_hash for row in sessions(ann)} & before


@pytest.mark.parametrize("password", ["", "short", "x" * 201, ANN, "qwertyuiop"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_new_password_that_is_guessed_easily_is_refused(site: Site, password: str) -> None:
    site.sign_in(make_resident(email=ANN, password=PASSWORD))

    page = site.submit("/accounts/me/password", password=password)

    assert page.status == 422
    assert page.text_of("#password-error")
    assert is_password(PASSWORD, account_of(ANN).password_hash)


def test_devices_are_shown_with_this_one_marked(site: Site) -> None:
    ann = make_resident()
    site.another().sign_in(make_resident())
    site.another().sign_in(ann)
    site.sign_in(ann)

    page = site.get("/accounts/me/devices")

    assert len(page.all(".devices li")) == 2
    assert len([words for words in page.all(".devices li") if "This device" in words]) == 1


def test_another_device_can_be_signed_out(site: Site) -> None:
    ann = make_resident()
    other = site.another().sign_in(ann)
    site.sign_in(ann)

    page = site.submit("/accounts/me/devices", form="/accounts/me/sign-out-device")

    assert page.has("That device is signed out.")
    assert [is_signed_in(site), is_signed_in(other)] == [True, False]


@pytest.mark.parametrize("device", ["", "x", "0" * 64, "\0" * 64, "é" * 64])
def test_a_device_nobody_has_signs_nobody_out(site: Site, device: str) -> None:
    site.sign_in(make_resident())

    assert site.post_raw("/accounts/me/sign-out-device", {"device": device}).status == 200
    assert is_signed_in(site)


def test_somebody_elses_device_is_out_of_reach(site: Site) -> None:
    bob = make_resident()
    bobs = site.another().sign_in(bob)
    site.sign_in(make_resident())

    site.post_raw("/accounts/me/sign-out-device", {"device": sessions(bob)[0].token_hash})

    assert is_signed_in(bobs)


def test_a_device_in_use_is_noted_once_a_day(site: Site, clock: Clock) -> None:
    ann = make_resident()
    site.sign_in(ann)
    clock.move(hours=23)
    site.get("/")
    assert sessions(ann)[0].seen_at < clock.now

    clock.move(hours=2)
    site.get("/")

    assert sessions(ann)[0].seen_at == clock.now


def test_signing_out_asks_first(site: Site) -> None:
    site.sign_in(make_resident())

    page = site.get("/accounts/sign-out")

    assert page.heading == "Sign out?"
    assert is_signed_in(site)


def test_signing_out_ends_this_session_only(site: Site) -> None:
    ann = make_resident()
    other = site.another().sign_in(ann)
    site.sign_in(ann)
    cookie = site.cookie("cps") or ""

    page = site.submit("/accounts/sign-out", button="Sign out here", form="form:has(button.is-primary)")

    assert page.heading == "You are signed out"
    assert [is_signed_in(site), is_signed_in(other)] == [False, True]
    site.client.set_cookie("cps", cookie)
    assert not is_signed_in(site)


def test_signing_out_everywhere_ends_all(site: Site) -> None:
    ann = make_resident()
    other = site.another().sign_in(ann)
    bobs = site.another().sign_in(make_resident())
    site.sign_in(ann)

    site.post_raw("/accounts/sign-out", {"everywhere": "y"})

    assert [is_signed_in(s) for s in (site, other, bobs)] == [False, False, True]


def test_signing_out_twice_does_no_harm(site: Site) -> None:
    site.sign_in(make_resident())
    site.post_raw("/accounts/sign-out")

    assert site.post_raw("/accounts/sign-out").heading == "You are signed out"


def test_signing_out_drops_everything_the_cookie_held(site: Site) -> None:
    site.sign_in(make_resident(email=ANN))
    site.submit("/accounts/me/password", form=None, password="short")
    with site.client.session_transaction() as cookie:
        cookie["opened_cases"] = [1]

    site.post_raw("/accounts/sign-out")

    with site.client.session_transaction() as cookie:
        assert set(cookie) <= {"csrf_token", "_csrf_token"}


def test_a_blocked_account_is_out_at_the_next_page(site: Site) -> None:
    ann = make_resident(email=ANN)
    site.sign_in(ann)
    with transaction():
        account_of(ANN).state = AccountState.BLOCKED
        db.session.flush()

    assert not is_signed_in(site)


def test_a_code_for_ones_own_password_goes_to_ones_own_address(site: Site) -> None:
    make_resident()
    site.sign_in(make_resident(email=ANN))

    site.post_raw("/accounts/me/password/code", {"email": "bob@example.org"})

    assert len(facts(ANN)) == 1
    assert facts("bob@example.org") == []
