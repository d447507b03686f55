"""The layout holds: imports go down only, and each kind of file keeps to its work."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cps"

LEVELS = (
    {"core"},
    {"accounts"},
    {"wards"},
    {"departments"},
    {"residents"},
    {"notices"},
    {"knowledge"},
    {"cases"},
    {"helpers"},
    {"complaints", "proposals", "polls", "partners"},
    {"moderation", "triage", "contact", "alerts", "insights"},
    {"notifications", "open311", "opendata"},
    {"channels"},
    {"admin"},
    {"pages"},
    {"demo"},
)
"""Features from the lowest up; of one level none knows another. The demo city fills all of them."""

LEVEL = {feature: number for number, features in enumerate(LEVELS) for feature in features}
EVERYWHERE = {"cps.config"}
"""Settings are read before anything else is imported."""

SHARED_FORMS = "cps.cases.forms"
"""Complaints and proposals are answered, followed and filtered by the same forms."""

READERS = {"queries", "checks"}
"""Files that read the database: `checks` recount for `cps doctor`."""
COPIES = {"cps/cases/services/people.py": "followers are copied by INSERT … SELECT"}

KINDS = (
    "rules",
    "models",
    "queries",
    "policy",
    "services",
    "forms",
    "views",
    "handlers",
    "checks",
    "commands",
)
MAY_IMPORT = {
    "rules": set(),
    "models": {"rules"},
    "queries": {"models", "rules"},
    "policy": {"queries", "models", "rules"},
    "services": {"policy", "queries", "models", "rules"},
    "forms": {"queries", "models", "rules"},
    "views": {"forms", "policy", "services", "queries", "models", "rules"},
    "handlers": {"services", "queries", "models", "rules"},
    "checks": {"queries", "models", "rules"},
    "commands": {"services", "queries", "models", "rules"},
}
"""Inside a feature: what each kind of file may import of the kinds; other files are helpers of any kind."""

CLOSED = {"views", "forms", "handlers", "commands"}
"""What one feature never takes from another: how it meets the world is its own."""

REQUEST_NAMES = {"request", "session", "current_user", "url_for", "current_app", "g"}
KNOW_THE_REQUEST = {"views", "commands"}
VIEW_HELPERS = {
    "cps/accounts/login.py": "installs Flask-Login",
    "cps/accounts/step_up.py": "asks again who it is, for views of grave acts",
    "cps/cases/access.py": "who is looking, for the views of cases",
    "cps/cases/pictures.py": "photos of a case, for the views of cases",
    "cps/cases/uploads.py": "photos that came with a form, for the views of cases",
}
NO_FLASK = {"rules", "models", "queries", "services", "policy"}


@dataclass(frozen=True)
class Module:
    """One file of the program."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @property
    def feature(self) -> str:
        parts = self.path.relative_to(PACKAGE).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def kind(self) -> str:
        """`views` for `views.py` and for everything in `views/`."""
        return kind_of(self.name)

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Yield line and whole name of everything imported, also inside functions."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self}:{node.lineno} imports relatively"
                for alias in node.names:
                    yield node.lineno, f"{node.module}.{alias.name}"


def kind_of(name: str) -> str:
    parts = name.split(".")
    return next((part for part in parts[2:] if part in KINDS), "")


@cache
def modules() -> list[Module]:
    return [Module(path, ast.parse(path.read_text())) for path in sorted(PACKAGE.rglob("*.py"))]


def features() -> set[str]:
    return {module.feature for module in modules()} - {""}


def told(problems: list[str]) -> None:
    assert not problems, "\n" + "\n".join(problems)


def test_every_feature_has_its_place() -> None:
    assert features() <= set(LEVEL), f"give them a place in LEVELS: {features() - set(LEVEL)}"


def test_imports_go_down_only() -> None:
    told(
        [
            f"{module}:{line} imports {name}"
            for module in modules()
            if module.feature
            for line, name in module.imports()
            if name.startswith("cps.") and not _is_below(module.feature, name)
        ]
    )


