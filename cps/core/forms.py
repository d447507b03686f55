"""The base of every form: cleaned text, translated messages, one-time keys, versions."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from wtforms import Field, HiddenField, IntegerField
from wtforms.widgets import HiddenInput, Select

from cps.core import text
from cps.core.db import db
from cps.core.i18n import gettext, unfilled
from cps.core.models import FormKey

LONGEST_LINE = 300
LONGEST_TEXT = 10_000


class _Translations:
    """WTForms' own messages through the catalog of this program."""

    def gettext(self, string: str) -> str:
        return gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return unfilled(singular, plural, n)


def tidy_line(value: Any) -> Any:
    """Filter: one clean line, NFC, without control characters."""
    return text.one_line(value) if isinstance(value, str) else value


def tidy_text(value: Any) -> Any:
    """Filter: clean text of several lines."""
    return text.clean(value) if isinstance(value, str) else value


class PlainSelect(Select):
    """A list whose options have a value and a label and nothing else; WTForms' own is ten times slower."""

    @classmethod
    def render_option(cls, choice: Any, **_attributes: Any) -> Markup:  # type: ignore[override]
        """Write one option."""
        selected = " selected" if choice.selected else ""
        label = choice.label if choice.label is not None else choice.value
        return Markup(f'<option{selected} value="{escape(choice.value)}">{escape(label)}</option>')  # noqa: S704


PLAIN_SELECTS: dict[bool, Any] = {False: PlainSelect(), True: PlainSelect(multiple=True)}


class Form(FlaskForm):
    """A form; the token is checked for the whole application in `core.http`, not here."""

    class Meta(FlaskForm.Meta):
        """Settings of all forms."""

        csrf = False

        def get_translations(self, form: Any) -> _Translations:  # noqa: ARG002
            """Return our catalog instead of WTForms' own files."""
            return _Translations()

        def render_field(self, field: Field, render_kw: Any) -> Any:
            """Write a field, long lists of options without much ado."""
            widget: Any = field.widget
            if type(widget) is Select:
                field.widget = PLAIN_SELECTS[widget.multiple]
            return super().render_field(field, render_kw)

    def problems(self) -> list[tuple[Field, str]]:
        """Return (field, message) of every error, in the order of the fields, for the summary on top."""
        return [(field, str(error)) for field in self for error in _flat(field.errors)]


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        return [e for part in errors.values() for e in _flat(part)]
    return [e for part in errors for e in (_flat(part) if isinstance(part, (list, tuple, dict)) else [part])]


class OnceForm(Form):
    """A form that creates something: its key makes pressing twice, or retrying, one row."""

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(18))


class VersionedForm(Form):
    """A form that changes something: it carries the version of what the person saw."""

    version = IntegerField(widget=HiddenInput())


def key_hash(key: str) -> str:
    """Return what is stored of a form key."""
    return hashlib.sha256(key.encode()).hexdigest()


def used_key(key: str) -> str | None:
    """Return where the first use of this key led, or None when it is unused."""
    return db.session.scalar(select(FormKey.leads_to).where(FormKey.key_hash == key_hash(key)))


def spend_key(key: str, *, purpose: str, leads_to: str, at: datetime) -> bool:
    """Spend a key in the running transaction; False when it was spent before, also a moment ago."""
    try:
        with db.session.begin_nested():
            db.session.add(FormKey(key_hash=key_hash(key), purpose=purpose, leads_to=leads_to, used_at=at))
    except IntegrityError:
        return False
    return True
