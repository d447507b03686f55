"""What another system answers, in either form of the standard, as plain values, whatever it sends."""

import json
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from cps.open311.documents import ENTRIES, JSON
from cps.open311.outgoing.rules import (
    LONGEST_CODE,
    LONGEST_NUMBER,
    LONGEST_WORDS,
    MOST_SERVICES,
    Failed,
    There,
    Trouble,
    notes,
    word,
)

Entry = dict[str, Any]
SEVERAL = "multivaluelist"
_NO_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
"""What could make a small document a large one."""


def entries(body: bytes, form: str) -> list[Entry]:
    """Return the entries of an answer; one alone is a list of one. Raises Failed where it is none."""
    try:
        content = json.loads(body) if form == JSON else _plain(_root(body))
    except (ValueError, RecursionError, ParseError, LookupError):
        raise Failed(Trouble.UNREADABLE) from None
    if isinstance(content, dict) and len(content) == 1:  # some name the list in JSON, too
        (inner,) = content.values()
        content = inner if isinstance(inner, list) else content
    listed = content if isinstance(content, list) else [content]
    if not all(isinstance(one, dict) for one in listed):
        raise Failed(Trouble.UNREADABLE)
    return listed


def services(listed: list[Entry]) -> list[Entry]:
    """Return the services: `code`, `name`, whether they ask something; raises Failed for none."""
    found = [
        {
            "code": word(one.get("service_code"), LONGEST_CODE),
            "name": word(one.get("service_name"), LONGEST_WORDS),
            "asks": str(one.get("metadata")).lower() == "true",
        }
        for one in listed[:MOST_SERVICES]
    ]
    known = [one for one in found if one["code"]]
    if listed and not known:
        raise Failed(Trouble.UNREADABLE)
    return known


def attributes(listed: list[Entry]) -> list[Entry]:
    """Return what a service asks: `code`, `label`, `required`, `several`, and the `keys` it takes."""
    asked = listed[0].get("attributes") if listed else []
    found = []
    for one in asked if isinstance(asked, list) else []:
        if not isinstance(one, dict) or not (code := word(one.get("code"), LONGEST_CODE)):
            continue
        values = one.get("values")
        keys = [
            word(value.get("key"), LONGEST_CODE)
            for value in (values if isinstance(values, list) else [])
            if isinstance(value, dict)
        ]
        found.append(
            {
                "code": code,
                "label": word(one.get("description"), LONGEST_WORDS),
                "required": str(one.get("required")).lower() == "true"
                and str(one.get("variable", True)).lower() != "false",
                "several": one.get("datatype") == SEVERAL,
                "keys": keys,
            }
        )
    return found[:MOST_SERVICES]


def number_or_token(listed: list[Entry]) -> tuple[str, str]:
    """Return what a case is called there and its token; one of them may be ""."""
    first = listed[0] if listed else {}
    return (
        word(first.get("service_request_id"), LONGEST_NUMBER),
        word(first.get("token"), LONGEST_NUMBER),
    )


def requests(listed: list[Entry]) -> dict[str, There]:
    """Return what is said of each case, by its number there; what has no status says nothing."""
    found = {}
    for one in listed:
        number = word(one.get("service_request_id"), LONGEST_NUMBER)
        status = word(one.get("status"), LONGEST_WORDS).lower()
        if number and status:
            found[number] = There(number, status == "closed", notes(one.get("status_notes")))
    return found


def words(body: bytes, form: str, *, secret: str = "") -> str:
    """Return what an error says, in one short line; "" where it cannot be read.

    Some repeat the key that they do not take: it is left out, for the line stands on pages and in logs.
    """
    try:
        told = [one.get("description") for one in entries(body, form)]
    except Failed:
        return ""
    line = " ".join("; ".join(notes(one) for one in told if one).split())
    return (line.replace(secret, "…") if secret else line)[:LONGEST_WORDS]


def _root(body: bytes) -> Element:
    if any(one in body for one in _NO_DECLARATIONS) or b"\0" in body:
        raise ValueError
    return fromstring(body)  # noqa: S314 - without declarations nothing can be expanded


def _plain(element: Element, depth: int = 0) -> Any:
    """Return an element as JSON has it: lists by the names of the standard, empty ones as None."""
    children = list(element)
    if depth > 10:
        raise ValueError
    if element.tag in ENTRIES:
        return [_plain(child, depth + 1) for child in children]
    if children:
        return {child.tag: _plain(child, depth + 1) for child in children}
    return (element.text or "").strip() or None
