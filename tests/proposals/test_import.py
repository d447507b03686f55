"""`cps import proposals`: what becomes of a row, what is refused by line, what a second import does."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from cps.cases.models import Case, CaseEvent, Follow
from cps.cases.queries import Filter
from cps.cases.rules import CaseKind, Status
from cps.core import doctor, worker
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.models import OutboxFact
from cps.proposals import queries
from cps.proposals.commands import import_proposals_command
from cps.proposals.importing.hypertext import plain_text
from cps.proposals.models import Proposal
from cps.proposals.queries.lists import Wanted, listed
from tests.proposals.making import make_proposal, make_theme, set_goal, support
from tests.support.factories import make_complaint, make_resident
from tests.support.fixtures import Clock

MAPPING = """
source = "old-site"
site = "Ideas for Testford"
html = true
{more}
category = "idea"

[columns]
external_id = "id"
title = "title"
body = "text"
supports = "votes"
begins = "from"
ends = "until"
"""
ROW = {"id": "7", "title": "Trees for the canal", "text": "<p>Shade, please.</p>", "votes": 12,
       "from": "2026-10-01", "until": "2026-12-24"}  # fmt: skip
PETITIONS = Path(__file__).parents[3] / "shared" / "data" / "bluehouse_petitions_2017-08_first300.jsonl"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "blue-house-petitions.toml"


def bring_in(app: Flask, folder: Path, *rows: Any, more: str = "", options: tuple[str, ...] = ()) -> Result:
    """Import these rows as JSON Lines; a text stands in the file as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "old.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "map.toml").write_text(MAPPING.format(more=more), encoding="utf-8")
    db.session.rollback()
    given = [str(folder / "old.jsonl"), "--mapping", str(folder / "map.toml"), *options]
    answer = app.test_cli_runner().invoke(import_proposals_command, given)
    db.session.rollback()
    return answer


def imported() -> list[Proposal]:
    return list(db.session.scalars(select(Proposal).order_by(Proposal.case_id)))


@pytest.fixture(autouse=True)
def _idea(app: Flask) -> None:
    make_theme("Ideas", code="idea")


def test_a_row_becomes_a_proposal_with_its_time_its_origin_and_the_supports_it_had(
    app: Flask, tmp_path: Path
) -> None:
    make_complaint()

    answer = bring_in(app, tmp_path, ROW)

    assert answer.exit_code == 0, answer.output
    (proposal,) = imported()
    assert (proposal.case.source, proposal.case.external_id) == ("old-site", "7")
    assert (proposal.case.title, proposal.case.body) == ("Trees for the canal", "Shade, please.")
    assert proposal.case.status is Status.GATHERING
    assert (proposal.former_supports, proposal.former_site) == (12, "Ideas for Testford")
    assert proposal.gathers_until.isoformat() == "2026-12-24T15:00:00+00:00"  # its last day is counted whole


def test_former_supports_count_for_the_goal_beside_those_given_here(app: Flask, tmp_path: Path) -> None:
    set_goal(14)
    bring_in(app, tmp_path, ROW)
    (proposal,) = imported()

    support(proposal, make_resident(), make_resident())
    worker.run_until_idle()

    counted = queries.count(proposal.case_id)
    assert (counted.counted, counted.former, counted.total) == (2, 12, 14)
    assert imported()[0].case.status is Status.ANSWER_DUE


def test_what_reached_the_goal_elsewhere_is_to_be_answered_from_the_import_on(
    app: Flask, tmp_path: Path
) -> None:
    set_goal(10, answer_days=5)

    bring_in(app, tmp_path, {**ROW, "until": "2026-10-30"}, {**ROW, "id": "8", "votes": 9})

    due, gathers = imported()
    assert due.case.status is Status.ANSWER_DUE
    assert due.case.due_at.date().isoformat() == "2026-11-25"
    assert gathers.case.status is Status.GATHERING


def test_what_ran_out_of_time_elsewhere_is_closed_with_a_short_answer(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, {**ROW, "until": "2026-10-30"})

    (proposal,) = imported()
    told = db.session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc()).limit(1)).one()
    assert proposal.case.status is Status.EXPIRED
    assert "12 of the 40" in told.message


def test_it_can_gather_anew_with_what_it_brings(app: Flask, tmp_path: Path) -> None:
    set_goal(20, days=30)

    bring_in(app, tmp_path, {**ROW, "until": "2026-10-30"}, more='ended = "reopen"')

    (proposal,) = imported()
    assert proposal.case.status is Status.GATHERING
    assert (proposal.gathers_until - proposal.opened_at).days == 30


