"""Whether a text stands somewhere in a JSON column, on both databases."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_


def contains_json(column: Any, text: str) -> ColumnElement[bool]:
    """Return the condition that a text stands in the values of a JSON column, small letters as large ones.

    SQLite keeps signs beyond ASCII as escapes, PostgreSQL as themselves. Reads every row of the table.
    """
    stored = func.lower(cast(column, Text), type_=Text)
    spellings = {json.dumps(text, ensure_ascii=escaped)[1:-1].lower() for escaped in (True, False)}
    return or_(*(stored.contains(one, autoescape=True) for one in sorted(spellings)))
