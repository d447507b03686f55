"""Two accounts of one person become one: all of it or nothing, and nothing counts twice."""

from typing import Any

import pytest
from flask import Flask

from cps.accounts import joins, queries, services
from cps.accounts.models import Account, AccountJoin, Identity, PhoneClaim
from cps.accounts.rules import AccountState, IdentityKind, Role
from cps.cases.models import Case, CaseEvent, Follow, Support
from cps.cases.rules import EventKind
from cps.core import clock as real_clock
from cps.core import doctor, worker
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AccessRow, AuditRow
from cps.notifications.models import Message, TextMessage
from tests.accounts.support import at_once, facts, mailed_code, sessions
from tests.support import factories as make
from tests.support.factories import PASSWORD, QUICK
from tests.support.site import Site

ONE, OTHER = "+821012345678", "+821087654321"

STAFF_COLUMNS = {
    *("role_grant.account_id", "role_grant.granted_by_id", "staff.account_id"),
    *("cases.assignee_id", "cases.filed_by_id", "case_notice.by_id"),
    *("notice.author_id", "notice_update.by_id", "routing_rule.officer_id"),
    *("article.owner_id", "article.written_by_id", "article.published_by_id", "article_event.by_id"),
    *("incoming_message.settled_by_id", "blocked_sender.by_id", "paper_form.entered_by_id"),
    *("desk_act.by_id", "case_presence.account_id", "closed_check.by_id"),
    *("photo_doubt.by_id", "invitation.invited_by_id"),
    *("proposal_answer.drafted_by_id", "proposal_answer.read_by_id", "proposal_answer.published_by_id"),
    *("proposal_join.by_id", "proposal_join.undone_by_id"),
    *("proposal_step.lifted_by_id", "proposal_comment.hidden_by_id"),
    *("saved_view.account_id", "desk_start.account_id"),
    *("integrity_report.released_by_id", "integrity_bar.account_id", "integrity_bar.by_id"),
    *("integrity_reader.account_id", "integrity_reader.named_by_id"),
    *("contact.agent_id", "call_back.agent_id", "call_back.made_by_id", "call_back_step.by_id"),
    *("caller_warning.by_id", "caller_warning.reviewed_by_id", "read_out.agent_id"),
    *("helper_consent.asked_by_id", "closing_request.asked_by_id"),
    *("moderation_act.by_id", "moderation_act.ended_by_id", "moderation_act.decided_by_id"),
}
OWN_WAY = {
    *("identity.account_id", "sign_in_session.account_id", "phone_claim.account_id"),
    *("account_join.account_id", "account_join.into_id", "case_event.actor_id"),
}
"""Columns that joining takes care of by itself; staff have no part in it."""


def make_phone_account(phone: str = ONE, password: str = "") -> Account:
    with transaction():
        hashed = QUICK.hash(password) if password else ""
        key = services.account_for_address(phone, language="en", at=real_clock.now(), password_hash=hashed).id
    return db.session.get_one(Account, key)


def join(into: Account, other: Account) -> None:
    keys = into.id, other.id
    with transaction():
        services.join_accounts(*keys, at=real_clock.now())
    db.session.expire_all()


def test_every_column_that_names_an_account_is_thought_of(app: Flask) -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == "account.id" for key in column.foreign_keys)
    }

    assert named == (joins.known_columns() - {"access_log.subject_id"}) | STAFF_COLUMNS | OWN_WAY


def test_what_was_the_others_is_the_firsts(app: Flask) -> None:
    into, other, stranger = make.make_resident(), make_phone_account(), make.make_resident()
    case = make.make_complaint(reporter=other)
    make.make_event(case, EventKind.REPLIED, actor_id=other.id)
    untouched = make.make_complaint(reporter=stranger)
    followed = make.make_complaint()
    make.make_follow(followed, other, stranger)
    make.save(AccessRow(at=real_clock.now(), actor_id=1, subject_id=other.id, what="contact"))

    join(into, other)

    assert db.session.get_one(Case, case.id).reporter_id == into.id
    assert db.session.get_one(Case, untouched.id).reporter_id == stranger.id
    assert {row.actor_id for row in db.session.scalars(db.select(CaseEvent).filter_by(case_id=case.id))} == {
        into.id
    }
    followers = db.session.scalars(db.select(Follow.account_id).filter_by(case_id=followed.id)).all()
    assert sorted(followers) == sorted([into.id, stranger.id])
    assert db.session.scalars(db.select(AccessRow.subject_id)).all() == [into.id]


def test_both_addresses_open_the_one_account(app: Flask) -> None:
    into, other = make.make_resident(email="kim@testford.test"), make_phone_account()

    join(into, other)

    for address in ("kim@testford.test", ONE):
        found = queries.account_by_address(address)
        assert found is not None
        assert found.id == into.id
    assert (into.phone, into.email) == (ONE, "kim@testford.test")


