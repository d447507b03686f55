"""What somebody sent while it could not be saved, so that the page that says so can give it back."""

from dataclasses import dataclass

from flask import g, request

SECRETS = ("password", "current", "code", "pin")
"""Parts of the names of fields that are not written into a page for a second time."""

NO_WORDS = (*SECRETS, "token", "key")
"""Parts of the names of fields that nobody wrote."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The words of a form; and all its fields, or none of them where some cannot be given back."""

    words: list[str]
    fields: list[tuple[str, str]]


def let_in() -> None:
    """Note that the running request comes from a page of our own, so that its content may be given back."""
    g.let_in = True


def kept() -> Kept | None:
    """Return what the running request sent, or None where it sent no form of ours.

    Photos and secrets are not given back; a form with such cannot be sent again without being filled anew.
    """
    if request.method != "POST" or not g.get("let_in"):
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if value]
    words = [value for name, value in fields if " " in value.strip() and not _named(name, NO_WORDS)]
    is_whole = not any(_named(name, SECRETS) for name, _value in fields) and not any(
        file.filename for file in request.files.values()
    )
    return Kept(words, fields if is_whole else []) if fields else None


def _named(name: str, parts: tuple[str, ...]) -> bool:
    return any(part in name for part in parts)
