"""Pages that belong to no feature, and those that join several: home, one's own cases and data."""

from cps.pages.views import about, home, install, language, machines, metrics, own, text_size
from cps.pages.views.base import bp

__all__ = ["about", "home", "install", "language", "machines", "metrics", "own", "text_size"]
BLUEPRINTS = (bp,)
