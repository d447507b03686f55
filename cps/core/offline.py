"""What work outside of a request takes from elsewhere: settings, whole addresses, a language, templates."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app, g

from cps.config import Config
from cps.core import i18n
from cps.core.city import CityFacts


def settings() -> Config:
    """Return the settings of the running application."""
    config: Config = current_app.extensions["cps_config"]
    return config


def absolute(path: str) -> str:
    """Return the whole address of a path of this site, from `CPS_BASE_URL`; in a demo without it, local."""
    config = settings()
    return f"{config.base_url or f'http://127.0.0.1:{config.port}'}{path}"


def language_for(wanted: str, city: CityFacts) -> str:
    """Return the language to write to somebody: theirs where the city speaks it, else the city's."""
    return wanted if wanted in city.languages or wanted in i18n.PSEUDO else city.default_language


@contextmanager
def speaking(language: str, city: CityFacts) -> Iterator[None]:
    """Speak a language, in the city's zone, until the block ends.

    The block has a context of its own and therefore another database session: read before, write afterwards.
    """
    with current_app.app_context():
        g.zone = str(city.zone)
        g.country = city.country
        g.default_language = city.default_language
        i18n.use_language(language)
        yield


def render(template: str, **values: Any) -> str:
    """Render a template without anything of a request; names ending in .html escape what they show."""
    return current_app.jinja_env.get_template(template).render(**values)
