"""Names as they are searched: by the beginning of any of their words, in any script."""

from cps.core.search import words

MOST_WORDS = 5
LONGEST_TERM = 160


def terms_of_name(name: str) -> list[str]:
    """Return a name from each of its words on, round to the word before: "kim minjun", "minjun kim"."""
    parts = words(name)[:MOST_WORDS]
    return sorted({_term([*parts[at:], *parts[:at]]) for at in range(len(parts))})


def beginning_of_name(asked: str) -> str:
    """Return the beginning that a kept term must have; empty where nothing is asked."""
    return _term(words(asked)[:MOST_WORDS])


def _term(parts: list[str]) -> str:
    return " ".join(parts)[:LONGEST_TERM]
