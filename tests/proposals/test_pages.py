"""The page of a proposal and its lists, as residents see and use them."""

from datetime import timedelta

import pytest

from cps.cases.reference import display
from cps.cases.rules import Outcome
from cps.core import worker
from cps.core.db import db, transaction
from cps.proposals import queries, services
from cps.proposals.models import Delivery, Milestone, Proposal
from cps.proposals.presenting import how_far
from cps.proposals.rules import Stance
from cps.proposals.services import NewComment
from tests.proposals.making import (
    answered,
    begun,
    done,
    fresh,
    make_proposal,
    make_theme,
    now,
    published,
    set_goal,
    support,
    supporters,
)
from tests.support.factories import ZONE, make_complaint, make_officer, make_resident, make_ward
from tests.support.fixtures import Clock
from tests.support.site import Site


def path_of(proposal: Proposal) -> str:
    return f"/proposals/{display(proposal.case.reference)}"


def said(proposal: Proposal, body: str, stance: Stance = Stance.REMARK, **fields: object) -> int:
    """Let somebody comment on a proposal; returns the comment's number."""
    by = make_resident(display_name="Mina Park")
    with transaction():
        new = NewComment(body, "en", stance, **fields)  # type: ignore[arg-type]
        return services.comment(proposal.case_id, new, by=by, at=now()).id


def test_a_visitor_reads_how_far_a_proposal_is_and_what_happens_then(site: Site) -> None:
    set_goal(supports=3, answer_days=30)
    proposal = make_proposal("Plant trees along the canal")
    support(proposal, *supporters(2))
    support(make_proposal(), make_resident())

    page = site.get(path_of(proposal))

    assert page.has("2 of 3 supports")
    assert page.has("With 1 more, Roads must answer within 30 working days.")
    assert page.has("29 days left") or page.has("30 days left")
    assert len(page.all(".road > li")) == 5
    assert len(page.all(".road > .is-now")) == 1


def test_a_page_is_not_sent_again_until_support_a_comment_or_time_changes_it(
    site: Site, clock: Clock
) -> None:
    proposal = make_proposal()
    tag = site.get(path_of(proposal)).header("ETag")

    assert site.get(path_of(proposal), headers={"If-None-Match": tag}).status == 304
    support(proposal, make_resident())
    second = site.get(path_of(proposal), headers={"If-None-Match": tag})
    assert second.status == 200
    said(proposal, "Yes.")
    third = site.get(path_of(proposal), headers={"If-None-Match": second.header("ETag")})
    assert third.status == 200
    clock.move(days=1)
    assert site.get(path_of(proposal), headers={"If-None-Match": third.header("ETag")}).status == 200


def test_a_page_takes_few_statements(site: Site) -> None:
    proposal = make_proposal()
    support(proposal, *supporters(2))
    for number in range(4):
        said(proposal, f"Comment no. {number}")
    site.get(path_of(proposal))

    site.get(path_of(proposal))

    assert len(site.statements) < 7, site.statements


def test_support_is_one_tap_and_can_be_taken_back(site: Site) -> None:
    proposal = make_proposal()
    site.sign_in(make_resident())

    page = site.submit(path_of(proposal), form=f"{path_of(proposal)}/support")
    assert page.has("You support this proposal. We tell you what becomes of it.")
    assert page.has("1 of 40 supports")

    page = site.submit(page, form=f"{path_of(proposal)}/unsupport")
    assert page.has("Your support is taken back.")
    assert page.has("0 of 40 supports")


def test_supporting_twice_counts_once(site: Site) -> None:
    proposal = make_proposal()
    site.sign_in(make_resident())
    site.post_raw(f"{path_of(proposal)}/support")

    page = site.post_raw(f"{path_of(proposal)}/support")

    assert page.has("You support this proposal already.")
    assert queries.count(proposal.case_id).total == 1


def test_a_visitor_who_supports_is_asked_who_they_are_and_comes_back(site: Site) -> None:
    proposal = make_proposal()

    page = site.submit(path_of(proposal), form=f"{path_of(proposal)}/support")
    assert page.path.startswith("/accounts/prove?next=")

    site.sign_in(make_resident())
    page = site.get(f"{path_of(proposal)}/support")
    page = site.submit(page, form=f"{path_of(proposal)}/support")
    assert page.has("You support this proposal")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("over", "The time to support this proposal is over."),
        ("withdrawn", "Who wrote this proposal has taken it back."),
        ("answered", "The city has answered this proposal"),
        ("own", "This is your own proposal"),
    ],
)
def test_support_that_cannot_be_is_refused_in_a_plain_sentence(
    site: Site, clock: Clock, what: str, words: str
) -> None:
    author, somebody = make_resident(), make_resident()
    if what == "answered":
        proposal, _officer = answered(author)
    else:
        proposal = make_proposal(author=author)
    if what == "withdrawn":
        done(proposal, lambda row: services.withdraw(row, "It is done.", by=author, at=now()))
    if what == "over":
        clock.move(days=61)
    site.sign_in(author if what == "own" else somebody)

    page = site.post_raw(f"{path_of(proposal)}/support")

    assert page.status == 200
    assert page.has(words)
    assert queries.count(proposal.case_id).total == 0


