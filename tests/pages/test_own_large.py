"""One's own data where it is much: made by a worker, told when it is there, gone after three days."""

import io
import json
import tracemalloc
import zipfile

import pytest
from flask import Flask

from cps.accounts import services as accounts
from cps.accounts.models import Account
from cps.core import clock as real_clock
from cps.core import upkeep, worker
from cps.core.db import db, transaction
from cps.core.storage import current_storage
from cps.notifications.models import Message
from cps.notifications.rules import MessageChannel
from cps.pages import queries, services
from cps.pages.models import OwnArchive
from cps.pages.own_archive import json_of
from tests.support.factories import make_resident
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

ARCHIVE = "/accounts/me/data/archive"


def make_messages(account: Account, number: int) -> None:
    at = real_clock.now()
    row = {"channel": MessageChannel.MAIL, "address": "", "account_id": account.id, "language": "en"}
    row |= {"subject": "", "body_text": "", "created_at": at, "run_at": at, "done_at": at}
    rows = [{**row, "dedupe_key": f"{account.id}:{key}"} for key in range(number)]
    with transaction() as session:
        session.execute(db.insert(Message), rows)


def make_large() -> Account:
    person = make_resident(email="kim@testford.test")
    make_messages(person, queries.ROWS_AT_ONCE + 1)
    return person


def ask(site: Site) -> Page:
    return site.submit(site.get("/accounts/me/data"), form=ARCHIVE)


def archives() -> list[OwnArchive]:
    db.session.rollback()
    return list(db.session.scalars(db.select(OwnArchive)))


def test_up_to_a_bound_the_files_come_at_once(site: Site) -> None:
    person = make_resident()
    make_messages(person, queries.ROWS_AT_ONCE)
    site.sign_in(person)

    page = site.get("/accounts/me/data")

    assert page.link("Take my data along") == "/accounts/me/data.json"
    assert len(site.get("/accounts/me/data.json").json["messages_to_you"]) == queries.ROWS_AT_ONCE


@pytest.mark.parametrize("path", ["/accounts/me/data.json", "/accounts/me/data.zip"])
def test_beyond_the_bound_one_is_led_to_the_archive(site: Site, path: str) -> None:
    site.sign_in(make_large())

    page = site.get(path)

    assert page.path == "/accounts/me/data"
    assert page.has("Put my data together")


def test_a_worker_makes_the_archive_and_tells_its_owner(site: Site) -> None:
    site.sign_in(make_large())

    assert ask(site).has("Your data is being put together")
    worker.run_until_idle()
    page = site.get("/accounts/me/data")

    assert page.has("It is here until")
    with zipfile.ZipFile(io.BytesIO(site.get(page.link("Get my data")).data)) as archive:
        held = json.loads(archive.read("my-data.json"))
    assert len(held["messages_to_you"]) == queries.ROWS_AT_ONCE + 1
    subjects = db.session.scalars(db.select(Message.subject).filter(Message.subject != "")).all()
    assert subjects == ["Your data is ready to take along"]


def test_asking_twice_makes_one_archive(site: Site) -> None:
    site.sign_in(make_large())
    ask(site)
    site.post_raw(ARCHIVE)
    worker.run_until_idle()
    site.post_raw(ARCHIVE)

    assert worker.run_until_idle() == 0
    (one,) = archives()
    assert one.ready_at is not None


def test_nobody_else_gets_the_archive(site: Site) -> None:
    site.sign_in(make_large())
    ask(site)
    worker.run_until_idle()
    other = site.another().sign_in(make_resident())

    page = other.get(f"{ARCHIVE}.zip")

    assert page.path == "/accounts/me/data"
    assert site.another().get(f"{ARCHIVE}.zip", follow=False).status == 303


def test_after_three_days_the_archive_and_its_file_are_gone(site: Site, clock: Clock) -> None:
    person = make_large()
    site.sign_in(person)
    ask(site)
    worker.run_until_idle()
    (one,) = archives()
    key = one.storage_key
    clock.move(days=3)

    assert site.get(f"{ARCHIVE}.zip").path == "/accounts/me/data"
    upkeep.run(real_clock.now())

    assert archives() == []
    assert not current_storage().exists(key)


def test_with_the_account_its_archive_and_the_file_go(app: Flask, clock: Clock) -> None:
    person = make_large()
    with transaction():
        services.ask_for_archive(person.id, at=real_clock.now())
    worker.run_until_idle()
    (one,) = archives()
    key = one.storage_key
    assert current_storage().exists(key)

    with transaction():
        accounts.delete_account(person.id, at=real_clock.now())
    worker.run_until_idle()

    assert archives() == []
    assert not current_storage().exists(key)


def test_an_account_deleted_while_its_archive_waits_leaves_no_file(app: Flask) -> None:
    person = make_large()
    with transaction():
        services.ask_for_archive(person.id, at=real_clock.now())
    (one,) = archives()
    key = one.storage_key

    with transaction():
        accounts.delete_account(person.id, at=real_clock.now())
    worker.run_until_idle()

    assert not current_storage().exists(key)


def test_the_archive_of_a_joined_account_is_forgotten(app: Flask) -> None:
    into, other = make_resident(), make_large()
    for one in (into, other):
        with transaction():
            services.ask_for_archive(one.id, at=real_clock.now())
    worker.run_until_idle()
    keys = {one.account_id: one.storage_key for one in archives()}

    with transaction():
        accounts.join_accounts(into.id, other.id, at=real_clock.now())
    worker.run_until_idle()

    assert [one.account_id for one in archives()] == [into.id]
    assert not current_storage().exists(keys[other.id])


def test_an_archive_whose_file_was_lost_can_be_asked_for_anew(site: Site) -> None:
    site.sign_in(make_large())
    ask(site)
    worker.run_until_idle()
    (one,) = archives()
    current_storage().delete(one.storage_key)

    assert site.get(f"{ARCHIVE}.zip").path == "/accounts/me/data"
    assert ask(site).has("Your data is being put together")
    worker.run_until_idle()
    assert site.get(f"{ARCHIVE}.zip").header("Content-Type") == "application/zip"


def peak_of_the_file(account: Account) -> int:
    """Return how many bytes at most are in memory while the file is made."""
    tracemalloc.start()
    json_of(account, at=real_clock.now()).close()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_is_the_same_for_a_file_of_any_size(app: Flask) -> None:
    small, large = make_resident(), make_resident()
    make_messages(small, 2_000)
    make_messages(large, 12_000)
    peak_of_the_file(small)  # what is loaded and compiled once counts for neither

    assert peak_of_the_file(large) < 1.5 * peak_of_the_file(small)
