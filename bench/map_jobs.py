"""What maps ask for: the whole city, a street, a filter, and the list of a part of the map."""

from collections.abc import Callable
from urllib.parse import urlencode

from bench.browser import Browser, WrongAnswer
from bench.facts import Facts

POINTS = "/complaints/points.geojson"
PHONE = 360, 448
"""Pixels of the map on a phone."""

Act = Callable[[Browser, Facts, int], None]


def _around(facts: Facts, number: int, zoom: int) -> str:
    """Return the box that a phone shows at a zoom around one of the cases, another one each time."""
    lat, lon = facts.places[number % len(facts.places)]
    degrees = 360 / (256 << zoom) / 2
    wide, high = PHONE[0] * degrees, PHONE[1] * degrees * 0.8
    return f"{lon - wide:.6f},{lat - high:.6f},{lon + wide:.6f},{lat + high:.6f}"


def _map(browser: Browser, *, least: int = 1, **asked: str) -> None:
    answer = browser.get(f"{POINTS}?{urlencode(asked)}")
    if answer.text.count('"Feature"') < least:
        raise WrongAnswer(f"the map shows nothing: {answer.path}")


def _whole(browser: Browser, _facts: Facts, _number: int) -> None:
    _map(browser, least=3)


def _quarter(browser: Browser, facts: Facts, number: int) -> None:
    _map(browser, zoom="14", box=_around(facts, number, 14))


def _street(browser: Browser, facts: Facts, number: int) -> None:
    _map(browser, zoom="17", box=_around(facts, number, 17))


def _filtered(browser: Browser, facts: Facts, number: int) -> None:
    box = _around(facts, number, 13)
    _map(browser, least=0, zoom="13", box=box, category=facts.category, ward=facts.ward, state="done")


def _worded(browser: Browser, facts: Facts, _number: int) -> None:
    _map(browser, q=facts.words)


def _list(zoom: int) -> Act:
    def act(browser: Browser, facts: Facts, number: int) -> None:
        page = browser.get(f"/complaints?{urlencode({'box': _around(facts, number, zoom)})}")
        if 'class="case"' not in page.text and "/complaints/" not in page.text:
            raise WrongAnswer(f"the list shows no case: {page.path}")

    return act


def _seen_before(browser: Browser, facts: Facts, _number: int) -> None:
    tags: dict[str, str] = browser.notes
    path = f"{POINTS}?{urlencode({'zoom': '14', 'box': _around(facts, 1, 14)})}"
    if path in tags:
        browser.get(path, status=304, **{"If-None-Match": tags[path]})
    else:
        tags[path] = browser.get(path).headers["etag"]


MAP_STEPS: tuple[tuple[str, str, Act], ...] = (
    ("map-city", "map of the whole city", _whole),
    ("map-quarter", "… of a quarter", _quarter),
    ("map-street", "… of a street", _street),
    ("map-filtered", "… of a category, a ward, done", _filtered),
    ("map-words", "… with two words, the newest 500", _worded),
    ("map-304", "… of a quarter, seen before (304)", _seen_before),
    ("list-street", "public list of a street’s box", _list(17)),
    ("list-quarter", "… of a quarter’s box", _list(14)),
)
