"""Coming in: by password, by code, by registering, after a forgotten password, for one act."""

import base64

import pytest
from sqlalchemy import text

from cps.accounts.passwords import is_outdated, is_password
from cps.accounts.rules import AccountState, Role
from cps.core.db import db
from cps.core.outbox import Fact
from tests.accounts.support import NEW_PASSWORD, account_of, facts, mailed_code, other_than, sessions
from tests.support.factories import PASSWORD, make_account, make_officer, make_resident
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

ANN = "ann@example.org"


def is_signed_in(site: Site) -> bool:
    return site.get("/accounts/me", follow=False).status == 200


def write_code(site: Site, code: str | None = None) -> Page:
    return site.submit("/accounts/code", code=code or mailed_code(ANN))


# By password


def test_the_right_password_signs_in(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)
    make_resident(password="another password")

    page = site.submit("/accounts/sign-in", email="Ann@Example.ORG ", password=PASSWORD)

    assert page.path == "/accounts/me"
    assert is_signed_in(site)


@pytest.mark.parametrize("path", ["/api/v1/wards.geojson", "/accounts/me"])
def test_the_cookie_is_set_at_sign_in_and_stands_on_no_later_answer(site: Site, path: str) -> None:
    make_resident(email=ANN, password=PASSWORD)
    entered = site.submit("/accounts/sign-in", follow=False, email=ANN, password=PASSWORD)
    site.get("/accounts/me")

    assert "HttpOnly" in entered.header("Set-Cookie")
    assert site.get(path).header("Set-Cookie") == ""


def test_officers_begin_at_their_desk(site: Site) -> None:
    make_officer(email=ANN, password=PASSWORD)

    page = site.submit("/accounts/sign-in", follow=False, email=ANN, password=PASSWORD)

    assert page.header("Location") == "/desk"


def test_signing_in_leads_on_to_where_one_wanted_to_go(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)

    site.get("/accounts/me/cases")
    page = site.submit(email=ANN, password=PASSWORD)

    assert page.path == "/accounts/me/cases"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example", "/%2Fevil.example"]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_signing_in_never_leads_to_another_site(site: Site, elsewhere: str) -> None:
    make_resident(email=ANN, password=PASSWORD)

    page = site.post_raw(
        "/accounts/sign-in", {"email": ANN, "password": PASSWORD, "next": elsewhere}, follow=False
    )

    assert page.header("Location") == "/accounts/me"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "/\\evil.example", "/%5cevil.example"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_who_is_signed_in_is_not_led_to_another_site_either(site: Site, elsewhere: str) -> None:
    site.sign_in(make_resident())

    page = site.get("/accounts/sign-in", query_string={"next": elsewhere}, follow=False)

    assert page.header("Location") == "/accounts/me"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)

    wrong = site.submit("/accounts/sign-in", email=ANN, password="not my password")
    statements = len(site.statements)
    unknown = site.submit("/accounts/sign-in", email="bob@example.org", password="not my password")

    assert wrong.status == unknown.status == 422
    assert wrong.text_of(".error-summary") == unknown.text_of(".error-summary")
    assert statements == len(site.statements)
    assert not is_signed_in(site)


def test_an_account_without_a_password_is_answered_like_an_unknown_one(site: Site) -> None:
    make_resident(email=ANN)

    page = site.submit("/accounts/sign-in", email=ANN, password="a guess of mine")

    assert page.status == 422
    assert page.has("The address or the password is not right.")


def test_a_refused_sign_in_keeps_the_address_and_not_the_password(site: Site) -> None:
    page = site.submit("/accounts/sign-in", email=ANN, password="not my password")

    assert page.value_of("#email") == ANN
    assert "not my password" not in page.html


def test_without_a_password_nothing_is_tried(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)

    page = site.submit("/accounts/sign-in", button="Sign in", email=ANN)

    assert page.status == 422
    assert page.has("Write your password, or let us send you a code.")


def test_a_hash_of_other_costs_is_renewed_at_sign_in(site: Site) -> None:
    ann = make_resident(email=ANN, password=PASSWORD)
    assert is_outdated(ann.password_hash)

    site.submit("/accounts/sign-in", email=ANN, password=PASSWORD)

    stored = account_of(ANN).password_hash
    assert not is_outdated(stored)
    assert is_password(PASSWORD, stored)


