"""What every page knows: the city, the language, who is signed in, where one can go."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request, session, url_for
from flask_login import current_user
from jinja2 import Template
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import configure_mappers

from cps.config import Config
from cps.core import assets, clock, i18n, known, security
from cps.core import city as cities
from cps.core.compiled import CompiledTemplates
from cps.core.forms import has_errors
from cps.core.text_size import current_text_size

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class CityOnPage:
    """The city in the words of the page's language."""

    name: str
    phone: str
    emergency_phone: str
    welcome: str
    logo_url: str | None
    accent: str
    version: int


class PageTemplate(Template):
    """A template whose macros are made ready once.

    At every import of macros Jinja compares the names of all globals with those of the page; a page has a
    dozen imports, and all our templates have the same globals.
    """

    def _get_default_module(self, ctx: object = None) -> Any:  # noqa: ARG002
        if self._module is None:
            self._module = self.make_module()
        return self._module


NavItem = Callable[[], tuple[str, str, str, bool] | None]
_nav: list[tuple[int, NavItem]] = []


def nav_item(order: int) -> Callable[[NavItem], NavItem]:
    """Register an entry of the main navigation: returns (address, label, icon, is current) or None."""

    def register(item: NavItem) -> NavItem:
        _nav.append((order, item))
        _nav.sort(key=lambda pair: pair[0])
        return item

    return register


def init_app(app: Flask, config: Config) -> None:
    """Install the language choice and the variables of every template."""
    app.before_request(lambda: _know_city_and_language(config))
    app.context_processor(lambda: _variables(config))
    app.jinja_env.filters["ago"] = lambda at: i18n.ago(at, clock.now())
    app.jinja_env.globals["url_for"] = address
    app.jinja_env.globals["has_errors"] = has_errors
    app.jinja_env.template_class = PageTemplate
    app.jinja_env.bytecode_cache = CompiledTemplates(PACKAGE / "templates" / "__pycache__")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def prepare(app: Flask) -> None:
    """Do once what first uses would do: sort addresses, connect models, load languages and templates."""
    app.url_map.update()
    configure_mappers()
    i18n.prepare()
    for name in app.jinja_env.list_templates(extensions=["html", "txt"]):
        app.jinja_env.get_template(name)


def _know_city_and_language(config: Config) -> None:
    g.city = None
    if request.endpoint in {"static", "pages.healthz"}:
        g.language = "en"
        return
    try:
        g.city = cities.find()
    except SQLAlchemyError:
        if request.endpoint is not None:
            g.language = "en"
            raise
    languages = g.city.languages if g.city else ["en"]
    g.default_language = g.city.default_language if g.city else "en"
    g.zone = str(g.city.zone) if g.city else "UTC"
    g.country = g.city.country if g.city else ""
    g.choices = i18n.available(languages, with_pseudo=config.is_demo)
    own = current_user.language if current_user.is_authenticated else ""
    g.language = own if own in g.choices else i18n.choose_language(g.choices, g.default_language)
    if security.is_for_staff(current_app.view_functions.get(request.endpoint or "")):
        g.language = i18n.for_staff(g.language, g.default_language)


def _variables(config: Config) -> dict[str, Any]:
    language = i18n.current_language()
    city = g.get("city")
    return {
        "city": _on_page(city) if city else None,
        "lang": i18n.html_language(language),
        "dir": i18n.direction(language),
        "text_size": current_text_size(),
        "languages": [(c, i18n.OWN_NAMES.get(c, c), c == language) for c in g.get("choices", ["en"])],
        "nav_items": [entry for _order, item in _nav if (entry := item())] if city else [],
        "account": current_user if city and current_user.is_authenticated else None,
        "is_demo": config.is_demo,
        "worker": "/sw.js" if city and config.offline else "",
        "now": clock.now(),
        "tile_url": config.tile_url,
        "tile_attribution": config.tile_attribution,
    }


def _on_page(city: cities.CityFacts) -> CityOnPage:
    return CityOnPage(
        name=i18n.localized(city.name),
        phone=city.phone,
        emergency_phone=city.emergency_phone,
        welcome=i18n.localized(city.welcome),
        logo_url=f"/crest/{city.logo}.webp" if city.logo else None,
        accent=city.accent,
        version=city.version,
    )


def address(endpoint: str, **values: Any) -> str:
    """Do what Flask's `url_for` does; an address that a page has said before is remembered."""
    if endpoint.startswith(".") or not has_request_context():
        return url_for(endpoint, **values)
    return _known_address(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=2_000, typed=True)
def _known_address(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def remembered(template: str, macro: str, *, keep: int) -> Callable[..., Markup]:
    """Return a macro as a function that writes the same arguments once in each language and then remembers.

    For pieces that stand fifty times on a page and come again on the next one, such as the rows of a queue.
    The arguments must be hashable and say everything the piece shows; the `keep` used last are remembered.
    """

    @lru_cache(maxsize=keep)
    def written(_language: str, values: tuple[tuple[str, Any], ...]) -> Markup:
        module = current_app.jinja_env.get_template(template).module
        piece: Markup = getattr(module, macro)(**dict(values))
        return piece

    return lambda **values: written(i18n.current_language(), tuple(values.items()))


@cache
def build() -> str:
    """Return a fingerprint of templates, texts and assets: after an upgrade no visitor keeps an old page."""
    digest = hashlib.sha256(json.dumps(assets.manifest(), sort_keys=True).encode())
    for folder, pattern in (("templates", "**/*.html"), ("translations", "**/*.mo")):
        for path in sorted((PACKAGE / folder).glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def cacheable(tag: str) -> Response | None:
    """Declare a public page that depends on `tag`; returns a 304 answer when the visitor has it already.

    Call it in a view after reading the versions the page depends on; the city and the names of categories,
    departments and wards, which every page may show, are counted in. Signed-in pages are never cached.
    """
    if current_user.is_authenticated or session.get("_flashes"):
        return None
    g.cacheable = True
    g.etag = f'W/"{tag}-{i18n.current_language()}-{current_text_size()}-{known.mark()}-{build()}"'
    if g.etag in request.headers.get("If-None-Match", ""):
        response = Response(status=304)
        response.headers["ETag"] = g.etag
        return response
    return None


def stamp_etag(response: Response) -> Response:
    """Put the tag that the view declared on its answer."""
    if g.get("cacheable") and response.status_code == 200 and "etag" in g:
        response.headers["ETag"] = g.etag
    return response
