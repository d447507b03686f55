"""Whether words name somebody; no Flask, no database."""

import re
import unicodedata

_WORD = re.compile(r"\w+")


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words).casefold()


def is_named(words: str, *, name: str, email: str) -> bool:
    """Return whether words hold somebody's address of mail, or every part of their name in any order.

    In scripts that write no spaces, or hang endings on names, a part may stand within a longer word.
    """
    said = _plain(words)
    if email and _plain(email) in said:
        return True
    parts = _WORD.findall(_plain(name))
    known = set(_WORD.findall(said))
    return bool(parts) and all(part in known if part.isascii() else part in said for part in parts)
