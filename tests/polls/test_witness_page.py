"""The page on which an administrator finds the witnesses of a poll and the file to give to them."""

import hashlib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from cps.core.db import db, transaction
from cps.core.models import AuditRow
from cps.core.storage import current_storage
from cps.polls import queries, verify
from cps.polls.bundle import Kind
from cps.polls.rules import Lines
from cps.polls.services import publishing
from tests.polls.managing import administrator, here
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site

CHOICES = (["park"], ["pool"], ["park"], [])
TAKE = here("park", "/witnesses/ballots")


def page_text(site: Site) -> str:
    admin, _by = administrator(site)
    return admin.get(here("park", "/witnesses")).text


def taken() -> int:
    count = db.select(db.func.count()).where(AuditRow.action == "take-witness-ballots")
    return db.session.scalar(count) or 0


def test_the_page_names_them_and_what_they_can_keep_while_people_vote(site: Site) -> None:
    polls.make_poll("park")

    told = page_text(site)

    assert "The Aurelia Courier" in told
    assert "/polls/park/watch" in told
    assert "Their file is made together with the result." in told


def test_the_file_for_them_counts_again_and_its_fingerprint_is_on_the_page(
    site: Site, tmp_path: Path
) -> None:
    polls.make_published("park", *CHOICES)
    admin, by = administrator(site)
    page = admin.get(here("park", "/witnesses"))

    answer = admin.submit(TAKE)

    file = tmp_path / "witnesses.zip"
    file.write_bytes(answer.data)
    with ZipFile(BytesIO(answer.data)) as archive:
        assert len(archive.read("ballots.jsonl").splitlines()) == len(CHOICES)
    assert verify.main([str(file)]) == 0
    assert hashlib.sha256(answer.data).hexdigest() in page.text
    assert answer.header("Cache-Control") == "no-store"
    row = db.session.scalars(db.select(AuditRow).where(AuditRow.action == "take-witness-ballots")).one()
    assert (row.actor_id, row.object_id) == (by.id, "park")


def test_the_public_bundle_of_such_a_poll_has_no_ballots(site: Site) -> None:
    polls.make_published("park", *CHOICES)

    with ZipFile(BytesIO(site.get("/polls/park/bundle.zip").data)) as archive:
        assert "ballots.jsonl" not in archive.namelist()


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"lines": Lines.FULL}, "in the file that everybody can download"),
        ({"is_sensitive": True}, "Nobody gets them: of this poll only totals are published."),
        ({"witnesses": [], "has_no_witnesses": True}, "Nobody gets them: the poll names no witnesses."),
    ],
)
def test_where_nobody_else_gets_ballots_no_file_is_made(
    site: Site, columns: dict[str, object], words: str
) -> None:
    poll = polls.make_published("park", *CHOICES, **columns)

    assert words in page_text(site)
    assert not current_storage().exists(publishing.bundle_key(poll.slug, Kind.OBSERVER))


def test_nothing_is_given_before_the_result_is_public(site: Site, clock: Clock) -> None:
    polls.make_poll("park")
    admin, _by = administrator(site)
    clock.move(days=8)
    polls.work()

    answer = admin.post_raw(TAKE, {})

    assert answer.path == here("park", "/witnesses")
    assert taken() == 0


def test_the_file_goes_with_the_keys(site: Site, clock: Clock) -> None:
    poll, by = polls.make_published("park", *CHOICES), factories.make_administrator()
    other = polls.make_published("pool", *CHOICES)
    clock.move(days=22)
    with transaction():
        publishing.finalise(queries.lock_poll(poll.slug), by=by, at=clock.now)

    polls.work()

    admin, _by = administrator(site)
    assert "Their file was deleted with the keys" in admin.get(here("park", "/witnesses")).text
    assert admin.post_raw(TAKE, {}).path == here("park", "/witnesses")
    assert not current_storage().exists(publishing.bundle_key("park", Kind.OBSERVER))
    assert current_storage().exists(publishing.bundle_key(other.slug, Kind.OBSERVER))


def test_the_event_of_the_publication_tells_what_all_witnesses_got(site: Site) -> None:
    poll = polls.make_published("park", *CHOICES)

    event = next(event for event in queries.events(poll.id) if event.kind == "published")

    assert set(event.data) == {"public", "observer"}
    assert event.data["public"] == poll.bundle_sha256
