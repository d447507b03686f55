"""Photos of the work that were used before or are older than their case, and what supervisors say of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cps.cases import queries as cases
from cps.cases import services
from cps.cases.models import Attachment, Case
from cps.cases.rules import EventKind, Outcome, PhotoStage, Status
from cps.core import clock as clocks
from cps.core import worker
from cps.core.db import db, transaction
from cps.departments.models import Category, Department
from cps.triage.work.models import PhotoDoubt
from cps.triage.work.rules import PhotoDoubtKind
from cps.triage.work.services import look_at_photos
from tests.complaints.steps import photo
from tests.support.factories import make_category, make_complaint, make_officer, make_supervisor, number
from tests.support.fixtures import Clock
from tests.support.site import Site
from tests.triage.steps import audited, do, events

PICTURE, NEARLY, OTHER = "0f1e2d3c4b5a6978", "0f1e2d3c4b5a6979", "ffff00000000ffff"


@pytest.fixture
def head(site: Site, roads: Department) -> Site:
    """A supervisor of the department."""
    return site.sign_in(make_supervisor(roads))


def add_photo(case: Case, shows: str, stage: PhotoStage = PhotoStage.AFTER, **columns: object) -> int:
    """Hang a photo on a case; of the work it comes with what ended the case."""
    event_id = None
    if stage is PhotoStage.AFTER:
        event_id = events(case, EventKind.MOVED)[-1].id
    name = f"{number():032x}"
    row = Attachment(name=name, case_id=case.id, event_id=event_id, stage=stage, original_sha256=name,
                     perceptual_hash=shows, width=4, height=3, added_at=clocks.now(), **columns)  # fmt: skip
    with transaction():
        db.session.add(row)
    return row.id


def closed(category: Category) -> Case:
    return make_complaint(Status.CLOSED, outcome=Outcome.FIXED, category=category)


def doubts() -> list[tuple[int, PhotoDoubtKind, int | None]]:
    """Look at the photos of every case, twice; return what was pointed out."""
    for _twice in range(2):
        for photo_of in db.session.scalars(select(Attachment).where(Attachment.event_id.is_not(None))).all():
            with transaction():
                look_at_photos(photo_of.event_id or 0, at=clocks.now())
    rows = db.session.scalars(select(PhotoDoubt).order_by(PhotoDoubt.id))
    return [(row.photo_id, row.kind, row.other_id) for row in rows]


def test_a_photo_that_shows_what_another_of_the_department_showed_is_pointed_out_once(
    roads: Department, category: Category
) -> None:
    first, second, third = closed(category), closed(category), closed(category)
    elsewhere = closed(make_category())
    add_photo(elsewhere, NEARLY)
    used = add_photo(first, PICTURE)
    add_photo(third, OTHER)

    again = add_photo(second, NEARLY)

    assert doubts() == [(again, PhotoDoubtKind.SAME, used)]


def test_the_photo_of_the_problem_is_no_proof_of_the_work(category: Category) -> None:
    case = closed(category)
    problem = add_photo(case, PICTURE, PhotoStage.BEFORE)

    work = add_photo(case, PICTURE)

    assert doubts() == [(work, PhotoDoubtKind.SAME, problem)]


def test_a_photo_of_a_complaint_about_staff_is_not_shown_as_what_another_showed(
    roads: Department, category: Category
) -> None:
    staff = make_category("Staff", is_integrity=True, department=roads)
    unseen = make_complaint(
        Status.CLOSED, outcome=Outcome.FIXED, category=staff, is_private=True, is_integrity=True
    )
    add_photo(unseen, PICTURE)

    add_photo(closed(category), NEARLY)

    assert doubts() == []


def test_a_photo_from_before_the_case_is_pointed_out(category: Category) -> None:
    case = closed(category)
    add_photo(case, OTHER, taken_at=case.received_at + timedelta(hours=1))

    early = add_photo(case, PICTURE, taken_at=case.received_at - timedelta(days=1))

    assert doubts() == [(early, PhotoDoubtKind.EARLIER, None)]


def test_a_supervisor_sees_both_cases_and_says_once_what_was_found(
    head: Site, roads: Department, category: Category, clock: Clock
) -> None:
    officer = head.another()
    officer.sign_in(make_officer(roads))
    cases = [make_complaint(Status.IN_PROGRESS, category=category) for _n in range(2)]
    for case in cases:
        do(officer, case, "close", outcome="fixed", message="Done.", photos=photo())
    assert "It was the proof" not in head.get("/desk/supervisor").text
    clock.move(seconds=11)
    worker.run_until_idle()

    page = head.get("/desk/supervisor")
    assert page.has("It was the proof of another case before")
    assert all(case.title in page.text for case in cases)
    doubt = db.session.scalars(select(PhotoDoubt)).one()
    check = f"/desk/supervisor/photos/{doubt.id}/check"
    refused = head.submit(page, form=check, found="not-good")
    assert (refused.status, refused.has("Say what was not good.")) == (422, True)
    head.submit(refused, form=check, found="not-good", note="Not this lamp.")
    assert head.submit(page, form=check, found="good").has("Somebody has looked at this photo already.")

    assert "It was the proof" not in head.get("/desk/supervisor").text
    db.session.rollback()
    found = db.session.scalars(select(PhotoDoubt)).one()
    assert (found.is_good, found.note) == (False, "Not this lamp.")
    assert audited(cases[1])[-1] == "check-photo"


def test_photos_of_other_departments_are_not_shown_nor_judged(site: Site, category: Category) -> None:
    case = closed(category)
    add_photo(case, PICTURE, taken_at=case.received_at - timedelta(days=1))
    doubts()
    doubt = db.session.scalars(select(PhotoDoubt)).one()
    site.sign_in(make_supervisor())

    assert "before the case came" not in site.get("/desk/supervisor").text
    page = site.post_raw(f"/desk/supervisor/photos/{doubt.id}/check", {"found": "good"})
    assert page.status == 404


def test_a_photo_that_waited_for_a_second_pair_of_eyes_is_no_double_of_itself(roads: Department) -> None:
    category = make_category(department=roads, needs={"second": ["fixed"]})
    officer, colleague = make_officer(), make_officer()
    case = make_complaint(Status.IN_PROGRESS, category=category, assignee=officer)

    def asked(yes: bool) -> None:
        name = f"{number():032x}"
        shown = Attachment(name=name, original_sha256="a" * 64, perceptual_hash=PICTURE, width=4, height=3,
                           added_at=clocks.now())  # fmt: skip
        with transaction():
            ending = services.Ending(Outcome.FIXED, "Done.", photos=[shown])
            services.end(cases.lock_case(case.reference), ending, by=officer, at=clocks.now())
        with transaction():
            services.answer_end(
                cases.lock_case(case.reference), is_granted=yes, by=colleague, at=clocks.now(), why="Blurred."
            )

    asked(yes=False)
    asked(yes=True)

    assert doubts() == []


def test_who_says_yes_reads_before_it_what_is_odd_about_the_photos(site: Site, roads: Department) -> None:
    category = make_category(department=roads, needs={"second": ["fixed"]})
    officer = make_officer(roads)
    case = make_complaint(Status.IN_PROGRESS, category=category, assignee=officer)
    add_photo(closed(category), PICTURE)
    before = case.received_at - timedelta(days=1)
    shown = Attachment(name=f"{number():032x}", original_sha256="b" * 64, perceptual_hash=PICTURE,
                       width=4, height=3, added_at=clocks.now(), taken_at=before)  # fmt: skip
    with transaction():
        ending = services.Ending(Outcome.FIXED, "Done.", photos=[shown])
        services.end(cases.lock_case(case.reference), ending, by=officer, at=clocks.now())

    read = site.sign_in(make_officer(roads)).get(f"/desk/{case.reference}").text

    assert "It was the proof of another case before" in read
    assert "before the case came on" in read
    assert "Look at the photo before you say yes." in read
    assert doubts() == []  # the supervisor is shown them when the case has ended so
