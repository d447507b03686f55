"""Files of the public lists, and the page that names them."""

from cps.opendata.views import answers, api, base, feeds, files

BLUEPRINTS = (base.bp, api.bp)

__all__ = ["answers", "feeds", "files"]