def test_nobody_is_told_and_nobody_follows(app: Flask, tmp_path: Path) -> None:
    set_goal(10)

    bring_in(app, tmp_path, ROW, {**ROW, "id": "8", "votes": 0})

    assert db.session.scalars(select(OutboxFact)).all() == []
    assert db.session.scalars(select(Follow)).all() == []


def test_the_same_file_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, ROW)

    answer = bring_in(app, tmp_path, ROW)

    assert "0 new, 0 with other supports, 1 as before" in answer.output
    assert len(imported()) == 1


def test_supports_that_grew_elsewhere_are_brought_and_counted(app: Flask, tmp_path: Path) -> None:
    set_goal(30)
    bring_in(app, tmp_path, ROW)

    answer = bring_in(app, tmp_path, {**ROW, "votes": 30})
    worker.run_until_idle()

    assert "1 with other supports" in answer.output
    assert imported()[0].case.support_count == 30
    assert imported()[0].case.status is Status.ANSWER_DUE


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"votes": "many"}, "no number of supports"),
        ({"votes": -1}, "no number of supports"),
        ({"title": ""}, "1 to 200"),
        ({"from": "soon"}, "no time"),
        ({"from": "2099-01-01"}, "lies ahead"),
        ({"until": "2026-09-01"}, "ends before it begins"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_wrong_row_is_told_by_its_line_and_nothing_is_written(
    app: Flask, tmp_path: Path, wrong: dict[str, Any], told: str
) -> None:
    answer = bring_in(app, tmp_path, ROW, {**ROW, "id": "8", **wrong})

    assert isinstance(answer.exception, RuleViolation)
    assert "Line 2" in answer.stderr
    assert told in answer.stderr
    assert imported() == []


def test_what_is_no_json_and_what_comes_twice_is_wrong(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, ROW, "{", "[1]", {**ROW})

    assert [line.split(":")[0] for line in answer.stderr.splitlines()] == ["Line 2", "Line 3", "Line 4"]


def test_right_rows_are_loaded_without_the_wrong_ones_when_that_is_asked(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, ROW, "{", options=("--skip-wrong",))

    assert answer.exit_code == 0, answer.output
    assert len(imported()) == 1


def test_a_dry_run_writes_nothing(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, ROW, options=("--dry-run",))

    assert "1 new" in answer.output
    assert imported() == []


def test_a_number_in_a_text_is_masked(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, {**ROW, "text": "Call 010-1234-5678 about the trees."})

    assert "1234" not in imported()[0].case.body


def test_the_doctor_finds_imported_supports_whole(app: Flask, tmp_path: Path, clock: Clock) -> None:
    bring_in(app, tmp_path, ROW)
    support(make_proposal(), make_resident())
    worker.run_until_idle()

    told = {found.name: found.is_well for found in doctor.examine(at=clock.now)}

    assert told["proposals' supports"]
    assert told["supports"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One\n\nTwo & three"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("A <b>bold</b> word</span", "A bold word"),
        ("<건 의 사 항> 가) 나)", "<건 의 사 항> 가) 나)"),
        ("a < b and c > d", "a < b and c > d"),
        ("<script>alert(1)</script>Text<!-- not this -->", "Text"),
        ("&lt;b&gt; stays", "<b> stays"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_html_is_read_as_people_read_it(written: str, read: str) -> None:
    assert plain_text(written) == read


@pytest.mark.skipif(not PETITIONS.exists(), reason="the sample data are not here")
def test_three_hundred_real_petitions_load_read_well_and_are_found_in_korean(
    app: Flask, tmp_path: Path
) -> None:
    set_goal(100)
    for code in ("idea-children", "idea-streets", "idea-parks"):
        make_theme(code, code=code)
    db.session.rollback()

    answer = app.test_cli_runner().invoke(
        import_proposals_command, [str(PETITIONS), "--mapping", str(EXAMPLE)]
    )

    assert "300 new" in answer.output, answer.output
    rows = [json.loads(line) for line in PETITIONS.read_text().splitlines()]
    cases = db.session.scalars(select(Case).where(Case.kind == CaseKind.PROPOSAL)).all()
    due = [case for case in cases if case.status is Status.ANSWER_DUE]
    assert len(due) == sum(row["num_agree"] >= 100 for row in rows)
    assert sum(case.support_count for case in cases) == sum(row["num_agree"] for row in rows)
    found = listed(Wanted(None, Filter(CaseKind.PROPOSAL, words="길고양이를 도와주세요"))).rows
    assert "길고양이를 도와주세요" in [row.title for row in found]
    assert not any("</" in case.body or "&nbsp;" in case.body for case in cases)
