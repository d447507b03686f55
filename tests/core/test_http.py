"""Headers, origins and errors of every answer."""

from tests.support.site import Site


def test_a_process_that_answers_says_ok(site: Site) -> None:
    assert site.get("/healthz").text.strip() == "ok"


def test_an_unknown_address_answers_with_a_page(site: Site) -> None:
    page = site.get("/no-such-page")

    assert page.status == 404
    assert page.heading
