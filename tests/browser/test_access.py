"""Everybody can use every page: measured by axe-core, by keyboard, by size of targets and letters."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browser import Live, Opener, Window
from tests.support.pages import LOOKS, Look

PHONE, NARROW, DESKTOP = (360, 740), (320, 568), (1280, 800)
LANGUAGES = ("en", "pseudo-rtl")
MOST_STOPS = 60

TARGETS = """least => {
const coveredBy = element => {
  const isStatic = getComputedStyle(element).position === 'static';
  return (isStatic ? element.offsetParent : element).getBoundingClientRect();
};
return [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(element => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) return false;
  if (box.width < 2) return false;
  if (element.closest('.skip, .visually-hidden, [aria-hidden=true]')) return false;
  const inWords = style.display === 'inline' && [...element.parentNode.childNodes].some(
    node => node.nodeType === 3 && node.textContent.trim());
  if (inWords) return false;
  const named = element.id && document.querySelector(`label[for="${element.id}"]`);
  const label = element.closest('label') || named;
  let target = box;
  if (['checkbox', 'radio'].includes(element.type) && label) target = label.getBoundingClientRect();
  if (getComputedStyle(element, '::after').position === 'absolute') target = coveredBy(element);
  if (element.querySelector('img')) target = element.querySelector('img').getBoundingClientRect();
  return Math.min(target.width, target.height) < least - 0.5;
}).map(element => {
  const box = element.getBoundingClientRect();
  return `${element.outerHTML.slice(0, 90)} is ${Math.round(box.width)} x ${Math.round(box.height)}`;
})}"""

FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const look = () => [element, element.nextElementSibling, element.closest('label'), element.parentElement]
    .filter(Boolean).flatMap(one => ['', '::before', '::after'].map(part => getComputedStyle(one, part)))
    .map(style => [style.outline, style.boxShadow, style.borderColor, style.backgroundColor].join()).join();
  const box = element.getBoundingClientRect(), focused = look();
  element.blur();
  const marked = focused !== look();
  element.focus({preventScroll: true});
  element.dataset.seen = (Number(element.dataset.seen) || 0) + 1;
  const seen = box.bottom > 0 && box.top < innerHeight;
  return {what: element.outerHTML.slice(0, 90), marked, seen, again: element.dataset.seen > 1};
}"""
"""What has the focus, whether it looks different without it, whether it is on the screen."""


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """The language that pages are read in."""
    return str(request.param)


@pytest.fixture(scope="module", params=LOOKS, ids=str)
def look(request: pytest.FixtureRequest) -> Look:
    """The page that is looked at."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def window(live: Live, chromium: Any, look: Look, language: str) -> Iterator[Window]:
    """The page, opened once on a phone for all questions about it."""
    opener = Opener(live, chromium)
    yield opener(look, language=language)
    opener.close()


@pytest.fixture(autouse=True)
def as_it_was(window: Window) -> Iterator[None]:
    """Leave the page as the next question expects it."""
    yield
    window.resize(*PHONE)
    window.page.evaluate("document.documentElement.style.removeProperty('font-size')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(window: Window, scheme: str) -> None:
    window.page.emulate_media(color_scheme=scheme)

    assert window.axe() == []


def test_nothing_goes_wrong_in_the_browser(window: Window) -> None:
    assert window.troubles == []


def test_a_page_fits_a_narrow_phone(window: Window) -> None:
    window.resize(*NARROW)

    assert window.overhang() == []


def test_a_page_stays_whole_with_letters_twice_as_large(window: Window) -> None:
    window.page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert window.overhang() == []


def test_what_is_pressed_is_large_enough_for_a_thumb(window: Window, look: Look) -> None:
    assert window.page.evaluate(TARGETS, 42 if look.is_desk else 44) == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(window: Window) -> None:
    window.resize(*DESKTOP)
    stops = []

    for _ in range(MOST_STOPS):
        window.page.keyboard.press("Tab")
        stop = window.page.evaluate(FOCUSED)
        if stop is None or stop["again"]:
            break
        stops.append(stop)

    assert len(stops) > 1
    assert [stop["what"] for stop in stops if not stop["marked"]] == []
    assert [stop["what"] for stop in stops if not stop["seen"]] == []
