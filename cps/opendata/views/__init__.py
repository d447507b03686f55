"""Files of the public lists, and the page that names them."""

from cps.opendata.views import answers, base, feeds, files

BLUEPRINTS = (base.bp,)

__all__ = ["answers", "feeds", "files"]