def test_a_blocked_account_is_told_so_only_with_the_right_password(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD, state=AccountState.BLOCKED)

    wrong = site.submit("/accounts/sign-in", email=ANN, password="not my password")
    right = site.submit("/accounts/sign-in", email=ANN, password=PASSWORD)

    assert not wrong.has("blocked")
    assert right.status == 422
    assert right.has("This account is blocked.")
    assert not is_signed_in(site)


def test_signing_in_begins_a_new_cookie_and_ends_the_session_before(site: Site) -> None:
    ann = make_resident(email=ANN, password=PASSWORD)
    site.get("/accounts/sign-in")
    before = site.cookie("cps")
    site.submit(email=ANN, password=PASSWORD)
    first = sessions(ann)[0].token_hash
    site.post_raw("/accounts/sign-in", {"email": ANN, "password": PASSWORD})

    assert site.cookie("cps") != before
    assert len(sessions(ann)) == 1
    assert sessions(ann)[0].token_hash != first


def test_a_visitors_cookie_of_before_opens_nothing_after_signing_in(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)
    site.get("/accounts/sign-in")
    thief = site.another()
    thief.client.set_cookie("cps", site.cookie("cps") or "")
    site.submit(email=ANN, password=PASSWORD)

    assert is_signed_in(site)
    assert not is_signed_in(thief)


def test_a_session_knows_its_device(site: Site) -> None:
    ann = make_resident(email=ANN, password=PASSWORD)
    site.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile"

    site.submit("/accounts/sign-in", email=ANN, password=PASSWORD)

    assert [row.device for row in sessions(ann)] == ["Chrome · Android"]


def test_the_form_is_refused_from_another_site(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)

    page = site.post_raw(
        "/accounts/sign-in",
        {"email": ANN, "password": PASSWORD},
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    )

    assert page.status == 403
    assert not is_signed_in(site)


# By code


def test_a_mailed_code_signs_in(site: Site) -> None:
    ann = make_resident(email=ANN)
    make_resident()

    site.submit("/accounts/sign-in", button="Send me a code instead", email=ANN)
    page = write_code(site)

    assert page.path == "/accounts/me"
    assert len(sessions(ann)) == 1


def test_a_code_may_be_typed_in_groups_and_in_another_script(site: Site) -> None:
    make_resident(email=ANN)
    site.submit("/accounts/sign-in", button="Send me a code instead", email=ANN)
    code = mailed_code(ANN).translate({ord(str(n)): chr(0x0660 + n) for n in range(10)})

    write_code(site, f" {code[:3]} {code[3:]} ")

    assert is_signed_in(site)


def test_the_code_field_is_made_for_codes(site: Site) -> None:
    page = site.submit("/accounts/sign-in", button="Send me a code instead", email=ANN)

    assert page.path == "/accounts/code"
    assert page.value_of("#code", "autocomplete") == "one-time-code"
    assert page.value_of("#code", "inputmode") == "numeric"
    assert page.has(ANN)


def test_known_and_unknown_addresses_get_the_same_page_and_the_same_mail(site: Site) -> None:
    make_resident(email=ANN)

    known = site.submit("/accounts/sign-in", button="Send me a code instead", email=ANN)
    unknown = site.submit("/accounts/sign-in", button="Send me a code instead", email="bob@example.org")

    assert known.html.replace(ANN, "").count("<input") == unknown.html.count("<input")
    assert known.text.replace(ANN, "X") == unknown.text.replace("bob@example.org", "X")
    assert [f.fact for f in facts(ANN)] == [f.fact for f in facts("bob@example.org")] == [Fact.CODE_WANTED]


def test_a_wrong_code_is_refused_and_may_be_tried_again(site: Site) -> None:
    make_resident(email=ANN)
    site.submit("/accounts/sign-in", button="Send me a code instead", email=ANN)
    code = mailed_code(ANN)

    refused = write_code(site, other_than(code))

    assert refused.status == 422
    assert refused.value_of("#code") == other_than(code)
    assert not is_signed_in(site)
    write_code(site, code)
    assert is_signed_in(site)


