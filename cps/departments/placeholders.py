"""Placeholders of reply templates, such as `{reference}`: which there are, and how they are filled; pure."""

import re
from collections.abc import Mapping

from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l

PLACEHOLDERS = {
    "reference": _l("the number of the case"),
    "title": _l("the first words of the case"),
    "category": _l("what it is about"),
    "department": _l("who has it"),
    "due": _l("by when an answer is promised"),
    "received": _l("when it came"),
    "place": _l("address and ward"),
    "phone": _l("the department’s phone number, else the city’s"),
    "city": _l("the name of the city"),
}
"""Every placeholder, with what stands in its place."""

_FIELD = re.compile(r"\{([^{}]{0,60})\}")


def unknown_in(text: str) -> list[str]:
    """Return what stands in curly braces and is no placeholder, in the order of the text, each once."""
    return list(dict.fromkeys(name for name in _FIELD.findall(text) if name not in PLACEHOLDERS))


def check(text: str) -> None:
    """Raise RuleViolation for a placeholder that there is not, or that is not closed."""
    if unknown := unknown_in(text):
        raise RuleViolation(
            _("There is no placeholder “%(name)s”. You can use %(known)s.",
              name=f"{{{unknown[0]}}}", known=", ".join(f"{{{name}}}" for name in PLACEHOLDERS))
        )  # fmt: skip
    if not is_whole(text):
        raise RuleViolation(_("A curly brace stands alone. Placeholders are written like {reference}."))


def is_whole(text: str) -> bool:
    """Return whether every brace belongs to a pair: `{reference` alone is a slip of the pen."""
    return not re.search(r"[{}]", _FIELD.sub("", text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with each placeholder filled, once: what a value brings is not looked at again.

    What has no value, or an empty one, becomes an ellipsis, which the officer sees and completes.
    """
    return _FIELD.sub(lambda found: values.get(found[1]) or "…", text)