def test_a_case_that_both_backed_counts_once(app: Flask) -> None:
    into, other, stranger = make.make_resident(), make_phone_account(), make.make_resident()
    both, one = make.make_complaint(), make.make_complaint()
    make.make_support(both, into, other, stranger)
    make.make_support(one, other)
    make.make_follow(both, into, other)

    join(into, other)

    assert db.session.get_one(Case, both.id).support_count == 2
    assert db.session.get_one(Case, one.id).support_count == 1
    rows = db.session.execute(db.select(Support.case_id, Support.account_id)).all()
    assert sorted(tuple(row) for row in rows) == sorted(
        [(both.id, into.id), (both.id, stranger.id), (one.id, into.id)]
    )
    assert db.session.scalars(db.select(Follow.account_id)).all() == [into.id]
    assert all(found.is_well for found in doctor.examine(at=real_clock.now()) if "support" in found.name)


@pytest.mark.parametrize("reports_first", [True, False])
def test_ones_own_case_is_not_backed_by_oneself(app: Flask, reports_first: bool) -> None:
    into, other = make.make_resident(), make_phone_account()
    reporter, backer = (into, other) if reports_first else (other, into)
    case = make.make_complaint(reporter=reporter)
    make.make_support(case, backer, make.make_resident())

    join(into, other)

    assert db.session.get_one(Case, case.id).support_count == 1
    assert into.id not in db.session.scalars(db.select(Support.account_id)).all()


def test_the_other_account_is_closed_and_its_devices_signed_out(app: Flask, site: Site) -> None:
    into, other = make.make_resident(), make_phone_account(password=PASSWORD)
    site.sign_in(other)
    own = site.another()
    own.sign_in(into)

    join(into, other)

    assert (other.state, other.phone, other.password_hash) == (AccountState.DELETED, "", "")
    assert sessions(other) == []
    assert len(sessions(into)) == 1
    assert site.get("/accounts/me").path.startswith("/accounts/sign-in")


def test_all_addresses_of_both_are_told_and_the_audit_keeps_it(app: Flask) -> None:
    into, other = make.make_resident(email="kim@testford.test"), make_phone_account()

    join(into, other)
    worker.run_until_idle()

    (letter,) = db.session.scalars(db.select(Message)).all()
    assert (letter.address, letter.subject) == ("kim@testford.test", "Your two accounts are one now")
    (sent,) = db.session.scalars(db.select(TextMessage)).all()
    assert sent.phone == ONE
    (row,) = db.session.scalars(db.select(AuditRow).filter_by(action="join-accounts")).all()
    assert (row.object_id, row.actor_id, row.changes) == (str(into.id), into.id, {"joined": [None, other.id]})


def test_accounts_that_were_joined_before_go_along(app: Flask) -> None:
    first, second, third = make.make_resident(), make.make_resident(), make_phone_account()

    join(second, third)
    join(first, second)

    rows = db.session.execute(db.select(AccountJoin.account_id, AccountJoin.into_id)).all()
    assert {tuple(row) for row in rows} == {(third.id, first.id), (second.id, first.id)}


def test_a_claim_between_the_two_has_come_to_its_end(app: Flask) -> None:
    into, other = make.make_resident(), make_phone_account()
    with transaction():
        services.prove_phone(queries.lock_account(into.id), ONE, at=real_clock.now())

    join(into, other)

    assert db.session.scalars(db.select(PhoneClaim)).all() == []
    known = queries.address_identity(ONE)
    assert known is not None
    assert known.account_id == into.id


def refused(into: Account, other: Account, words: str) -> None:
    keys = into.id, other.id
    before = db.session.execute(db.select(Identity.tag, Identity.account_id).order_by(Identity.tag)).all()
    with pytest.raises(RuleViolation, match=words), transaction():
        services.join_accounts(*keys, at=real_clock.now())
    db.session.expire_all()
    after = db.session.execute(db.select(Identity.tag, Identity.account_id).order_by(Identity.tag)).all()
    assert before == after
    assert db.session.scalars(db.select(AccountJoin)).all() == []


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMINISTRATOR])
def test_accounts_of_staff_cannot_be_joined(app: Flask, role: Role) -> None:
    staff, resident = make.make_account(role), make_phone_account()

    refused(staff, resident, "An administrator must take the role away")
    refused(resident, staff, "An administrator must take the role away")


def test_two_people_of_the_register_cannot_be_joined(app: Flask) -> None:
    into, other = make.make_resident(), make_phone_account()
    for account in (into, other):
        tag = f"{account.id:064d}"
        make.save(
            Identity(kind=IdentityKind.REGISTER, tag=tag, account_id=account.id, verified_at=real_clock.now())
        )

    refused(into, other, "two different people")


def test_an_account_cannot_be_joined_to_itself_or_to_a_blocked_one(app: Flask) -> None:
    into, other = make.make_resident(), make_phone_account()
    refused(into, into, "in already")
    with transaction():
        services.block(queries.lock_account(other.id), by=None, at=real_clock.now())

    refused(into, other, "cannot be used")


