"""Rules for templates and style sheets that nobody has to remember, because these tests do."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

import hatch_build
from cps.core import assets

CPS = Path(__file__).resolve().parent.parent / "cps"
TEMPLATES = CPS / "templates"
COMPONENTS = TEMPLATES / "components"
STYLES = CPS / "static" / "css"
SPECIMENS = "pages/components.html"  # for developers, in English only

ENVIRONMENT = Environment(loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"])
PAGES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
WEB_PAGES = [name for name in PAGES if not name.startswith(("emails/", "print/"))]
SHEETS = sorted(str(path.relative_to(STYLES)) for path in STYLES.rglob("*.css"))

TRANSLATES = {"_", "gettext", "ngettext", "localized"}
SPOKEN_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "label", "content"}
SILENT_CONTENT = {"viewport", "color-scheme", "format-detection", "referrer", "robots", "theme-color"}
NOT_SHOWN = re.compile(r"{% block page_class %}.*?{% endblock %}", re.DOTALL)
TRANSLATED = re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", re.DOTALL)
NOT_LANGUAGE = {"code", "kbd", "samp"}
A_SENTENCE = re.compile(r"[A-Z][a-z]+([ .,:?!]|$)")
PHYSICAL = re.compile(
    r"(?<![\w(-])((margin|padding|border|scroll-margin|scroll-padding)-(left|right|top|bottom)\b"
    r"|(left|right|top|bottom|width|height|max-width|max-height)\s*:"
    r"|(text-align|float|clear)\s*:\s*(left|right))"
)
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl|lab|lch|oklab|oklch|hwb|color)a?\("
    r"|:[^;{]*\b(white|black|red|green|blue|yellow|gr[ae]y|orange|silver)\b"
)
LEAST_TEXT = 5.8
LEAST_EDGE = 3.0


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def html_of(name: str) -> str:
    """The HTML a template writes by itself, with a 0 where a value goes."""
    parts = []
    shown = TRANSLATED.sub("0", NOT_SHOWN.sub("", source(name)))
    for _line, kind, text in ENVIRONMENT.lex(shown):
        if kind == "data":
            parts.append(text)
        elif kind == "variable_begin":
            parts.append("0")
    return "".join(parts)


class Words(HTMLParser):
    """Collects letters that would be shown or spoken without having been translated."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.code = 0

    def handle_data(self, data: str) -> None:
        if any(letter.isalpha() for letter in data) and not self.code:
            self.found.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in NOT_LANGUAGE

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag in NOT_LANGUAGE
        given = dict(attrs)
        if tag == "meta" and given.get("name") in SILENT_CONTENT:
            return
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES and value and any(letter.isalpha() for letter in value):
                self.found.append(f"{name}={value}")


