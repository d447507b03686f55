"""Pages are read aloud by the phone, and whole with letters of any size."""

from typing import Any

import pytest

from tests.support.browser import Opener
from tests.support.pages import LOOKS, Look

LISTEN = """
window.spoken = [];
const speak = speechSynthesis.speak.bind(speechSynthesis);
speechSynthesis.speak = (utterance) => { spoken.push([utterance.lang, utterance.text]); speak(utterance); };
"""


def look_named(name: str) -> Look:
    return next(look for look in LOOKS if look.name == name)


def open_and_listen(visit: Opener, look: Look) -> Any:
    window = visit.window(look, width=360, height=740, language="en")
    window.page.add_init_script(LISTEN)
    visit.go(window, look)
    window.page.get_by_role("button", name="Listen").click()
    return window.page


@pytest.mark.parametrize("name", ["complaint, closed", "poll, open", "ballot"])
def test_listen_reads_the_title_first_and_then_the_rest(visit: Opener, name: str) -> None:
    page = open_and_listen(visit, look_named(name))

    spoken = page.evaluate("spoken")
    title = page.locator("h1").inner_text()
    assert spoken[0][1].startswith(title[:20])
    assert len(spoken) > 1
    assert all(0 < len(text) <= 400 for _language, text in spoken)


def test_each_part_is_read_in_its_own_language(visit: Opener) -> None:
    page = open_and_listen(visit, look_named("complaint, closed"))

    language = page.locator("h1").get_attribute("lang")
    assert page.evaluate("spoken")[0][0] == language


def test_reading_is_stopped_by_the_same_button(visit: Opener) -> None:
    page = open_and_listen(visit, look_named("ballot"))

    page.get_by_role("button", name="Stop reading").click()

    assert page.get_by_role("button", name="Listen").is_visible()
    assert not page.evaluate("speechSynthesis.speaking || speechSynthesis.pending")


@pytest.mark.parametrize("size", ["Large letters", "Very large letters"])
def test_larger_letters_leave_every_page_whole(visit: Opener, size: str) -> None:
    window = visit(look_named("home"))
    window.page.goto(visit.live.url + "/text-size")
    with window.page.expect_navigation(wait_until="load"):
        window.page.get_by_role("button", name=size, exact=True).click()

    for address in ("/", "/complaints", "/complaints/new", "/polls", "/accounts/sign-in"):
        window.page.goto(visit.live.url + address)
        assert window.overhang() == [], address
