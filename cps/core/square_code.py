"""Texts drawn as square codes that phones read (QR codes, ISO/IEC 18004)."""

import segno
from markupsafe import Markup

FAST_MASK = 2
"""A mask for pages that many people ask for: trying all eight takes longer than the rest of the page."""


def square_code(text: str, *, title: str | None = None, mask: int | None = None) -> Markup:
    """Return a text drawn, as an `<svg>` to stand in a page; `title` says in words what it is.

    Without a `mask` the one of eight is taken that cameras read best.
    """
    drawn = segno.make(text, error="m", mask=mask, micro=False)
    drawing = drawn.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None, title=title)
    return Markup(drawing)  # noqa: S704 - shapes, and a title that segno escapes
