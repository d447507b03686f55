"""From an objection to the decision about an appeal, by pages; hidden words are nowhere in public."""

import re

import pytest
from flask import Flask

from cps.cases.models import Attachment
from cps.cases.reference import display
from cps.cases.rules import EventKind
from cps.core import clock, outbox
from cps.core.db import db, transaction
from cps.core.leases import Turn
from cps.core.models import AccessRow
from cps.moderation import queries
from cps.moderation.models import Flag
from cps.moderation.rules import Thing
from cps.notifications.models import Message
from cps.proposals import services
from cps.proposals.services import NewComment
from tests.moderation.making import flagged, hidden, photo_of, redacted
from tests.moderation.test_services import white
from tests.proposals.making import make_proposal
from tests.support import factories as make
from tests.support.site import Site
from tests.support.who_may import GETS, VISITOR
from tests.support.world import PART

MINE = {"email": "reporter@example.test"}


def test_from_an_objection_to_the_decision_about_the_appeal(site: Site) -> None:
    case = make.make_complaint(title="Fools everywhere", contact=dict(MINE), body="Fools, all of them.")
    page = f"/complaints/{display(case.reference)}"
    one, other = (site.another().sign_in(make.make_moderator()) for _ in range(2))
    reader = site.another().sign_in(make.make_resident())

    assert site.submit(f"/flag/case/{case.id}").status == 422
    assert site.submit(f"/flag/case/{case.id}", reason="insult").has("A moderator looks at it.")
    reader.submit(f"/flag/case/{case.id}", reason="other", words="Rude.")
    assert one.get("/moderation").has("2 readers object")
    one.submit(
        f"/moderation/case/{case.id}",
        form=f"/moderation/case/{case.id}/hide",
        reason="insult",
        note="Calmly, please.",
    )
    assert not one.get("/moderation").has("Fools")

    gone = site.get(page)
    assert (gone.status, gone.has("Reason: an insult or hatred")) == (410, True)
    mine = site.another()
    own = mine.get(f"{page}/key/{make.secret_of(case)}")
    assert own.has("Fools, all of them.")
    work()
    letters = {
        letter.subject.split(" (")[0]: letter.body_text for letter in db.session.scalars(db.select(Message))
    }
    assert {*letters} == {"The city hid something you wrote", "What came of your objection"}
    assert "Calmly, please." in letters["The city hid something you wrote"]

    appeal = own.link("Why, and how to appeal")
    assert mine.submit(appeal, words="They are.").has("A moderator has not decided yet.")
    assert site.get(appeal).status == 404
    assert one.get(f"/moderation/case/{case.id}").has("Another moderator than the one who hid it decides")
    act = queries.appeals()[0].id
    decide = f"/moderation/acts/{act}/decide"
    other.submit(f"/moderation/case/{case.id}", form=decide, button="Show it again", words="It is mild.")
    assert site.get(page).has("Fools, all of them.")
    assert mine.get(appeal).has("Granted: it is shown again.")


def test_of_two_moderators_the_slower_reads_it_and_keeps_what_was_typed(site: Site) -> None:
    case = make.make_complaint()
    flagged(Thing.CASE, case.id)
    slow = site.another().sign_in(make.make_moderator())
    page, form = slow.get(f"/moderation/case/{case.id}"), f"/moderation/case/{case.id}/words"
    hidden(Thing.CASE, case.id)

    page = slow.submit(page, form=form, phrases="pothole", reason="insult", note="Typed at length.")

    assert page.status == 409
    assert page.has("Another moderator did something about it a moment ago.")
    assert len(queries.acts_of(Thing.CASE, case.id)) == 1


def test_a_photo_is_covered_by_ticking_and_each_reading_of_the_original_is_recorded(site: Site) -> None:
    case, moderator = make.make_complaint(), make.make_moderator()
    photo = photo_of(case, white(120, 90))
    address = f"/photos/{photo.name}/thumbnail"
    assert site.get(address).status == 200
    site.sign_in(moderator)
    thing = f"/moderation/photo/{photo.id}"

    assert site.submit(thing, form=f"{thing}/cover", reason="personal-data").status == 422
    page = site.submit(thing, form=f"{thing}/cover", reason="personal-data", cell=["0-0", "1-0"])

    assert page.has("The parts are covered.")
    assert site.get(address).status == 404
    db.session.expire_all()
    assert site.get(f"/photos/{db.session.get_one(Attachment, photo.id).name}/large").status == 200
    act = queries.acts_of(Thing.PHOTO, photo.id)[0].id
    site.get(f"/moderation/acts/{act}/picture")
    assert db.session.scalars(db.select(AccessRow)).all() == []
    page = site.submit(page, form=f"/moderation/acts/{act}/original")
    assert site.get(page.value_of(".moderated-photo", "src") or "").status == 200
    assert [row.actor_id for row in db.session.scalars(db.select(AccessRow))] == [moderator.id]


