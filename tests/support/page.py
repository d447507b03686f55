"""What a page says, as tests ask it: texts, links, forms."""

from collections.abc import Set as AbstractSet
from functools import cached_property
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

from tests.support.application import BASE_URL
from tests.support.nodes import attribute, name_of, text_of

UNSENT = {"submit", "button", "reset", "image"}


class Page:
    """An answer of the site."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response = response
        self.path = path
        self.status = response.status_code
        self.redirects: list[tuple[int, str]] = []
        self.is_html = response.mimetype == "text/html" and bool(response.data)
        self.html = response.get_data(as_text=True) if self.is_html else ""

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed page."""
        return LexborHTMLParser(self.html or "<html></html>")

    def __repr__(self) -> str:
        return f"<Page {self.path} {self.status}>"

    @property
    def data(self) -> bytes:
        """The bytes of the answer."""
        return self.response.get_data()

    @property
    def json(self) -> Any:
        """The answer as JSON."""
        return self.response.get_json()

    @property
    def text(self) -> str:
        """All words of the page; of an answer that is no page, all of it."""
        return text_of(self.tree.body) if self.is_html else self.response.get_data(as_text=True)

    @property
    def heading(self) -> str:
        """The words of the h1."""
        return self.text_of("h1")

    def header(self, name: str) -> str:
        """Return a header; empty when the answer has none."""
        return str(self.response.headers.get(name, ""))

    def all(self, css: str) -> list[str]:
        """Return the text of every element that the selector finds."""
        return [text_of(node) for node in self.tree.css(css)]

    def text_of(self, css: str) -> str:
        """Return the text of the one element that the selector finds."""
        return text_of(self._only(css))

    def value_of(self, css: str, name: str = "value") -> str | None:
        """Return an attribute of the one element that the selector finds."""
        return attribute(self._only(css), name)

    def has(self, text: str) -> bool:
        """Say whether these words stand on the page."""
        return text in self.text

    @property
    def links(self) -> dict[str, str]:
        """Text of each link with its address; of two links with one text the first."""
        found: dict[str, str] = {}
        for node in self.tree.css("a[href]"):
            found.setdefault(name_of(node), attribute(node, "href") or "")
        return found

    def link(self, text: str) -> str:
        """Return the address of the link with this text, else of the only one that contains it."""
        links = self.links
        named = [text] if text in links else [name for name in links if text in name]
        addresses = {links[name] for name in named}
        assert len(addresses) == 1, f"{self.path} has {len(addresses)} links {text!r}; it has {sorted(links)}"
        return urljoin(BASE_URL + self.path, addresses.pop()).removeprefix(BASE_URL)

    @property
    def forms(self) -> list["Form"]:
        """Every form of the page."""
        return [Form(node, self.path) for node in self.tree.css("form")]

    def form(self, wanted: str | None = None, names: AbstractSet[str] = frozenset()) -> "Form":
        """Return the one form that is meant: by selector or address, else the one that has these fields."""
        forms = self.forms
        if wanted and wanted.startswith("/"):
            forms = [form for form in forms if form.action.split("?")[0] == wanted.split("?")[0]]
        elif wanted:
            forms = [Form(node, self.path) for node in self.tree.css(wanted)]
        fitting = [form for form in forms if names <= form.names]
        if wanted is None and len(fitting) > 1:
            fitting = [form for form in fitting if form.method == "POST"]
        if not fitting and len(forms) == 1:
            fitting = forms  # the form itself says what it lacks
        offered = "; ".join(f"{form.method} {form.action} {sorted(form.names)}" for form in self.forms)
        message = f"{self.path} has {len(fitting)} forms {wanted or ''} with {sorted(names)}: {offered}"
        assert len(fitting) == 1, message
        return fitting[0]

    def _only(self, css: str) -> LexborNode:
        found = self.tree.css(css)
        assert len(found) == 1, f"{css} is on {self.path} {len(found)} times"
        return found[0]