def _is_below(feature: str, name: str) -> bool:
    other = name.split(".")[1]
    if other == feature or any(name.startswith(allowed) for allowed in EVERYWHERE):
        return True
    return LEVEL.get(other, len(LEVELS)) < LEVEL[feature]


@pytest.mark.parametrize("kind", KINDS)
def test_inside_a_feature_each_kind_imports_only_what_stands_below(kind: str) -> None:
    told(
        [
            f"{module}:{line} imports {name}"
            for module in modules()
            if module.kind == kind and module.feature != "core"
            for line, name in module.imports()
            if name.startswith(f"cps.{module.feature}.")
            and kind_of(name) not in {"", kind, *MAY_IMPORT[kind]}
        ]
    )


def test_a_feature_never_takes_how_another_meets_the_world() -> None:
    told(
        [
            f"{module}:{line} imports {name}"
            for module in modules()
            if module.feature not in {"", "demo"}
            for line, name in module.imports()
            if name.startswith("cps.")
            and name.split(".")[1] not in {module.feature, "core"}
            and kind_of(name) in CLOSED
            and not name.startswith(SHARED_FORMS)
        ]
    )


def test_rules_know_neither_the_web_nor_the_database() -> None:
    banned = ("flask", "sqlalchemy", "cps.core.db", "wtforms")
    told(
        [
            f"{module}:{line} imports {name}"
            for module in modules()
            if module.kind == "rules"
            for line, name in module.imports()
            if name.startswith(banned)
        ]
    )


def test_the_request_is_known_to_views_and_commands_only() -> None:
    told(
        [
            f"{module}:{line} uses {name.rsplit('.', 1)[1]}"
            for module in modules()
            if module.feature not in {"", "core"}
            and module.kind not in KNOW_THE_REQUEST
            and str(module) not in VIEW_HELPERS
            for line, name in module.imports()
            if name.startswith(("flask.", "flask_login.")) and name.rsplit(".", 1)[1] in REQUEST_NAMES
        ]
    )


def test_services_take_part_in_a_transaction_and_never_end_one() -> None:
    told(
        [
            f"{module}:{node.lineno} calls {called(node)}"
            for module in modules()
            if module.kind in {"services", "queries", "rules", "models", "policy"}
            if module.feature != "demo"  # fills a city in many transactions and tells how far it is
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and called(node) in {"commit", "rollback", "transaction"}
        ]
    )


def test_services_are_told_the_time() -> None:
    told(
        [
            f"{module}:{line} imports {name}"
            for module in modules()
            if module.kind in {"services", "queries", "rules", "models", "policy"}
            and module.feature != "core"
            for line, name in module.imports()
            if name == "cps.core.clock"
        ]
    )


def test_every_select_stands_in_queries() -> None:
    told(
        [
            f"{module}:{node.lineno} selects"
            for module in modules()
            if module.feature not in {"core", "demo"}
            and module.kind not in READERS
            and str(module) not in COPIES
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and called(node) == "select"
        ]
    )


def test_old_query_style_is_not_used() -> None:
    told(
        [
            f"{module}:{node.lineno} uses Model.query"
            for module in modules()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Attribute)
            and node.attr in {"query", "query_property"}
            and _is_model(node.value)
        ]
    )


def _is_model(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id[:1].isupper()) or _is_session(node)


def _is_session(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "session"


def called(node: ast.Call) -> str:
    """Return the last name of what is called: `select` of `db.select(…)`."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.mark.parametrize("heavy", ["PIL", "pillow_heif", "weasyprint", "pywebpush", "obstore", "xlsxwriter"])
def test_heavy_packages_are_imported_where_they_are_used(heavy: str) -> None:
    told(
        [
            f"{module}:{node.lineno} imports {heavy} with the module"
            for module in modules()
            if module.feature != "demo" and not module.path.name.startswith("image")
            for node in module.tree.body
            if isinstance(node, (ast.Import, ast.ImportFrom))
            and heavy in ast.unparse(node).split(".")[0].split()
        ]
    )
