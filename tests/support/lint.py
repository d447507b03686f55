"""What every page must be, whatever it is about; read from its HTML alone.

A page that a test fetches is checked without being asked for. What only a browser can see (colours, sizes,
focus) is checked in `tests/browser`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.support.nodes import attribute, name_of, text_of

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_IN_P = {
    *("address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer"),
    *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section"),
    *("table", "ul"),
}
NOT_NESTED = {
    "a": frozenset({"a", "button"}),
    "button": frozenset({"a", "button", "label"}),
    "form": frozenset({"form"}),
}
SVG = {"path", "circle", "rect", "line", "polyline", "polygon", "ellipse", "use"}
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "for", "list", "form")
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
LEAK = re.compile(
    r"\{\{|\{%|%\(\w+\)[sd]|\bUndefined\b|<[\w.]+ object at|\bNone\b(?! [a-z])|datetime\.|Markup\(|LazyString"
)
SHOWN_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder", "value", "href", "action", "content", "src")

PIECE = re.compile(
    r"""<!--.*?-->|<(?P<end>/)?(?P<tag>[a-z][^\s/>]*+)(?P<attributes>(?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""",
    re.IGNORECASE | re.DOTALL,
)
"""A comment, or a tag with its attributes, at whose end a slash may stand."""

ATTRIBUTE = re.compile(r"""([^\s=/"']++)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"']++))?""")
RAW = {"script", "style"}
"""What stands in them is no HTML."""

Check = Callable[[LexborHTMLParser], Iterator[str]]
NeedsToken = Callable[[str], bool]


def problems(
    html: str, needs_token: NeedsToken = lambda _action: True, tree: LexborHTMLParser | None = None
) -> list[str]:
    """Return in words everything that is wrong with a page; `needs_token` says which forms must carry one.

    `tree` is the page as it was parsed, where that has been done.
    """
    tree = tree or LexborHTMLParser(html)
    found = [line for check in CHECKS for line in check(tree)]
    return [*_shape(html), *found, *_tokens(tree, needs_token)]


def _shape(html: str) -> list[str]:
    """Follow the tags as written, where a browser would silently mend them."""
    if not html.lstrip().lower().startswith("<!doctype html>"):
        return ["no doctype"]
    nesting = _Nesting(html)
    nesting.read()
    return [*nesting.problems, *(f"<{tag}> is never closed" for tag in nesting.open)]


class _Nesting:
    """Reads the tags of a page with one pattern; the parser of the library takes longer than the page."""

    def __init__(self, html: str) -> None:
        self.open: list[str] = []
        self.problems: list[str] = []
        self._html, self._at = html, 0

    def read(self) -> None:
        """Read all tags in their order."""
        while piece := PIECE.search(self._html, self._at):
            self._at = piece.start()
            tag = (piece["tag"] or "").lower()
            if tag and piece["end"]:
                self._end(tag + piece["attributes"].rstrip())
            elif tag:
                self._begin(tag, piece["attributes"])
            self._at = piece.end()
            if tag in RAW and not piece["end"]:
                end = self._html.find(f"</{tag}", self._at)
                self._at = end if end >= 0 else len(self._html)

    def _begin(self, tag: str, attributes: str) -> None:
        names = [name.lower() for name in ATTRIBUTE.findall(attributes)]
        if len({*names}) < len(names):
            self._say(f"<{tag}> has {[name for name, times in Counter(names).items() if times > 1]} twice")
        if tag in NOT_IN_P and "p" in self.open:
            self._say(f"<{tag}> stands in <p>")
        for outer, refused in NOT_NESTED.items():
            if tag in refused and outer in self.open:
                self._say(f"<{tag}> stands in <{outer}>")
        if attributes.endswith("/") and tag not in VOID | SVG:
            self._say(f"<{tag}/> is not closed by its slash")
        elif tag not in VOID and not attributes.endswith("/"):
            self.open.append(tag)

    def _end(self, tag: str) -> None:
        if tag in VOID:
            self._say(f"</{tag}> closes nothing")
        elif self.open[-1:] == [tag]:
            self.open.pop()
        else:
            self._say(f"</{tag}> closes <{self.open[-1] if self.open else 'nothing'}>")
            while tag in self.open and self.open.pop() != tag:
                pass

    def _say(self, problem: str) -> None:
        line = self._html.count("\n", 0, self._at) + 1
        self.problems.append(f"line {line}: {problem}")


def _document(tree: LexborHTMLParser) -> Iterator[str]:
    root = tree.css_first("html")
    if not attribute(root, "lang"):
        yield "<html> has no lang"
    if attribute(root, "dir") not in {"ltr", "rtl"}:
        yield "<html> has no dir"
    titles = [text_of(node) for node in tree.css("head > title")]
    if len(titles) != 1 or not titles[0].strip(" –"):
        yield f"the title is {titles}"
    elif titles[0].startswith("–"):
        yield f"the title has no words of this page: {titles[0]}"
    if (count := len(tree.css("h1"))) != 1:
        yield f"there are {count} h1"
    if (count := len(tree.css("main"))) != 1:
        yield f"there are {count} main"
    viewport = tree.css_first('meta[name="viewport"]')
    if viewport is None or re.search(r"user-scalable|maximum-scale", attribute(viewport, "content") or ""):
        yield "the page cannot be zoomed, or says nothing of the viewport"


def _headings(tree: LexborHTMLParser) -> Iterator[str]:
    before = 0
    for node in tree.css("h1, h2, h3, h4, h5, h6"):
        if node.parent is not None and attribute(node.parent, "role") == "alert":
            continue  # the summary of errors stands above the page's own headings
        level = int((node.tag or "h1")[1])
        if not text_of(node):
            yield f"an empty <{node.tag}>"
        if level > before + 1:
            yield f"<{node.tag}> {text_of(node)!r} comes after h{before}"
        before = level


def _ids(tree: LexborHTMLParser) -> Iterator[str]:
    ids = Counter(attribute(node, "id") or "" for node in tree.css("[id]"))
    for name, times in ids.items():
        if times > 1 or not name or re.search(r"\s", name):
            yield f"id {name!r} is there {times} times"
    for node, name, target in _references(tree):
        if target not in ids:
            yield f"{name}={target!r} of {_where(node)} leads nowhere"


def _references(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str, str]]:
    for name in REFERENCES:
        for node in tree.css(f"[{name}]"):
            for target in (attribute(node, name) or "").split() or [""]:
                yield node, name, target
    for node in tree.css('a[href^="#"]'):
        yield node, "href", (attribute(node, "href") or "#")[1:]


def _controls(tree: LexborHTMLParser) -> Iterator[str]:
    labelled = {attribute(node, "for") for node in tree.css("label[for]") if text_of(node)}
    for node in tree.css("input, select, textarea"):
        if attribute(node, "type") in UNLABELLED:
            continue
        named = attribute(node, "aria-label") or attribute(node, "aria-labelledby")
        if not (named or attribute(node, "id") in labelled or _inside_label(node)):
            yield f"{_where(node)} has no label"
        if attribute(node, "name") == "":
            yield f"{_where(node)} has an empty name"


def _groups(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("fieldset"):
        if not text_of(node.css_first("legend")):
            yield f"{_where(node)} has no legend"
    for node in tree.css('input[type="radio"]'):
        if not any(n.tag == "fieldset" or attribute(n, "role") == "radiogroup" for n in _above(node)):
            yield f"{_where(node)} stands in no fieldset"


def _names(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("a[href], button, summary, label, legend, th, option:not([value=''])"):
        if not name_of(node) and not (node.tag == "th" and not node.attributes):
            yield f"{_where(node)} has no words"
    for node in tree.css("img"):
        if attribute(node, "alt") is None:
            yield f"{_where(node)} has no alt"
    for node in tree.css("svg"):
        hidden = attribute(node, "aria-hidden") == "true"
        if not hidden and not (attribute(node, "aria-label") or node.css_first("title")):
            yield f"{_where(node)} is neither hidden nor named"
    navs = tree.css("nav")
    if len(navs) > 1 and not all(attribute(n, "aria-label") or attribute(n, "aria-labelledby") for n in navs):
        yield "one of several nav has no name"


def _inline(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name == "style" or name.startswith("on"):
                yield f"{_where(node)} has an inline {name}"
            if name in {"href", "action", "src"} and re.match(r"\s*(javascript|data|vbscript):", value or ""):
                yield f"{_where(node)} runs or carries code in its {name}"
    for node in tree.css("style, script:not([src])"):
        if attribute(node, "type") not in {"application/json", "application/ld+json"}:
            yield f"an inline <{node.tag}>"


def _foreign(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("link[rel=stylesheet], script[src], img[src], source[srcset]"):
        address = attribute(node, "href") or attribute(node, "src") or attribute(node, "srcset") or ""
        if "//" in address:
            yield f"{_where(node)} comes from elsewhere"
    for node in tree.css("iframe, object, embed"):
        yield f"{_where(node)} is not wanted"
    for node in tree.css('a[target="_blank"]'):
        if "noopener" not in (attribute(node, "rel") or ""):
            yield f"{_where(node)} opens a window without noopener"
    for node in tree.css("[tabindex]"):
        if attribute(node, "tabindex") not in {"0", "-1"}:
            yield f"{_where(node)} changes the order of the keyboard"


def _leaks(tree: LexborHTMLParser) -> Iterator[str]:
    words = [tree.css_first("title")] if tree.css_first("title") else []
    for node in [*words, *([tree.body] if tree.body else [])]:
        for piece in re.split(r"\n+", node.text(deep=True, separator="\n", skip_empty=True)):
            if leak := LEAK.search(piece):
                yield f"{leak[0]!r} shows in {piece.strip()[:80]!r}"
    for name in SHOWN_ATTRIBUTES:
        for node in tree.css(f"[{name}]"):
            if leak := LEAK.search(attribute(node, name) or ""):
                yield f"{leak[0]!r} shows in the {name} of {_where(node)}"


def _forms(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("form"):
        if not attribute(node, "action"):
            yield f"{_where(node)} has no action"
        if (attribute(node, "method") or "").lower() not in {"get", "post"}:
            yield f"{_where(node)} has no method"
        if not node.css("button, input[type=submit]") and not _pressed_from_outside(tree, node):
            yield f"{_where(node)} has no button"
        if node.css("input[type=file]") and attribute(node, "enctype") != "multipart/form-data":
            yield f"{_where(node)} sends files without their content"
        if (attribute(node, "method") or "").lower() == "get" and node.css('[name="csrf_token"]'):
            yield f"{_where(node)} shows its token in the address"


def _tokens(tree: LexborHTMLParser, needs_token: NeedsToken) -> Iterator[str]:
    for node in tree.css("form"):
        if (attribute(node, "method") or "").lower() != "post":
            continue
        if not node.css('input[name="csrf_token"]') and needs_token(attribute(node, "action") or ""):
            yield f"{_where(node)} has no csrf_token"


CHECKS: tuple[Check, ...] = (
    _document, _headings, _ids, _controls, _groups, _names, _inline, _foreign, _leaks, _forms,
)  # fmt: skip


def _where(node: LexborNode) -> str:
    shown = {
        k: v for k, v in node.attributes.items() if k in {"id", "name", "type", "href", "action", "class"}
    }
    words = text_of(node)[:30]
    return f"<{node.tag} {shown}>{words}"


def _above(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _inside_label(node: LexborNode) -> bool:
    return any(above.tag == "label" and text_of(above) for above in _above(node))


def _pressed_from_outside(tree: LexborHTMLParser, form: LexborNode) -> bool:
    return bool(attribute(form, "id")) and bool(tree.css(f'button[form="{attribute(form, "id")}"]'))
