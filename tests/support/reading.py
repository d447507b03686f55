"""The order in which a page is read: by a screen reader the accessibility tree, by the eye from above."""

import itertools
from collections.abc import Iterator
from typing import Any

LANDMARKS = ("banner", "main", "contentinfo")
NAMED = frozenset(
    {"link", "button", "textbox", "searchbox", "checkbox", "radio", "combobox", "spinbutton", "heading"}
)

EYES = """() => {
  const room = 6;
  const goesLeft = (one, other) => {  // a part of a page may be in a language of the other direction
    while (!one.contains(other)) one = one.parentElement;
    return getComputedStyle(one).direction === 'rtl';
  };
  const apart = '.visually-hidden, .skip, [aria-hidden=true], select, table, svg, .leaflet-container';
  const main = document.querySelector('main');
  const floats = element => element && element !== main &&
    (['sticky', 'fixed'].includes(getComputedStyle(element).position) || floats(element.parentElement));
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT), places = [], wrong = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || !element.checkVisibility({visibilityProperty: true})) continue;
    if (floats(element) || element.closest(apart)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    places.push({text: node.textContent.trim().slice(0, 40), box, element});
  }
  for (let at = 1; at < places.length; at++) {
    const before = places[at - 1].box, box = places[at].box;
    const sameLine = box.top < before.bottom - room && box.bottom > before.top + room;
    const isAbove = box.bottom <= before.top + room;
    const toLeft = goesLeft(places[at - 1].element, places[at].element);
    const isBefore = toLeft ? box.left >= before.right - 1 : box.right <= before.left + 1;
    if (isAbove || (sameLine && isBefore && box.top < before.top + room && before.height < 2 * box.height))
      wrong.push(`“${places[at].text}” is seen before “${places[at - 1].text}” and read after it`);
  }
  return wrong;
}"""
"""What stands earlier for the eye than for the ear, in the main part of a page of one column."""


def faults_of(page: Any, *, is_one_column: bool = True) -> list[str]:
    """Return what is wrong with the order and the names of a page, in words.

    Beside each other columns have no one order for the eye: of them only what is heard is looked at.
    """
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    heard = [node for node in _in_order(nodes) if not node.get("ignored")]
    seen = page.evaluate(EYES) if is_one_column else []
    return [*_landmarks(heard), *_headings(heard), *_nameless(heard), *seen]


def _in_order(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the nodes as a screen reader goes through them."""
    by_id = {node["nodeId"]: node for node in nodes}
    waiting = [nodes[0]["nodeId"]]
    while waiting:
        node = by_id.get(waiting.pop(0))
        if node is not None:
            yield node
            waiting[:0] = node.get("childIds", [])


def _role(node: dict[str, Any]) -> str:
    return str(node.get("role", {}).get("value", ""))


def _name(node: dict[str, Any]) -> str:
    return str(node.get("name", {}).get("value", "")).strip()


def _landmarks(heard: list[dict[str, Any]]) -> list[str]:
    found = [_role(node) for node in heard if _role(node) in LANDMARKS]
    wanted = [role for role in LANDMARKS if role in found or role == "main"]
    return [] if found == wanted else [f"landmarks are {found}, not {wanted}"]


def _headings(heard: list[dict[str, Any]]) -> list[str]:
    """Return where a level is skipped; only what went wrong is said before the title of the page."""
    levels = [_level(node) for node in heard if _role(node) == "heading"]
    faults = [] if 1 in levels[:2] else [f"the first headings have the levels {levels[:2]}"]
    deeper = itertools.pairwise(levels)
    return faults + [
        f"a heading of level {a} is followed by one of level {b}" for a, b in deeper if b > a + 1
    ]


def _level(node: dict[str, Any]) -> int:
    level = (one["value"]["value"] for one in node.get("properties", ()) if one["name"] == "level")
    return int(next(level, 0))


def _nameless(heard: list[dict[str, Any]]) -> list[str]:
    return [f"a {_role(node)} has no name" for node in heard if _role(node) in NAMED and not _name(node)]