def test_what_is_no_code_is_not_even_tried(site: Site) -> None:
    site.submit("/accounts/sign-in", button="Send me a code instead", email=ANN)

    page = write_code(site, "my code")

    assert page.status == 422
    assert page.has("The code has six digits.")


def test_a_new_code_takes_the_place_of_the_one_before(site: Site) -> None:
    make_resident(email=ANN)
    site.submit("/accounts/sign-in", button="Send me a code instead", email=ANN)
    first = mailed_code(ANN)

    page = site.submit(site.page, form="/accounts/code/again")
    second = mailed_code(ANN)

    assert page.has("We sent a new code.")
    assert first == second or write_code(site, first).status == 422
    write_code(site, second)
    assert is_signed_in(site)


def test_the_code_page_alone_leads_to_the_beginning(site: Site) -> None:
    assert site.get("/accounts/code").path == "/accounts/sign-in"
    assert site.post_raw("/accounts/code", {"code": "123456"}).path == "/accounts/sign-in"
    assert site.post_raw("/accounts/code/again").path == "/accounts/sign-in"


def test_after_an_hour_one_begins_again(site: Site, clock: Clock) -> None:
    make_resident(email=ANN)
    site.submit("/accounts/sign-in", button="Send me a code instead", email=ANN)
    clock.move(minutes=61)

    page = site.get("/accounts/code")

    assert page.path == "/accounts/sign-in"
    assert page.has("That took too long.")


def test_the_cookie_does_not_show_the_address(site: Site) -> None:
    site.submit("/accounts/register", email=ANN, password=NEW_PASSWORD)

    cookie = site.cookie("cps") or ""
    payload = cookie.strip(".").split(".")[0]
    assert b"ann@" not in base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))


def test_a_blocked_account_is_not_let_in_by_code(site: Site) -> None:
    make_resident(email=ANN, state=AccountState.BLOCKED)
    site.submit("/accounts/sign-in", button="Send me a code instead", email=ANN)

    page = write_code(site)

    assert page.status == 422
    assert page.has("This account is blocked.")
    assert not is_signed_in(site)


# Registering


def test_registering_makes_an_account_once_the_address_is_proven(site: Site) -> None:
    site.submit("/accounts/register", email=" Ann@Example.org", password=NEW_PASSWORD)
    assert not is_signed_in(site)

    page = write_code(site)

    account = account_of(ANN)
    assert page.has("Welcome. Your account is ready.")
    assert account.roles == {Role.RESIDENT}
    assert account.email_verified_at is not None
    assert is_password(NEW_PASSWORD, account.password_hash)


def test_before_the_code_there_is_no_account(site: Site) -> None:
    site.submit("/accounts/register", email=ANN, password=NEW_PASSWORD)

    page = site.submit("/accounts/sign-in", email=ANN, password=NEW_PASSWORD)

    assert page.status == 422


def test_one_may_register_without_a_password(site: Site) -> None:
    site.submit("/accounts/register", email=ANN)
    write_code(site)

    assert account_of(ANN).password_hash == ""
    assert is_signed_in(site)


def test_a_new_account_speaks_the_language_of_the_page(site: Site) -> None:
    site.client.set_cookie("lang", "ko")
    site.submit("/accounts/register", email=ANN)
    write_code(site)

    assert account_of(ANN).language == "ko"
    assert facts(ANN)[0].payload["language"] == "ko"


def test_registering_a_known_address_shows_the_same_and_mails_other_words(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)

    known = site.submit("/accounts/register", email=ANN, password=NEW_PASSWORD)
    unknown = site.another().submit("/accounts/register", email="bob@example.org", password=NEW_PASSWORD)

    assert known.text.replace(ANN, "X") == unknown.text.replace("bob@example.org", "X")
    assert [fact.fact for fact in facts(ANN)] == [Fact.ADDRESS_ALREADY_KNOWN]
    assert [fact.fact for fact in facts("bob@example.org")] == [Fact.CODE_WANTED]


def test_who_proves_a_known_address_gets_their_account_with_its_old_password(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)
    site.submit("/accounts/register", email=ANN, password=NEW_PASSWORD)

    page = write_code(site)

    assert page.has("You had an account already.")
    assert is_password(PASSWORD, account_of(ANN).password_hash)


