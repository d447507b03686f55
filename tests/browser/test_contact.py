"""The contact centre in a real Chromium: a whole call by keyboard alone."""

from playwright.sync_api import Page, expect

from tests.support.browser import OneTab
from tests.support.pages import AGENT, Look, at

CALLER = Look("a caller", at("/contact?phone=010-5550-0188&call=keys-1"), AGENT)
DESKTOP = {"width": 1280, "height": 800}


def press(page: Page, key: str) -> None:
    """Press a letter that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_call_is_answered_a_case_filed_and_a_call_promised_by_keyboard(tab: OneTab) -> None:
    window = tab(CALLER, **DESKTOP)
    page = window.page

    page.keyboard.press("/")
    page.keyboard.type("street light")
    press(page, "Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("#answer")).to_have_attribute("open", "")
    with page.expect_navigation():
        page.locator("#answer .button").press("Enter")
    expect(page.get_by_text("Recorded: answered at once.")).to_be_visible()

    page.goto(page.url.split("?")[0] + "?phone=010-5550-0188&call=keys-1")
    press(page, "f")
    page.get_by_label("What is wrong?").fill("A bench in the park has lost a board")
    page.get_by_label("What is it about?").select_option(index=1)
    page.get_by_label("Street or landmark").fill("By the pond")
    press(page, "Control+Enter")
    while page.locator("[data-key=n][name=agreed], input[name=asked]").count():
        for group in page.locator("fieldset:has(input[name^=answer])").all():
            group.locator("input").first.check()
        press(page, "Control+Enter")
    expect(page.locator("h1")).to_have_text("Filed. Read it back")

    press(page, "b")
    page.get_by_label("About what").fill("The day of the repair")
    press(page, "Control+Enter")
    expect(page.get_by_text("We call back. It stands on the list.")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#desk-keys")).to_be_visible()
    assert window.troubles == []
