"""Ways to cheat, to pry or to hinder that an attacker with the source code would try, and that fail."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cps.core import clock as real_clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.keys import app_keys_dir
from cps.core.models import AuditRow, LimitWindow
from cps.core.storage import current_storage
from cps.polls import queries, tally
from cps.polls.models import Poll, PollEvent
from cps.polls.rules import CountKey, PollState
from cps.polls.services import casting, counting, course, drafting, opening, publishing, turnouts
from cps.polls.services.casting import Voter
from cps.polls.turnout import Group
from cps.residents.models import RegisterEntry
from cps.residents.queries import register_tag
from cps.wards.models import Ward
from tests.polls.checking import check, failed
from tests.polls.managing import here
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

PICTURE = "0123456789abcdef0123456789abcdef"


BORN = date(2000, 5, 17)


def register(ward: Ward, number: str = "A-1") -> None:
    """Put somebody into the register."""
    at = real_clock.now()
    factories.save(RegisterEntry(tag=register_tag(number), ward_id=ward.id, born_on=BORN, imported_at=at))


def words_of(page: Page) -> tuple[int, str]:
    """Return what a visitor learns from a page; the number of the request is another each time."""
    return page.status, re.sub(r"\b[0-9a-f]{16}\b", "", page.text)


def test_an_address_of_pictures_does_not_tell_a_draft_from_no_poll(site: Site) -> None:
    polls.make_draft("close-the-pool", picture=PICTURE)

    draft, nothing = (
        site.get(f"/polls/{slug}/pictures/{PICTURE}/large") for slug in ("close-the-pool", "no-such-poll")
    )

    assert words_of(draft) == words_of(nothing)


@pytest.mark.settings(rate_limits=True)
def test_who_objects_leaves_no_network_in_the_database(site: Site, clock: Clock) -> None:
    poll = polls.make_published("", ["park"], ["pool"])
    clock.move(days=7, hours=2)
    site.get(f"/polls/{poll.slug}/object")

    site.submit(body="The hall in the north closed an hour early.", email="")

    buckets = db.session.scalars(db.select(LimitWindow.bucket)).all()
    assert [bucket for bucket in buckets if bucket.startswith("poll-objection")]
    assert not [bucket for bucket in buckets if "127.0.0.1" in bucket]


def with_paper(clock: Clock, voters: int) -> Poll:
    """Return a closed poll with so many votes on paper, and one that is not."""
    poll = polls.make_poll()
    polls.vote_many(poll, ["park"])
    with transaction():
        for number in range(voters):
            casting.enter_on_roll(poll.id, Voter(f"{number:064}", "-|-"), on_paper=True)
    clock.move(days=8)
    polls.work()
    return queries.get_poll(poll.slug)


def counted(poll: Poll, clock: Clock, **counts: int) -> None:
    """Let an officer nobody has seen before enter a count of the paper ballots."""
    by = factories.make_agent()
    with transaction():
        totals = tally.PaperTotals(sum(counts.values()), 0, counts)
        counting.enter_paper(queries.lock_poll(poll.slug), totals, by=by, at=clock.now)


def test_two_who_agree_later_do_not_outvote_two_who_agreed_before(app: Flask, clock: Clock) -> None:
    poll = with_paper(clock, voters=3)
    for _officer in range(2):
        counted(poll, clock, park=2, pool=1)
    clock.move(hours=1)

    for _officer in range(2):
        counted(poll, clock, pool=3)
    polls.work()

    poll = queries.get_poll(poll.slug)
    assert counting.agreed_paper(poll) is None
    assert poll.state is PollState.CLOSED


def test_a_third_who_agrees_settles_a_dispute(app: Flask, clock: Clock) -> None:
    poll = with_paper(clock, voters=3)
    for counts in ({"pool": 3}, {"pool": 3}, {"park": 3}, {"park": 3}, {"park": 3}):
        counted(poll, clock, **counts)

    agreed = counting.agreed_paper(queries.get_poll(poll.slug))

    assert agreed is not None
    assert agreed.counts["park"] == 3


def test_a_count_that_changes_nothing_does_not_hold_up_the_result(app: Flask, clock: Clock) -> None:
    poll = with_paper(clock, voters=3)
    for _officer in range(2):
        counted(poll, clock, park=2, pool=1)
    polls.work()

    counted(poll, clock, pool=3)

    assert queries.get_poll(poll.slug).state is PollState.TALLIED


def test_where_nobody_voted_on_paper_there_is_nothing_to_count(app: Flask, clock: Clock) -> None:
    poll = with_paper(clock, voters=0)
    before = db.session.scalar(db.select(db.func.count()).select_from(PollEvent))

    with pytest.raises(RuleViolation):
        counted(poll, clock)

    assert queries.get_poll(poll.slug).state is PollState.TALLIED
    assert db.session.scalar(db.select(db.func.count()).select_from(PollEvent)) == before


@pytest.mark.parametrize(("number", "columns"), [("Z-404", {}), ("A-1", {"age_from": 40})])
def test_whoever_is_looked_up_in_vain_leaves_a_trace_too(
    site: Site, number: str, columns: dict[str, int]
) -> None:
    ward = factories.make_ward()
    polls.make_poll("park", key=CountKey.REGISTER, **columns)
    register(ward)
    officer = site.sign_in(factories.make_agent())

    officer.submit("/polls/park/counter", number=number, born_on=f"{BORN}")

    traces = db.session.scalars(db.select(AuditRow).where(AuditRow.action == "look-up-voter")).all()
    assert [row.object_id for row in traces] == ["park"]


def files_of(poll: Poll, folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "polls").glob(f"{poll.slug}.*"))


def test_a_server_that_still_has_keys_of_a_final_poll_destroys_them_when_it_is_asked_for_them(
    site: Site, clock: Clock, tmp_path: Path
) -> None:
    voter, by, here_ = polls.make_voter(), factories.make_administrator(), app_keys_dir()
    poll, other = polls.make_poll("gone"), polls.make_poll("gone-not")
    polls.vote(poll, voter, "park")
    shutil.copytree(here_ / "polls", tmp_path / "another-server")
    clock.move(days=8)
    polls.work()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll("gone"), by=by, at=clock.now)
    polls.work()
    clock.move(days=14)
    with transaction():
        publishing.finalise(queries.lock_poll("gone"), by=by, at=clock.now)
    polls.work()
    shutil.rmtree(here_ / "polls")
    shutil.copytree(tmp_path / "another-server", here_ / "polls")

    page = site.sign_in(voter).get("/accounts/me/polls")

    assert page.has("Nobody can tell any more")
    assert files_of(poll, here_) == ["gone.ended.json"]
    assert files_of(other, here_) == [f"gone-not.{kind}.json" for kind in ("opened", "web", "worker")]


def test_after_a_vote_at_the_counter_the_screen_forgets_what_stood_on_it_before(site: Site) -> None:
    ward = factories.make_ward()
    polls.make_poll("park", key=CountKey.REGISTER)
    register(ward)
    officer = site.sign_in(factories.make_agent())
    offer = officer.submit("/polls/park/counter", number="A-1", born_on=f"{BORN}")
    screen = officer.submit(offer, form="/polls/park/counter/pass")
    check = officer.submit(officer.get(screen.link("Hand over the screen")), choice=["pool"])

    thanks = officer.submit(check, button=check.forms[0].buttons[0])

    assert thanks.has("Your vote is in")
    assert thanks.header("Clear-Site-Data") == '"cache"'


def test_the_copy_of_lost_keys_does_not_count_for_new_ones(site: Site) -> None:
    site.sign_in(factories.make_administrator())
    polls.make_draft("park")
    assert queries.get_poll("park").copy_read_at

    site.submit(site.get(here("park", "/keys")), form=here("park", "/keys"))

    poll = queries.get_poll("park")
    assert (poll.copy_read_at, poll.rehearsed_at) == (None, None)


def test_nobody_comes_onto_the_list_of_an_opened_poll_or_off_it(app: Flask) -> None:
    poll = polls.make_poll()
    draft, by = polls.make_draft(), factories.make_administrator()
    with transaction():
        drafting.set_list(queries.lock_poll(draft.slug), ["a" * 64, "b" * 64], by=by, at=draft.created_at)
    statements = [
        f"INSERT INTO poll_listed (poll_id, tag) VALUES ({poll.id}, 'c')",
        f"UPDATE poll_listed SET poll_id = {poll.id}",
    ]

    for statement in statements:
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(text(statement))
        db.session.rollback()

    assert (queries.count_listed(poll.id), queries.count_listed(draft.id)) == (0, 2)


def wrong_in_bundle(poll: Poll, clock: Clock, folder: Path) -> set[str]:
    """Publish a poll and check its bundle; return the names of what failed."""
    by, slug = factories.make_administrator(), poll.slug
    clock.move(days=8)
    polls.work()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(slug), by=by, at=clock.now)
    polls.work()
    _status, said = check(folder, current_storage().get(publishing.bundle_key(slug)))
    return failed(said)


def test_people_who_come_into_the_register_during_a_poll_do_not_make_its_bundle_a_lie(
    app: Flask, clock: Clock, tmp_path: Path
) -> None:
    ward = factories.make_ward()
    voters = [polls.make_voter(ward) for _voter in range(25)]
    poll = polls.make_poll(key=CountKey.REGISTER, ward_codes=[ward.code])
    for voter in voters:
        polls.vote(poll, voter, "park")
    polls.fill_register([ward.code], people=30)

    assert wrong_in_bundle(poll, clock, tmp_path) == set()
    found = turnouts.read_kept(queries.get_poll(poll.slug).turnout)
    assert found.at(ward.code, 45) == Group(85, 25)
    assert turnouts.turnout_of(queries.get_poll(poll.slug)) == found


def test_voters_who_move_after_voting_do_not_make_the_bundle_a_lie(
    app: Flask, clock: Clock, tmp_path: Path
) -> None:
    old, new = factories.make_ward(), factories.make_ward()
    voters = [polls.make_voter(ward) for ward in (old, new) for _voter in range(30)]
    poll = polls.make_poll(key=CountKey.REGISTER, ward_codes=[old.code, new.code])
    for voter in voters:
        polls.vote(poll, voter, "park")
    moved = db.select(RegisterEntry).where(RegisterEntry.ward_id == old.id).limit(75)
    with transaction() as session:
        for entry in session.scalars(moved).all():
            entry.ward_id = new.id

    assert wrong_in_bundle(poll, clock, tmp_path) == set()


def test_where_clerks_make_the_register_nobody_says_beforehand_how_many_may_vote(
    app: Flask, clock: Clock
) -> None:
    ward = factories.make_ward()
    factories.save(
        *(RegisterEntry(tag=register_tag(f"W-{n}"), ward_id=ward.id, born_on=BORN) for n in range(60))
    )
    draft = polls.make_draft(key=CountKey.ACCOUNT)
    with transaction():
        queries.lock_poll(draft.slug).key = CountKey.REGISTER

    found = opening.specification_of_draft(queries.get_poll(draft.slug), None)

    assert found.eligible is None


def test_the_keys_of_a_void_poll_do_not_lie_about_for_ever(site: Site, clock: Clock) -> None:
    poll, by = polls.make_poll("void-poll"), factories.make_administrator()
    polls.vote_many(poll, ["park"])
    with transaction():
        course.void(queries.lock_poll("void-poll"), by=by, at=clock.now, reason="The question was wrong.")

    polls.work()
    assert len(files_of(poll, app_keys_dir())) == 3
    assert "destroyed 5 working days after it was void" in site.get("/polls/void-poll/protection").text

    clock.move(days=10)
    polls.work()
    assert files_of(poll, app_keys_dir()) == ["void-poll.ended.json"]
    assert "Destroyed on" in site.get("/polls/void-poll/protection").text
