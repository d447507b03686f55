"""Addresses of style sheets, scripts and icons, with the fingerprint of their content in the name."""

import json
from functools import cache
from pathlib import Path

from flask import Flask

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
ADDRESS = "/static/dist/"
UNKNOWN_ICON = "circle-question-mark"


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
    """Address of one icon inside the sprite, for `<use href>`; a question mark for an unknown name.

    Categories name their icons in data, and a name that a later version dropped must not break a page.
    """
    known = name if name in icon_names() else UNKNOWN_ICON
    return f"{asset_url('icons.svg')}#{known}"


@cache
def manifest() -> dict[str, str]:
    """Plain name to fingerprinted name, as the build wrote it."""
    path = DIST / "manifest.json"
    if not path.exists():
        raise AssetMissingError("manifest.json")
    names: dict[str, str] = json.loads(path.read_text())
    return names


@cache
def icon_names() -> frozenset[str]:
    """Every icon in the sprite; a category may use any of them."""
    sprite = (DIST / manifest()["icons.svg"]).read_text()
    return frozenset(part.split('"', 1)[0] for part in sprite.split('<symbol id="')[1:])


def init_app(app: Flask) -> None:
    """Give templates `asset(name)` and `icon_href(name)`."""
    app.jinja_env.globals.update(asset=asset_url, icon_href=icon_href)
