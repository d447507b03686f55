"""Many cases at once at the desk, as a browser sends it: all of a list of up to a thousand are moved."""

import html
from collections.abc import Mapping

from bench.browser import Browser, Page, WrongAnswer
from bench.facts import Facts

LIST = "/desk?box=department&kind=complaint"
MOVES = ("planned", "waiting-others")
MESSAGE = "We know of all of them and come, one after the other."


def choose(browser: Browser, _facts: Facts, _number: int) -> None:
    """Open the list, and select all that is in it."""
    _send(browser, browser.get(LIST), "/desk/bulk", {"all": "1"})
    browser.follow()


def plan(browser: Browser, _facts: Facts, number: int) -> None:
    """Say where they are moved, and see what will happen."""
    words = {"act": "move", "move": MOVES[number % len(MOVES)], "message": MESSAGE}
    _send(browser, browser.page, "/desk/bulk/", words)
    browser.follow()


def carry_out(browser: Browser, _facts: Facts, _number: int) -> None:
    """Do it to all of them."""
    _send(browser, browser.page, "/desk/bulk/", {})


def undo(browser: Browser, _facts: Facts, _number: int) -> None:
    """See the result, and undo it, so that the next one finds the cases as they were."""
    _send(browser, browser.follow(), "/desk/undo/", {})


def _send(browser: Browser, page: Page | None, to: str, words: Mapping[str, str]) -> None:
    """Send the first form of a page that leads to an address which begins so."""
    text = page.text if page is not None else ""
    start = text.find(f'action="{to}')
    if page is None or start < 0:
        raise WrongAnswer(f"no form leads to {to}")
    action = text[start:].split('"', 2)[1]
    browser.post(html.unescape(action), {**page.form(action), **words})


BULK = (
    ("select all", choose),
    ("see what happens", plan),
    ("move them", carry_out),
    ("undo it", undo),
)
