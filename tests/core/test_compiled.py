"""What is compiled once is compiled once, and never stands for anything else."""

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from cps.core.compiled import CompiledTemplates

PAGE = "{% for n in [1, 2] %}\n<b>{{ n }}</b>\n{% endfor %}\n"


@pytest.fixture(autouse=True)
def _is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def environment(folder: Path, source: str = PAGE, *, trim: bool = True) -> Environment:
    kept = CompiledTemplates(folder)
    return Environment(
        loader=DictLoader({"page.html": source}), bytecode_cache=kept, trim_blocks=trim, autoescape=True
    )


def is_kept(env: Environment, source: str = PAGE) -> bool:
    """Say whether a start that has this environment needs not compile the page."""
    assert env.bytecode_cache is not None
    return env.bytecode_cache.get_bucket(env, "page.html", None, source).code is not None


def render(env: Environment) -> str:
    return env.get_template("page.html").render()


def test_a_template_is_compiled_at_the_first_start_alone(tmp_path: Path) -> None:
    folder = tmp_path / "__pycache__"
    before = is_kept(environment(folder))

    first, again = render(environment(folder)), render(environment(folder))

    assert not before
    assert is_kept(environment(folder))
    assert first == again == "<b>1</b>\n<b>2</b>\n"


def test_a_template_that_was_changed_is_compiled_anew(tmp_path: Path) -> None:
    render(environment(tmp_path))

    assert not is_kept(environment(tmp_path), PAGE.upper())
    assert render(environment(tmp_path, "Changed")) == "Changed"


def test_a_template_that_is_read_in_another_way_is_compiled_anew(tmp_path: Path) -> None:
    render(environment(tmp_path))

    assert not is_kept(environment(tmp_path, trim=False))
    assert render(environment(tmp_path, trim=False)) == "\n<b>1</b>\n\n<b>2</b>\n"


def test_a_file_that_is_torn_anywhere_does_no_harm(tmp_path: Path) -> None:
    whole = render(environment(tmp_path))
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()

    for length in range(len(content)):
        file.write_bytes(content[:length])
        assert render(environment(tmp_path)) == whole, length


def test_who_wants_no_compiled_modules_gets_no_compiled_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    render(environment(tmp_path))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["a file/__pycache__", "no folder/__pycache__"])
def test_where_nothing_can_be_kept_pages_are_shown_all_the_same(tmp_path: Path, below: str) -> None:
    (tmp_path / "a file").write_text("")

    assert render(environment(tmp_path / below)) == "<b>1</b>\n<b>2</b>\n"
    assert not is_kept(environment(tmp_path / below))
