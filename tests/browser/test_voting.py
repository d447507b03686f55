"""A vote in a real Chromium: with and without a script, pressed twice, loaded anew, measured by axe."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Opener
from tests.support.pages import Look, at

FIRE_STATION, BUDGET = "/polls/old-fire-station/vote", "/polls/neighbourhood-budget/vote"


def ballot(visit: Opener, address: str, resident: int, **more: Any) -> Any:
    """Open a ballot as one of the demo city's residents; each test has its own."""
    return visit(Look("ballot", at(address), f"resident{resident}@demo.test"), **more)


def press(page: Page, name: str) -> None:
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name=name).click()


@pytest.mark.parametrize(("scheme", "resident"), [("light", 11), ("dark", 13)])
def test_every_page_of_a_vote_is_accessible_and_fits_a_narrow_phone(
    visit: Opener, scheme: str, resident: int
) -> None:
    window = ballot(visit, FIRE_STATION, resident, width=320, height=568, color_scheme=scheme)
    page = window.page
    page.locator("#choice-kitchen").check()
    press(page, "Check my vote")
    checked = (window.axe(), window.overhang())
    press(page, "Cast my vote")

    expect(page.locator("h1")).to_have_text("Your vote is in")
    assert checked == ([], [])
    assert (window.axe(), window.overhang()) == ([], [])
    assert window.troubles == []


def test_without_a_script_a_vote_is_cast_all_the_same(visit: Opener) -> None:
    page = ballot(visit, BUDGET, 15, java_script_enabled=False).page
    page.locator("#choice-lamps").check()
    page.locator("#choice-trees").check()
    expect(page.locator("[data-total]")).to_be_hidden()
    page.get_by_role("button", name="Check my vote").click()
    expect(page.locator(".poll-sum")).to_contain_text("₩100,000,000 of ₩300,000,000")

    page.get_by_role("button", name="Cast my vote").click()

    expect(page.locator("h1")).to_have_text("Your vote is in")


def test_the_running_total_tells_what_is_left_and_what_is_too_much(visit: Opener) -> None:
    page = ballot(visit, BUDGET, 17).page
    total = page.locator("[data-total]")
    expect(total).to_have_text("₩0 chosen, ₩300,000,000 left")

    for option in ("lamps", "toilet", "playground", "rain"):
        page.locator(f"#choice-{option}").check()

    expect(total).to_have_text("₩318,000,000 chosen, ₩18,000,000 too much")
    page.locator("#choice-lamps").uncheck()
    expect(total).to_have_text("₩254,000,000 chosen, ₩46,000,000 left")


def test_loading_the_last_page_anew_shows_the_same_receipt(visit: Opener) -> None:
    page = ballot(visit, FIRE_STATION, 19).page
    page.locator("#choice-library").check()
    press(page, "Check my vote")
    press(page, "Cast my vote")
    code = page.locator(".receipt-code").inner_text()

    page.reload(wait_until="load")

    expect(page.locator("h1")).to_have_text("Your vote is in")
    expect(page.locator(".lead")).to_contain_text("It was recorded before and counts once.")
    assert page.locator(".receipt-code").inner_text() == code


def test_pressing_twice_casts_once(visit: Opener) -> None:
    window = ballot(visit, FIRE_STATION, 21)
    page = window.page
    page.locator("#choice-clinic").check()
    press(page, "Check my vote")

    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="Cast my vote").dblclick()

    expect(page.locator("h1")).to_have_text("Your vote is in")
    assert window.troubles == []
