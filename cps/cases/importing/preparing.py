"""What can be worked out of a row before the transaction begins, so that it is short."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from cps.cases.importing.rows import CaseRow
from cps.cases.masking import masked
from cps.core import search
from cps.core.text import excerpt

TEXTS = {"title": 200, "body": None, "address": 300}
"""What is masked, and how long it may be: the words in place of a number are longer than the number."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case as it will be written: texts masked, with what they said before; its due date; its search words.

    `said` has the texts of the case before they were masked, `said_answer` that of its answer if it was.
    """

    row: CaseRow
    due_at: datetime
    words: str
    said: Mapping[str, str] = field(default_factory=dict)
    said_answer: str = ""


def prepare(row: CaseRow, due: Callable[[str, datetime], datetime]) -> Prepared:
    """Prepare a row; `due` says when a case of a category (by code) that came at a time is due."""
    shown = {name: masked(getattr(row, name), row.language) for name in TEXTS}
    said = {name: getattr(row, name) for name in TEXTS if getattr(row, name) != shown[name]}
    shown = {name: excerpt(shown[name], most) if name in said and most else shown[name]
             for name, most in TEXTS.items()}  # fmt: skip
    answer = masked(row.answer, row.language)
    return Prepared(
        row=replace(row, title=shown["title"], body=shown["body"], address=shown["address"], answer=answer),
        due_at=row.due_at or due(row.category, row.received_at),
        words=search.search_text(*shown.values(), row.external_id),
        said=said,
        said_answer=row.answer if answer != row.answer else "",
    )