class Attributes(HTMLParser):
    """Collects what the content policy forbids: styles and scripts inside the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"<{tag} {name}>" for name, _ in attrs if name == "style" or name.startswith("on")]
        self.found += [
            f"<{tag} {name}={value}>"
            for name, value in attrs
            if name in {"href", "action", "src"} and (value or "").strip().lower().startswith("javascript:")
        ]
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.found.append(f"<{tag}>")


def is_silent(called: nodes.Expr) -> bool:
    """Whether the strings given to this function are translated or only compared."""
    if isinstance(called, nodes.Getattr):
        return called.attr in {"startswith", "endswith"}
    return isinstance(called, nodes.Name) and called.name in TRANSLATES


def untranslated_strings(node: nodes.Node) -> Iterator[str]:
    """Strings in expressions that read like a sentence and are not given to a translating function."""
    if isinstance(node, nodes.Compare) or (isinstance(node, nodes.Call) and is_silent(node.node)):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and A_SENTENCE.match(node.value):
        yield node.value
    for child in node.iter_child_nodes():
        yield from untranslated_strings(child)


@pytest.mark.parametrize("name", PAGES)
def test_a_template_can_be_read(name: str) -> None:
    ENVIRONMENT.parse(source(name))


@pytest.mark.parametrize("name", PAGES)
def test_a_template_never_trusts_text_as_html(name: str) -> None:
    tree = ENVIRONMENT.parse(source(name))

    assert [node.name for node in tree.find_all(nodes.Filter) if node.name == "safe"] == []
    assert not list(tree.find_all(nodes.ScopedEvalContextModifier))


@pytest.mark.parametrize("name", WEB_PAGES)
def test_a_page_holds_no_style_and_no_script_of_its_own(name: str) -> None:
    parser = Attributes()
    parser.feed(html_of(name))

    assert parser.found == []


@pytest.mark.parametrize("name", [name for name in PAGES if name != SPECIMENS])
def test_every_text_of_a_template_can_be_translated(name: str) -> None:
    parser = Words()
    parser.feed(html_of(name))

    assert parser.found == []
    assert list(untranslated_strings(ENVIRONMENT.parse(source(name)))) == []


@pytest.mark.parametrize("name", [name for name in WEB_PAGES if name.startswith("errors/")])
def test_an_error_page_needs_no_city_no_session_and_no_database(name: str) -> None:
    hatch_build.build()
    bare = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    bare.globals.update(_=str, **assets.FOR_TEMPLATES)

    page = bare.get_template(name).render()

    assert page.count("<h1>") == 1
    assert 'href="/"' in page


@pytest.mark.parametrize("name", [name for name in WEB_PAGES if not name.startswith("components/")])
def test_a_page_extends_the_frame_or_is_part_of_one_that_does(name: str) -> None:
    extends = list(ENVIRONMENT.parse(source(name)).find_all(nodes.Extends))

    assert extends or name == "base.html" or any(f'"{name}"' in source(other) for other in PAGES)


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.name)
def test_every_macro_is_listed_and_its_file_says_how_it_is_used(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    listed = (COMPONENTS / "README.md").read_text(encoding="utf-8")
    row = next(line for line in listed.splitlines() if line.startswith(f"| `{path.name}` |"))

    assert text.startswith("{#")
    assert "Usage:" in text.split("#}", 1)[0]
    for macro in ENVIRONMENT.parse(text).find_all(nodes.Macro):
        if not macro.name.startswith("_"):
            assert f"{macro.name}(" in row


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.name)
def test_every_public_macro_is_shown_on_the_page_of_components(path: Path) -> None:
    shown = source(SPECIMENS)
    macros = ENVIRONMENT.parse(path.read_text(encoding="utf-8")).find_all(nodes.Macro)
    inner = {"hidden"}  # shown within every form

    assert [
        m.name
        for m in macros
        if not m.name.startswith("_") and m.name not in inner and f"{m.name}(" not in shown
    ] == []


@pytest.mark.parametrize("name", SHEETS)
def test_a_style_sheet_works_from_right_to_left(name: str) -> None:
    assert [found[0] for found in PHYSICAL.finditer((STYLES / name).read_text())] == []


@pytest.mark.parametrize("name", [name for name in SHEETS if name != "tokens.css"])
def test_a_style_sheet_takes_its_colours_from_the_tokens(name: str) -> None:
    assert [found[0] for found in COLOUR.finditer((STYLES / name).read_text())] == []


def test_every_token_that_is_used_exists() -> None:
    defined = set(re.findall(r"(--[\w-]+):", "".join((STYLES / name).read_text() for name in SHEETS)))
    used = set(re.findall(r"var\((--[\w-]+)", "".join((STYLES / name).read_text() for name in SHEETS)))

    assert used <= defined


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme: what it sets itself over those of the light one."""
    text = (STYLES / "tokens.css").read_text()
    heads = {
        "light": ":root {",
        "dark": ':root[data-theme="dark"] {',
        "dark by the device": ':root:not([data-theme="light"]) {',
        "print": ":root:root:root {",
    }
    found = {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text.split(head, 1)[1].split("}", 1)[0]))
        for name, head in heads.items()
    }
    return {name: found["light"] | colours for name, colours in found.items()}


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours as WCAG 2.2 defines it."""
    lights = sorted((luminance(first), luminance(second)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb as WCAG 2.2 defines it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


GROUNDS = ("paper", "surface", "sunken", "accent-soft")
PAIRS = [
    *((text, ground) for text in ("ink", "muted", "link", "accent") for ground in GROUNDS),
    *(
        (text, ground)
        for text in ("waiting", "in-hand", "done")
        for ground in ("paper", "surface", f"{text}-soft")
    ),
    *(
        (text, ground)
        for text in ("ink", "muted")
        for ground in ("waiting-soft", "in-hand-soft", "done-soft")
    ),
    ("on-accent", "accent"),
    ("paper", "ink"),
]


@pytest.mark.parametrize("theme", sorted(themes()))
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(theme: str, text: str, ground: str) -> None:
    colours = themes()[theme]

    assert contrast(colours[text], colours[ground]) >= LEAST_TEXT


@pytest.mark.parametrize("theme", sorted(themes()))
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_edges_of_controls_can_be_seen(theme: str, ground: str) -> None:
    colours = themes()[theme]

    assert contrast(colours["edge"], colours[ground]) >= LEAST_EDGE


def test_the_dark_theme_is_the_same_by_choice_and_by_device() -> None:
    assert themes()["dark"] == themes()["dark by the device"]
