"""How good the search is: sixty written questions in four languages, the same answers on both databases."""

from datetime import date
from pathlib import Path

import pytest

from cps.knowledge import queries

ASKED = Path(__file__).with_name("questions.txt")
DAY = date(2026, 11, 26)
SECOND = ["my tyre was damaged by a hole, who pays"]
"""As measured, on both databases: it finds first how fast holes are filled. All others find theirs first."""


def asked() -> list[tuple[str, str]]:
    lines = [line for line in ASKED.read_text().splitlines() if line and not line.startswith("#")]
    return [
        (question.strip(), slug.strip()) for question, _bar, slug in (line.partition("|") for line in lines)
    ]


@pytest.mark.usefixtures("base")
def test_nearly_all_questions_find_their_answer_first_and_all_in_the_first_three() -> None:
    found = {q: [row.slug for row in queries.answers(q, day=DAY, language="en").rows] for q, _slug in asked()}

    not_first = [(q, slug, found[q][:3]) for q, slug in asked() if (found[q] or ["-"])[0] != slug]
    not_in_three = [one for one in not_first if one[1] not in one[2]]

    assert len(asked()) == 60
    assert [question for question, *_rest in not_first] == SECOND
    assert not_in_three == []
