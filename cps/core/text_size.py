"""How large the letters are: what a reader chose once for all pages, kept in a cookie of the device."""

from enum import StrEnum

from flask import request

TEXT_SIZE_COOKIE = "text-size"


class TextSize(StrEnum):
    """The sizes one can choose; the style sheet has a rule for each but the normal one."""

    NORMAL = "normal"
    LARGE = "large"
    LARGER = "larger"


def current_text_size() -> TextSize:
    """Return the size this reader chose; normal where there is no choice, or one we do not know."""
    chosen = request.cookies.get(TEXT_SIZE_COOKIE, "")
    return TextSize(chosen) if chosen in list(TextSize) else TextSize.NORMAL
