"""The page of a proposal and its lists, as residents see and use them."""

from tests.proposals.making import make_proposal, set_goal, support, supporters
from tests.support.factories import make_resident
from tests.support.site import Site


def path_of(proposal: object) -> str:
    from cps.cases.reference import display

    return f"/proposals/{display(proposal.case.reference)}"  # type: ignore[attr-defined]


def test_a_visitor_reads_how_far_a_proposal_is(site: Site) -> None:
    set_goal(supports=3)
    proposal = make_proposal("Plant trees along the canal")
    support(proposal, *supporters(2))
    page = site.get(path_of(proposal))
    assert page.status == 200
    assert "2 of 3 supports" in page.text
    lists = site.get("/proposals")
    assert "Plant trees along the canal" in lists.text


def test_support_is_one_tap(site: Site) -> None:
    proposal = make_proposal()
    site.sign_in(make_resident())
    page = site.submit(path_of(proposal), form=f"{path_of(proposal)}/support")
    assert "You support this proposal" in page.text
