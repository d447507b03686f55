"""Writing a proposal: nothing typed is lost, what is alike is shown, it is proposed once."""

import pytest
from sqlalchemy import func, select

from cps.cases.models import Case, Draft
from cps.cases.rules import Outcome, Status
from cps.core.db import db, transaction
from cps.proposals.models import Proposal
from tests.complaints.steps import photo
from tests.proposals.making import answered, make_proposal, make_theme, set_goal, support
from tests.proposals.test_pages import path_of
from tests.support.factories import make_category, make_resident, make_ward, middle, square
from tests.support.page import Page
from tests.support.site import Site

TITLE = "Plant lindens along the canal"
BODY = "The path has no shade at all. Trees would make it a place to be."


def proposals() -> list[Proposal]:
    return list(db.session.scalars(select(Proposal).order_by(Proposal.case_id)))


def words(site: Site, title: str = TITLE, body: str = BODY) -> Page:
    return site.submit("/proposals/new", form="/proposals/new", title=title, body=body)


def written(site: Site, **fields: object) -> Page:
    """Go through the steps up to the last look."""
    page = words(site)
    category = page.form("/proposals/new/place").choices("category")[0]
    return site.submit(page, form="/proposals/new/place", category=category, **fields)


def test_somebody_signed_in_proposes_in_three_steps(site: Site) -> None:
    set_goal(supports=12, days=45, answer_days=30)
    make_theme("Green and water")
    make_category("Potholes")
    author = make_resident(display_name="Mina Park")
    site.sign_in(author)

    page = written(site)
    assert page.path == "/proposals/new/check"
    assert page.has("The whole city")
    assert page.has("It gathers support for 45 days.")
    page = site.submit(page, form="/proposals/new/check", shows_author=True)

    (proposal,) = proposals()
    assert page.path == path_of(proposal)
    assert page.has("Your proposal is public now.")
    assert (proposal.case.title, proposal.case.body, proposal.case.language) == (TITLE, BODY, "en")
    assert (proposal.needed, proposal.case.reporter_id) == (12, author.id)
    assert site.another().get(path_of(proposal)).has("Mina Park")


def test_a_visitor_writes_first_and_keeps_all_of_it_through_signing_in(site: Site) -> None:
    make_theme()
    assert site.get("/proposals/new").has("At the end we ask for your e-mail address or phone number")
    page = written(site)

    page = site.submit(page, form="/proposals/new/check")
    assert page.path == "/accounts/prove?next=/proposals/new/check"
    assert proposals() == []

    site.sign_in(make_resident())
    page = site.get("/proposals/new/check")
    assert page.has(BODY)
    site.submit(page, form="/proposals/new/check")
    assert [one.case.title for one in proposals()] == [TITLE]


def test_pressing_twice_proposes_once(site: Site) -> None:
    make_theme()
    site.sign_in(make_resident())
    page = written(site)

    first = site.submit(page, form="/proposals/new/check")
    second = site.submit(page, form="/proposals/new/check")

    assert first.path == second.path
    assert len(proposals()) == 1


def test_what_was_changed_in_another_window_is_shown_before_it_is_sent(site: Site) -> None:
    make_theme()
    site.sign_in(make_resident())
    page = written(site)
    words(site, title="Plant oaks along the canal")

    page = site.submit(page, form="/proposals/new/check")

    assert page.status == 409
    assert page.has("Something changed in another window.")
    assert page.has("Plant oaks along the canal")
    assert proposals() == []