class Form:
    """A form as it stands on a page."""

    def __init__(self, node: LexborNode, path: str) -> None:
        self.node = node
        self.method = (attribute(node, "method") or "get").upper()
        address = urljoin(BASE_URL + path, attribute(node, "action") or path)
        assert address.startswith(BASE_URL), f"a form of {path} is sent to {address}"
        self.action = address.removeprefix(BASE_URL)
        self.is_multipart = attribute(node, "enctype") == "multipart/form-data"

    @property
    def controls(self) -> list[LexborNode]:
        """Every control that is sent, also those outside that name the form."""
        inside = self.node.css("input, select, textarea")
        own = attribute(self.node, "id")
        outside = [n for n in _root(self.node).css("[form]") if own and attribute(n, "form") == own]
        return [n for n in [*inside, *outside] if _sent(n)]

    @property
    def names(self) -> set[str]:
        """Names of all fields."""
        return {attribute(n, "name") or "" for n in self.controls}

    @property
    def buttons(self) -> list[str]:
        """Words of the buttons that send the form."""
        return [name_of(n) for n in self._buttons()]

    @property
    def values(self) -> dict[str, list[str]]:
        """What the form sends when nobody changes anything."""
        return self.filled({}, None).to_dict(flat=False)

    def value(self, name: str) -> str:
        """Return what stands in one field."""
        assert name in self.names, f"the form {self.action} has no {name}; it has {sorted(self.names)}"
        return self.values.get(name, [""])[0]

    def choices(self, name: str) -> list[str]:
        """Return the values that a field offers, in their order."""
        nodes = [n for n in self.controls if attribute(n, "name") == name]
        return [_value(o) for n in nodes for o in (n.css("option") if n.tag == "select" else [n])]

    def filled(self, fields: dict[str, Any], button: str | None) -> MultiDict[str, Any]:
        """Return what is sent after these fields were filled and the button was pressed."""
        unknown = set(fields) - self.names
        assert not unknown, f"the form {self.action} has no {sorted(unknown)}; it has {sorted(self.names)}"
        data: MultiDict[str, Any] = MultiDict()
        for node in self.controls:
            name = attribute(node, "name") or ""
            if name not in fields:
                for value in _standing(node):
                    data.add(name, value)
        for name, value in fields.items():
            for one in self._typed(name, value):
                data.add(name, one)
        self._press(data, button)
        return data

    def _typed(self, name: str, value: Any) -> list[Any]:
        first = next(n for n in self.controls if attribute(n, "name") == name)
        if attribute(first, "type") == "file":
            return [file(one) for one in (value if isinstance(value, list) else [value])]
        if isinstance(value, bool):
            return [_value(first)] if value else []
        values = [str(one) for one in value] if isinstance(value, (list, tuple, set)) else [str(value)]
        if _offers(first):
            strange = [one for one in values if one not in self.choices(name)]
            assert not strange, f"{name} does not offer {strange}; it offers {self.choices(name)}"
        return values

    def _buttons(self) -> list[LexborNode]:
        own = attribute(self.node, "id")
        inside = self.node.css("button, input[type=submit]")
        outside = [n for n in _root(self.node).css("button[form]") if own and attribute(n, "form") == own]
        return [n for n in [*inside, *outside] if _submits(n)]

    def _press(self, data: MultiDict[str, Any], text: str | None) -> None:
        buttons = self._buttons()
        if text is not None:
            buttons = [n for n in buttons if text in (name_of(n), attribute(n, "value"))]
            assert len(buttons) == 1, f"the form {self.action} has {len(buttons)} buttons {text!r}"
        if buttons and (name := attribute(buttons[0], "name")):
            data.add(name, attribute(buttons[0], "value") or "")


def file(value: Any) -> FileStorage:
    """Return a file as a form sends it: bytes, `(bytes, name)` or `(bytes, name, content type)`."""
    if isinstance(value, FileStorage):
        return value
    content, name, kind = (
        (*value, "photo.jpg", "")[:3] if isinstance(value, tuple) else (value, "photo.jpg", "")
    )
    kind = kind or ("image/png" if name.endswith(".png") else "image/jpeg")
    return FileStorage(BytesIO(content), filename=name, content_type=kind)


def _root(node: LexborNode) -> LexborNode:
    while node.parent is not None:
        node = node.parent
    return node


def _sent(node: LexborNode) -> bool:
    works = "disabled" not in node.attributes and node.tag in {"input", "select", "textarea"}
    return works and bool(attribute(node, "name")) and attribute(node, "type") not in UNSENT


def _standing(node: LexborNode) -> list[str]:
    if node.tag == "textarea":
        return [node.text(deep=True).removeprefix("\n")]
    if node.tag == "select":
        options = node.css("option")
        chosen = [o for o in options if "selected" in o.attributes]
        if not chosen and "multiple" not in node.attributes:
            chosen = [o for o in options if "disabled" not in o.attributes][:1]
        return [_value(o) for o in chosen]
    if attribute(node, "type") in {"checkbox", "radio"}:
        return [_value(node)] if "checked" in node.attributes else []
    return [] if attribute(node, "type") == "file" else [attribute(node, "value") or ""]


def _value(node: LexborNode) -> str:
    value = attribute(node, "value")
    if value is None:
        return "on" if node.tag == "input" else text_of(node)
    return value


def _offers(node: LexborNode) -> bool:
    return node.tag == "select" or attribute(node, "type") in {"checkbox", "radio"}


def _submits(node: LexborNode) -> bool:
    return (attribute(node, "type") or "submit") == "submit" and "disabled" not in node.attributes
