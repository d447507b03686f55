"""The map in a real Chromium: what it says is what the list holds, and a keyboard does everything."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.browser import Opener, Window
from tests.support.pages import Look, at, filing

COMPLAINTS = Look("complaints", at("/complaints"))
PLACE = Look("filing: place", filing("/place"))
MARKS = ".map-cluster, .map-point"


def open_map(visit: Opener, look: Look, *, language: str = "en", width: int = 360, **more: Any) -> Window:
    window = visit.window(look, width=width, height=740, language=language, **more)
    visit.go(window, look)
    window.page.locator("[data-show]").first.focus()
    window.page.keyboard.press("Enter")
    window.page.locator(".leaflet-pane").first.wait_for(state="attached")
    return window


def said(page: Any) -> int:
    """Return how many cases the map says that it shows, once it has come to rest."""
    page.wait_for_timeout(600)
    page.wait_for_load_state("networkidle")
    return int(re.findall(r"[\d,]+", page.locator("[data-here]").inner_text())[0].replace(",", ""))


def added_up(page: Any) -> int:
    names = page.locator(MARKS).evaluate_all("marks => marks.map(mark => mark.ariaLabel)")
    return sum(int(found[0]) if (found := re.findall(r"^(\d+) cases?", name)) else 1 for name in names)


def test_the_map_says_how_many_it_shows_and_leads_to_the_list_of_just_these(visit: Opener) -> None:
    page = open_map(visit, COMPLAINTS).page
    page.locator(".map-cluster").first.wait_for()

    number = said(page)
    page.locator("[data-list]").click()

    assert number > 100
    expect(page.locator("main")).to_contain_text(f"{number} reports")
    expect(page.locator("main")).to_contain_text("On one part of the map")


def test_clusters_are_opened_by_keyboard_until_cases_are_seen_and_read(visit: Opener) -> None:
    page = open_map(visit, COMPLAINTS).page
    page.locator(".map-cluster").first.wait_for()
    page.evaluate("addEventListener('focusin', () => 0)")

    for _step in range(5):
        assert said(page) == added_up(page)
        if page.locator(".map-point").count():
            break
        page.locator(".map-cluster").first.focus()
        page.keyboard.press("Enter")

    point = page.locator(".map-point").first
    name = point.get_attribute("aria-label")
    point.focus()
    page.keyboard.press("Enter")
    link = page.locator(".map-card a")
    expect(link).to_be_focused()
    title = link.inner_text()
    assert title in str(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_tab_leads_from_the_map_to_its_clusters(visit: Opener) -> None:
    page = open_map(visit, COMPLAINTS).page
    page.locator(".map-cluster").first.wait_for()
    said(page)
    page.locator(".map-frame").focus()

    page.keyboard.press("Tab")

    assert "map-cluster" in page.evaluate("document.activeElement.className")


def test_a_page_about_a_part_of_the_map_opens_its_map_there(visit: Opener) -> None:
    page = open_map(visit, COMPLAINTS).page
    page.locator(".map-cluster").first.wait_for()
    said(page)
    page.locator(".map-cluster").first.click()
    number = said(page)
    page.locator("[data-list]").click()

    page.locator(".map").scroll_into_view_if_needed()
    page.locator(MARKS).first.wait_for()

    assert said(page) >= number
    assert "box=" in page.url


def test_filters_stay_with_the_map_and_its_list(visit: Opener) -> None:
    look = Look("complaints", at("/complaints?state=waiting"))
    page = open_map(visit, look).page
    page.locator(MARKS).first.wait_for()

    said(page)

    href = str(page.locator("[data-list]").get_attribute("href"))
    assert "state=waiting" in href
    assert "box=" in href


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "pseudo-rtl"])
def test_an_open_map_passes_every_check_of_accessibility(visit: Opener, scheme: str, language: str) -> None:
    window = open_map(visit, COMPLAINTS, language=language, color_scheme=scheme)
    window.page.locator(".map-cluster").first.wait_for()
    window.page.wait_for_timeout(600)

    assert window.axe() == []
    assert window.overhang() == []
    assert window.troubles == []


def test_every_button_of_a_map_is_as_large_as_a_thumb_and_none_lies_on_another(visit: Opener) -> None:
    page = open_map(visit, COMPLAINTS).page
    page.locator(".map-cluster").first.wait_for()
    said(page)

    boxes = [mark.bounding_box() for mark in page.locator(".map-cluster").all()]

    assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes)
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert abs(one["x"] - other["x"]) > 40 or abs(one["y"] - other["y"]) > 40


def test_a_place_is_picked_by_keyboard_alone_and_told_in_a_sentence(visit: Opener) -> None:
    page = open_map(visit, PLACE).page
    expect(page.locator(".map-frame")).to_be_focused()
    expect(page.locator(".map-keys")).to_be_visible()
    where = page.locator("[data-said]")

    for key in ("+", "+", "ArrowUp", "Shift+ArrowLeft"):
        page.keyboard.press(key)
        page.wait_for_timeout(350)
    expect(where).to_have_text(re.compile(r"^In .+\."))
    page.keyboard.press("Enter")
    expect(where).to_have_text(re.compile(r"^Place chosen\. In .+\."))
    latitude = float(page.locator("#lat").input_value())

    for _press in range(3):
        page.keyboard.press("ArrowUp")
        page.wait_for_timeout(350)
    page.keyboard.press("Enter")

    assert float(page.locator("#lat").input_value()) > latitude
    page.get_by_role("button", name="Continue", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Where is it?")


def test_without_a_script_the_list_of_a_part_of_the_map_is_whole(visit: Opener) -> None:
    look = Look("part", at("/complaints?box=129.4,35.9,129.6,36.1"))
    window = visit.window(look, width=360, height=740, language="en", java_script_enabled=False)
    visit.go(window, look)

    expect(window.page.locator("main")).to_contain_text("On one part of the map")
    expect(window.page.locator("main")).to_contain_text("Show more")
    expect(window.page.locator(".map")).to_be_hidden()
