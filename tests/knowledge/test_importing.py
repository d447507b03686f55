"""Files of articles: read whole or told as wrong, brought in once, written so that they can be read again."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from cps.core import clock
from cps.core.db import db, transaction
from cps.knowledge import queries
from cps.knowledge.commands import export_articles_command, import_articles_command
from cps.knowledge.models import ArticleText

TABLE = """slug;language;title;text;other_words;valid_until
bulky-waste;en;Bulky waste;"- Call us
- Wait";sofa;2027-01-31
bulky-waste;ko-KR;대형폐기물;전화하세요;;
"""


def run(app: Flask, command: object, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(command, [str(one) for one in arguments])  # type: ignore[arg-type]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "answers.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_a_file_is_brought_in_once_and_readers_see_it_where_it_was_public_before(
    app: Flask, table: Path
) -> None:
    options = ("--language", "ko-KR=ko", "--publish")

    first = run(app, import_articles_command, table, *options)
    again = run(app, import_articles_command, table, *options)

    assert "1 new, 0 changed, 0 as before" in first.output
    assert "0 new, 0 changed, 1 as before" in again.output
    day = clock.now().date()
    assert [row.title for row in queries.answers("sofa", day=day, language="ko").rows] == ["대형폐기물"]


def test_what_is_wrong_is_told_by_its_line_and_nothing_is_written(app: Flask, table: Path) -> None:
    table.write_text(TABLE + "bulky-waste;en;Again;x;;soon\nBAD SLUG;en;;y;;\n", encoding="utf-8")

    result = run(app, import_articles_command, table)

    assert result.exit_code != 0
    for told in ("Line 4, column “language”", "Line 5, column “valid_until”", "Line 6, column “slug”"):
        assert told in result.output
    assert queries.every() == []


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl"])
def test_what_is_written_into_a_file_changes_nothing_when_it_is_read(
    app: Flask, table: Path, tmp_path: Path, name: str
) -> None:
    run(app, import_articles_command, table, "--language", "ko-KR=ko")
    file = tmp_path / name

    written = run(app, export_articles_command, file)
    again = run(app, import_articles_command, file)

    assert "Articles written: 1" in written.output
    assert "0 new, 0 changed, 1 as before" in again.output


def test_what_is_written_comes_back_in_languages_that_the_city_does_not_speak(
    app: Flask, table: Path, tmp_path: Path
) -> None:
    run(app, import_articles_command, table, "--language", "ko-KR=ko")
    with transaction():
        live = db.session.scalars(select(ArticleText).where(ArticleText.language == "ko")).first()
        assert live is not None
        live.language = "th"
    file = tmp_path / "out.csv"

    run(app, export_articles_command, file)
    again = run(app, import_articles_command, file)

    assert (again.exit_code, "1 as before" in again.output) == (0, True)
