"""Addresses of this site that travel through forms, such as where to go on after signing in."""

import re

LONGEST_NEXT = 500


def own_path(text: str | None) -> str:
    r"""Return an address of this site as path and query, or "" for anything that could lead elsewhere.

    Browsers read `//`, `/\` and addresses with control characters inside as another site; what is encoded
    in the path is looked at as well, because something on the way may decode it.
    """
    if not text or len(text) > LONGEST_NEXT or not text.startswith("/") or not text.isprintable():
        return ""
    path = text.partition("?")[0].partition("#")[0]
    for _ in range(5):
        if "//" in path or "\\" in path or not path.isprintable() or " " in path:
            return ""
        path = _decoded(path)
    return "" if "\\" in text or " " in text else text


def _decoded(path: str) -> str:
    return re.sub(r"%([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), path)
