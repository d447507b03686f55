"""Files in the mail of a complaint about staff: who opens them, and that it is recorded."""

from email.message import EmailMessage

import pytest
from flask import Flask, current_app

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.services import integrity as services
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.models import AccessRow
from tests.support import factories as make
from tests.support.site import Site

PROOFS = (b"the first", b"the second")


@pytest.fixture
def case(app: Flask) -> Case:
    """A complaint about staff whose mail had two files of one name."""
    staff = make.make_category("Staff", is_integrity=True)
    made = make.make_complaint(category=staff, is_private=True, is_integrity=True)
    mail = EmailMessage()
    mail.set_content("See what is attached.")
    for proof in PROOFS:
        mail.add_attachment(proof, maintype="application", subtype="pdf", filename="proof.pdf")
    row = make.make_incoming(case_id=made.id, state="landed", reason="", left_out=["proof.pdf", "proof.pdf"])
    current_app.extensions["cps_storage"].put(row.original_key, mail.as_bytes(), "message/rfc822")
    make.make_incoming(case_id=make.make_complaint().id, state="landed", reason="", left_out=["other.pdf"])
    return made


def named_reader() -> Account:
    reader, administrator = make.make_integrity_officer(), make.make_administrator()
    with transaction():
        services.name_readers([db.session.merge(reader)], by=administrator, at=clock.now())
    return reader


def test_who_may_read_the_reporter_opens_one_file_with_a_reason(site: Site, case: Case) -> None:
    reader = named_reader()
    site.sign_in(reader)
    site.get(f"/desk/{case.reference}/integrity")
    page = site.follow("Files in the mail")
    assert page.has("proof.pdf")
    assert not page.has("other.pdf")
    second = page.form("form[action$=files]").choices("file")[1]

    refused = site.submit(page, file=second, reason=" ")
    opened = site.submit(page, file=second, reason="To see the receipt")

    assert refused.status == 422
    assert (opened.status, opened.data) == (200, PROOFS[1])
    assert opened.header("Content-Disposition") == "attachment; filename=proof.pdf"
    (row,) = db.session.scalars(db.select(AccessRow)).all()
    assert (row.actor_id, row.case_id, row.reason) == (reader.id, case.id, "To see the receipt (proof.pdf)")


def test_for_all_others_there_are_no_files(site: Site, case: Case) -> None:
    named_reader()
    address = f"/channels/cases/{case.reference}/files"
    for account in (
        make.make_integrity_officer(),
        make.make_officer(make.triage_department()),
        make.make_agent(),
    ):
        other = site.another().sign_in(account)
        assert other.get(address).status == 404
        assert other.post_raw(address, {"file": "1-0", "reason": "I want to"}).status == 404
    assert db.session.scalars(db.select(AccessRow)).all() == []
