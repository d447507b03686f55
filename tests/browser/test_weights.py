"""Pages stay light: bytes as they travel, number of requests, size of scripts."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from cps.core.emblems import SMALL_BYTES
from tests.support.browser import OneTab, Opener, Window
from tests.support.pages import LOOKS, MAPS, THUMBNAIL, Look, case_where
from tests.support.site import Site

KILO = 1024
MAP_KILOBYTES, MAP_REQUESTS = 120, 12
CREST_PIXELS = 96
HEADERS = 300
"""What the headers of an answer weigh at most, compressed as HTTP/2 sends them."""

LIGHT = [look for look in LOOKS if not look.presses]


@dataclass
class Traffic:
    """What came over the wire: address with kind, bytes and whether it is a photo."""

    sizes: dict[str, int] = field(default_factory=dict)
    scripts: int = 0
    photos: dict[str, int] = field(default_factory=dict)
    crests: dict[str, int] = field(default_factory=dict)
    """Of the city: the icon in the browser's frame at the same time, in the place of ours."""

    def note(self, response: Any) -> None:
        """Weigh an answer; what comes from the browser's own store weighs nothing."""
        if response.request.resource_type == "image" and "/photos/" in response.url:
            self.photos[response.url] = len(response.body())
            return
        if urlsplit(response.url).path.startswith("/crest/"):
            # Its body may be gone: the icon of a tab comes when it comes, also after the next page.
            self.crests[urlsplit(response.url).path] = int(response.headers["content-length"])
            return
        weight = travelling(response) + HEADERS
        self.sizes[urlsplit(response.url).path] = weight
        if response.request.resource_type == "script":
            self.scripts += weight

    def __str__(self) -> str:
        scripts = f", scripts {self.scripts / KILO:.1f} KB" if self.scripts else ""
        return f"{self.kilobytes:.1f} KB in {self.requests} requests{scripts}"

    @property
    def requests(self) -> int:
        """How many there were, apart from the icon that the browser wants for its own frame."""
        return sum("favicon" not in name for name in self.sizes)

    @property
    def kilobytes(self) -> float:
        """All of it but photos and crest, which have budgets of their own."""
        return sum(self.sizes.values()) / KILO


def travelling(response: Any) -> int:
    """Return the bytes of a body as a compressing proxy sends it."""
    if response.status in {204, 303, 304}:
        return 0
    sizes = response.request.sizes()
    if response.headers.get("content-encoding"):
        return int(sizes["responseBodySize"])
    return len(gzip.compress(response.body(), 6))


def load(
    visit: Opener, window: Window, look: Look, *, is_first: bool = False, with_lazy: bool = False
) -> Traffic:
    """Open the page and weigh what the server sent; what the browser had kept is not sent.

    `is_first` lets the browser forget every file first. A page counts as loaded before its lazy photos are:
    wait for them `with_lazy`.
    """
    traffic, answers, addresses, kept = Traffic(), [], {}, set()
    network = window.page.context.new_cdp_session(window.page)
    network.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))
    network.on("Network.requestServedFromCache", lambda e: kept.add(addresses.get(e["requestId"])))
    network.on("Network.responseReceived", lambda e: kept.add(e["response"]["url"]) if is_kept(e) else None)
    network.send("Network.enable")
    if is_first:
        network.send("Network.clearBrowserCache")

    def note(answer: Any) -> None:
        answers.append(answer)

    window.page.on("response", note)
    visit.go(window, look)
    if with_lazy:
        window.page.wait_for_load_state("networkidle")
    window.page.remove_listener("response", note)
    network.detach()
    for answer in answers:
        if answer.url not in kept and answer.frame.page == window.page:
            traffic.note(answer)
    return traffic


def is_kept(event: dict[str, Any]) -> bool:
    return bool(event["response"].get("fromDiskCache"))


@pytest.mark.parametrize("look", LIGHT, ids=str)
def test_a_page_is_light_the_first_time_and_lighter_the_next(
    tab: OneTab, look: Look, record_property: Callable[[str, object], None]
) -> None:
    window = tab.window(look, width=360, height=740, language="en")

    first = load(tab, window, look, is_first=True)
    again = load(tab, window, look)
    record_property("weight", f"{look.name}: {first}, again {again}")

    assert first.kilobytes <= look.weight.first, first.sizes
    assert first.requests <= look.weight.requests, sorted(first.sizes)
    assert first.scripts / KILO <= look.weight.scripts, first.sizes
    assert again.kilobytes <= look.weight.again, again.sizes
    assert all(weight <= SMALL_BYTES for weight in first.crests.values()), first.crests


def test_the_crest_is_one_picture_for_the_bar_and_for_the_frame_of_the_browser(tab: OneTab) -> None:
    window = tab.window(LIGHT[0], width=360, height=740, language="en")
    tab.go(window, LIGHT[0])

    crest = window.page.get_attribute("img.crest", "src") or ""

    assert crest.startswith("/crest/")
    assert window.page.get_attribute("link[rel=icon]", "href") == crest
    assert window.page.evaluate("document.querySelector('img.crest').naturalWidth") == CREST_PIXELS


def with_photos(site: Site) -> str:
    """Return the address of a list in which the case with the most photos stands."""
    case = case_where(is_listed=True)(site)
    assert case.photo_count
    return f"/complaints?{urlencode({'q': case.title})}"


def test_photos_in_a_list_are_small(visit: Opener) -> None:
    look = Look("complaints with photos", with_photos)
    window = visit.window(look, width=360, height=740, language="en")

    photos = load(visit, window, look, with_lazy=True).photos

    assert photos
    assert {url: size for url, size in photos.items() if size > THUMBNAIL * KILO} == {}


@pytest.mark.parametrize("look", MAPS, ids=str)
def test_a_map_comes_when_asked_for_and_is_light_enough(visit: Opener, look: Look) -> None:
    window = visit.window(look, width=360, height=740, language="en")
    before = load(visit, window, look)
    traffic: list[Any] = []
    window.page.on("response", lambda answer: traffic.append(answer))

    window.page.locator("[data-show]").first.click()
    window.page.locator(".leaflet-pane").first.wait_for(state="attached")
    window.page.wait_for_load_state("networkidle")

    assert not any("leaflet" in name for name in before.sizes)
    with_map = before.kilobytes + sum(travelling(answer) + HEADERS for answer in traffic) / KILO
    assert with_map <= MAP_KILOBYTES
    assert before.requests + len(traffic) <= MAP_REQUESTS
    assert window.troubles == []
