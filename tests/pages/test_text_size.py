"""How large the letters are."""

import pytest

from tests.support.site import Site


def test_letters_are_normal_where_nobody_chose(site: Site) -> None:
    assert site.get("/").value_of("html", "data-text") is None


def test_a_chosen_size_is_kept_on_the_device_and_leads_back(site: Site) -> None:
    page = site.submit("/text-size?next=/about", button="Large letters")

    assert page.path == "/about"
    assert page.value_of("html", "data-text") == "large"
    assert site.get("/").value_of("html", "data-text") == "large"


def test_normal_letters_come_back(site: Site) -> None:
    site.submit("/text-size", button="Very large letters")

    page = site.submit("/text-size", button="Normal letters")

    assert page.value_of("html", "data-text") is None


def test_a_kept_page_is_fetched_anew_with_other_letters(site: Site) -> None:
    before = site.get("/complaints").header("ETag")

    site.submit("/text-size", button="Large letters")

    assert site.get("/complaints").header("ETag") != before


@pytest.mark.parametrize("size", ["", "huge", "large\r\nSet-Cookie: x=1", "LARGE"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_size_that_is_not_there_changes_nothing(site: Site, size: str) -> None:
    page = site.post_raw("/text-size", {"size": size})

    assert page.status == 200
    assert site.cookie("text-size") is None


@pytest.mark.parametrize("elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_choosing_a_size_never_leads_to_another_site(site: Site, elsewhere: str) -> None:
    page = site.post_raw("/text-size", {"size": "large", "next": elsewhere}, follow=False)

    assert page.header("Location") == "/"
