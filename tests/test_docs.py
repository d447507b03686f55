"""What is written about settings, commands, addresses and files is so."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from flask import Flask

from cps import cli
from cps.config import Config

ROOT = Path(__file__).parent.parent
OPERATIONS = ROOT / "docs" / "operations.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("cps/**/*.md")])
PLANNED_ADDRESSES: set[str] = set()


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def table_under(heading: str) -> dict[str, list[str]]:
    """Return the rows of the first table below a heading of operations.md, by their first cell."""
    section = OPERATIONS.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in rows}


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    settings = {name for name, _value, _help in Config.from_environment({"CPS_ENV": "test"}).rows()}

    assert set(table_under("Settings")) == settings


def test_documented_defaults_are_the_defaults() -> None:
    rows = table_under("Settings")

    assert rows["PORT"][0] == "`8000`"
    assert rows["CPS_PROXY_HOPS"][0] == "`0`"
    assert rows["CPS_RATE_LIMITS"][0] == "`on`"
    assert rows["CPS_ENV"][0] == "`production`"


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    documented = {name for name in table_under("Commands") if name.startswith("cps ")}

    assert documented == set(commands())


def test_every_command_says_what_it_does() -> None:
    silent = [name for name, command in commands().items() if not command.help]

    assert silent == []


@cache
def commands() -> dict[str, click.Command]:
    cli._collect()
    return dict(_leaves(cli.cli, "cps"))


def _leaves(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_documents_name_commands_that_exist(document: Path) -> None:
    text = document.read_text()

    named = set(re.findall(r"(?:^ *|`|&& )(cps [a-z]+(?:-[a-z]+)*)(?![\w/])", text, re.MULTILINE))
    known = {" ".join(name.split()[:2]) for name in commands()}

    assert named <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_documents_name_targets_of_make_that_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    named = set(re.findall(r"(?:^ *|`)make ([a-z]+)", document.read_text(), re.MULTILINE))

    assert named <= targets


def test_the_readme_shows_the_two_commands_that_everybody_needs() -> None:
    text = (ROOT / "README.md").read_text()

    assert re.search(r"^ *make run$", text, re.MULTILINE)
    assert re.search(r"^ *make test\b", text, re.MULTILINE)


@pytest.mark.one_database("addresses")
@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_documents_name_addresses_that_exist(document: Path, app: Flask) -> None:
    rules = {plain(rule.rule) for rule in app.url_map.iter_rules()} | PLANNED_ADDRESSES

    found = re.findall(r"(?:`|127\.0\.0\.1:8000)(/[a-z0-9/<>:_.-]*)(?:\?[^`]*)?[`>)]", document.read_text())
    own = [name for name in found if not re.match(r"/(usr|opt|etc|var|tmp|dev|static)\b", name)]
    named = {plain(name.rstrip("/") or "/") for name in own}

    assert named <= rules


def plain(rule: str) -> str:
    """Return an address with its typed parts left blank."""
    return re.sub(r"<[^>]*>", "<>", rule)


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_documents_link_to_files_that_exist(document: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", document.read_text())

    missing = [t for t in targets if "://" not in t and not (document.parent / t.split("#")[0]).exists()]

    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_documents_name_files_that_exist(document: Path) -> None:
    named = re.findall(
        r"`((?:cps|tests|docs|scripts|requirements|migrations|bench)/[\w./-]+)`", document.read_text()
    )

    missing = [name for name in named if not (ROOT / name).exists() and not (document.parent / name).exists()]

    assert missing == []


def test_the_licence_is_the_one_that_the_package_names() -> None:
    text = (ROOT / "LICENSE").read_text()

    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text
    assert "Version 3, 19 November 2007" in text
    assert 'license = "AGPL-3.0-or-later"' in (ROOT / "pyproject.toml").read_text()


def test_every_decision_says_what_was_decided_and_why() -> None:
    for path in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        text = path.read_text()

        assert re.match(r"# \d+\. ", text), path
        assert {"\n## Decision\n", "\n## Why\n"} <= {
            h for h in ("\n## Decision\n", "\n## Why\n") if h in text
        }, path


def test_every_dependency_is_locked_with_hashes() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text()
        packages = re.findall(r"^[a-z0-9][\w.-]*==[^\n]*", text, re.MULTILINE)

        assert packages, lock
        assert len(packages) == len(re.findall(r"^[^\s#][^\n]*\\\n    --hash=", text, re.MULTILINE)), lock
        assert "://" not in re.sub(r"#.*", "", text), lock