@pytest.mark.parametrize(
    ("title", "body", "problem"),
    [
        ("", BODY, "Say in one line what the city should do."),
        ("Trees", BODY, "Say it in one line of 6 to 120 letters."),
        ("x" * 121, BODY, "Say it in one line of 6 to 120 letters."),
        (TITLE, "", "Say in a few sentences what should be done, and why."),
        (TITLE, "Because.", "Say a little more: what should be done, and why?"),
        (TITLE, "x" * 10_001, "This is longer than 10,000 characters. Please shorten it."),
        (TITLE, "x" * 40_000, "This is longer than 10,000 characters. Please shorten it."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_words_that_do_not_fit_are_marked_and_stay(site: Site, title: str, body: str, problem: str) -> None:
    page = words(site, title, body)

    assert page.status == 422
    assert page.has(problem)
    assert page.form("/proposals/new").value("title") == title
    assert page.form("/proposals/new").value("body") == body


def test_any_letters_are_kept_as_they_were_written(site: Site) -> None:
    make_theme()
    site.sign_in(make_resident())
    body = "<b>나무</b> 🌳 مرحبا, and “shade” & more of it.\n\nA second part."
    page = words(site, "Trees 🌳 for <everybody>\x00", body + "\x00\u202e")
    site.submit(page, form="/proposals/new/place", category=page.form().choices("category")[0])
    page = site.submit("/proposals/new/check", form="/proposals/new/check")

    (proposal,) = proposals()
    assert proposal.case.title == "Trees 🌳 for <everybody>"
    assert proposal.case.body.startswith(body)
    assert "<b>나무" not in page.html


def test_a_place_is_found_in_its_ward_and_outside_of_the_city_nothing_is_proposed(site: Site) -> None:
    make_theme()
    ward = make_ward("harbour", geometry=square(129.0, 36.0, 0.1))
    lat, lon = middle(ward)
    site.sign_in(make_resident())

    page = written(site, area="place", lat="1.5", lon="2.5")
    assert page.status == 422
    assert page.has("This place lies outside")
    page = site.submit(page, form="/proposals/new/place", lat=str(lat), lon=str(lon), address="By the bridge")
    assert page.has("By the bridge")
    site.submit(page, form="/proposals/new/check")

    (proposal,) = proposals()
    assert (proposal.case.ward_id, proposal.case.address) == (ward.id, "By the bridge")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"area": "place"}, "Say where: write the street, choose the ward, or use the map."),
        ({"area": "place", "lat": "north", "lon": "1"}, "Latitude is not a number."),
        ({"area": "place", "lat": "95", "lon": "1"}, "Latitude is a number from -90 to 90."),
        ({"area": "place", "lat": "36.01", "lon": ""}, "A position has two numbers."),
        ({"area": "place", "lat": "0", "lon": "0"}, "the phone did not know where it is"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_place_that_says_nothing_is_asked_again(site: Site, fields: dict[str, str], problem: str) -> None:
    make_theme()

    page = written(site, **fields)

    assert page.status == 422
    assert page.has(problem)


def test_pictures_are_kept_in_the_draft_and_come_with_the_proposal(site: Site) -> None:
    make_theme()
    site.sign_in(make_resident())
    page = words(site)
    page = site.submit(page, form="/proposals/new/place", photos=[photo(), (b"no picture", "notes.txt")])
    assert page.status == 422
    assert page.has("notes.txt")
    address = page.value_of(".filing-photos img", "src") or ""
    assert site.get(address).status == 200
    assert site.another().get(address).status == 404

    category = page.form("/proposals/new/place").choices("category")[0]
    page = site.submit(page, form="/proposals/new/place", category=category)
    site.submit(page, form="/proposals/new/check")

    (proposal,) = proposals()
    assert proposal.case.photo_count == 1


def test_a_picture_is_taken_out_again(site: Site) -> None:
    make_theme()
    page = words(site)
    page = site.submit(page, form="/proposals/new/place", photos=[photo()])

    page = site.submit(page, button="Remove picture 1", form="form[action$='/remove']")

    assert "/new/pictures/" not in page.html


def test_proposals_and_answers_like_it_are_shown_while_writing_and_before_sending(site: Site) -> None:
    make_theme()
    make_proposal("Plant trees along the river")
    answered(outcome=Outcome.DECLINED, text="There are pipes below the path.")
    make_proposal("A night bus on Saturdays")

    piece = site.get("/proposals/new/alike?title=Plant+trees+along+the+canal").json["piece"]
    assert "Plant trees along the river" in piece
    assert "night bus" not in piece
    page = written(site)
    assert page.has("Is it one of these?")
    assert page.has("There are pipes below the path.")


def test_a_draft_goes_on_on_another_device_of_the_same_account(site: Site) -> None:
    make_theme()
    author = make_resident()
    words(site.sign_in(author))
    other = site.another().sign_in(author)

    page = other.get("/proposals/new")
    assert page.has("You began one on another device")
    page = other.submit(page, form="/proposals/new/resume")
    assert page.form("/proposals/new").value("body") == BODY
    assert not site.another().sign_in(make_resident()).get("/proposals/new").has(TITLE)


def test_a_draft_can_be_deleted(site: Site) -> None:
    words(site)

    page = site.submit("/proposals/new", form="/proposals/new/anew")

    assert page.form("/proposals/new").value("title") == ""
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_nobody_gets_to_a_step_that_comes_before_its_turn(site: Site) -> None:
    make_theme()

    assert site.get("/proposals/new/place").path == "/proposals/new"
    assert site.get("/proposals/new/check").path == "/proposals/new"
    words(site)
    assert site.get("/proposals/new/check").path == "/proposals/new/place"


def test_a_theme_that_is_no_longer_offered_is_asked_anew(site: Site) -> None:
    theme, other = make_theme("Green"), make_theme("Streets")
    site.sign_in(make_resident())
    page = words(site)
    page = site.submit(page, form="/proposals/new/place", category=theme.code)
    with transaction() as session:
        session.merge(theme).is_active = False

    page = site.submit(page, form="/proposals/new/check")

    assert page.path == "/proposals/new/place"
    assert page.form("/proposals/new/place").choices("category") == [other.code]
    assert proposals() == []


def test_an_account_that_has_proven_nothing_is_told_so_and_its_words_stay(site: Site) -> None:
    make_theme()
    site.sign_in(make_resident(email=""))
    page = written(site)

    page = site.submit(page, form="/proposals/new/check")

    assert page.status == 422
    assert page.has("Confirm an e-mail address or a phone number first")
    assert page.has(BODY)


def test_words_change_until_somebody_else_supports_them(site: Site) -> None:
    author = make_resident()
    proposal = make_proposal(author=author)
    site.sign_in(author)
    page = site.get(f"{path_of(proposal)}/edit")

    page = site.submit(page, title="Plant oaks along the canal")
    assert page.has("Plant oaks along the canal")
    page = site.get(f"{path_of(proposal)}/edit")
    support(proposal, make_resident())
    late = site.submit(page, title="Build a car park")
    assert late.status == 422
    assert late.has("Somebody supports this proposal already")
    assert site.get(f"{path_of(proposal)}/edit").path == path_of(proposal)
    assert site.get(path_of(proposal)).heading == "Plant oaks along the canal"


def test_a_number_in_changed_words_is_hidden_from_others_and_shown_to_its_author(site: Site) -> None:
    author = make_resident()
    proposal = make_proposal(author=author)
    body = "Call me about the trees, my number is 010-4711-0815, in the evening."

    site.sign_in(author).submit(f"{path_of(proposal)}/edit", body=body)

    assert site.get(f"{path_of(proposal)}/edit").form("form[action$='/edit']").value("body") == body
    assert not site.another().get(path_of(proposal)).has("4711")
    assert site.another().get("/proposals?q=4711").has("Nothing fits")


def test_what_the_author_adds_stands_below_with_its_date_once(site: Site) -> None:
    author = make_resident()
    proposal = make_proposal(author=author)
    support(proposal, make_resident())
    page = site.sign_in(author).get(f"{path_of(proposal)}/add")

    site.submit(page, message="The school helps with watering.")
    page = site.submit(page, message="The school helps with watering.")

    assert page.all(".addition .words") == ["The school helps with watering."]


def test_an_author_takes_a_proposal_back_with_a_reason_that_everybody_reads(site: Site) -> None:
    author = make_resident()
    proposal = make_proposal(author=author)
    support(proposal, make_resident())
    page = site.sign_in(author).get(f"{path_of(proposal)}/withdraw")
    assert page.has("1 person supports it. They read your reason.")

    assert site.submit(page, reason="").status == 422
    page = site.submit(page, reason="The neighbours planted them already.")

    assert page.has("Your proposal is taken back.")
    assert site.another().get(path_of(proposal)).has("The neighbours planted them already.")
    assert db.session.scalar(select(Case.status)) is Status.WITHDRAWN
    assert site.submit(f"{path_of(proposal)}/add", message="More").status == 422


def test_what_belongs_to_the_author_is_not_there_for_others(site: Site) -> None:
    proposal = make_proposal()
    site.sign_in(make_resident())

    for below in ("edit", "add", "withdraw"):
        assert site.get(f"{path_of(proposal)}/{below}").status == 404
        assert site.post_raw(f"{path_of(proposal)}/{below}", {"form_key": "k"}).status == 404


def test_the_first_page_and_the_places_lead_to_proposing(site: Site) -> None:
    page = site.get("/")

    assert any(address == "/proposals/new" for address in page.links.values())
    assert page.link("Proposals") == "/proposals"
