"""Typed parts of addresses."""

from typing import Any

from werkzeug.routing import BaseConverter, IntegerConverter, Map

LARGEST_KEY = 2**63 - 1


class ReferenceConverter(BaseConverter):
    """A case reference: twelve digits with or without hyphens in the address, with hyphens in links."""

    regex = r"\d{4}-?\d{4}-?\d{4}"

    def to_python(self, value: str) -> str:
        """Return the twelve digits."""
        return value.replace("-", "")

    def to_url(self, value: str) -> str:
        """Return the digits in groups of four."""
        return f"{value[:4]}-{value[4:8]}-{value[8:12]}"


class TokenConverter(BaseConverter):
    """A random token: URL-safe base-64 or hex, 16 to 80 characters."""

    regex = r"[A-Za-z0-9_-]{16,80}"


class CodeConverter(BaseConverter):
    """A code that the city gives to wards, categories, departments: letters, digits, hyphens."""

    regex = r"[a-z0-9][a-z0-9-]{0,59}"


class KeyConverter(IntegerConverter):
    """A whole number that fits the key of a row; a larger one leads nowhere."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_KEY, **options})


CONVERTERS = {
    "reference": ReferenceConverter,
    "token": TokenConverter,
    "code": CodeConverter,
    "int": KeyConverter,
}
