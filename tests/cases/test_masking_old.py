"""`cps mask`: texts from before masking are masked once, and nothing else is touched."""

from typing import Any

from flask import Flask

from cps.cases import queries
from cps.cases.mask_command import mask_command
from cps.cases.models import Case, CaseContact, CaseEvent, CaseOriginal, EventOriginal
from cps.cases.queries import Filter
from cps.cases.rules import Audience, EventKind
from cps.cases.services import masking_old
from cps.core import clock
from cps.core.db import db, transaction
from tests.support import factories as make

PHONE, HIDDEN = "010-4711-0815", "[phone number hidden]"


def run(app: Flask, *options: str) -> list[int]:
    """Run the command; returns in how many cases and entries there was something to hide."""
    result = app.test_cli_runner().invoke(mask_command, options)
    assert result.exit_code == 0, result.output
    db.session.rollback()
    return [int(line.split()[0]) for line in result.output.splitlines()[:-1]]


def as_before(table: type[Case] | type[CaseEvent], key: int, **said: Any) -> None:
    """Write a text past what masks it, as an earlier version did."""
    with transaction() as session:
        session.execute(db.update(table).where(table.id == key).values(**said))


def old_case(body: str = f"Call {PHONE}.", **columns: Any) -> Case:
    case = make.make_complaint(**columns)
    as_before(Case, case.id, body=body, search_text=f"call {PHONE.replace('-', '')} 0815")
    return case


def anew(case: Case) -> Case:
    db.session.rollback()
    return db.session.get_one(Case, case.id, populate_existing=True)


def test_an_old_text_is_masked_kept_and_not_found_any_more(app: Flask) -> None:
    case, other = old_case(), make.make_complaint(body="Nothing to hide, lamp post 1234567.")
    before = anew(other).version

    assert run(app) == [1, 0]

    assert anew(case).body == f"Call {HIDDEN}."
    assert db.session.get_one(CaseOriginal, case.id).texts == {"body": f"Call {PHONE}."}
    assert "0815" not in anew(case).search_text
    assert list(queries.found(Filter(words="0815")).page.rows) == []
    assert anew(other).version == before


def test_an_old_answer_and_reply_are_masked_each_by_its_own_rule(app: Flask) -> None:
    officer = make.make_officer()
    case = make.make_complaint(contact={"phone": "+821047110815"})
    reply = make.make_event(case, EventKind.REPLIED)
    answer = make.make_event(case, EventKind.UPDATED, actor_id=officer.id)
    note = make.make_event(case, EventKind.NOTED, audience=Audience.STAFF)
    as_before(CaseEvent, reply.id, message="I am at 02-777-8888")
    as_before(CaseEvent, answer.id, message=f"Ask 02-777-8888. We call you at {PHONE}.")
    as_before(CaseEvent, note.id, message=PHONE)

    assert run(app) == [0, 2]

    said = {event.id: event.message for event in db.session.scalars(db.select(CaseEvent))}
    assert said[reply.id] == f"I am at {HIDDEN}"
    assert said[answer.id] == f"Ask 02-777-8888. We call you at {HIDDEN}."
    assert said[note.id] == PHONE
    assert db.session.get_one(EventOriginal, reply.id).texts == {"message": "I am at 02-777-8888"}


def test_a_dry_run_counts_and_changes_nothing(app: Flask) -> None:
    case = old_case()

    assert run(app, "--dry-run") == [1, 0]

    assert anew(case).body == f"Call {PHONE}."
    assert db.session.scalars(db.select(CaseOriginal)).all() == []


def test_a_second_run_finds_nothing_and_keeps_what_was_said(app: Flask) -> None:
    case = old_case(title=f"Hole, {PHONE}")
    run(app)
    version = anew(case).version

    assert run(app) == [0, 0]

    assert anew(case).version == version
    kept = db.session.get_one(CaseOriginal, case.id).texts
    assert kept == {"title": f"Hole, {PHONE}", "body": f"Call {PHONE}."}


def test_nothing_is_kept_where_the_reporter_is_forgotten(app: Flask) -> None:
    case = old_case(contact={"anonymised_at": clock.now()})
    assert db.session.get_one(CaseContact, case.id).anonymised_at is not None

    run(app)

    assert anew(case).body == f"Call {HIDDEN}."
    assert db.session.scalars(db.select(CaseOriginal)).all() == []


def test_it_goes_piece_by_piece_and_can_be_stopped_in_between(app: Flask) -> None:
    cases = [old_case() for _case in range(3)]

    piece = masking_old.next_piece(Case, cases[0].id)
    assert piece == masking_old.Piece(cases[2].id, [cases[1].id, cases[2].id])
    with transaction():
        masking_old.mask_old(Case, piece.ids[:1])

    assert [HIDDEN in anew(case).body for case in cases] == [False, True, False]
    assert run(app) == [2, 0]
    assert all(HIDDEN in anew(case).body for case in cases)
    assert masking_old.next_piece(Case, cases[2].id) is None
