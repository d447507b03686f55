"""Filing a complaint: its steps, a hint at the category; no Flask, no database."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

from cps.core import phrases

FASTEST = timedelta(seconds=2)
"""Nobody writes a complaint faster; what comes faster is filed, and marked for a person's look."""

SUGGESTIONS = "suggestions"
"""Under this name the settings of the city keep from how sure on suggested categories are applied."""


class Step(StrEnum):
    """The steps of filing whose input must be right before a complaint can be sent."""

    PLACE = "place"
    WORDS = "words"
    DETAILS = "details"


class KeptState(StrEnum):
    """What the city says of a complaint that a phone kept and sends."""

    SENT = "sent"
    LOOK = "look"
    """Something is not right, or asked anew; the person has to look."""

    OTHER_PERSON = "other-person"
    """It was begun under another sign-in than the one it comes with now."""

    NEW_KEY = "new-key"
    """Its draft can no longer be gone on with; it was not sent and may come under another key."""

    PHOTOS_MISSING = "photos-missing"


def first_missing(done: Iterable[str]) -> Step | None:
    """Return the first step that is not done yet, None when all are."""
    return next((step for step in Step if step.value not in set(done)), None)


def suggest(text: str, keywords: Mapping[str, Iterable[str]], *, most: int = 3) -> list[str]:
    """Return the keys whose keywords stand most often in the text, the best first; ties keep their order."""
    words = phrases.haystack(text)
    found = {
        key: sum(phrases.stands_in(words, word) for word in set(given)) for key, given in keywords.items()
    }
    best = sorted((key for key, times in found.items() if times), key=lambda key: -found[key])
    return best[:most]
