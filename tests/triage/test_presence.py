"""Who has a case open: said to colleagues, written seldom, gone after an hour."""

from sqlalchemy import func, select

from cps.cases.models import Case
from cps.core import clock as clocks
from cps.core import upkeep
from cps.core.db import db
from cps.departments.models import Category, Department
from cps.triage.work.models import CasePresence
from tests.support.factories import make_complaint, make_officer
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site
from tests.triage.steps import at


def look(site: Site, case: Case) -> Page:
    """Open a case, and wait until what follows the page is done."""
    return site.get(at(case), buffered=True)


def written() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(CasePresence)) or 0


def test_a_colleague_reads_who_has_the_case_open_and_since_when(
    desk: Site, category: Category, roads: Department, clock: Clock
) -> None:
    case, other = make_complaint(category=category), make_complaint(category=category)
    colleague = desk.another().sign_in(make_officer(roads, display_name="Kim Haneul"))
    assert not look(desk, case).has("Also open here:")
    clock.move(minutes=1)

    page = look(colleague, case)

    assert page.has("Also open here: Jo Officer, 1 minute ago")
    assert look(desk, case).has("Kim Haneul")
    assert not look(colleague, other).has("Also open here:")
    clock.move(minutes=11)
    assert not look(colleague, case).has("Jo Officer")


def test_it_is_written_once_a_minute_and_forgotten_after_an_hour(
    desk: Site, category: Category, clock: Clock
) -> None:
    case = make_complaint(category=category)
    look(desk, case)
    first = db.session.scalars(select(CasePresence.seen_at)).one()
    clock.move(seconds=30)
    look(desk, case)
    db.session.rollback()
    assert db.session.scalars(select(CasePresence.seen_at)).one() == first

    clock.move(minutes=61)
    upkeep.run(clocks.now())

    assert written() == 0
