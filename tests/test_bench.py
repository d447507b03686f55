"""The cities that measurements run on: copies of cases are cases like any other."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from bench.multiply import multiply
from bench.multiply_proposals import multiply as multiply_proposals
from bench.photos import photo
from bench.polls import ADMINISTRATOR, fill_register, open_poll
from cps.cases import reference
from cps.cases.models import Case, CaseContact, CaseEvent
from cps.cases.queries import map_drift
from cps.cases.rules import CaseKind, Status
from cps.core import clock
from cps.core.db import db
from cps.core.images import LIMITS
from cps.core.models import City
from cps.polls.rules import PollState
from cps.proposals.models import Comment, Proposal
from tests.proposals.making import answered, begun, make_proposal
from tests.support.factories import (
    make_administrator,
    make_category,
    make_complaint,
    make_event,
    make_ward,
    save,
)
from tests.support.fixtures import Database
from tests.support.site import Site
from tests.test_migrations import standing_triggers


def _count(table: type, *conditions: object) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def _indexes(kind: str) -> set[str]:
    named = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    if kind == "postgresql":
        named = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    return set(db.session.connection().exec_driver_sql(named).scalars())


def test_a_city_grows_to_the_wanted_number_and_its_open_cases_stop_at_theirs(app: Flask) -> None:
    for status in (Status.CLOSED, Status.CLOSED, Status.CLOSED, Status.RECEIVED, Status.TRIAGED):
        make_complaint(status)

    multiply(17, most_open=3)

    assert _count(Case) == 17
    assert _count(Case, Case.closed_at.is_(None)) == 3


def test_a_copy_has_its_own_number_with_story_contact_and_place(site: Site) -> None:
    case = make_complaint(Status.CLOSED, ward=make_ward(), title="A deep hole")
    make_event(case)
    told = _count(CaseEvent)

    multiply(3)

    copies = db.session.scalars(select(Case).where(Case.id != case.id)).all()
    assert {reference.parse(copy.reference) for copy in copies} == {copy.reference for copy in copies}
    assert (len(copies), _count(CaseContact), _count(CaseEvent)) == (2, 3, 3 * told)
    assert map_drift.drift() == 0
    shown = site.get(f"/complaints/{reference.display(copies[0].reference)}")
    assert "A deep hole" in shown.text


def test_copies_are_found_by_their_words(site: Site) -> None:
    make_complaint(Status.CLOSED, title="Purple elephant")
    make_complaint(Status.CLOSED, title="Dark lamp")

    multiply(6)

    found = site.get("/complaints?q=elephant").tree.css('a[href^="/complaints/1001-"]')
    assert {link.text(strip=True) for link in found} == {"Purple elephant"}


def test_nothing_of_the_schema_is_missing_after_copying(app: Flask, database: Database) -> None:
    make_complaint(Status.CLOSED)
    before = _indexes(database.kind), standing_triggers(database.kind)

    multiply(3)

    assert (_indexes(database.kind), standing_triggers(database.kind)) == before


def test_a_city_that_is_large_enough_stays_as_it_is(app: Flask) -> None:
    make_complaint()

    multiply(1)

    assert _count(Case) == 1


def test_a_city_gets_many_proposals_of_which_only_some_are_open(app: Flask) -> None:
    answered()
    make_proposal()
    make_complaint(Status.CLOSED)

    multiply_proposals(7, most_open=2)

    assert (_count(Proposal), _count(Case)) == (7, 8)
    assert _count(Case, Case.kind == CaseKind.PROPOSAL, Case.closed_at.is_(None)) == 2


def test_a_copied_proposal_has_its_own_number_with_story_answer_delivery_and_talk(site: Site) -> None:
    proposal, officer = answered(text="Forty lindens.")
    case_id = begun(proposal, officer).case_id
    talk = {"account_id": officer.id, "body": "At last!", "at": clock.now()}
    first = save(Comment(case_id=case_id, **talk))
    save(Comment(case_id=case_id, parent_id=first.id, level=1, **talk))

    multiply_proposals(3, most_open=0)

    copies = db.session.scalars(select(Case).where(Case.id != case_id).order_by(Case.id)).all()
    shown = site.get(f"/proposals/{reference.display(copies[-1].reference)}")
    assert len(copies) == 2
    assert "Forty lindens." in shown.text
    assert shown.text.count("At last!") == 2
    assert map_drift.drift() == 0


def test_each_photo_that_is_sent_is_a_file_of_three_megabytes_of_its_own() -> None:
    first, second = photo(1), photo(2)

    assert first != second
    assert 2_700_000 < len(first) < 3_300_000 < LIMITS.max_bytes


def test_the_poll_that_is_measured_opens_in_a_city_of_many_languages(app: Flask) -> None:
    db.session.scalars(select(City)).one().languages = ["en", "ko", "es", "ar"]
    make_administrator(email=ADMINISTRATOR)
    make_category()
    make_ward()
    fill_register(1_000)

    poll = open_poll("bench-votes", opens_at=clock.now(), closes_at=clock.now() + timedelta(days=1))

    assert poll.state is PollState.OPEN
