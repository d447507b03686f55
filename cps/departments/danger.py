"""Whether somebody is in danger, by what is written or by what is answered to the questions of a category."""

from collections.abc import Iterable, Mapping, Sequence

from cps.core.phrases import has_any
from cps.departments.catalogue import KnownCategory

Words = Mapping[str, Iterable[str]]
"""Words of danger by language, as the city has them. Those of every language count in every text."""


def is_told(text: str, answers: Mapping[str, Sequence[str]], category: KnownCategory, words: Words) -> bool:
    """Return whether a text has a word of danger, or an answer says that somebody is in danger."""
    return in_words(text, words) or in_answers(answers, category)


def in_words(text: str, words: Words) -> bool:
    """Return whether a text has a word of danger."""
    return has_any(text, (word for own in words.values() for word in own))


def in_answers(answers: Mapping[str, Sequence[str]], category: KnownCategory) -> bool:
    """Return whether one of the answers to what a category asks says that somebody is in danger."""
    return any(
        choice.get("danger") and choice["key"] in answers.get(question.code, ())
        for question in category.questions
        for choice in question.choices
    )
