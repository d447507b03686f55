"""The style of forms on paper, for files that nobody serves."""

from markupsafe import Markup

from cps.core.assets import DIST, manifest


def style() -> Markup:
    """Return the style sheet of forms inside an element; raises KeyError where the assets were not built."""
    return Markup(f"<style>{(DIST / manifest()['paper.css']).read_text()}</style>")  # noqa: S704 - our own
