"""What browsers load: complete, small, named by content, and built only when something changed."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import hatch_build
from cps.cases import wording
from cps.core import assets

ROOT = Path(__file__).resolve().parent.parent
LARGEST_GZIPPED = {
    "app.css": 10_000,
    "desk.css": 4_000,
    "figures.css": 2_000,
    "map.css": 6_000,
    "polls.css": 3_000,
    "proposals.css": 3_000,
    "icons.svg": 6_000,
    "app.js": 4_000,
    "photos.js": 4_000,
    "locate.js": 4_000,
    "map.js": 4_000,
    "desk.js": 6_000,
    "leaflet.js": 48_000,
    "kept.js": 4_000,
    "sw.js": 5_600,
}
SMALL = 3_000
FIRST_VISIT_WITHOUT_THE_PAGE = 22_000
MAP_PAGE_WITHOUT_THE_PAGE = 100_000
FOLDER = ROOT / "cps" / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"])
ICON_PARAMETERS = {"icon", "status_icon", "due_icon"}


def macros() -> dict[str, list[str]]:
    """Every component with the names of what it takes; drawing one icon takes its name first."""
    takes = {"icon": ["icon"], "draw": ["icon"], "tile": ["icon"]}
    for path in FOLDER.glob("components/*.html"):
        for macro in ENVIRONMENT.parse(path.read_text()).find_all(nodes.Macro):
            takes.setdefault(macro.name, [argument.name for argument in macro.args])
    return takes


TAKES = macros()


def icons_in(tree: nodes.Template) -> Iterator[str]:
    """Icon names that stand in so many words where a component takes an icon."""
    for call in tree.find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        given = [*zip(TAKES.get(name, []), call.args, strict=False), *((k.key, k.value) for k in call.kwargs)]
        for parameter, value in given:
            if parameter in ICON_PARAMETERS:
                yield from strings_of(value)


def strings_of(value: nodes.Expr) -> Iterator[str]:
    """The strings an expression may come to: "a", or "a" if late else "b"."""
    if isinstance(value, nodes.Const) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, nodes.CondExpr):
        yield from strings_of(value.expr1)
        yield from strings_of(value.expr2 or nodes.Const(None))


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Everything here looks at the current sources."""
    hatch_build.build()
    assets.manifest.cache_clear()
    assets.symbols_of.cache_clear()


def delivered(name: str) -> Path:
    return assets.DIST / assets.manifest()[name]


def gzipped(name: str) -> int:
    path = delivered(name)
    return path.with_name(f"{path.name}.gz").stat().st_size


def test_the_manifest_names_every_style_script_and_image() -> None:
    wanted = {f"{name}.css" for name in hatch_build.STYLES} | set(assets.SPRITES)
    wanted |= {path.name for path in hatch_build.STATIC.glob("js/*.js")}
    wanted |= {path.name for path in hatch_build.STATIC.glob("img/*")}

    assert set(assets.manifest()) == wanted


def test_every_file_of_the_manifest_is_there_with_a_hash_in_its_name() -> None:
    for name in assets.manifest():
        assert re.fullmatch(r"[\w-]+-[0-9A-Z]{8}\.\w+", delivered(name).name)
        assert delivered(name).stat().st_size > 0


def test_nothing_is_left_over_from_earlier_builds() -> None:
    stems = [re.sub(r"-[0-9A-Z]{8}(\.\w+)", r"\1", path.name) for path in assets.DIST.iterdir()]

    assert sorted(stems) == sorted(set(stems))


def test_the_compressed_copy_of_every_text_file_holds_the_same() -> None:
    originals = [path for path in assets.DIST.iterdir() if path.suffix in hatch_build.TEXT_TYPES]

    assert originals
    for path in originals:
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()


def test_style_sheets_point_at_files_that_exist() -> None:
    for name in (name for name in assets.manifest() if name.endswith(".css")):
        for target in re.findall(r'url\("?\./([^")]+)"?\)', delivered(name).read_text()):
            assert (assets.DIST / target).is_file()


