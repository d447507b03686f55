"""On which pages a city speaks itself, and how long; no Flask, no database."""

from collections.abc import Mapping
from enum import StrEnum

from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments.specs import check_texts

LONGEST_OWN_WORDS = 8_000


class OwnPage(StrEnum):
    """The pages on which words of the city stand beside ours."""

    ABOUT = "about"
    PRIVACY = "privacy"
    ACCESSIBILITY = "accessibility"


def check_words(page: OwnPage, texts: Mapping[str, str]) -> None:
    """Raise RuleViolation where a key is no language or a text is too long."""
    check_texts(texts, what=page.value, may_be_empty=True)
    for language, text in texts.items():
        if len(text) > LONGEST_OWN_WORDS:
            raise RuleViolation(
                _("%(page)s (%(language)s): more than %(most)s signs.",
                  page=page.value, language=language, most=LONGEST_OWN_WORDS)
            )  # fmt: skip
