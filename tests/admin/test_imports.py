"""Files brought in by the administration: checked without a trace, taken over once, and gone afterwards."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func

from cps.accounts.models import Account
from cps.admin.imports import opening, queries, services, working
from cps.admin.imports.rules import LARGEST_FILE, Carried, What
from cps.core import clock as real_clock
from cps.core import leases, retention, upkeep, worker
from cps.core.db import db, transaction
from cps.core.errors import AlreadyDone
from cps.core.leases import LEASE, Turn
from cps.core.models import AuditRow, Job, OutboxFact
from cps.departments.models import Category
from cps.knowledge import queries as articles
from cps.notifications.models import Message
from cps.residents.models import CityCard, RegisterEntry
from tests.accounts.support import at_once
from tests.cases.importing import MAPPING, bring_in, cases, rows
from tests.proposals.making import make_theme
from tests.proposals.test_import import MAPPING as PROPOSALS
from tests.proposals.test_import import ROW as PROPOSAL
from tests.residents.steps import bring_in as bring_in_register
from tests.residents.steps import entries, entry_of
from tests.support.factories import (
    PASSWORD,
    make_administrator,
    make_category,
    make_department,
    make_officer,
    make_ward,
)
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

HERE = "/admin/imports"
REGISTER = b"number,ward,birth date\n900517-1234567,harbour,1990-05-17\nA-2,hill,1985-01-02\n"
OWN = "external_id,received_at,title,category\n{rows}"


@pytest.fixture
def admin(site: Site) -> Account:
    """An administrator who is signed in."""
    person = make_administrator(password=PASSWORD, display_name="Ada")
    site.sign_in(person)
    return person


def confirm(site: Site, address: str) -> None:
    """Write the password once more, on the way to an address."""
    site.submit(site.get(address), form="/accounts/me/confirm", password=PASSWORD)


def upload(site: Site, kind: str, content: bytes, name: str = "file.csv", **fields: Any) -> Page:
    """Bring a file in, and let the worker look at it; returns its page then."""
    address = f"{HERE}/{kind}"
    page = site.submit(address, form=address, file=(content, name), **fields)
    if page.status != 200 or "/files/" not in page.path:
        return page
    worker.run_until_idle()
    return site.get(page.path)


def take(site: Site, page: Page, **fields: Any) -> Page:
    """Take a file over, and let the worker do it."""
    site.submit(page, form=f"{page.path}/take", **fields)
    worker.run_until_idle()
    return site.get(page.path)


def a_mapping(**changes: Any) -> tuple[bytes, str]:
    return json.dumps({**MAPPING, **changes}).encode(), "mapping.json"


def everything() -> dict[str, list[Any]]:
    """Return all rows but those of files on their way and of what staff did."""
    db.session.rollback()
    beside = {"job", "audit", "form_key", "sign_in_session", "limit_window", "outbox"}
    tables = [table for table in db.metadata.sorted_tables if table.name not in beside]
    return {table.name: sorted(map(repr, db.session.execute(db.select(table)))) for table in tables}


def carried(page: Page) -> Carried:
    db.session.rollback()
    return Carried.of(db.session.get_one(Job, int(page.path.rsplit("/", 1)[1])).payload)


def stored(app: Flask) -> list[Path]:
    return list((Path(app.extensions["cps_config"].storage_url) / "incoming").rglob("*.bin"))


def figures(page: Page) -> dict[str, int]:
    return carried(page).figures


def test_a_check_writes_nothing_and_says_what_the_file_would_do(
    site: Site, app: Flask, admin: Account
) -> None:
    make_ward("harbour"), make_ward("hill")
    before = everything()

    page = upload(site, "cases", rows({}, {"closed": ""}).encode(), mapping=a_mapping())

    assert page.has("It waits for your decision")
    assert figures(page) == {"new": 2, "closed": 0, "same": 0}
    assert page.has("New departments: Public works")
    assert everything() == before


def test_a_check_of_categories_and_of_a_city_writes_nothing(site: Site, admin: Account) -> None:
    make_department("Roads", code="roads")
    before = everything()

    table = b"code,name,department,service_time\nholes,Holes,roads,3\n"
    page = upload(site, "categories", table)

    assert figures(page)["new"] == 1
    assert everything() == before
    assert take(site, page).has("Taken over")
    assert db.session.scalars(db.select(Category.code).where(Category.code == "holes")).all() == ["holes"]
    before = everything()
    parks = {"code": "parks", "name": {"en": "Parks"}}
    pack = json.dumps({"format": "cps-city-pack", "version": 1, "departments": [parks]}).encode()
    page = upload(site, "city", pack, "city.json")
    assert (figures(page)["new"], everything() == before) == (1, True)


def test_taking_over_does_what_the_command_does_and_sends_nothing(
    site: Site, app: Flask, tmp_path: Path, admin: Account
) -> None:
    content = rows({}, {"closed": "", "reason": ""}, {"via": "App"})
    page = take(site, upload(site, "cases", content.encode(), mapping=a_mapping()))

    assert page.has("Taken over")
    assert [one.title for one in cases()] == ["Pothole"] * 3
    by_page = figures(page)
    answer = bring_in(app, tmp_path, content)

    assert by_page == {"new": 3, "closed": 0, "same": 0}
    assert "0 new, 0 closed since, 3 as before, 0 wrong" in answer.output
    assert db.session.scalar(db.select(func.count()).select_from(OutboxFact)) == 0
    assert db.session.scalar(db.select(func.count()).select_from(Message)) == 0
    assert stored(app) == []
    db.session.rollback()
    done = db.session.scalars(db.select(AuditRow).where(AuditRow.action == "import-file")).one()
    assert (done.actor_id, done.changes["new"]) == (admin.id, [None, 3])


def test_a_file_taken_over_by_the_page_is_row_for_row_that_of_the_command(
    site: Site, app: Flask, tmp_path: Path, admin: Account
) -> None:
    make_ward("harbour"), make_ward("hill")
    file = tmp_path / "register.csv"
    file.write_bytes(REGISTER)
    bring_in_register(app, file)
    by_command = everything()["register_entry"]
    with transaction() as session:
        session.execute(db.delete(RegisterEntry))
    confirm(site, f"{HERE}/residents")

    page = take(site, upload(site, "residents", REGISTER))

    assert figures(page) == {"new": 2, "changed": 0, "same": 0, "gone": 0}
    assert everything()["register_entry"] == by_command


def test_wrong_rows_are_told_by_line_and_left_out_only_if_wished(site: Site, admin: Account) -> None:
    content = rows({}, {"type": "Nonsense", "opened": "yesterday"}, {}).encode()

    page = upload(site, "cases", content, mapping=a_mapping())

    assert page.has("Line 3, column “opened”")
    refused = take(site, page)
    assert refused.has("Checked. It waits for your decision")
    assert cases() == []
    assert take(site, page, skips=True).has("Taken over")
    assert [one.external_id for one in cases()] == ["1001", "1003"]


def test_a_table_with_our_own_names_needs_no_mapping(site: Site, admin: Account) -> None:
    make_category("Pothole", code="hole")
    content = "external_id,received_at,title,category\n7,2026-10-01T09:00:00,Caf\u00e9,hole\n"

    page = upload(site, "cases", content.encode("windows-1252"), source="old", encoding="windows-1252")
    take(site, page)

    (case,) = cases()
    assert (case.source, case.external_id, case.title, case.is_private) == ("old", "7", "Café", True)
    again = upload(site, "cases", content.encode("windows-1252"), source="old", encoding="windows-1252")
    assert figures(again) == {"new": 0, "closed": 0, "same": 1}


def test_a_file_in_another_encoding_says_so_by_its_line(site: Site, admin: Account) -> None:
    make_category("Pothole", code="hole")
    content = "external_id,received_at,title,category\n7,2026-10-01T09:00:00,Caf\u00e9,hole\n"

    page = upload(site, "cases", content.encode("windows-1252"), source="old")

    assert page.has("Cannot be taken over")
    assert page.has("Line 2, column “title”: It is not text in UTF-8.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a file of at most 20 MB"),
        (b"\n\n", "The file is empty"),
        (b"900517-1234567,harbour,1990-05-17\n", "There is no column “number”"),
        (b'number,ward,birth date\n"900517,harbour\n', "The quotes do not match"),
        (b"\xff\xfen\x00", "Save it as “CSV UTF-8”"),
        (b"number,ward,birth date\n", "No row of the file can be taken over"),
    ],
)
def test_what_is_no_register_is_refused_in_words_and_deleted(
    site: Site, app: Flask, admin: Account, content: bytes, said: str
) -> None:
    make_ward("harbour")
    confirm(site, f"{HERE}/residents")

    page = upload(site, "residents", content)

    assert page.has(said)
    assert (entries(), stored(app)) == ([], [])


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"Kim Minsu,900517-1234567,harbour,1990-05-17\n", {}),
        (REGISTER, {"ward": "number"}),
        (REGISTER, {"ward": "birth date"}),
    ],
)
def test_why_a_register_is_refused_tells_nothing_of_whom_it_lists(
    site: Site, admin: Account, content: bytes, fields: dict[str, str]
) -> None:
    make_ward("harbour")
    confirm(site, f"{HERE}/residents")

    page = upload(site, "residents", content, **fields)

    assert page.has("Cannot be taken over")
    kept = repr([row.payload for row in db.session.scalars(db.select(Job))]) + page.html
    assert not [told for told in ("Kim", "900517", "1990-05-17", "A-2", "1985") if told in kept]


def test_a_file_that_is_too_large_is_refused_and_led_to_the_command(
    site: Site, app: Flask, admin: Account
) -> None:
    page = upload(site, "articles", b"x" * (LARGEST_FILE + 1))

    assert (page.status, page.has("A larger one comes in by a command.")) == (422, True)
    assert stored(app) == []


def test_a_file_of_too_many_rows_is_refused(
    site: Site, admin: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(opening.MOST_ROWS, What.CASES, 2)

    page = upload(site, "cases", rows({}, {}, {}).encode(), mapping=a_mapping())

    assert page.has("The file has more than 2 rows.")


def test_a_mapping_with_faults_tells_all_of_them(site: Site, admin: Account) -> None:
    page = upload(site, "cases", rows({}).encode(), mapping=a_mapping(source="", colums={}))

    assert page.has("colums: There is no such value")
    assert page.has("source: This is missing.")


def test_the_register_asks_for_the_password_once_more(site: Site, admin: Account) -> None:
    make_ward("harbour"), make_ward("hill")
    assert site.get(f"{HERE}/residents").path.startswith("/accounts/me/confirm")
    assert site.get(f"{HERE}/categories").status == 200
    confirm(site, f"{HERE}/residents")
    page = upload(site, "residents", REGISTER)
    later = site.another().sign_in(admin)

    later.post_raw(f"{page.path}/take")

    worker.run_until_idle()
    assert entries() == []


def test_who_is_missing_in_a_full_register_is_gone_and_no_row_may_be_wrong(
    site: Site, admin: Account
) -> None:
    make_ward("harbour"), make_ward("hill")
    confirm(site, f"{HERE}/residents")
    take(site, upload(site, "residents", REGISTER))

    page = upload(site, "residents", REGISTER.replace(b"1985", b"2985"), full=True)
    assert page.has("so no row may be wrong")
    site.post_raw(f"{page.path}/take", {"skips": "y"})
    worker.run_until_idle()
    assert entry_of("A-2").gone_at is None  # type: ignore[union-attr]
    page = upload(site, "residents", REGISTER.rsplit(b"A-2", 1)[0], full=True)
    take(site, page)

    assert entry_of("A-2").gone_at is not None  # type: ignore[union-attr]


def test_the_register_lies_encrypted_while_it_waits_and_for_a_day_at_most(
    site: Site, app: Flask, admin: Account, clock: Clock
) -> None:
    make_ward("harbour"), make_ward("hill")
    confirm(site, f"{HERE}/residents")
    page = upload(site, "residents", REGISTER)

    assert [b"900517" in file.read_bytes() for file in stored(app)] == [False]
    clock.move(hours=23)
    assert dict(retention.run(clock.now, dry_run=True))["files that nobody took over"] == 0
    clock.move(hours=2)
    assert dict(retention.run(clock.now, dry_run=True))["files that nobody took over"] == 1
    upkeep.run(clock.now)
    worker.run_until_idle()

    assert stored(app) == []
    assert site.get(page.path).has("Deleted: nobody took it over within a day")


def test_a_file_that_is_not_wanted_is_deleted(site: Site, app: Flask, admin: Account) -> None:
    page = upload(site, "cases", rows({}).encode(), mapping=a_mapping())

    site.submit(page, form=f"{page.path}/drop")
    worker.run_until_idle()

    assert (cases(), stored(app)) == ([], [])
    assert site.post_raw(f"{page.path}/take").has("Somebody has decided about this file already.")


def test_a_form_that_is_sent_twice_is_one_file(site: Site, app: Flask, admin: Account) -> None:
    address = f"{HERE}/cases"
    form = site.get(address)
    for _time in range(2):
        site.submit(form, form=address, file=(rows({}).encode(), "a.csv"), mapping=a_mapping())

    assert len(queries.newest(real_clock.now())) == 1
    assert len(stored(app)) == 1


def test_cards_and_articles_come_in_as_by_their_commands(site: Site, app: Flask, admin: Account) -> None:
    make_ward("harbour"), make_ward("hill")
    confirm(site, f"{HERE}/residents")
    take(site, upload(site, "residents", REGISTER))
    cards = b"card,number\n4400,A-2\n4401,nobody\n"

    page = upload(site, "cards", cards)
    assert page.has("Line 3: The number is not in the register.")
    take(site, page, skips=True)
    assert db.session.scalar(db.select(func.count()).select_from(CityCard)) == 1
    assert figures(upload(site, "cards", b"card,number\n4400,A-2\n")) == {
        "new": 0, "changed": 0, "same": 1, "gone": 0,
    }  # fmt: skip

    table = "slug,language,title,text\nwaste,en,Waste,Call us\nwaste,ko-KR,쓰레기,전화\n".encode()
    page = take(site, upload(site, "articles", table, languages="ko-KR=ko", publish=True))
    assert page.has("Taken over")
    assert figures(page) == {"new": 1, "changed": 0, "same": 0}
    day = real_clock.now().date()
    assert [row.title for row in articles.answers("Waste", day=day, language="en").rows] == ["Waste"]
    again = upload(site, "articles", table, languages="ko-KR=ko")
    assert figures(again) == {"new": 0, "changed": 0, "same": 1}


def test_proposals_come_in_by_their_mapping_once(site: Site, admin: Account) -> None:
    make_theme("Ideas", code="idea")
    mapping = (PROPOSALS.format(more="").encode(), "map.toml")
    lines = "\n".join(
        json.dumps(row) for row in (PROPOSAL, {**PROPOSAL, "id": "8", "votes": "many"})
    ).encode()

    page = upload(site, "proposals", lines, "old.jsonl", mapping=mapping)

    assert (figures(page), carried(page).wrong) == ({"new": 1, "more": 0, "same": 0}, 1)
    assert take(site, page, skips=True).has("Taken over")
    again = upload(site, "proposals", lines, "old.jsonl", mapping=mapping)
    assert figures(again) == {"new": 0, "more": 0, "same": 1}
    assert upload(site, "proposals", lines, "old.jsonl").has("Choose a mapping.")


def test_an_empty_form_of_any_kind_comes_back_with_what_is_missing(site: Site, admin: Account) -> None:
    confirm(site, f"{HERE}/residents")

    for what in What:
        forged = {"mapping": (io.BytesIO(b"x" * 200_000), "mapping.toml")} if what is not What.CASES else {}
        page = site.post_raw(f"{HERE}/{what}", forged)
        assert (page.status, page.has("Choose a file of at most 20 MB")) == (422, True)


def test_nobody_but_administrators_sees_that_there_are_files(site: Site, admin: Account) -> None:
    page = upload(site, "cases", rows({}).encode(), mapping=a_mapping())
    officer = site.another().sign_in(make_officer())

    assert officer.get(page.path).status == 404
    assert officer.post_raw(f"{page.path}/take").status == 404
    assert site.get(f"{HERE}/nonsense").status == 404
    assert site.get(f"{HERE}/files/9999").status == 404
    worker.run_until_idle()
    assert cases() == []


def test_two_administrators_take_a_file_over_in_the_same_moment_and_it_comes_in_once(
    site: Site, app: Flask, admin: Account
) -> None:
    page = upload(site, "cases", rows({}, {}).encode(), mapping=a_mapping())
    file_id = int(page.path.rsplit("/", 1)[1])

    takers = (admin.id, make_administrator().id)

    def take_by(number: int) -> str:
        try:
            with transaction():
                row = queries.lock(file_id)
                assert row is not None
                services.take(row, skips=False, by=takers[number], at=real_clock.now())
        except AlreadyDone:
            return "late"
        return "first"

    said = at_once(app, 2, take_by)
    worker.run_until_idle()

    assert sorted(said) == ["first", "late"]
    assert len(cases()) == 2
    db.session.rollback()
    assert (
        db.session.scalar(
            db.select(func.count()).select_from(AuditRow).where(AuditRow.action == "import-file")
        )
        == 1
    )


def test_the_same_file_brought_in_by_two_administrators_is_not_doubled(site: Site, admin: Account) -> None:
    pages = [upload(site, "cases", rows({}, {}).encode(), mapping=a_mapping()) for _ in range(2)]
    for page in pages:
        site.submit(page, form=f"{page.path}/take")

    worker.run_until_idle()

    assert [figures(page)["new"] for page in pages] == [2, 0]
    assert len(cases()) == 2


def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_takes_the_file_up_once(
    site: Site, app: Flask, admin: Account, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(site, "cases", rows({}, {}).encode(), mapping=a_mapping())
    site.submit(page, form=f"{page.path}/take")
    finished = services.note_taken

    class Killed(BaseException):
        """What a killed process does: nothing more."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(services, "note_taken", die)
    with pytest.raises(Killed):
        working.bring_in(Turn("killed"))
    monkeypatch.setattr(services, "note_taken", finished)
    db.session.rollback()
    assert cases() == []
    assert site.get(page.path).has("Is being taken over")
    worker.run_until_idle()
    assert cases() == []
    clock.move(seconds=LEASE.total_seconds() + 1)
    worker.run_until_idle()

    assert len(cases()) == 2
    assert site.get(page.path).has("Taken over")
    assert stored(app) == []


