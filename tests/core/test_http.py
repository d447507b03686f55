"""What every answer carries, and which requests are let in."""

import pytest
from flask import Flask, Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from cps.core.assets import asset_url
from cps.core.db import transaction
from cps.core.errors import AlreadyDone, NotVisible, RuleViolation, StaleVersion, TooMany
from cps.core.http import origin_only
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.core.storage import StorageFull
from tests.support import factories
from tests.support.site import Site

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OWN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
FOREIGN = [
    {"Origin": "https://elsewhere.test"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
]

PROBED = pytest.mark.settings(tile_attribution="probe")  # an application of its own, to which views are added


@pytest.fixture
def probe(app: Flask, site: Site) -> Site:
    """A visitor of an application with views of each kind."""
    if "with_token" not in app.view_functions:
        add_views(app)
    return site


def add_views(app: Flask) -> None:
    @app.post("/probe/token")
    @public
    def with_token() -> ResponseReturnValue:
        return Response("done", mimetype="text/plain")

    @app.post("/probe/origin")
    @origin_only
    @public
    def with_origin() -> ResponseReturnValue:
        return Response("done", mimetype="text/plain")

    @app.get("/probe/cached/<tag>")
    @public
    def cached(tag: str) -> ResponseReturnValue:
        return cacheable(tag) or render_template("errors/404.html", message="", code=404, csrf_failed=False)

    @app.get("/probe/fails/<int:number>")
    @public
    def fails(number: int) -> ResponseReturnValue:
        raise FAILURES[number][0]


FAILURES: list[tuple[Exception, int]] = [
    (RuleViolation("The well is dry."), 422),
    (StaleVersion("Somebody was faster."), 409),
    (AlreadyDone("You did that."), 409),
    (NotVisible(""), 404),
    (TooMany("Slowly, please.", 30), 429),
    (StorageFull(28, "full"), 503),
    (OperationalError("SELECT 1", {}, Exception("database is locked")), 503),
    (ZeroDivisionError("a mistake"), 500),
]


def test_a_process_that_answers_says_ok(site: Site) -> None:
    assert site.get("/healthz").text.strip() == "ok"


def test_a_database_that_answers_is_ready(site: Site) -> None:
    assert site.get("/readyz").status == 200


@pytest.mark.parametrize("path", ["/healthz", "/no-such-page"])
def test_every_answer_carries_the_headers_that_protect_it(site: Site, path: str) -> None:
    page = site.get(path)

    assert {name: page.header(name) for name in HEADERS} == HEADERS
    assert page.header("Content-Security-Policy").startswith("default-src 'none';")
    assert "geolocation=(self)" in page.header("Permissions-Policy")
    assert page.header("X-Request-Id")


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(site: Site) -> None:
    policy = site.get("/no-such-page").header("Content-Security-Policy")

    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy


@pytest.mark.settings(tile_url="https://{s}.tiles.test/{z}/{x}/{y}.png")
def test_only_pictures_may_come_from_the_tile_host(site: Site) -> None:
    policy = site.get("/no-such-page").header("Content-Security-Policy")

    assert [part for part in policy.split("; ") if "tiles.test" in part] == [
        "img-src 'self' blob: https://*.tiles.test"
    ]


@pytest.mark.one_database("a built file is served without the database")
def test_a_built_file_is_kept_for_a_year_and_not_sniffed(site: Site) -> None:
    page = site.get(asset_url("app.css"))

    assert page.status == 200
    assert "max-age=31536000" in page.header("Cache-Control")
    assert "immutable" in page.header("Cache-Control")
    assert page.header("X-Content-Type-Options") == "nosniff"


@pytest.mark.one_database("compression needs no database")
def test_a_built_file_is_sent_compressed(site: Site) -> None:
    page = site.get(asset_url("app.css"), headers={"Accept-Encoding": "gzip"})

    assert page.header("Content-Encoding") == "gzip"


def test_an_unknown_address_answers_with_a_page(site: Site) -> None:
    page = site.get("/no-such-page")

    assert page.status == 404
    assert page.heading


@pytest.mark.parametrize(
    "path", ["/%00", "/" + "x" * 5000, "/%ff%fe", "/..%2f..%2fetc/passwd", "//", "/\\", "/%0d%0aX: y"]
)
def test_a_strange_address_is_not_found(site: Site, path: str) -> None:
    assert site.get(path, follow=False).status in {308, 404}


@PROBED
@pytest.mark.parametrize("number", range(len(FAILURES)))
@pytest.mark.first_case("the cases differ in their wording")
def test_every_failure_is_a_page_in_plain_words(probe: Site, number: int) -> None:
    error, status = FAILURES[number]

    page = probe.get(f"/probe/fails/{number}")

    assert page.status == status
    assert type(error).__name__ not in page.html
    assert "Traceback" not in page.html
    assert page.header("Cache-Control") == "no-store"


@PROBED
def test_whoever_was_too_fast_hears_when_to_come_back(probe: Site) -> None:
    page = probe.get("/probe/fails/4")

    assert page.header("Retry-After") == "30"
    assert page.has("Slowly, please.")


@PROBED
def test_a_database_that_is_busy_says_when_to_try_again(probe: Site) -> None:
    assert int(probe.get("/probe/fails/6").header("Retry-After")) > 0


@PROBED
def test_a_form_with_its_token_is_let_in(probe: Site) -> None:
    assert probe.post_raw("/probe/token").text == "done"


@PROBED
@pytest.mark.parametrize("token", [None, "", "forged", "x" * 5000, "\x00"])
@pytest.mark.first_case("who may do what is decided by the program")
def test_a_form_without_a_valid_token_is_refused(probe: Site, token: str | None) -> None:
    fields = {} if token is None else {"csrf_token": token}

    page = probe.post_raw("/probe/token", fields, with_token=False)

    assert page.status == 400
    assert page.heading


@PROBED
def test_a_token_of_somebody_else_is_refused(probe: Site) -> None:
    probe.csrf_token()

    page = probe.post_raw("/probe/token", {"csrf_token": probe.another().csrf_token()}, with_token=False)

    assert page.status == 400


@PROBED
@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/probe/token", "/probe/origin"])
@pytest.mark.first_case("who may do what is decided by the program")
def test_a_form_that_another_site_sent_is_refused(probe: Site, path: str, headers: dict[str, str]) -> None:
    assert probe.post_raw(path, headers=headers).status == 403


@PROBED
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Referer": "http://localhost/x"}],
)
@pytest.mark.first_case("who may do what is decided by the program")
def test_a_form_of_a_cached_page_is_known_by_where_it_came_from(probe: Site, headers: dict[str, str]) -> None:
    assert probe.post_raw("/probe/origin", with_token=False, headers=headers).text == "done"


