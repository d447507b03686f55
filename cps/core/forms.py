"""The base of every form: cleaned text, translated messages, one-time keys, versions."""

import hashlib
import secrets
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, cast

from flask import g, has_request_context, request
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from sqlalchemy import Executable, Table, bindparam, select
from wtforms import Field, FileField, HiddenField, IntegerField
from wtforms.widgets import HiddenInput, Input, Select

from cps.core import text
from cps.core.db import db
from cps.core.i18n import gettext, unfilled
from cps.core.i18n import lazy_gettext as _l
from cps.core.models import FormKey
from cps.core.upsert import insert_for

LONGEST_LINE = 300
LONGEST_TEXT = 10_000
TOO_LONG = _l("That is too long; %(max)d letters at most.")
"""What a field says, with WTForms' `Length(max=…, message=TOO_LONG)`."""
SHORTEN = _l("This is too long. Please shorten it.")
"""The same without the number."""

LONGEST_READ = 25_000
"""Characters of one field that are looked at. What is longer stays on the page as it was typed, refused."""


class _Translations:
    """WTForms' own messages through the catalog of this program."""

    def gettext(self, string: str) -> str:
        return gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return unfilled(singular, plural, n)


def tidy_line(value: Any) -> Any:
    """Filter: one clean line, NFC, without control characters."""
    return text.one_line(value) if _is_looked_at(value) else value


def tidy_text(value: Any) -> Any:
    """Filter: clean text of several lines."""
    return text.clean(value) if _is_looked_at(value) else value


def _is_looked_at(value: Any) -> bool:
    """Say whether it is a text of a length that people send: cleaning a megabyte takes up to 0.2 s."""
    return isinstance(value, str) and len(value) <= LONGEST_READ


def attributes(**values: Any) -> str:
    """Write attributes as WTForms does: sorted, `data_…` with hyphens, True bare, False left out."""
    written = []
    for name, value in sorted(values.items()):
        name = name.rstrip("_")
        if name.startswith(("data_", "aria_")):
            name = name.replace("_", "-")
        if value is True:
            written.append(name)
        elif value is not False:
            written.append(f'{name}="{escape(value)}"')
    return " ".join(written)


class PlainSelect(Select):
    """A list to choose one of, in groups or not; the same options are written out only once."""

    def __call__(self, field: Any, **values: Any) -> Markup:
        """Write the field."""
        choices = field.choices or ()
        groups = choices.items() if isinstance(choices, dict) else ((None, choices),)
        options = _options(tuple((name, tuple(pairs)) for name, pairs in groups), _short(field.data))
        flags = {name: getattr(field.flags, name) or False for name in self.validation_attrs}
        own = attributes(**{"id": field.id, "name": field.name, **flags, **values})
        return Markup(f"<select {own}>{options}</select>")  # noqa: S704 - escaped piece by piece


def _short(value: Any) -> Any:
    """Return a value that may be remembered: none is longer than a line but those that strangers send."""
    return None if isinstance(value, str) and len(value) > LONGEST_LINE else value


Option = tuple[str, str] | str
Group = tuple[str | None, tuple[Option, ...]]


@lru_cache(maxsize=500)
def _options(groups: tuple[Group, ...], chosen: str | None) -> str:
    written = []
    for name, options in groups:
        inside = "".join(_option(option, chosen) for option in options)
        written.append(inside if not name else f'<optgroup label="{escape(name)}">{inside}</optgroup>')
    return "".join(written)


def _option(option: Option, chosen: str | None) -> str:
    value, label = (option, option) if isinstance(option, str) else option
    selected = " selected" if value == chosen else ""
    return f'<option{selected} value="{escape(value)}">{escape(label)}</option>'


PLAIN_SELECT: Any = PlainSelect()