@pytest.mark.parametrize("name", sorted(LARGEST_GZIPPED))
def test_an_asset_stays_within_its_weight(name: str) -> None:
    assert gzipped(name) <= LARGEST_GZIPPED[name]


def test_a_script_without_a_weight_of_its_own_is_small() -> None:
    heavy = {name for name in assets.manifest() if name.endswith((".css", ".js")) and gzipped(name) > SMALL}

    assert heavy <= set(LARGEST_GZIPPED)


def test_a_first_visit_leaves_room_for_the_page_itself() -> None:
    assert (
        sum(map(gzipped, ("app.css", "app.js", "icons.svg", "favicon.svg"))) <= FIRST_VISIT_WITHOUT_THE_PAGE
    )


def test_a_map_stays_light_before_its_tiles() -> None:
    loaded = ("app.css", "app.js", "icons.svg", "favicon.svg", "map.js", "map.css", "leaflet.js")

    assert sum(map(gzipped, loaded)) <= MAP_PAGE_WITHOUT_THE_PAGE


def test_the_sprites_hold_exactly_the_icons_that_are_used() -> None:
    assert assets.icons_of("icons.svg") == set(hatch_build.used_icons())
    assert assets.icons_of("subjects.svg") == set(hatch_build.subject_icons())


def test_an_icon_that_only_a_category_has_lies_apart_from_those_of_every_page() -> None:
    assert assets.icon_href("paw-print").startswith(assets.asset_url("subjects.svg"))
    assert assets.icon_href("search").startswith(assets.asset_url("icons.svg"))
    assert "<use" in assets.icon("search")
    assert "<path" in assets.icon("paw-print")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_icon_a_template_names_is_in_the_sprite(name: str) -> None:
    assert set(icons_in(ENVIRONMENT.parse((FOLDER / name).read_text()))) - assets.icon_names() == set()


def test_every_icon_of_a_state_is_in_the_sprite() -> None:
    states = [icon for table in (wording._STATUS, wording._OUTCOME) for icon, _word in table.values()]

    assert set(states) - assets.icon_names() == set()


def test_an_unknown_icon_becomes_a_question_mark_instead_of_an_error() -> None:
    assert assets.icon_href("no-such-icon") == assets.icon_href("circle-question-mark")


def test_a_file_nobody_built_is_refused_by_its_name() -> None:
    with pytest.raises(assets.AssetMissingError, match=r"nothing\.css"):
        assets.asset_url("nothing.css")


def test_building_again_without_a_change_does_nothing() -> None:
    assert hatch_build.build() is False


def test_a_changed_source_changes_the_fingerprint_of_the_inputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("css/app.css", "js/app.js", "icons.txt", "subjects.txt"):
        (tmp_path / "cps/static" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "cps/static" / name).write_bytes((hatch_build.STATIC / name).read_bytes())
    for name in ("package-lock.json", "hatch_build.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(hatch_build, "ROOT", tmp_path)
    monkeypatch.setattr(hatch_build, "STATIC", tmp_path / "cps/static")
    monkeypatch.setattr(hatch_build, "__file__", str(tmp_path / "hatch_build.py"))
    before = hatch_build.fingerprint_of_inputs()

    (tmp_path / "cps/static/js/app.js").write_text("export {};")

    assert hatch_build.fingerprint_of_inputs() != before


def test_a_translation_is_compiled_when_it_is_newer_than_its_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ko" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (folder / "messages.po").write_text(f'{head}msgid "Send"\nmsgstr "보내기"\n', encoding="utf-8")
    monkeypatch.setattr(hatch_build, "TRANSLATIONS", tmp_path)

    hatch_build.compile_translations()

    assert "보내기".encode() in (folder / "messages.mo").read_bytes()


def test_the_lock_file_names_no_address_to_load_from() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert all("resolved" not in package for package in packages.values())
    assert all("integrity" in package for name, package in packages.items() if name)


def test_the_licences_of_what_is_delivered_stand_beside_it() -> None:
    text = (assets.DIST / "licenses.txt").read_text()

    assert "Leaflet" in text or "leaflet" in text
    assert "ISC License" in text