def test_of_two_who_join_each_other_at_the_same_moment_one_remains(app: Flask) -> None:
    keys = make.make_resident().id, make_phone_account().id

    def act(number: int) -> str:
        try:
            with transaction():
                services.join_accounts(keys[number], keys[1 - number], at=real_clock.now())
        except RuleViolation:
            return "refused"
        return "joined"

    results = at_once(app, 2, act)

    assert sorted(results) == ["joined", "refused"]
    states = [db.session.get_one(Account, key, populate_existing=True).state for key in keys]
    assert sorted(states) == [AccountState.ACTIVE, AccountState.DELETED]


def test_joining_on_ones_own_page_with_a_code_to_the_other_address(site: Site) -> None:
    into, other = make.make_resident(email="kim@testford.test"), make_phone_account()
    case = make.make_complaint(reporter=other)
    site.sign_in(into)

    page = site.submit("/accounts/me/join", form="/accounts/me/join", email="010-1234-5678")
    page = site.submit(page, form="/accounts/me/join/code", code=mailed_code(ONE))
    assert page.path == "/accounts/me/join/check"
    assert page.has("becomes part of the one you are in")
    assert other.state is AccountState.ACTIVE
    page = site.submit(page, form="/accounts/me/join/check")

    assert page.has("Your two accounts are one now.")
    assert db.session.get_one(Case, case.id, populate_existing=True).reporter_id == into.id


def test_a_number_alone_joins_no_account_that_has_a_password(site: Site) -> None:
    into = make.make_resident()
    make_phone_account(password=PASSWORD)
    site.sign_in(into)
    page = site.submit("/accounts/me/join", form="/accounts/me/join", email="010-1234-5678")
    page = site.submit(page, form="/accounts/me/join/code", code=mailed_code(ONE))

    page = site.submit(page, form="/accounts/me/join/check", password="guessed by a stranger")
    assert page.status == 422
    assert db.session.scalars(db.select(AccountJoin)).all() == []
    page = site.submit(page, form="/accounts/me/join/check", password=PASSWORD)

    assert page.has("Your two accounts are one now.")


def test_a_number_joins_no_account_that_has_mail_and_no_password_but_by_its_mail(site: Site) -> None:
    into, other = make.make_resident(), make.make_resident(email="kim@testford.test")
    with transaction():
        services.prove_phone(queries.lock_account(other.id), ONE, at=real_clock.now())
    site.sign_in(into)

    page = site.submit("/accounts/me/join", form="/accounts/me/join", email="010-1234-5678")

    assert facts(ONE) == []
    page = site.submit(page, form="/accounts/me/join/code", code=mailed_code("kim@testford.test"))
    assert page.path == "/accounts/me/join/check"


def test_known_and_unknown_addresses_get_the_same_page_until_the_code(site: Site) -> None:
    make_phone_account()
    site.sign_in(make.make_resident())
    pages = []
    for typed in ("010-1234-5678", "010-9999-8888"):
        page = site.submit("/accounts/me/join", form="/accounts/me/join", email=typed)
        pages.append(page.text.replace(typed, ""))

    assert pages[0] == pages[1]


def test_the_code_of_one_visitor_joins_nothing_for_another(site: Site) -> None:
    make_phone_account()
    site.sign_in(make.make_resident())
    site.submit("/accounts/me/join", form="/accounts/me/join", email="010-1234-5678")
    code = mailed_code(ONE)
    thief = site.another()
    thief.sign_in(make.make_resident())
    page = thief.submit("/accounts/me/join", form="/accounts/me/join", email="010-1234-5678")

    page = thief.submit(page, form="/accounts/me/join/code", code=code)

    assert page.status == 422 or code == mailed_code(ONE)
    assert thief.get("/accounts/me/join/check").path == "/accounts/me/join"


def test_an_address_that_came_along_can_be_let_go(site: Site) -> None:
    into, other = make.make_resident(), make.make_resident(email="old@testford.test")
    join(into, other)
    site.sign_in(into)
    page = site.get("/accounts/me/join")
    assert page.has("Another e-mail address")

    page = site.submit(page, form="/accounts/me/join/remove")

    assert page.has("Removed.")
    assert queries.account_by_address("old@testford.test") is None


def test_what_is_somebody_elses_cannot_be_let_go(site: Site) -> None:
    stranger = make.make_resident(email="stranger@testford.test")
    site.sign_in(make.make_resident())
    values: dict[str, Any] = {"kind": "email", "tag": queries.address_tag("stranger@testford.test")}

    page = site.post_raw("/accounts/me/join/remove", values)

    assert page.status == 422
    known = queries.address_identity("stranger@testford.test")
    assert known is not None
    assert known.account_id == stranger.id
    assert facts("stranger@testford.test") == []
