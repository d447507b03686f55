"""Deleting one's account: at once, and afterwards nothing leads to the person."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from cps.accounts import queries, services
from cps.accounts.models import Account, Identity, PhoneClaim
from cps.accounts.rules import AccountState, CodePurpose, IdentityKind
from cps.cases.models import Case, CaseContact, CaseEvent, Draft, Follow, Support
from cps.cases.rules import Audience, EventKind, Status
from cps.core import clock as real_clock
from cps.core import doctor, worker
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow
from cps.core.sms_budget import SmsPurpose
from cps.notifications.models import Message, TextMessage
from cps.notifications.rules import MessageChannel
from tests.accounts.support import sessions
from tests.support import factories as make
from tests.support.factories import PASSWORD
from tests.support.fixtures import Database
from tests.support.site import Site

NAME, MAIL, PHONE, WRITTEN = "Zebedee Quartzman", "zebedee.q@example.org", "+821098765432", "010-9876-5432"
TYPED = "zebedee.at.home@example.org"
TRACES = ("zebedee", "quartzman", "98765432", "9876-5432")


def make_zebedee(**columns: object) -> Account:
    return make.make_resident(
        email=MAIL, display_name=NAME, phone=PHONE, phone_verified_at=real_clock.now(), **columns
    )


def delete(account: Account) -> list[str]:
    key = account.id
    with transaction():
        files = services.delete_account(key, at=real_clock.now())
    db.session.expire_all()
    return files


def live(account: Account) -> Case:
    """Let somebody leave traces wherever they can; returns one of their cases."""
    at = real_clock.now()
    with transaction():
        services.prove_phone(queries.lock_account(account.id), PHONE, at=at)
    case = make.make_complaint(
        Status.IN_PROGRESS,
        reporter=account,
        body=f"The lamp is broken. {NAME}, call {WRITTEN} or {MAIL}",
        title=f"Lamp, says {NAME}",
        address=f"Beside the house of {NAME}",
        contact={"name": NAME, "email": MAIL, "phone": PHONE},
    )
    make.make_event(case, EventKind.REPLIED, actor_id=account.id, message=f"I am {NAME}, {WRITTEN}")
    make.make_event(
        case, EventKind.NOTED, audience=Audience.STAFF, message=f"Called {NAME} under {WRITTEN}, {MAIL}"
    )
    other = make.make_complaint()
    make.make_event(other, EventKind.REPLIED, actor_id=account.id, message=f"So it is. {NAME} {MAIL}")
    make.make_support(other, account)
    make.make_follow(other, account)
    make.save(
        Draft(
            token_hash="d" * 64,
            account_id=None,
            content={"email": MAIL, "typed": {"details": {"name": NAME}}},
            created_at=at,
            updated_at=at,
        ),
        PhoneClaim(tag="c" * 64, account_id=account.id, phone=PHONE, claimed_at=at, due_at=at),
    )
    typed = {"case_id": case.id, "language": "en", "created_at": at, "run_at": at}
    make.save(
        Message(
            dedupe_key="typed",
            channel=MessageChannel.MAIL,
            address=TYPED,
            subject=f"Dear {NAME}",
            body_text=f"Dear {NAME}",
            **typed,
        ),
        TextMessage(dedupe_key="typed", purpose=SmsPurpose.NEWS, phone=PHONE, text=NAME, **typed),
    )
    with transaction():
        for purpose in (CodePurpose.SIGN_IN, CodePurpose.CONFIRM):
            services.new_code(purpose, MAIL, asked_by="a browser", language="en", at=at)
    worker.run_until_idle()
    with transaction():
        services.new_code(CodePurpose.SIGN_IN, MAIL, asked_by="a browser", language="en", at=at)
    return case


def traces() -> set[str]:
    """Return `table.column` of every place in the database where a trace of the person stands.

    Every column of every table that there is, also those of the search index.
    """
    found = set()
    for table in inspect(db.engine).get_table_names():
        for row in db.session.execute(text(f'SELECT * FROM "{table}"')).mappings():
            for column, value in row.items():
                said = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                if any(trace in said.lower() for trace in TRACES):
                    found.add(f"{table}.{column}")
    db.session.rollback()
    return found


def files_with_traces(folder: Path) -> set[str]:
    """Return which files outside the database name the person."""
    return {
        str(file)
        for file in folder.rglob("*")
        if file.is_file()
        and "sqlite" not in file.name
        and any(trace.encode() in file.read_bytes().lower() for trace in TRACES)
    }


def test_afterwards_no_column_and_no_file_names_the_person(
    app: Flask, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    account = make_zebedee(password=PASSWORD)
    live(account)
    before = traces()
    assert {"account.email", "cases.body", "case_contact.phone", "outbox.payload", "draft.content"} <= before
    assert {"message.address", "text_message.phone"} <= before
    assert len(before) > 10

    delete(account)
    worker.run_until_idle()

    assert traces() == set()
    assert files_with_traces(database.folder) == set()
    assert not any(trace in caplog.text.lower() for trace in TRACES)


def test_messages_to_an_address_left_with_a_case_go_and_those_of_other_cases_stay(app: Flask) -> None:
    account, other = make_zebedee(), make.make_resident()
    mine, theirs = make.make_complaint(reporter=account), make.make_complaint(reporter=other)
    sent = {"channel": MessageChannel.MAIL, "address": "", "language": "en", "subject": "", "body_text": ""}
    at = real_clock.now()
    make.save(
        *(
            Message(dedupe_key=f"{case.id}", case_id=case.id, created_at=at, run_at=at, done_at=at, **sent)
            for case in (mine, theirs)
        )
    )

    delete(account)

    assert db.session.scalars(db.select(Message.case_id)).all() == [theirs.id]


def test_the_search_finds_the_case_but_not_by_the_name(site: Site) -> None:
    account = make_zebedee()
    case = make.make_complaint(reporter=account, body=f"The lamp is broken, says {NAME}")

    delete(account)

    assert case.title in site.get("/complaints?q=lamp").text or "lamp" in site.get("/complaints?q=lamp").text
    assert "lamp is broken" not in site.get("/complaints?q=Quartzman").text


def test_words_stay_without_the_name(app: Flask) -> None:
    account = make_zebedee()
    case = live(account)

    delete(account)

    row = db.session.get_one(Case, case.id)
    assert row.reporter_id is None
    assert row.body.startswith("The lamp is broken. [name hidden], call [phone number hidden]")
    actors = db.session.scalars(db.select(CaseEvent.actor_id).where(CaseEvent.case_id == case.id)).all()
    assert account.id not in actors


def test_the_link_and_the_pin_of_the_case_open_nothing_any_more(site: Site) -> None:
    from cps.cases.reference import display

    account = make_zebedee()
    case = make.make_complaint(reporter=account, is_private=True, body="Something private")
    secret = make.secret_of(case)
    delete(account)

    page = site.get(f"/complaints/{display(case.reference)}/key/{secret}")

    assert "Something private" not in page.text
    assert db.session.get_one(CaseContact, case.id).anonymised_at is not None


def test_staff_of_an_open_case_read_that_nobody_can_be_asked(app: Flask) -> None:
    account = make_zebedee()
    open_case = make.make_complaint(Status.IN_PROGRESS, reporter=account)
    closed = make.make_complaint(Status.CLOSED, reporter=account)

    delete(account)

    notes = db.select(CaseEvent.case_id).where(CaseEvent.kind == EventKind.NOTED)
    assert db.session.scalars(notes).all() == [open_case.id]
    assert db.session.scalar(notes.where(CaseEvent.case_id == closed.id)) is None


def test_what_others_have_is_left_alone(app: Flask) -> None:
    account, other = make_zebedee(), make.make_resident(display_name="Somebody else")
    case = make.make_complaint(reporter=other, body=f"Not of {NAME}'s house")
    make.make_support(case, account, other)
    make.make_follow(case, account, other)

    delete(account)

    row = db.session.get_one(Case, case.id)
    assert row.reporter_id == other.id
    assert row.support_count == 1
    assert db.session.scalars(db.select(Support.account_id)).all() == [other.id]
    assert db.session.scalars(db.select(Follow.account_id)).all() == [other.id]
    wrong = {one.name for one in doctor.examine(at=real_clock.now()) if not one.is_well}
    assert "supports" not in wrong


def test_the_tags_that_stop_a_second_vote_stay_and_the_address_is_free(app: Flask) -> None:
    account = make_zebedee()
    tag = queries.email_tag(MAIL)

    delete(account)
    with transaction():
        again = services.account_for_address(MAIL, language="en", at=real_clock.now()).id

    assert again != account.id
    assert db.session.get_one(Identity, (IdentityKind.EMAIL, tag)).account_id == again


def test_sessions_die_and_the_password_opens_nothing(site: Site) -> None:
    account = make_zebedee(password=PASSWORD)
    site.sign_in(account)

    delete(account)

    assert sessions(account) == []
    assert site.get("/accounts/me", follow=False).status == 303
    assert site.submit("/accounts/sign-in", email=MAIL, password=PASSWORD).status == 422


@pytest.mark.parametrize("maker", [make.make_officer, make.make_administrator])
def test_staff_leave_only_through_an_administrator(app: Flask, maker: object) -> None:
    account = maker()  # type: ignore[operator]

    with pytest.raises(RuleViolation, match="administrator"):
        delete(account)

    assert db.session.get_one(Account, account.id).state is AccountState.ACTIVE


def test_a_blocked_account_is_not_deleted_to_be_made_anew(app: Flask) -> None:
    account = make_zebedee(state=AccountState.BLOCKED)

    with pytest.raises(RuleViolation):
        delete(account)


def test_the_page_asks_for_the_password_and_then_deletes(site: Site) -> None:
    account = make_zebedee(password=PASSWORD)
    make.make_complaint(Status.IN_PROGRESS, reporter=account)
    site.sign_in(account)

    page = site.get("/accounts/me/delete")
    assert "1 of your cases is open" in page.text
    page = site.submit(page, form="/accounts/me/delete")
    assert page.path.startswith("/accounts/me/confirm?")
    assert db.session.get_one(Account, account.id).state is AccountState.ACTIVE
    page = site.submit(form="/accounts/me/confirm", password=PASSWORD)
    page = site.submit(page, form="/accounts/me/delete")

    assert "Your account is deleted" in page.text
    assert db.session.get_one(Account, account.id).state is AccountState.DELETED
    assert db.session.scalars(db.select(AuditRow.action)).all() == ["delete-account"]
    assert db.session.scalars(db.select(Message.id)).all() == []


# Signing out elsewhere


def test_all_other_devices_are_signed_out_at_once(site: Site) -> None:
    account = make_zebedee()
    other, third, stranger = site.another(), site.another(), site.another()
    other.sign_in(account)
    third.sign_in(account)
    stranger.sign_in(make.make_resident())
    site.sign_in(account)

    site.submit("/accounts/me/devices", form="/accounts/me/sign-out-others")

    open_for = [one.get("/accounts/me", follow=False).status == 200 for one in (site, other, third, stranger)]
    assert open_for == [True, False, False, True]
