"""Whole stories of filing: somebody with bad luck, two people with one hole, a shared computer."""

from sqlalchemy import select

from cps.cases.models import Attachment, Case, Follow
from cps.cases.reference import display
from cps.cases.rules import Priority
from cps.core.db import db
from cps.departments.rules import Datatype
from tests.complaints.steps import NEW, cases, photo, send, tell_details, tell_place, tell_words
from tests.support.factories import (
    make_category,
    make_complaint,
    make_department,
    make_resident,
    make_ward,
    middle,
    question,
)
from tests.support.fixtures import Clock
from tests.support.site import Site


def test_with_bad_luck_at_every_step_nothing_is_lost(site: Site, clock: Clock) -> None:
    make_complaint()  # another one, which must not change
    harbour = make_ward("harbour", name={"en": "Harbour"})
    lat, lon = middle(harbour)
    ground = question(
        "ground",
        Datatype.SINGLE,
        choices={"public": "The city's", "private": "Private"},
        stops={"private": {"en": "Please ask the owner."}},
        is_required=True,
    )
    road = make_category("Road", department=make_department("Roads"), questions=[ground])
    drain = make_category("Drain", department=make_department("Water"))

    # One photo is none, one is good.
    page = site.submit(
        NEW,
        form="form.filing-ways",
        button="Continue",
        photos=[(photo(), "hole.jpg"), (b"%PDF-1.7", "letter.pdf")],
    )
    assert page.has("letter.pdf: This is not a photo we can read.")

    # The phone thinks it is in another country; then the number is typed with a comma.
    page = tell_place(site, lat="48.85", lon="2.35", address="by the harbour gate")
    assert page.has("lies outside Testford")
    page = site.submit(page, form=f"{NEW}/place", lat=str(lat).replace(".", ","), lon=str(lon))

    # Two days later the words come; first without a category, then in one that does not fit.
    clock.move(days=2)
    assert site.get(NEW).has("by the harbour gate")
    page = site.submit(f"{NEW}/words", form=f"{NEW}/words", body="Water everywhere, there is a gas leak too")
    assert page.has("Choose what it is about.")
    page = site.submit(page, form=f"{NEW}/words", category=road.code)
    assert page.has("This sounds dangerous")
    page = tell_details(site, **{"answer-ground": "private", "privacy": "private"})
    assert page.has("Please ask the owner.")
    site.get(page.link("Choose another category"))
    tell_words(site, drain, "Water everywhere, there is a gas leak too")
    page = tell_details(site, email="mina.at.example.org", privacy="private")
    assert page.has("Write an address like name@example.org, or a mobile number like")
    site.submit(page, form=f"{NEW}/details", email="mina@example.org")

    # At last it is sent, and everything is there.
    page = send(site)
    assert page.has("Sent. Thank you!")
    case = cases()[-1]
    assert (case.body, case.address) == ("Water everywhere, there is a gas leak too", "by the harbour gate")
    assert (case.ward_id, case.category_id, case.is_private) == (harbour.id, drain.id, True)
    assert (case.priority, case.answers, case.photo_count) == (Priority.URGENT, {}, 1)
    assert db.session.scalars(select(Attachment)).one().case_id == case.id
    assert len(cases()) == 2


def test_of_two_people_with_one_hole_the_second_backs_the_first(site: Site) -> None:
    ward, category = make_ward(), make_category("Road")
    lat, lon = middle(ward)
    tell_place(site, lat=str(lat), lon=str(lon))
    tell_words(site, category, "A deep hole in front of the bakery")
    tell_details(site)
    send(site)
    [first] = cases()

    neighbour = make_resident()
    other = site.another().sign_in(neighbour)
    tell_place(other, lat=str(lat + 0.0002), lon=str(lon))
    tell_words(other, category, "The hole at the bakery is very deep")
    page = tell_details(other)
    assert page.heading == "Is it one of these?"
    page = other.submit(page, form=f"/complaints/{display(first.reference)}/support")

    assert page.path == f"/complaints/{display(first.reference)}"
    assert len(cases()) == 1
    assert db.session.get_one(Case, first.id).support_count == 1
    assert [row.account_id for row in db.session.scalars(select(Follow))] == [neighbour.id]

    # Who is not sure goes on all the same; the draft is still there.
    assert other.get(f"{NEW}/similar").link("None of these, go on") == f"{NEW}/check"
    other.get(f"{NEW}/check")
    assert send(other).has("Sent. Thank you!")
    assert len(cases()) == 2


def test_at_a_shared_computer_each_sees_only_what_is_theirs(site: Site) -> None:
    category = make_category()
    tell_place(site, address="Mill Lane")
    tell_words(site, category, "The first person's words")
    tell_details(site, privacy="private")
    last = send(site)
    pin = last.all(".big-code")[1]

    # The next person at the same machine, with a clean browser, knows nothing but the number.
    following = site.another()
    assert not following.get(last.path).has(pin)
    assert not following.get(last.path).has("The first person's words")
    assert following.get(NEW).heading == "Do you have a photo?"
