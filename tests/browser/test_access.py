"""Everybody can use every page: measured by axe-core, by keyboard, by size of targets and letters."""

import pytest

from tests.support.browser import Opener
from tests.support.pages import LOOKS, Look

every_page = pytest.mark.parametrize("look", LOOKS, ids=str)

TARGETS = """least => [...document.querySelectorAll(
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
  const target = ['checkbox', 'radio'].includes(element.type) && label ? label.getBoundingClientRect() : box;
  return Math.min(target.width, target.height) < least - 0.5;
}).map(element => {
  const box = element.getBoundingClientRect();
  return `${element.outerHTML.slice(0, 90)} is ${Math.round(box.width)} x ${Math.round(box.height)}`;
})"""

FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const shown = [element, element.nextElementSibling, element.closest('label'), element.parentElement];
  const marked = shown.some(one => {
    if (!one) return false;
    const style = getComputedStyle(one);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return outlined || style.boxShadow !== 'none';
  });
  const box = element.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight;
  element.dataset.seen = (Number(element.dataset.seen) || 0) + 1;
  return {what: element.outerHTML.slice(0, 90), marked, seen, again: element.dataset.seen > 1};
}"""

MOST_STOPS = 60


@every_page
@pytest.mark.parametrize("language", ["en", "pseudo-rtl"])
def test_axe_finds_nothing_in_light_and_in_dark(visit: Opener, look: Look, language: str) -> None:
    window = visit(look, language=language)
    found = {}

    for scheme in ("light", "dark"):
        window.page.emulate_media(color_scheme=scheme)
        found[scheme] = window.axe()

    assert found == {"light": [], "dark": []}


@every_page
def test_nothing_goes_wrong_in_the_browser(visit: Opener, look: Look) -> None:
    window = visit(look)

    assert window.troubles == []


@every_page
@pytest.mark.parametrize("language", ["en", "pseudo-rtl"])
def test_a_page_fits_a_narrow_phone(visit: Opener, look: Look, language: str) -> None:
    window = visit(look, width=320, height=568, language=language)

    assert window.page.evaluate("document.documentElement.scrollWidth") <= 320


@every_page
def test_a_page_stays_whole_with_letters_twice_as_large(visit: Opener, look: Look) -> None:
    window = visit(look)

    window.page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert window.page.evaluate("document.documentElement.scrollWidth") <= 360


@every_page
def test_what_is_pressed_is_large_enough_for_a_thumb(visit: Opener, look: Look) -> None:
    window = visit(look)

    assert window.page.evaluate(TARGETS, 42 if look.is_desk else 44) == []


@every_page
def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: Opener, look: Look) -> None:
    window = visit(look, width=1280, height=800)
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