def test_a_joined_proposal_says_where_to_support_and_the_other_says_what_came_with_it(site: Site) -> None:
    proposal, other = make_proposal("A night bus on Saturdays"), make_proposal("Buses at night")
    support(proposal, *supporters(2))
    support(other, make_resident())
    officer = make_officer()
    with transaction():
        services.join(
            *queries.lock_both(proposal.case.reference, other.case.reference),
            "Both want the same bus.",
            by=officer,
            at=now(),
        )

    page = site.get(path_of(proposal))
    assert page.has("Both want the same bus.")
    assert page.has("Joined to another proposal")
    assert not page.has("Joined to another case")
    assert page.link("Buses at night") == path_of(other)
    page = site.get(path_of(other))
    assert page.has("3 of 40 supports")
    assert page.has("2 of them came with proposals that were joined to this one.")
    assert page.link("A night bus on Saturdays") == path_of(proposal)


def test_the_story_says_that_a_join_was_undone(site: Site) -> None:
    proposal, other, officer = make_proposal(), make_proposal(), make_officer()
    both = proposal.case.reference, other.case.reference
    with transaction():
        services.join(*queries.lock_both(*both), "Both want trees.", by=officer, at=now())
    with transaction():
        services.part(queries.lock_both(*both)[0], "One wants hedges.", by=officer, at=now())

    page = site.get(path_of(proposal))

    assert page.has("No longer joined to another proposal")
    assert page.has("One wants hedges.")


def test_a_hidden_proposal_is_gone(site: Site) -> None:
    proposal = make_proposal()
    with transaction():
        queries.lock(proposal.case.reference).case.is_hidden = True

    assert site.get(path_of(proposal)).status == 410
    assert site.post_raw(f"{path_of(proposal)}/support").status in {404, 410}


def test_the_answer_stands_on_the_page_with_its_points_and_whose_it_is(site: Site) -> None:
    points = [services.Point("Trees", "Forty lindens."), services.Point("Water", "Bags in summer.")]
    proposal, _officer = answered(outcome=Outcome.NOT_OURS, whose="The province", points=points)

    page = site.get(path_of(proposal))

    assert page.has("The city’s answer: Not for the city to decide")
    assert page.has("Forty lindens.")
    assert page.has("The province")
    assert not page.has("Being done")


def test_an_answer_that_is_late_is_told_in_words_on_the_road(site: Site, clock: Clock) -> None:
    set_goal(1)
    proposal = make_proposal()
    support(proposal, make_resident())
    worker.run_until_idle()
    due = fresh(proposal).case.due_at.astimezone(ZONE)
    assert not site.get(path_of(proposal)).has("was due")

    clock.move(seconds=(due - now()).total_seconds() + 1)

    page = site.get(path_of(proposal))
    assert page.has(f"was due {due:%A} {due.day} {due:%B}")


def test_a_delivery_that_is_late_says_so_by_the_day_that_was_promised_first(site: Site, clock: Clock) -> None:
    proposal, officer = answered()
    day = (now() + timedelta(days=10)).date()
    begun(proposal, officer, milestones=[services.MilestoneSpec("Dig the pits", day, "en")], budget=12_000)
    clock.move(days=12)

    page = site.get(path_of(proposal))

    assert page.has("Dig the pits")
    assert page.has("2 days late.")
    assert site.get("/proposals?stage=in-delivery").all(".is-late-words") == ["late"]
    assert page.has("Late: a day that was promised has passed.")
    assert page.has("12,000")


@pytest.mark.usefixtures("site")
def test_how_far_it_is_is_told_by_its_milestones_while_nobody_says_a_percent() -> None:
    parts = [Milestone(done_on=now().date()), Milestone(done_on=None)]

    assert how_far(Delivery(percent=0), parts) == (50, "1 of 2 milestones done")
    assert how_far(Delivery(percent=30), parts) == (30, "30 % done")
    assert how_far(Delivery(percent=0), parts[1:]) == (0, "0 % done")


def test_the_whole_road_of_a_proposal(site: Site) -> None:
    set_goal(supports=2)
    make_theme("Green")
    author, one, two, officer = make_resident(), make_resident(), make_resident(), make_officer()
    proposal = make_proposal("Plant trees along the canal", author=author)
    path = path_of(proposal)
    for who in (one, two):
        site.another().sign_in(who).submit(path, form=f"{path}/support")
    worker.run_until_idle()
    assert site.get(path).has("must answer")
    assert site.get("/proposals?stage=answer-due").has("Plant trees along the canal")

    unit = proposal.case.department_id
    spec = services.AnswerSpec(Outcome.ACCEPTED, "We plant forty lindens.", "en", unit_id=unit)
    done(proposal, lambda row: services.draft_answer(row, spec, by=officer, at=now()))
    published(proposal, officer)
    assert site.get(path).has("The city’s answer: Yes")
    begun(proposal, officer)
    assert site.get("/proposals?stage=in-delivery").has("Plant trees along the canal")
    done(proposal, lambda row: services.deliver(row, services.News("They stand."), by=officer, at=now()))

    asked = site.another().sign_in(one)
    page = asked.get(path)
    assert page.has("Is it what you wanted?")
    page = asked.submit(page, form=f"{path}/verdict", button="In part")
    assert page.has("Thank you. Your answer is counted.")
    assert "Is it what you wanted?" not in site.another().sign_in(make_resident()).get(path).text
    assert site.get(path).has("In part: 1")


