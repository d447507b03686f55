"""How a case is called that nobody gave a title; no Flask, no database."""

from cps.core import text

TITLE_LENGTH = 80


def title_of(words: str) -> str:
    """Return the beginning of these words in one line, cut between words at `TITLE_LENGTH` letters."""
    return text.excerpt(text.one_line(words), TITLE_LENGTH)
