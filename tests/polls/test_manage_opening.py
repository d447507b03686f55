"""Keys, their copy, the list of voters, preview, rehearsal and the opening."""

import json
from typing import Any

import pytest

from cps.accounts import queries as accounts
from cps.core.db import db
from cps.core.keys import app_keys_dir
from cps.core.models import AuditRow
from cps.polls import copies, key_files, queries
from cps.polls import keys as poll_keys
from cps.polls.models import BallotInbox, Poll, PollListed, VoterRoll
from cps.polls.rules import CountKey, Method, PollState
from cps.polls.services import casting, listing
from tests.polls.managing import administrator, copy_of, here, send
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site


@pytest.fixture
def admin(site: Site) -> Site:
    return administrator(site)[0]


def again(slug: str = "park") -> Any:
    return queries.get_poll(slug)


def draft(**columns: Any) -> Poll:
    return polls.make_draft("park", **{"rehearsed_at": None, "copy_read_at": None, **columns})


def make_keys(admin: Site) -> None:
    admin.submit(here("park", "/keys"))


def read_back(admin: Site, **fields: object) -> Any:
    page = admin.get(here("park", "/keys"))
    return admin.submit(page, form=here("park", "/keys/read-back"), **fields)


def test_keys_are_made_once_and_stay(admin: Site) -> None:
    draft()
    stale = admin.get(here("park", "/keys"))
    make_keys(admin)
    first = copy_of("park")

    admin.submit(stale, form=here("park", "/keys"))

    assert copy_of("park") == first


def test_the_copy_is_shown_by_post_and_kept_by_nobody(admin: Site) -> None:
    draft()
    make_keys(admin)
    line = copy_of("park").splitlines()[3]

    assert line not in admin.get(here("park", "/keys")).text
    page = admin.submit(here("park", "/keys"), form=here("park", "/keys/copy"), button="Show it to print")

    assert line in page.text
    assert page.header("Cache-Control") == "no-store"
    assert admin.get(here("park", "/keys/copy")).status == 405


def test_the_copy_is_downloaded_and_that_leaves_a_trace(admin: Site) -> None:
    draft()
    make_keys(admin)

    page = admin.submit(here("park", "/keys"), form=here("park", "/keys/copy"), button="Download it")

    assert page.data.decode() == copy_of("park")
    assert "attachment" in page.header("Content-Disposition")
    assert page.header("Cache-Control") == "no-store"
    assert "copy-keys" in {row.action for row in db.session.scalars(db.select(AuditRow))}


def test_a_pasted_copy_is_read_back(admin: Site) -> None:
    draft()
    make_keys(admin)

    page = read_back(admin, text=copy_of("park").lower())

    assert page.has("The copy is right")
    assert again().copy_read_at is not None


def test_an_uploaded_copy_is_read_back(admin: Site) -> None:
    draft()
    make_keys(admin)

    read_back(admin, file=(copy_of("park").encode(), "keys.txt"))

    assert again().copy_read_at is not None


def test_a_wrong_line_is_named_and_what_was_typed_stays(admin: Site) -> None:
    draft()
    make_keys(admin)
    lines = copy_of("park").splitlines()
    lines[4] = f"3 {'0' * 28}"

    page = read_back(admin, text="\n".join(lines))

    assert page.status == 422
    assert page.has("Line 3 is not right")
    assert lines[3] in page.text_of("#text")
    assert again().copy_read_at is None


def test_a_copy_of_other_keys_is_refused(admin: Site) -> None:
    draft()
    make_keys(admin)

    page = read_back(admin, text=copies.copy_text(poll_keys.make("park")))

    assert page.status == 422
    assert page.has("of other keys")
    assert again().copy_read_at is None


def test_a_list_of_numbers_is_kept_as_tags_each_person_once(admin: Site) -> None:
    factories.make_ward()
    draft(key=CountKey.REGISTER, is_sensitive=True)
    make_keys(admin)
    polls.register("Q-1", "Q-2")
    page = send(admin, "park", "/voters", file=(b"number\nQ 1\nq-2\nQ-1\n", "list.csv"))

    assert page.has("2 people are on the list now.")
    assert queries.count_listed(again().id) == 2
    assert again().is_listed
    kept = {row.tag for row in db.session.scalars(db.select(PollListed))}
    assert all(len(tag) == 64 for tag in kept)


def test_the_list_knows_the_address_of_an_account(admin: Site) -> None:
    draft(is_sensitive=True)
    make_keys(admin)
    ann, ben = polls.make_voter(email="ann@testford.test"), polls.make_voter()

    send(admin, "park", "/voters", file=(b"Ann@Testford.test\n", "list.csv"))

    web = key_files.read_web(app_keys_dir(), "park")
    ann_s, ben_s = (listing.list_tag(web, again().key, accounts.email_tag(one.email)) for one in (ann, ben))
    assert queries.is_listed(again().id, ann_s)
    assert not queries.is_listed(again().id, ben_s)


def test_lines_that_name_nobody_are_told_by_number(admin: Site) -> None:
    draft()
    make_keys(admin)

    page = send(admin, "park", "/voters", file=(b"ann@testford.test\nnobody\n\n@\n", "list.csv"))

    assert page.status == 422
    assert page.has("Line 2: It names nobody.")
    assert page.has("Line 4: It names nobody.")
    assert queries.count_listed(again().id) == 0