def test_registering_never_gives_a_role(site: Site) -> None:
    site.post_raw("/accounts/register", {"email": ANN, "role": "administrator", "roles": "administrator"})
    site.post_raw("/accounts/code", {"code": mailed_code(ANN), "role": "administrator"})

    assert account_of(ANN).roles == {Role.RESIDENT}


@pytest.mark.parametrize("password", ["short", "password123!", "ann@example.org", "1234567890", "x" * 201])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_password_that_is_guessed_easily_is_refused_in_words(site: Site, password: str) -> None:
    page = site.submit("/accounts/register", email=ANN, password=password)

    assert page.status == 422
    assert page.text_of("#password-error")
    assert page.value_of("#email") == ANN
    assert password not in (page.value_of("#password") or "")
    assert facts(ANN) == []


# A forgotten password


def test_a_code_lets_one_choose_a_new_password(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)
    thief = site.another()
    thief.submit("/accounts/sign-in", email=ANN, password=PASSWORD)
    site.submit("/accounts/reset", email=ANN)
    write_code(site)
    assert is_password(PASSWORD, account_of(ANN).password_hash)

    page = site.submit("/accounts/me/password", password=NEW_PASSWORD)

    assert page.has("Your password is changed.")
    assert is_password(NEW_PASSWORD, account_of(ANN).password_hash)
    assert is_signed_in(site)
    assert not is_signed_in(thief)


def test_a_forgotten_password_is_asked_for_alike_known_or_not(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)

    known = site.submit("/accounts/reset", email=ANN)
    unknown = site.submit("/accounts/reset", email="bob@example.org")

    assert known.text.replace(ANN, "X") == unknown.text.replace("bob@example.org", "X")


# For one act


def test_proving_an_address_leads_back_to_the_page_with_the_button(site: Site) -> None:
    site.get("/accounts/prove?next=/complaints?q=lamp")
    site.submit(email=ANN)

    page = write_code(site)

    assert (page.path, is_signed_in(site)) == ("/complaints?q=lamp", True)
    assert account_of(ANN).email_verified_at is not None


def test_who_is_signed_in_goes_on_without_proving_again(site: Site) -> None:
    site.sign_in(make_resident())

    assert site.get("/accounts/prove?next=/complaints").path == "/complaints"


def test_an_address_proven_twice_is_one_account(site: Site) -> None:
    for visitor in (site, site.another()):
        visitor.submit("/accounts/prove", email=ANN)
        write_code(visitor)

    assert len(sessions(account_of(ANN))) == 2


def test_looking_at_these_pages_changes_nothing(site: Site) -> None:
    make_account(email=ANN)
    for path in ("sign-in", "register", "reset", "prove", "sign-out"):
        assert site.get(f"/accounts/{path}").status == 200

    assert facts(ANN) == []
    assert db.session.scalar(text("SELECT count(*) FROM sign_in_session")) == 0


def test_work_begun_as_a_visitor_goes_on_after_signing_in(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)
    with site.client.session_transaction() as cookie:
        cookie.update({"drafts": ["a token"], "anything": "else"})

    site.submit("/accounts/sign-in", email=ANN, password=PASSWORD)

    with site.client.session_transaction() as cookie:
        assert cookie["drafts"] == ["a token"]
        assert "anything" not in cookie


def test_who_comes_to_vote_is_told_of_voting_and_others_of_problems(site: Site) -> None:
    to_vote = "?next=/polls/new-park/vote"

    assert site.get(f"/accounts/sign-in{to_vote}").has("every vote is to count once.")
    assert site.get(f"/accounts/register{to_vote}").has("every vote is to count once.")
    for other in ("", "?next=/polls/new-park", "?next=/accounts/me"):
        assert site.get(f"/accounts/sign-in{other}").has("To report a problem")
        assert site.get(f"/accounts/register{other}").has("All your cases in one place")


def test_a_mistake_at_signing_in_to_vote_still_speaks_of_voting(site: Site) -> None:
    page = site.submit("/accounts/sign-in?next=/polls/new-park/vote", email="nobody", password="x")

    assert page.status == 422
    assert page.has("every vote is to count once.")
