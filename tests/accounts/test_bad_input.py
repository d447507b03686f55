"""Every form against what nobody should send: a marked field, or kept faithfully; never a failure."""

import pytest

from tests.accounts.support import account_of, mailed_code
from tests.support.factories import PASSWORD, make_resident
from tests.support.page import Page
from tests.support.site import Site

ANN = "ann@example.org"

ODD = {
    "empty": "",
    "spaces": "   \t\n ",
    "a million signs": "x" * 1_000_000,
    "nul": "a\0b@example.org",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "right to left override": "\u202eann@example.org\u202c",
    "surrogate": "ann\\ud800@example.org",
    "markup": '"><script>alert(1)</script>',
    "sql": "' OR 1=1 --",
    "lines": "ann@example.org\r\nBcc: bob@example.org",
    "piled marks": "a" + "\u0301" * 5_000,
    "number": "9" * 400,
    "percent": "100 % %s",
}
FORMS = {
    "/accounts/sign-in": ("email", "password", "next", "by_code"),
    "/accounts/register": ("email", "password", "next"),
    "/accounts/reset": ("email", "next"),
    "/accounts/prove": ("email", "next"),
}
OWN_FORMS = {
    "/accounts/me/profile": ("display_name", "language"),
    "/accounts/me/password": ("password", "next"),
    "/accounts/me/sign-out-device": ("device",),
    "/accounts/sign-out": ("everywhere",),
    "/language": ("language", "next"),
}


def forms(of: dict[str, tuple[str, ...]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("path", "names"), of.items(), ids=[*of])


def is_answered(page: Page) -> bool:
    return page.status in {200, 422}


@forms(FORMS)
def test_visitors_forms_take_odd_input_calmly(site: Site, path: str, names: tuple[str, ...]) -> None:
    for what, value in ODD.items():
        page = site.post_raw(path, dict.fromkeys(names, value))

        assert is_answered(page), what
        assert page.status == 200 or page.all(".field-error"), what
        assert "<script>alert" not in page.html


@forms(OWN_FORMS)
def test_own_forms_take_odd_input_calmly(site: Site, path: str, names: tuple[str, ...]) -> None:
    ann = make_resident(email=ANN, password=PASSWORD)
    for what, value in ODD.items():
        site.sign_in(ann)
        page = site.post_raw(path, dict.fromkeys(names, value))

        assert is_answered(page), what
        assert "<script>alert" not in page.html


def test_the_code_form_takes_odd_input_calmly(site: Site) -> None:
    site.submit("/accounts/prove", email=ANN)
    for what, value in ODD.items():
        page = site.post_raw("/accounts/code", {"code": value})

        assert (page.status, len(page.all("#code-error"))) == (422, 1), what

    site.submit("/accounts/code", code=mailed_code(ANN))
    assert account_of(ANN)


@forms({**FORMS, **OWN_FORMS})
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_fields_of_wrong_kinds_are_answered(site: Site, path: str, names: tuple[str, ...]) -> None:
    site.sign_in(make_resident(email=ANN))
    twice = {name: ["a", "b"] for name in names}
    nothing: dict[str, str] = {}
    arrays = {f"{name}[]": "a" for name in names}

    for fields in (twice, nothing, arrays):
        assert is_answered(site.post_raw(path, fields))


def test_a_file_where_a_text_is_asked_for_is_answered(site: Site) -> None:
    page = site.post_raw("/accounts/register", {"email": (b"\xff\xd8\xff", "photo.jpg")})

    assert page.status in {400, 422}


def test_bytes_that_are_no_text_are_answered(site: Site) -> None:
    token = site.csrf_token().encode()
    page = site._visit(
        "POST",
        "/accounts/sign-in",
        True,
        {
            "data": b"csrf_token=" + token + b"&email=%FF%FE%C0%80&password=%ED%A0%80",
            "content_type": "application/x-www-form-urlencoded",
            "headers": {"Origin": "http://localhost"},
        },
    )

    assert page.status == 422


def test_a_refused_address_stands_in_its_field_as_it_was_typed(site: Site) -> None:
    page = site.submit("/accounts/register", email="mina at example", password="")

    assert page.value_of("#email") == "mina at example"
    words = "Write an address like name@example.org, or a mobile number like 010-2000-0000."
    assert page.text_of("#email-error") == page.text_of(".error-summary a") == words


@pytest.mark.parametrize(
    "name", ["이해솔", "Zoë O’Neill-Löfgren", "👩‍🚒 Ann", "علي", "a" * 120, "<b>Ann</b> & %s"]
)
def test_a_name_is_kept_faithfully(site: Site, name: str) -> None:
    site.sign_in(make_resident(email=ANN, language="en"))

    page = site.submit("/accounts/me/profile", display_name=name, language="en")

    assert account_of(ANN).display_name == name
    assert page.heading == name


def test_a_name_that_looks_like_a_template_is_only_a_name(site: Site) -> None:
    site.sign_in(make_resident(email=ANN))

    site.submit("/accounts/me/profile", follow=False, display_name="{{ 7 * 7 }}%(name)s{% raw %}")

    assert account_of(ANN).display_name == "{{ 7 * 7 }}%(name)s{% raw %}"
    assert "{{ 7 * 7 }}%(name)s{% raw %}" in site.client.get("/accounts/me").text


def test_a_name_that_is_too_long_is_marked_and_stands_there(site: Site) -> None:
    site.sign_in(make_resident(email=ANN, display_name="Ann"))

    page = site.submit("/accounts/me/profile", display_name="a" * 121)

    assert page.status == 422
    assert page.value_of("#display_name") == "a" * 121
    assert account_of(ANN).display_name == "Ann"


@pytest.mark.parametrize("cookie", ["", "x", "." * 4000, "eyJfdXNlcl9pZCI6MX0.x.y"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_damaged_cookie_is_a_visitor(site: Site, cookie: str) -> None:
    site.client.set_cookie("cps", cookie)

    assert site.get("/accounts/sign-in").status == 200


@pytest.mark.parametrize(
    "values",
    [{"_user_id": 1}, {"_user_id": "\0"}, {"_user_id": ["x"]}, {"proof": "x"}, {"proof": 1}, {"browser": 7}],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_odd_values_in_the_cookie_are_a_visitor(site: Site, values: dict[str, object]) -> None:
    with site.client.session_transaction() as session:
        session.update(values)

    assert site.get("/accounts/code").path == "/accounts/sign-in"
    assert site.submit("/accounts/prove", email=ANN).path == "/accounts/code"