def test_a_list_needs_keys_and_another_key_takes_it_away(admin: Site) -> None:
    draft()
    assert send(admin, "park", "/voters", file=(b"ann@testford.test\n", "l.csv")).has("Make the keys")
    make_keys(admin)
    send(admin, "park", "/voters", file=(b"ann@testford.test\n", "l.csv"))
    assert again().is_listed

    send(admin, "park", "/who", key="register")

    assert not again().is_listed
    assert queries.count_listed(again().id) == 0


def test_the_preview_is_the_voters_own_page_with_a_banner(admin: Site) -> None:
    draft(explanation={"en": "Only one can be built."})

    page = admin.get(here("park", "/preview"))
    ballot = admin.follow("Vote")

    assert page.has("Preview: only administrators see this.")
    assert page.has("Only one can be built.")
    assert ballot.path == here("park", "/preview/ballot")
    assert ballot.has("School")
    assert all(shown.tree.css("link[href*='/polls-']") for shown in (page, ballot))
    assert admin.another().get("/polls/park").status == 404


@pytest.mark.parametrize("rest", ["/preview", "/preview/ballot"])
def test_a_preview_leads_to_no_page_that_is_not_there_yet(admin: Site, rest: str) -> None:
    draft()

    page = admin.get(here("park", rest))

    assert not page.all("main a[href^='/polls/park']")
    assert not page.has("What happened")


def test_a_vote_in_the_preview_is_recorded_nowhere(admin: Site) -> None:
    draft()

    page = admin.submit(here("park", "/preview/ballot"), choice=["park"])

    assert page.has("nothing was recorded")
    assert db.session.scalar(db.select(db.func.count()).select_from(BallotInbox)) == 0


def test_a_draft_without_times_has_no_preview_yet(admin: Site) -> None:
    draft(opens_at=None, closes_at=None)

    page = admin.get(here("park", "/preview"))

    assert page.path == here("park")
    assert page.has("There is nothing to preview yet. Say when the poll opens and closes.")


def test_a_rehearsal_shows_ballots_receipts_and_count_and_stores_none_of_them(admin: Site) -> None:
    draft()
    make_keys(admin)

    page = admin.submit(here("park", "/rehearsal"))

    assert page.status == 200
    assert len(page.all("table:first-of-type tbody tr")) >= 4
    assert page.has("Nothing was stored")
    assert again().rehearsed_at is not None
    for table in (BallotInbox, VoterRoll):
        assert db.session.scalar(db.select(db.func.count()).select_from(table)) == 0


def test_a_rehearsal_needs_keys(admin: Site) -> None:
    draft()

    page = admin.get(here("park", "/rehearsal"))
    assert page.link("Keys and their second copy") == here("park", "/keys")
    assert "Run the rehearsal" not in page.text
    forged = admin.post_raw(here("park", "/rehearsal"), {"version": again().version})

    assert forged.status == 422
    assert again().rehearsed_at is None


def test_a_field_that_no_specification_can_have_is_told_in_words(admin: Site) -> None:
    draft(is_listed=False, witnesses=["A", "A"])
    make_keys(admin)

    page = admin.submit(here("park", "/rehearsal"))

    assert page.has("Look at the witnesses: something stands there twice.")


def test_a_poll_opens_once_everything_is_green(admin: Site) -> None:
    draft()
    make_keys(admin)
    read_back(admin, text=copy_of("park"))
    admin.submit(here("park", "/rehearsal"))

    asked = admin.get(here("park")).link("Open the poll")
    shown = admin.get(asked)
    page = admin.submit(asked)

    assert shown.has("Everybody can object for 5 working days after the result.")

    assert again().state is PollState.OPEN
    assert page.path == here("park")
    assert page.has(again().spec_sha256)


def test_a_ballot_holds_at_most_as_many_as_there_are_options(admin: Site) -> None:
    draft(method=Method.APPROVAL, most=12)
    make_keys(admin)
    read_back(admin, text=copy_of("park"))
    rehearsed = admin.submit(here("park", "/rehearsal"))
    previewed = admin.get(here("park", "/preview"))
    asked = admin.get(here("park", "/open"))

    admin.submit(asked, form=here("park", "/open"))

    assert rehearsed.has("It went well")
    assert previewed.has("as many as you agree with, up to 3")
    assert asked.has("as many as you agree with, up to 3")
    assert json.loads(again().spec_json)["most"] == again().most == 3


def test_opening_is_refused_before_the_copy_was_read_back(admin: Site) -> None:
    draft()
    make_keys(admin)
    admin.submit(here("park", "/rehearsal"))

    assert "Open the poll" not in admin.get(here("park")).links
    page = admin.post_raw(here("park", "/open"), {"version": again().version})

    assert page.status == 422
    assert page.has("Every line of the checklist must be done")
    assert again().is_draft


def test_opening_is_refused_where_another_changed_the_draft_meanwhile(admin: Site, clock: Clock) -> None:
    draft()
    make_keys(admin)
    read_back(admin, text=copy_of("park"))
    admin.submit(here("park", "/rehearsal"))
    asked = admin.get(here("park", "/open"))
    clock.move(minutes=1)
    send(administrator(admin.another())[0], "park", "/question", question_en="Something else?")

    page = admin.submit(asked)

    assert page.status == 409
    assert again().is_draft


def test_a_vote_goes_into_a_poll_opened_by_its_pages(admin: Site) -> None:
    draft()
    make_keys(admin)
    read_back(admin, text=copy_of("park"))
    admin.submit(here("park", "/rehearsal"))
    admin.submit(here("park", "/open"))

    assert polls.vote(again(), polls.make_voter(), "park") is casting.Cast.RECORDED