def test_a_worker_that_lost_its_lease_writes_nothing(site: Site, admin: Account, clock: Clock) -> None:
    page = upload(site, "cases", rows({}).encode(), mapping=a_mapping())
    site.submit(page, form=f"{page.path}/take")
    (file_id,) = leases.claim(Job, "slow", Job.kind == queries.KIND, limit=1)
    clock.move(seconds=LEASE.total_seconds() + 1)
    leases.claim(Job, "other", Job.kind == queries.KIND, limit=1)

    working._work(file_id, "slow")

    assert cases() == []


def test_a_fault_of_the_program_is_tried_again_and_then_told(
    site: Site, app: Flask, admin: Account, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(site, "cases", rows({}).encode(), mapping=a_mapping())
    site.submit(page, form=f"{page.path}/take")

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(services, "note_taken", fail)
    for _time in range(5):
        worker.run_until_idle()
        clock.move(hours=1)
    worker.run_until_idle()

    assert site.get(page.path).has("The program could not read it")
    assert (cases(), stored(app)) == ([], [])


def test_what_was_done_is_told_in_the_audit(site: Site, admin: Account) -> None:
    take(site, upload(site, "cases", rows({}).encode(), mapping=a_mapping()))

    page = site.get("/admin/audit")

    assert page.has("Brought in · File")
    assert page.has("Cases of an earlier system")
