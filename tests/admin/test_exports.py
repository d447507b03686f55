"""Files that administrators take out: what their commands write, no more, and each taking is written down."""

import csv
import io
import json

import pytest

from cps.core import audit, clock, worker
from cps.core.db import db, transaction
from cps.core.models import AuditRow
from cps.knowledge import services as answers
from cps.knowledge.rules import Words
from tests.support.factories import (
    make_administrator,
    make_complaint,
    make_department,
    make_officer,
    make_resident,
)
from tests.support.site import Site

HERE = "/admin/exports"


def acts() -> list[tuple[str, int | None]]:
    db.session.rollback()
    rows = db.session.execute(db.select(AuditRow.action, AuditRow.actor_id).order_by(AuditRow.id))
    return [(row.action, row.actor_id) for row in rows if row.action.startswith("export")]


def test_the_city_is_taken_as_a_pack_without_people_and_the_taking_is_kept(site: Site) -> None:
    make_department("Roads", code="roads")
    make_complaint(reporter=make_resident(email="ann@example.org"), title="A secret hole")
    ada = make_administrator()
    site.sign_in(ada)

    page = site.submit(HERE, form=f"{HERE}/city")

    pack = json.loads(page.data)
    assert (pack["format"], page.header("Cache-Control")) == ("cps-city-pack", "no-store")
    assert "roads" in [one["code"] for one in pack["departments"]]
    assert "ann@example.org" not in page.data.decode()
    assert "secret" not in page.data.decode()
    assert acts() == [("export-city", ada.id)]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_answers_are_taken_and_can_be_brought_in_again_as_they_are(site: Site, form: str) -> None:
    ada = make_administrator()
    with transaction():
        answers.begin("en", Words("=SUM(A1)", "Call us"), by=None, at=clock.now(), slug="waste")
    site.sign_in(ada)
    page = site.post_raw(f"{HERE}/articles", {"form": form})
    assert b"'=SUM" in page.data if form == "csv" else b'"=SUM' in page.data
    address = "/admin/imports/articles"

    sent = site.submit(address, form=address, file=(page.data, f"answers.{form}"))

    worker.run_until_idle()
    checked = site.get(sent.path)
    assert checked.has("It waits for your decision")
    assert checked.all(".facts dd")[:3] == ["0", "0", "1"]
    assert acts() == [("export-articles", ada.id)]


def test_what_was_done_is_a_table_that_no_spreadsheet_works_out(site: Site) -> None:
    ada = make_administrator(display_name="=cmd|calc")
    resident = make_resident(display_name="Ann Unsaid")
    hidden = make_complaint(is_integrity=True, is_private=True)
    with transaction():
        for number in range(3):
            changes = {"name": ["", f"+{number}"]}
            audit.record("change-ward", about=("ward", "hill"), by=ada.id, at=clock.now(), changes=changes)
        audit.record("sign-out", about=("account", resident.id), by=ada.id, at=clock.now())
        audit.record("close-case", about=("case", hidden.reference), by=ada.id, at=clock.now())
    site.sign_in(ada)

    page = site.submit(HERE, form=f"{HERE}/audit")

    rows = list(csv.reader(io.StringIO(page.data.decode("utf-8-sig"))))
    assert rows[0] == ["time", "who", "what", "details"]
    assert rows[1][:3] == ["2026-11-18T01:00:00Z", "'=cmd|calc", "Taken out · City"]
    assert rows[2][2].endswith(f"Account account {resident.id}")
    assert "Ann" not in page.data.decode()
    assert [row[2] for row in rows[3:]] == ["Changed · Ward hill"] * 3
    assert hidden.reference not in page.data.decode()


def test_nobody_else_takes_anything_out(site: Site) -> None:
    site.sign_in(make_officer())

    for what in ("city", "articles", "audit"):
        assert site.post_raw(f"{HERE}/{what}").status == 404
    assert acts() == []
