"""Proposals in the queue of the desk, beside complaints."""

import pytest

from cps.cases.reference import display
from cps.core import clock
from cps.departments.models import Department
from cps.proposals import services
from cps.proposals.models import Proposal
from tests.proposals.making import done, fresh, make_proposal, make_theme, support, supporters
from tests.support.factories import make_category, make_complaint, make_officer, make_supervisor
from tests.support.site import Site


@pytest.fixture
def owed(roads: Department) -> Proposal:
    """A proposal that the roads department must answer, with 2 supports; another still gathers."""
    theme = make_theme(department=roads)
    make_proposal("Close the harbour", category=theme)
    proposal = make_proposal("Plant lindens", category=theme)
    support(proposal, *supporters(2))
    done(proposal, lambda row: services.recount(row.case_id, at=clock.now()))
    by = make_officer()
    return done(proposal, lambda row: services.lift(row, "A school asked.", by=by, at=clock.now()))


def test_an_answer_that_is_owed_is_new_until_somebody_takes_it(desk: Site, owed: Proposal) -> None:
    page = desk.get("/desk")

    assert "Plant lindens" in page.text
    assert "answer owed by" in page.text
    assert "2 supports" in page.text
    assert "Close the harbour" not in page.text
    address = f"/desk/{display(owed.case.reference)}"
    desk.submit(address, form=f"{address}/take")
    assert "Plant lindens" not in desk.get("/desk").text
    assert "Plant lindens" in desk.get("/desk?box=mine").text


def test_the_list_is_narrowed_to_proposals_or_complaints(
    desk: Site, owed: Proposal, roads: Department
) -> None:
    make_complaint(category=make_category(department=roads), title="A broken lamp")

    proposals = desk.get("/desk?box=department&kind=proposal")
    complaints = desk.get("/desk?box=department&kind=complaint")
    both = desk.get("/desk?box=department&kind=nonsense")

    assert "Plant lindens" in proposals.text
    assert "A broken lamp" not in proposals.text
    assert "A broken lamp" in complaints.text
    assert "Plant lindens" not in complaints.text
    assert "Plant lindens" in both.text
    assert "A broken lamp" in both.text


def test_a_proposal_that_gathers_is_opened_by_its_number(desk: Site, roads: Department) -> None:
    proposal = make_proposal("Plant lindens", category=make_theme(department=roads))

    page = desk.get(f"/desk?q={display(proposal.case.reference)}")

    assert page.path == f"/desk/{display(proposal.case.reference)}"
    assert "Takes support until" in page.text


def test_the_date_of_an_answer_is_moved_with_a_reason_and_a_third_time_never(
    site: Site, owed: Proposal, roads: Department
) -> None:
    desk = site.sign_in(make_supervisor(roads))
    address = f"/desk/{display(owed.case.reference)}"

    def more(reason: str) -> int:
        page = desk.get(address)
        return desk.submit(page, form=f"{address}/extend", days="1", reason=reason, message="Soon.").status

    assert more("") == 422
    assert more("The expert is ill.") == 200
    assert more("The budget comes later.") == 200
    page = desk.get(address)
    assert "This case had more time twice." in page.text
    forged = {"days": "1", "reason": "Again.", "message": "Soon.", "form_key": "k"}
    version = str(fresh(owed).case.version)
    assert desk.post_raw(f"{address}/extend", {**forged, "version": version}).status == 422
