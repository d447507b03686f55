"""`cps promises`: what each part does, and what it says when it refuses."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from cps.core.errors import RuleViolation
from cps.insights import queries
from cps.insights.commands import promises_group
from tests.insights.counting import answered, make_october
from tests.support.factories import make_category


def run(app: Flask, *arguments: str) -> Result:
    result = app.test_cli_runner().invoke(promises_group, list(arguments))
    if isinstance(result.exception, RuleViolation):
        raise result.exception
    return result


def test_a_month_is_published_and_corrected(app: Flask) -> None:
    make_october()

    published = run(app, "freeze", "--month", "2026-10")
    answered(make_category("Tree"), 8)
    corrected = run(app, "correct", "--month", "2026-10", "--reason", "A tree was missing.")

    files = queries.published_files()
    assert published.output == f"2026-10 is published. SHA-256: {files[0].sha256}\n"
    assert corrected.output == f"2026-10, edition 2, is published. SHA-256: {files[1].sha256}\n"
    assert run(app, "verify").output == "2 files are as they were signed.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["freeze", "--month", "October"], "Write the month like 2026-10."),
        (["freeze", "--month", "2026-11"], "This month is not over yet."),
        (["correct", "--month", "2026-10", "--reason", "Wrong."], "This month is not published yet."),
        (["internal", "--until", "2027-01-14"], "Choose a day at most 56 days from now."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_refusal_says_why(app: Flask, arguments: list[str], words: str) -> None:
    with pytest.raises(RuleViolation, match=words):
        run(app, *arguments)


def test_figures_are_kept_internal_once(app: Flask) -> None:
    done = run(app, "internal", "--until", "2027-01-13")

    assert "internal until 2027-01-13" in done.output
    with pytest.raises(RuleViolation, match="The day is set already"):
        run(app, "internal", "--until", "2026-12-01")


def test_anybody_verifies_a_file_that_was_taken_from_the_site(app: Flask, tmp_path: Path) -> None:
    make_october()
    run(app, "freeze", "--month", "2026-10")
    kept = queries.published_files()[0]
    file, signature = tmp_path / "month.json", tmp_path / "month.sig"
    file.write_bytes(kept.text.encode())
    signature.write_bytes(bytes.fromhex(kept.signature))
    arguments = ["verify", "--file", str(file), "--signature", str(signature), "--key", kept.public_key]

    right = run(app, *arguments)
    file.write_bytes(kept.text.replace("Testford", "Testfard").encode())
    wrong = run(app, *arguments)

    assert (right.exit_code, wrong.exit_code) == (0, 1)
    assert "as it was signed" in right.output
    assert run(app, "verify", "--file", str(file)).exit_code == 2
