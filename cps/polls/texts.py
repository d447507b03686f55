"""Texts in several languages, for files that hold one."""

from collections.abc import Mapping


def english_or_first(texts: Mapping[str, str]) -> tuple[str, str]:
    """Return language and text: English where it has one, else the first by language code; empty for none."""
    language = "en" if texts.get("en") else min(filter(texts.get, texts), default="")
    return language, texts.get(language, "")
