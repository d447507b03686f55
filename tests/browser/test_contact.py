"""The contact centre in a real Chromium: a whole call by keyboard alone, until the caller was called back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from cps.core import clock, worker
from cps.core.db import db
from cps.notifications.models import TextMessage
from tests.support.browser import OneTab
from tests.support.pages import AGENT, Look, at

NUMBER, E164 = "010-5550-0188", "+821055500188"
CALLER = Look("a caller", at(f"/contact?phone={NUMBER}&call=keys-1"), AGENT)
OFFICER = "officer@demo.test"
DESKTOP = {"width": 1280, "height": 800}


def press(page: Page, key: str) -> None:
    """Press a letter that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def texts(tab: OneTab, at: datetime | None = None) -> list[str]:
    """Let the worker send what waits, now or at another time; return what the caller got by text message."""
    with tab.live.application.app.app_context(), clock.set_to(at or clock.now()):
        worker.run_until_idle()
        found = db.select(TextMessage.text).where(TextMessage.phone == E164).order_by(TextMessage.id)
        return list(db.session.scalars(found))


def next_noon() -> datetime:
    """Return a time of tomorrow at which the city sends news."""
    tomorrow = clock.now().astimezone(ZoneInfo("Asia/Seoul")) + timedelta(days=1)
    return tomorrow.replace(hour=12)


def file_what_the_caller_tells(page: Page) -> str:
    """File a case about a road from its first field on; return its number as it is written."""
    press(page, "f")
    expect(page.get_by_label("What is wrong?")).to_be_focused()
    page.keyboard.type("A board of the bench by the pond has come off")
    page.get_by_label("What is it about?").select_option(index=1)
    page.get_by_label("Street or landmark").fill("By the pond")
    press(page, "Control+Enter")
    while page.locator("[data-key=n][name=agreed], input[name=asked]").count():
        for group in page.locator("fieldset:has(input[name^=answer])").all():
            group.locator("input").first.check()
        press(page, "Control+Enter")
    expect(page.locator("h1")).to_have_text("Filed. Read it back")
    return page.locator(".contact-read dd").first.inner_text().replace(" ", "").replace("–", "-")


def test_a_call_is_answered_a_case_filed_told_and_called_back_by_keyboard(tab: OneTab) -> None:
    window = tab(CALLER, **DESKTOP)
    page = window.page

    # Answered at once, from what the answer base offers while the agent types: two keys.
    page.keyboard.press("/")
    page.keyboard.type("street light")
    expect(page.locator("#answer")).to_contain_text("street light")
    page.keyboard.press("Escape")
    page.keyboard.press("i")  # what is folded cannot be recorded
    page.keyboard.press("s")
    expect(page.locator("#answer")).to_have_attribute("open", "")
    press(page, "i")
    expect(page.get_by_text("Recorded: answered at once.")).to_be_visible()

    # The second matter of the call is a case; its number goes to the caller's phone.
    page.goto(page.url.split("?")[0] + f"?phone={NUMBER}&call=keys-1")
    reference = file_what_the_caller_tells(page)
    (receipt,) = texts(tab)
    assert reference in receipt
    press(page, "b")
    expect(page.get_by_label("About what")).to_be_focused()
    page.keyboard.type("The day of the repair")
    press(page, "Control+Enter")
    expect(page.get_by_text("We call back. It stands on the list.")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#desk-keys")).to_be_visible()
    assert window.troubles == []

    # The department answers at its desk; the caller hears it, and is the next to be called.
    desk = tab(Look("the case", at(f"/desk/{reference}"), OFFICER), **DESKTOP)
    desk.page.keyboard.press("e")
    desk.page.locator(".desk-panel.is-open input[value=answered]").press("Space")
    desk.page.locator(".desk-panel.is-open textarea[name=message]").fill("Mended on Tuesday.")
    press(desk.page, "Control+Enter")
    assert desk.troubles == []
    assert any("Mended on Tuesday." in text for text in texts(tab, next_noon()))

    window = tab(Look("call backs", at("/contact/call-backs"), AGENT), **DESKTOP)
    page, row = window.page, window.page.locator("[data-desk-row]", has_text=NUMBER)
    expect(row).to_contain_text("The day of the repair")
    expect(row).not_to_contain_text("once the case is answered")
    for key, said in (("t", "It is yours: call now."), ("r", "Reached: the promise is kept.")):
        while not row.locator("a:focus").count():
            page.keyboard.press("j")
        press(page, key)
        expect(page.get_by_text(said)).to_be_visible()
    expect(row).to_have_count(0)
    assert window.troubles == []


def test_what_unfolds_turns_its_arrow_and_no_other_picture(tab: OneTab) -> None:
    page = tab(CALLER, **DESKTOP).page
    turned = "element => getComputedStyle(element.querySelector('summary > .icon:first-child')).transform"
    megaphone = page.locator(".notice-heads details").first
    megaphone.locator("summary").click()
    page.keyboard.press("/")
    page.keyboard.type("street light")
    arrow = page.locator("#answer")
    arrow.locator("summary").click()

    page.wait_for_timeout(300)  # it turns slowly
    assert megaphone.evaluate(turned) == "none"
    assert arrow.evaluate(turned) != "none"
