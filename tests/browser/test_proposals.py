"""A proposal in a real Chromium on a small phone: written, supported and discussed without any script."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.support.browser import Opener
from tests.support.pages import Look, at

TITLE = "A drinking fountain at the night market"
BODY = "Whoever walks there on a summer evening finds nothing to drink but what is for sale."


def phone(visit: Opener, path: str, resident: int, **more: Any) -> Page:
    """Open a page as one of the demo city's residents, on a phone."""
    look = Look("proposals", at(path), f"resident{resident}@demo.test")
    page: Page = visit(look, width=360, height=740, **more).page
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_proposal_is_written_supported_and_discussed_without_a_script(visit: Opener) -> None:
    page = phone(visit, "/proposals/new", 23, java_script_enabled=False)
    page.get_by_label("What should the city do?").fill(TITLE)
    press(page, "Continue")
    expect(page.locator(".error-summary")).to_contain_text("Say in a few sentences")
    page.get_by_label("What exactly, and why?").fill(BODY)
    press(page, "Continue")
    expect(page.get_by_label("Street or landmark")).to_be_hidden()
    page.get_by_text("Green and water").click()
    page.get_by_text("One place or ward").click()
    page.get_by_label("Street or landmark").fill("Night market, east gate")
    press(page, "Continue")
    expect(page.locator(".filing-summary")).to_contain_text("Night market, east gate")
    press(page, "Propose it")

    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator(".road .is-now")).to_contain_text("Gathers support")
    address = page.url.split("/", 3)[3]

    other = phone(visit, f"/{address}", 24, java_script_enabled=False)
    press(other, "I support this")
    expect(other.locator(".support-count")).to_contain_text("1 of 100 supports")
    other.get_by_label("What do you want to say?").fill("Who cleans it?")
    other.get_by_label("Question", exact=True).check()
    press(other, "Say it")
    expect(other.locator(".talk")).to_contain_text("Who cleans it?")


def test_while_a_title_is_written_what_is_alike_appears(visit: Opener) -> None:
    page = phone(visit, "/proposals/new", 25)

    page.get_by_label("What should the city do?").press_sequentially("Plant trees along North Gate Road")

    expect(page.locator("[data-alike]")).to_contain_text("Plant 200 trees along North Gate Road")
