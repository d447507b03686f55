"""Addresses of style sheets, scripts and icons, with the fingerprint of their content in the name."""

import json
import re
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask
from markupsafe import Markup

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
ADDRESS = "/static/dist/"
SUBJECTS = "subjects.svg"
SPRITES = ("icons.svg", SUBJECTS)
"""Icons of every page, and those by which a city tells its categories apart."""

UNKNOWN_ICON = "circle-question-mark"
ICON = Markup('<svg class="%s" width="24" height="24" aria-hidden="true"><use href="%s"></use></svg>')
DRAWN = Markup('<svg class="%s" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">%s</svg>')
SYMBOL = re.compile(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
TURNING = frozenset(
    {
        *("arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-in", "log-out", "undo-2"),
        *("message-square", "external-link", "volume-2", "list", "book-open"),
    }
)
"""Arrows and speech: they point the other way in pages that run from right to left."""


class AssetMissingError(LookupError):
    """A file that the asset build did not make; `make assets` builds them."""


def asset_url(name: str) -> str:
    """Address of `app.css`, `map.js`, `icons.svg` and the like; it may be cached for ever.

    Raises AssetMissingError for a name that was not built.
    """
    try:
        return ADDRESS + manifest()[name]
    except KeyError:
        raise AssetMissingError(name) from None


def icon_href(name: str) -> str:
    """Address of one icon inside its sprite, for `<use href>`; a question mark for an unknown name.

    Categories name their icons in data, and a name that a later version dropped must not break a page.
    """
    sprite = next((sprite for sprite in SPRITES if name in icons_of(sprite)), None)
    return f"{asset_url(sprite)}#{name}" if sprite else f"{asset_url(SPRITES[0])}#{UNKNOWN_ICON}"


@lru_cache(maxsize=1_000)
def icon(name: str, small: bool = False) -> Markup:
    """Draw an icon, which stands beside a word and is silent to screen readers."""
    look = "icon" + (" is-small" if small else "") + (" turns" if name in TURNING else "")
    if name in icons_of(SUBJECTS):  # a page has few of them: drawn in place they cost no request
        return DRAWN % (look, Markup(symbols_of(SUBJECTS)[name]))  # noqa: S704 - of our own build
    return ICON % (look, icon_href(name))


@lru_cache(maxsize=1_000)
def tile(name: str, **attributes: str) -> Markup:
    """Draw an icon on a soft ground, for large choices and cases without a photo; `class` adds a class."""
    return Markup('<span class="tile %s">%s</span>') % (attributes.get("class", ""), icon(name))


@cache
def manifest() -> dict[str, str]:
    """Plain name to fingerprinted name, as the build wrote it."""
    path = DIST / "manifest.json"
    if not path.exists():
        raise AssetMissingError("manifest.json")
    names: dict[str, str] = json.loads(path.read_text())
    return names


@cache
def symbols_of(sprite: str) -> dict[str, str]:
    """The shapes of every icon in a sprite, by the name of the icon."""
    return dict(SYMBOL.findall((DIST / manifest()[sprite]).read_text()))


def icons_of(sprite: str) -> frozenset[str]:
    """Every icon in a sprite."""
    return frozenset(symbols_of(sprite))


def icon_names() -> frozenset[str]:
    """Every icon there is; a category may use any of them."""
    return frozenset().union(*map(icons_of, SPRITES))


FOR_TEMPLATES = {"asset": asset_url, "icon_href": icon_href, "draw_icon": icon, "draw_tile": tile}
"""Known in every template; the last two are what `components/icon.html` is made of."""


def init_app(app: Flask) -> None:
    """Give templates their assets."""
    app.jinja_env.globals.update(FOR_TEMPLATES)
