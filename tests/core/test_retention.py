"""What is kept only for a time: counted the same in a dry run, forgotten once, and only what is due."""

from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask

from cps.accounts.models import OneTimeCode, SignInSession
from cps.accounts.rules import CodePurpose
from cps.admin.imports.queries import KIND as FILE
from cps.admin.imports.rules import Carried, What
from cps.cases.models import Attachment, Case, CaseContact, CaseOriginal, Draft
from cps.cases.rules import Status
from cps.core import clock, upkeep
from cps.core.commands import retention_command
from cps.core.db import db
from cps.core.models import FormKey, Job, LimitWindow, OutboxFact
from cps.notifications.models import Message
from cps.notifications.rules import MessageChannel
from tests.support import factories as make

KEPT = timedelta(days=365)


def run(app: Flask, *options: str) -> dict[str, int]:
    """Run the command; returns how many of what it names."""
    result: Result = app.test_cli_runner().invoke(retention_command, options)
    assert result.exit_code == 0, result.output
    lines = [line.strip().split(" ", 1) for line in result.output.splitlines()[:-1]]
    db.session.rollback()
    return {what: int(number) for number, what in lines}


def make_old_things() -> None:
    """Make two of everything that is due, and one of everything that is not."""
    at = clock.now()
    account = make.make_resident()
    for number, age in enumerate((timedelta(days=400), timedelta(days=366), timedelta(0))):
        then = at - age
        key = str(number) * 64
        make.make_complaint(
            Status.CLOSED,
            reporter=account,
            at=then,
            body="Call 010-9876-5432",
            contact={"name": "Ann", "email": "ann@example.org", "phone": "+821098765432"},
        )
        make.make_complaint(Status.RECEIVED, reporter=account, at=then)
        make.save(
            Draft(token_hash=key, content={}, created_at=then, updated_at=then),
            SignInSession(
                token_hash=key,
                account_id=account.id,
                created_at=then,
                seen_at=then,
                expires_at=then + timedelta(days=1),
            ),
            OneTimeCode(
                purpose=CodePurpose.SIGN_IN,
                target_tag=key,
                code_hash=key,
                created_at=then,
                expires_at=then + timedelta(days=1),
            ),
            Message(
                dedupe_key=key,
                channel=MessageChannel.MAIL,
                address="",
                language="en",
                subject="",
                body_text="",
                created_at=then,
                run_at=then,
                done_at=then,
            ),
            OutboxFact(
                fact="code-wanted", about_id=1, dedupe_key=key, stated_at=then, run_at=then, done_at=then
            ),
            Job(
                kind=FILE,
                dedupe_key=key,
                payload=Carried(What.CASES, f"incoming/{key}.bin", "", {}, account.id, "en").written(),
                created_at=then,
                run_at=then,
            ),
            FormKey(key_hash=key, purpose="", leads_to="", used_at=then),
            LimitWindow(bucket=key, window_start=then, count=1),
        )


DUE = {
    "reporters of closed cases": 2,
    "drafts nobody went on with": 2,
    "sessions and codes that have ended": 4,
    "what alerts told": 0,
    "messages that were sent": 2,
    "text messages that were sent": 0,
    "words of messages that came in": 0,
    "archives of own data": 0,
    "facts and jobs that were done": 2,
    "counts of tries": 2,
    "keys of forms that were sent": 2,
    "searches without an answer": 0,
    "who had a case open": 0,
    "acts of the desk": 0,
    "what people were told": 0,
    "callers, and what they said": 0,
    "helpers who never answered, or ended long ago": 0,
    "files that nobody took over": 2,
    "invitations that ended": 0,
    "objections that were settled": 0,
}


def test_a_dry_run_counts_and_changes_nothing(app: Flask) -> None:
    make_old_things()

    assert run(app, "--dry-run") == DUE
    assert run(app, "--dry-run") == DUE


def test_a_run_forgets_what_the_dry_run_counted_and_a_second_finds_nothing(app: Flask) -> None:
    make_old_things()

    assert run(app) == DUE
    assert set(run(app).values()) == {0}


def test_of_a_reporter_forgotten_only_the_case_is_left(app: Flask) -> None:
    make_old_things()
    old = clock.now() - KEPT

    run(app)

    for case in db.session.scalars(db.select(Case)).all():
        contact = db.session.get_one(CaseContact, case.id)
        is_due = case.closed_at is not None and case.closed_at <= old
        assert (case.reporter_id is None) is is_due
        assert (contact.anonymised_at is not None) is is_due
        if is_due:
            assert (contact.name, contact.email, contact.phone) == ("", "", "")
            assert db.session.get(CaseOriginal, case.id) is None
            assert case.body == "Call [phone number hidden]"


def test_the_worker_does_it_by_itself(app: Flask) -> None:
    make_old_things()

    upkeep.run(clock.now())

    assert set(run(app, "--dry-run").values()) == {0}


@pytest.mark.settings(keep_reporters_days=0)
def test_a_city_may_keep_reporters_as_long_as_their_cases(app: Flask) -> None:
    make_old_things()

    assert run(app)["reporters of closed cases"] == 0


@pytest.mark.settings(keep_reporters_days=1)
def test_a_city_may_forget_them_sooner(app: Flask) -> None:
    at = clock.now()
    make.make_complaint(Status.CLOSED, reporter=make.make_resident(), at=at - timedelta(days=2))

    assert run(app)["reporters of closed cases"] == 1


def test_photos_of_a_case_stay(app: Flask) -> None:
    case = make.make_complaint(Status.CLOSED, at=clock.now() - 2 * KEPT)
    make.save(
        Attachment(
            name="n" * 32,
            case_id=case.id,
            original_sha256="0" * 64,
            perceptual_hash="0" * 16,
            width=1,
            height=1,
            added_at=clock.now(),
        )
    )

    run(app)

    assert db.session.scalars(db.select(Attachment.case_id)).all() == [case.id]


def test_the_name_of_an_account_is_hidden_in_its_words(app: Flask) -> None:
    ann = make.make_resident(display_name="Ann Quartzman")
    case = make.make_complaint(
        Status.CLOSED, reporter=ann, at=clock.now() - 2 * KEPT, body="A hole, says Ann Quartzman."
    )

    run(app)

    assert db.session.get_one(Case, case.id).body == "A hole, says [name hidden]."
