"""One answer in two forms: XML without a namespace, and JSON by the Spark convention of the standard.

A document is a list of entries or one entry; an entry is a dict of texts, numbers, booleans, None, further
dicts, or lists. In JSON the outer name goes, nothing is null. In XML each entry of a list has its own name.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

XML, JSON = "xml", "json"
DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}

ENTRIES = {
    "discovery": "discovery",
    "endpoints": "endpoint",
    "formats": "format",
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "notes": "note",
    "errors": "error",
}
"""What one entry of each list is called."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """An answer: the name of its root in XML, and what it holds."""

    root: str
    content: Sequence[Mapping[str, Any]] | Mapping[str, Any]


def written(document: Document, form: str) -> bytes:
    """Return the document in a form, in UTF-8."""
    if form == JSON:
        return json.dumps(document.content, ensure_ascii=False, separators=(",", ":")).encode()
    root = Element(document.root)
    _fill(root, document.content)
    content: bytes = tostring(root, encoding="utf-8")
    return DECLARATION + content


def _fill(element: Element, content: Any) -> None:
    if isinstance(content, Mapping):
        for name, value in content.items():
            _fill(SubElement(element, name), value)
    elif isinstance(content, (list, tuple)):
        for entry in content:
            _fill(SubElement(element, ENTRIES[element.tag]), entry)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = _NOT_IN_XML.sub("\ufffd", str(content))
