"""Everybody can use every page: measured by axe-core, by keyboard, by size of targets and letters."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.support import reading
from tests.support.browser import OneTab, Window
from tests.support.pages import LOOKS, Look

PHONE, NARROW, DESKTOP = (360, 740), (320, 568), (1280, 800)
LANGUAGES = ("en", "pseudo-rtl")
MOST_STOPS, AT_ONCE = 60, 12

whatever_the_direction = pytest.mark.parametrize("language", ["en"], indirect=True, scope="module")
"""For a question that no direction changes and no longer word: what the keyboard meets."""

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
  const picture = style.display === 'inline' && element.querySelector('img');  // larger than its line
  if (picture) target = picture.getBoundingClientRect();
  return Math.min(target.width, target.height) < least - 0.5;
}).map(element => {
  const box = element.getBoundingClientRect();
  return `${element.outerHTML.slice(0, 90)} is ${Math.round(box.width)} x ${Math.round(box.height)}`;
})}"""

NOTE_STOPS = """most => {
  const met = new WeakSet();
  const around = element => [
    element, element.nextElementSibling, element.closest('label'), element.parentElement].filter(Boolean);
  const look = element => around(element)
    .flatMap(one => ['', '::before', '::after'].map(part => getComputedStyle(one, part)))
    .map(style => [style.outline, style.boxShadow, style.borderColor, style.backgroundColor].join()).join();
  window.walk = {stops: [], isOver: false};
  addEventListener('keyup', () => {
    const element = document.activeElement;
    walk.isOver ||= element === document.body || met.has(element) || walk.stops.length >= most;
    if (walk.isOver) return;
    met.add(element);
    const box = element.getBoundingClientRect(), focused = look(element);
    element.blur();
    const marked = focused !== look(element);
    element.focus({preventScroll: true});
    const seen = box.bottom > 0 && box.top < innerHeight;
    walk.stops.push({what: element.outerHTML.slice(0, 90), marked, seen});
  }, true);
}"""
"""At each key note what has the focus, whether it looks different without it, whether it is on the screen."""


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """The language that pages are read in."""
    return str(request.param)


@pytest.fixture(scope="module", params=LOOKS, ids=str)
def look(request: pytest.FixtureRequest) -> Look:
    """The page that is looked at."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def opened(tab: OneTab, look: Look, language: str) -> Window:
    """The page, opened once for all questions about it."""
    return tab(look, language=language)


@pytest.fixture
def window(opened: Window) -> Window:
    """The page on a phone, whatever size the last question made it."""
    opened.resize(*PHONE)
    return opened


@pytest.fixture
def dark(window: Window) -> Iterator[Window]:
    """The page of somebody who likes it dark."""
    window.page.emulate_media(color_scheme="dark")
    yield window
    window.page.emulate_media(color_scheme="light")


@pytest.fixture
def enlarged(window: Window) -> Iterator[Window]:
    """The page with letters twice as large."""
    window.page.evaluate("document.documentElement.style.fontSize = '200%'")
    yield window
    window.page.evaluate("document.documentElement.style.removeProperty('font-size')")


def test_axe_finds_nothing(window: Window) -> None:
    assert window.axe() == []


def test_axe_finds_nothing_wrong_with_the_colours_of_the_dark(dark: Window) -> None:
    assert dark.axe(only_colours=True) == []


def test_nothing_goes_wrong_in_the_browser(window: Window) -> None:
    assert window.troubles == []


def test_a_page_is_heard_in_the_order_in_which_it_is_seen(window: Window, look: Look) -> None:
    assert reading.faults_of(window.page, is_one_column=not look.is_desk) == []


def test_a_page_stays_whole_with_letters_twice_as_large(enlarged: Window) -> None:
    assert enlarged.overhang() == []


def test_what_is_pressed_is_large_enough_for_a_thumb(window: Window, look: Look) -> None:
    assert window.page.evaluate(TARGETS, 42 if look.is_desk else 44) == []


def test_a_page_fits_a_narrow_phone(opened: Window) -> None:
    opened.resize(*NARROW)

    assert opened.overhang() == []


@whatever_the_direction
def test_the_keyboard_reaches_everything_and_shows_where_it_is(opened: Window) -> None:
    opened.resize(*DESKTOP)

    stops = walk(opened.page)

    assert len(stops) > 1
    assert [stop["what"] for stop in stops if not stop["marked"]] == []
    assert [stop["what"] for stop in stops if not stop["seen"]] == []


def test_control_a_page_finds_nothing_that_the_one_before_kept(tab: OneTab) -> None:
    desk, other = (next(look for look in LOOKS if look.name == name) for name in ("desk", "home"))
    before = tab(desk, width=1280, height=800)
    before.page.evaluate("localStorage.setItem('kept', 'here'); console.error('went wrong')")

    after = tab(other)

    assert after.page is before.page
    assert after.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "lang=en",
    ]
    assert after.troubles == []


PALE = """<!doctype html><html lang="en"><title>Pale</title><style>
  @media (prefers-color-scheme: dark) { h1 { color: #333; background: #222 } }
</style><main><h1>Nobody reads this in the dark</h1></main></html>"""


def test_control_a_colour_that_is_too_pale_in_the_dark_is_found(chromium: Any) -> None:
    with closing(chromium.new_page()) as page:
        page.set_content(PALE)
        window = Window(page)

        by_day = window.axe()
        page.emulate_media(color_scheme="dark")
        by_night = window.axe(only_colours=True)

    assert by_day == []
    assert [found.split(":")[0] for found in by_night] == ["color-contrast"]


HIDDEN_FOCUS = """<!doctype html><html lang="en"><title>Focus</title><style>
  a:nth-of-type(2) { outline: none }
  div { height: 400px }
</style><div></div><a href="#1">one</a><div></div><a href="#2">two</a><div></div><a href="#3">three</a>"""


def test_control_a_stop_of_the_keyboard_that_looks_like_before_is_found(chromium: Any) -> None:
    with closing(chromium.new_page()) as page:
        page.set_content(HIDDEN_FOCUS)

        stops = walk(page)

    assert [(stop["what"], stop["marked"], stop["seen"]) for stop in stops] == [
        ('<a href="#1">one</a>', True, True),
        ('<a href="#2">two</a>', False, True),
        ('<a href="#3">three</a>', True, True),
    ]


def walk(page: Any) -> list[dict[str, Any]]:
    """Press Tab until the focus comes to where it was or leaves the page; returns where it stopped."""
    page.evaluate(NOTE_STOPS, MOST_STOPS)
    for _ in range(0, MOST_STOPS + AT_ONCE, AT_ONCE):
        for _ in range(AT_ONCE):
            page.keyboard.press("Tab")
        if page.evaluate("walk.isOver"):
            break
    return list(page.evaluate("walk.stops"))