@PROBED
@pytest.mark.parametrize("headers", [{}, {"Referer": "http://localhost.elsewhere.test/"}])
def test_a_form_of_a_cached_page_from_nowhere_is_refused(probe: Site, headers: dict[str, str]) -> None:
    assert probe.post_raw("/probe/origin", with_token=False, headers=headers).status == 403


@PROBED
def test_a_cached_page_that_did_not_change_is_not_sent_again(probe: Site) -> None:
    first = probe.get("/probe/cached/a")

    again = probe.get("/probe/cached/a", headers={"If-None-Match": first.header("ETag")})
    changed = probe.get("/probe/cached/b", headers={"If-None-Match": first.header("ETag")})

    assert first.header("Cache-Control") == "public, no-cache"
    assert (again.status, again.data) == (304, b"")
    assert changed.status == 200
    assert changed.header("ETag") != first.header("ETag")


@PROBED
def test_a_cached_page_is_another_one_once_a_category_has_another_name(probe: Site) -> None:
    category = factories.make_category("Pothole")
    first = probe.get("/probe/cached/a")

    with transaction():
        category.name = {"en": "Hole in the road"}
    changed = probe.get("/probe/cached/a", headers={"If-None-Match": first.header("ETag")})

    assert changed.status == 200


@PROBED
def test_a_cached_page_is_another_one_in_another_language(probe: Site) -> None:
    english = probe.get("/probe/cached/a", headers={"Accept-Language": "en"})
    korean = probe.get("/probe/cached/a", headers={"Accept-Language": "ko"})

    assert english.header("ETag") != korean.header("ETag")
    assert "Accept-Language" in korean.header("Vary")


@PROBED
def test_a_page_for_somebody_who_is_signed_in_is_kept_nowhere(probe: Site) -> None:
    probe.sign_in(factories.make_resident())

    page = probe.get("/probe/cached/a")

    assert page.header("Cache-Control") == "no-store"
    assert page.header("ETag") == ""


@pytest.mark.settings(base_url="https://city.test")
def test_an_https_address_makes_cookies_and_connections_secure(site: Site) -> None:
    page = site.get("/no-such-page", base_url="https://city.test")

    assert page.header("Strict-Transport-Security").startswith("max-age=31536000")
    assert site.app.config["SESSION_COOKIE_SECURE"]
    assert site.app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert site.app.config["SESSION_COOKIE_HTTPONLY"]
    assert site.app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


@pytest.mark.settings(trusted_hosts=("city.test",))
def test_another_host_name_is_not_answered(site: Site) -> None:
    assert site.get("/healthz", base_url="http://city.test").status == 200
    assert site.get("/healthz", base_url="http://evil.test").status == 400


@pytest.mark.settings(proxy_hops=0)
def test_without_a_proxy_nobody_can_say_they_came_by_https(site: Site) -> None:
    page = site.get("/no-such-page", headers={"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https"})

    assert "evil.test" not in page.html


def test_a_head_request_has_the_headers_of_the_page_and_no_words(site: Site) -> None:
    page = site.head("/no-such-page")

    assert (page.status, page.data) == (404, b"")


def test_a_wrong_method_says_which_are_right(site: Site) -> None:
    page = site.post_raw("/healthz")

    assert page.status == 405
    assert "GET" in page.header("Allow")
