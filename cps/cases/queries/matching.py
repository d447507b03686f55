"""Which cases have words: the only part of a search in which the databases differ."""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, literal, literal_column, text

from cps.cases import reference as references
from cps.cases.models import Case
from cps.cases.reference import NotAReference
from cps.core import search
from cps.core.db import db
from cps.core.search import PREFIX


def asked_tokens(words: str) -> list[str]:
    """Return what a case must hold to be found by these words; the number of a case may be spelt anyhow."""
    try:
        return [references.parse(words)]
    except NotAReference:
        return search.query_tokens(words)


def matches(
    tokens: list[str], *, among_few: bool = False, one_is_enough: bool = False
) -> ColumnElement[bool]:
    """Return the condition that a case holds every token, or one of them; no token matches nothing.

    `among_few`: other conditions leave few cases, so SQLite should not begin with all that hold the words.
    """
    if not tokens:
        return literal_column("1 = 0")
    if db.engine.dialect.name == "postgresql":
        return text("cases.search_vector @@ CAST(:tokens AS tsquery)").bindparams(  # type: ignore[return-value]
            _own("tokens", search.tsquery_text(tokens, one_is_enough=one_is_enough))
        )
    condition = "cases.id IN (SELECT rowid FROM case_search WHERE case_search MATCH :tokens)"
    if among_few:
        condition = f"+{condition}"  # the sign changes nothing, but no index is used for the column
    return text(condition).bindparams(_own("tokens", search.fts5_query(tokens, one_is_enough=one_is_enough)))  # type: ignore[return-value]


def matches_read(tokens: list[str]) -> ColumnElement[bool]:
    """Return the same condition, answered by the text of each case and no index of words.

    For where other conditions leave few cases: it costs what these are many, whatever is common in the city.
    """
    return holds_each(tokens, Case.search_text) if tokens else literal_column("1 = 0")


def holds_each(tokens: list[str], words: Any) -> ColumnElement[bool]:
    """Return the condition that a column of search words has every token."""
    place = func.strpos if db.engine.dialect.name == "postgresql" else func.instr
    between = literal(" ") + words + " "
    return and_(*(place(between, _as_it_stands(token)) > 0 for token in tokens))


def _as_it_stands(token: str) -> str:
    """Return what is in the words of a case, one space around each, where it has a token or its beginning."""
    begins = token.removesuffix(PREFIX)
    return f" {begins}" if begins != token else f" {token} "


def _own(name: str, value: str) -> BindParameter[str]:
    """Return a parameter of its own, so that a statement may look for different words in different places."""
    return bindparam(name, value, unique=True)
