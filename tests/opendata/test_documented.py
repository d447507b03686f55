"""The columns of the files stand in their document, and no others."""

import re
from pathlib import Path

import pytest

from cps.opendata.rows import (
    CASE_COLUMNS,
    MODERATION_COLUMNS,
    NOTICE_COLUMNS,
    POLL_COLUMNS,
    PROPOSAL_COLUMNS,
)

DOCUMENT = (Path(__file__).parents[2] / "docs" / "open-data.md").read_text()


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("Reported problems", CASE_COLUMNS),
        ("Proposals", PROPOSAL_COLUMNS),
        ("Notices", NOTICE_COLUMNS),
        ("Polls", POLL_COLUMNS),
        ("Acts of moderators", MODERATION_COLUMNS),
    ],
)
def test_every_column_is_documented_and_every_documented_column_exists(
    heading: str, columns: tuple[str, ...]
) -> None:
    section = DOCUMENT.split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]

    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(columns)