class Form(FlaskForm):
    """A form; the token is checked for the whole application in `core.http`, not here."""

    class Meta(FlaskForm.Meta):
        """Settings of all forms."""

        csrf = False

        def get_translations(self, form: Any) -> _Translations:  # noqa: ARG002
            """Return our catalog instead of WTForms' own files."""
            return _Translations()

        def render_field(self, field: Field, render_kw: Any) -> Any:
            """Write a field, without much ado: WTForms takes longer for one than a page has time."""
            widget: Any = field.widget
            if isinstance(widget, Input):
                widget.html_params = attributes  # type: ignore[method-assign]
            elif type(widget) is Select and not widget.multiple:
                field.widget = PLAIN_SELECT
            return super().render_field(field, render_kw)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        g.setdefault("forms", []).append(self)

    def process(self, *args: Any, **more: Any) -> None:
        """Read what was sent; the mere name of a file is none: old browsers send that much."""
        super().process(*args, **more)
        for field in self:
            if isinstance(field, FileField):
                field.data = _files_of(field.data)

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether everything is right; a text too long to be looked at never is."""
        is_right = super().validate(*args, **more)
        for field in self:
            if isinstance(field.data, str) and len(field.data) > LONGEST_READ:
                field.errors = field.errors or [gettext("This is too long. Please shorten it.")]
                is_right = False
        return bool(is_right)

    def problems(self) -> list[tuple[Field, str]]:
        """Return (field, message) of every error, in the order of the fields, for the summary on top."""
        return [(field, str(error)) for field in self for error in _flat(field.errors)]


def _files_of(data: Any) -> Any:
    if isinstance(data, (list, tuple)):
        return [one for one in data if not isinstance(one, str)]
    return None if isinstance(data, str) else data


def has_errors() -> bool:
    """Return whether something that was sent must be mended: then the title of its page says so first."""
    was_sent = has_request_context() and request.method == "POST"
    return was_sent and any(form.errors for form in g.get("forms", ()))


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        return [e for part in errors.values() for e in _flat(part)]
    return [e for part in errors for e in (_flat(part) if isinstance(part, (list, tuple, dict)) else [part])]


def add_error(field: Field, message: str) -> None:
    """Put a message beside a field: what only the page can know is wrong."""
    field.errors = [*field.errors, message]


class OnceForm(Form):
    """A form that creates something: its key makes pressing twice, or retrying, one row."""

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(18))


class VersionField(IntegerField):
    """The version of what a person saw, out of sight; the page goes on with what is put into it."""

    widget = HiddenInput()

    def _value(self) -> str:
        """Return the number that the field has now, not the one that was sent."""
        return "" if self.data is None else str(self.data)


class VersionedForm(Form):
    """A form that changes something: it carries the version of what the person saw."""

    version = VersionField()


class SeenForm(Form):
    """A form that makes something, or changes what somebody saw; without a version nothing was there yet."""

    version = HiddenField()

    @property
    def seen(self) -> int | None:
        """The version of what was seen."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def key_hash(key: str) -> str:
    """Return what is stored of a form key."""
    return hashlib.sha256(key.encode()).hexdigest()


def used_key(key: str) -> str | None:
    """Return where the first use of this key led, or None when it is unused."""
    return db.session.scalar(select(FormKey.leads_to).where(FormKey.key_hash == key_hash(key)))


def spend_key(key: str, *, purpose: str, leads_to: str, at: datetime) -> bool:
    """Spend a key in the running transaction; False when it was spent before, also a moment ago."""
    row = {"key_hash": key_hash(key), "purpose": purpose, "leads_to": leads_to, "used_at": at}
    return db.session.execute(_spending(db.engine.dialect.name), row).one_or_none() is not None


@cache
def _spending(dialect: str) -> Executable:
    table = cast("Table", FormKey.__table__)
    row: dict[str, Any] = {name: bindparam(name) for name in ("key_hash", "purpose", "leads_to", "used_at")}
    return insert_for(dialect, table).values(**row).on_conflict_do_nothing().returning(table.c.key_hash)