def test_lists_are_parts_of_the_road_with_counts_and_an_order_in_words(site: Site) -> None:
    make_complaint(title="A hole in the road")
    make_proposal("Trees for the market"), answered()

    page = site.get("/proposals")

    assert page.has("Trees for the market")
    assert page.has("New ones first; support lifts a proposal, each doubling by a day.")
    assert not page.has("A hole in the road")
    assert page.all(".tabs a")[0] == "Gathering support 1"


def test_a_list_is_searched_through_all_parts_of_the_road_and_narrowed(site: Site) -> None:
    ward, theme = make_ward("harbour"), make_theme("Streets")
    make_proposal("Benches at the harbour", ward_id=ward.id)
    make_proposal("Benches in the park", category=theme)

    assert len(site.get("/proposals?q=benches").all(".case-row")) == 2
    assert site.get("/proposals?ward=harbour").all(".case-title") == ["Benches at the harbour"]
    assert site.get(f"/proposals?category={theme.code}").all(".case-title") == ["Benches in the park"]
    assert site.get("/proposals?q=swimming").has("Nothing fits")


def test_words_that_are_looked_for_lead_from_problems_to_proposals_and_back(site: Site) -> None:
    make_complaint(title="A bench is broken")
    make_proposal("Benches at the harbour")

    site.get("/complaints?q=bench")
    assert site.follow("Look for this in proposals").has("Benches at the harbour")
    assert site.follow("Look for this in reported problems").has("A bench is broken")


def test_an_empty_list_says_what_to_do(site: Site) -> None:
    assert site.get("/proposals?stage=done").link("Propose an idea") == "/proposals/new"


def test_long_lists_page_by_key_without_losing_any(site: Site) -> None:
    theme, author = make_theme(), make_resident()
    for _ in range(23):
        make_proposal(category=theme, author=author)

    first = site.get("/proposals")
    second = site.follow("Show more")

    assert len({*first.all(".case-title"), *second.all(".case-title")}) == 23


def test_the_number_of_a_proposal_leads_to_it(site: Site) -> None:
    proposal = make_proposal()

    page = site.submit("/track", reference=display(proposal.case.reference))

    assert page.path == path_of(proposal)
    assert site.get(f"/c/{display(proposal.case.reference)}").path == path_of(proposal)


def test_ones_own_and_what_one_supports_stand_in_the_account(site: Site) -> None:
    author = make_resident()
    make_proposal("My own idea", author=author)
    other = make_proposal("An idea of somebody else")
    support(other, author)
    site.sign_in(author)

    assert site.get("/accounts/me/proposals").all(".case-title") == ["My own idea"]
    assert site.get("/accounts/me/supports").all(".case-title") == ["An idea of somebody else"]


def test_lists_and_maps_are_given_as_data(site: Site) -> None:
    proposal = make_proposal("Benches at the harbour", lat=36.0, lon=129.5)
    make_complaint(title="A hole in the road")

    assert "Benches at the harbour" in site.get("/proposals.csv?stage=gathering").text
    assert len(site.get("/proposals.geojson").json["features"]) == 1
    assert "A hole in the road" not in site.get("/feeds/proposals.atom").text
    points = site.get("/proposals/points.geojson").json["features"]
    assert [point["properties"]["href"] for point in points] == [path_of(proposal)]
    assert site.get("/proposals/points.geojson?box=nowhere").status == 400


@pytest.mark.parametrize("typed", ["order=upwards", "stance=angry", "after=%00x", "after=W10", "stance="])
def test_addresses_that_nobody_was_given_still_show_the_page(site: Site, typed: str) -> None:
    proposal = make_proposal()
    said(proposal, "Who pays?", Stance.QUESTION)

    assert site.get(f"{path_of(proposal)}?{typed}").has("Who pays?")
    assert site.get(f"/proposals?{typed}&stage=nowhere&ward=atlantis&box=1").status == 200


def test_what_a_demo_of_words_says_is_escaped(site: Site) -> None:
    proposal = make_proposal("<b>Bold</b> trees 🌳 \u202e", body="<script>alert(1)</script> and more words.")

    page = site.get(path_of(proposal))

    assert "<script>alert(1)" not in page.html
    assert page.has("<script>alert(1)</script> and more words.")
    db.session.rollback()