@pytest.mark.settings(rate_limits=True)
def test_ten_objections_an_hour_are_enough(site: Site) -> None:
    cases = [make.make_complaint() for _ in range(11)]
    answers = [site.submit(f"/flag/case/{case.id}", reason="insult").status for case in cases]

    assert answers == [200] * 10 + [429]
    assert db.session.query(Flag).count() == 10


def test_what_is_hidden_or_blacked_out_stands_at_no_public_address(site: Site, app: Flask) -> None:
    title, body, update, comment, name = (
        f"Zq{word}zq" for word in ("title", "body", "update", "comment", "name")
    )
    ward, category = make.make_ward(), make.make_category()
    gone = make.make_complaint(title=title, body=f"{body} there", ward=ward, category=category)
    case = make.make_complaint(body=f"The van of {name} is there", ward=ward, category=category)
    event = make.make_event(case, EventKind.UPDATED, message=f"{update} said so")
    proposal = make_proposal()
    said = say(proposal.case_id, comment)
    for thing, key in ((Thing.CASE, gone.id), (Thing.UPDATE, event.id), (Thing.COMMENT, said)):
        hidden(thing, key)
    redacted(Thing.CASE, case.id, name)
    work()

    words = (title, body, update, comment, name)
    values = {"reference": case.reference, "comment_id": str(said), "act_id": "1", "language": "en"}
    addresses = [
        PART.sub(lambda part: values.get(part["name"], "1"), rule)
        for rule, who in GETS.items()
        if VISITOR in who
    ]
    addresses += [
        f"/proposals/{proposal.case.reference}",
        f"/complaints/{gone.reference}",
        f"/c/{gone.reference}",
    ]
    addresses += [
        f"/flag/{thing}/{key}" for thing, key in (("case", case.id), ("update", event.id), ("comment", said))
    ]
    addresses += [f"/complaints?q={word}&exact=1" for word in words]
    for address in addresses:
        page = site.get(address)
        seen = re.sub(r"[?&]q=[^&\"]*|value=\"[^\"]*\"", "", page.data.decode(errors="replace"))
        found = [word for word in words if word in seen and f"q={word}" not in address]
        assert found == [], address


def work() -> None:
    """Do what the worker does with facts and jobs until nothing is left."""
    for _round in range(6):
        outbox.run_due(Turn("test"))


def say(case_id: int, words: str) -> int:
    by = make.make_resident()
    with transaction():
        return services.comment(case_id, NewComment(words, "en"), by=by, at=clock.now()).id


def test_a_photo_is_asked_about_after_five_minutes_in_few_bytes_and_is_gone_once_hidden(site: Site) -> None:
    case = make.make_complaint()
    photo, other = photo_of(case, white(120, 90)), photo_of(case, white(90, 120))
    address = f"/photos/{photo.name}/thumbnail"

    first = site.get(address)
    tag = {"If-None-Match": first.header("ETag")}
    again = site.get(address, headers=tag)
    foreign = site.get(f"/photos/{other.name}/thumbnail", headers=tag)

    assert first.header("Cache-Control") == "public, max-age=300"
    assert (again.status, again.data) == (304, b"")
    assert again.header("Cache-Control") == "public, max-age=300"
    assert foreign.status == 200
    hidden(Thing.PHOTO, photo.id)
    assert site.get(address, headers=tag).status == 404
    assert site.get(f"/photos/{other.name}/thumbnail").status == 200


def test_who_reported_without_an_account_reads_by_link_or_pin_why_it_is_hidden_and_appeals(
    site: Site,
) -> None:
    case = make.make_complaint(contact=dict(MINE), body="Fools, all of them.")
    act = hidden(Thing.CASE, case.id)
    page = f"/complaints/{display(case.reference)}"
    by_link, by_pin = site.another(), site.another()

    opened = [
        by_link.get(f"{page}/key/{make.secret_of(case)}"),
        by_pin.submit(f"{page}/unlock", pin=make.PIN),
    ]

    for one in opened:
        assert (one.status, one.path) == (200, page)
        assert one.has("Reason: an insult or hatred")
        assert one.link("Why, and how to appeal") == f"/appeal/{act}"
    assert by_pin.submit(f"/appeal/{act}", words="It is meant kindly.").has("with a moderator")
    assert site.get(f"/appeal/{act}").status == 404
