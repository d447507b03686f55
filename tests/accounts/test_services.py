"""Accounts, their roles and sessions, as the services write them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from cps.accounts import queries, services
from cps.accounts.models import Account, Identity, SignInSession
from cps.accounts.passwords import is_password
from cps.accounts.rules import AccountState, IdentityKind, Role
from cps.core.db import db, transaction
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.models import AuditRow
from cps.core.security import Can, allows
from tests.accounts.support import at_once, sessions
from tests.support.factories import make_account, make_administrator, make_officer, make_resident
from tests.support.fixtures import WEDNESDAY

pytestmark = pytest.mark.usefixtures("app")

ANN = "ann@example.org"


def proven(email: str = ANN, **more: str) -> int:
    with transaction():
        return services.account_for_address(email, language="ko", at=WEDNESDAY, **more).id


def signed_in(account: Account) -> str:
    with transaction():
        return services.sign_in(queries.lock_account(account.id), device="Chrome · Android", at=WEDNESDAY)


def opens(token: str, *, after: timedelta = timedelta()) -> bool:
    return queries.account_of_session(token, at=WEDNESDAY + after) is not None


def test_a_proven_address_makes_an_account() -> None:
    account = db.session.get_one(Account, proven(password_hash="a hash"))

    assert (account.email, account.language, account.password_hash) == (ANN, "ko", "a hash")
    assert account.email_verified_at == WEDNESDAY
    assert account.roles == {Role.RESIDENT}


def test_a_known_address_leads_to_its_account_as_it_is() -> None:
    ann = make_resident(email=ANN, password="an old password")
    make_resident()

    assert proven(password_hash="another hash") == ann.id
    assert is_password("an old password", db.session.get_one(Account, ann.id).password_hash)


def test_what_is_kept_of_an_identity_does_not_show_the_address() -> None:
    proven()

    identity = db.session.scalars(db.select(Identity)).one()
    assert identity.kind is IdentityKind.EMAIL
    assert "ann" not in identity.tag


def test_one_address_proven_by_many_at_once_is_one_account(app: Flask) -> None:
    make_resident()

    ids = at_once(app, 6, lambda _n: proven())

    assert len(set(ids)) == 1
    assert len(db.session.scalars(db.select(Account).where(Account.email == ANN)).all()) == 1


def test_the_database_itself_refuses_a_second_account_of_an_address() -> None:
    ann, bob = make_resident(email=ANN), make_resident()
    identity = queries.address_identity(ANN)
    assert identity is not None
    assert identity.account_id == ann.id
    tag, other = identity.tag, bob.id

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(
            insert(Identity).values(kind=IdentityKind.EMAIL, tag=tag, account_id=other, verified_at=WEDNESDAY)
        )


def test_an_address_whose_account_is_gone_begins_a_new_one() -> None:
    ann = make_resident(email=ANN)
    with transaction() as session:
        session.delete(session.get_one(Account, ann.id))

    new = proven()

    assert db.session.scalars(db.select(Identity.account_id)).one() == new


def test_an_account_that_the_city_vouches_for_has_its_roles() -> None:
    with transaction():
        made = services.create_account(ANN, at=WEDNESDAY, name="Ann", roles=[Role.OFFICER, Role.MODERATOR]).id

    account = db.session.get_one(Account, made)
    assert account.roles == {Role.RESIDENT, Role.OFFICER, Role.MODERATOR}
    assert account.display_name == "Ann"
    assert account.email_verified_at == WEDNESDAY
    actions = [row.action for row in db.session.scalars(db.select(AuditRow).order_by(AuditRow.id))]
    assert actions == ["create-account", "grant-role", "grant-role"]


def test_an_address_with_an_account_gets_no_second_one() -> None:
    make_resident(email=ANN)

    with pytest.raises(AlreadyDone), transaction():
        services.create_account(ANN, at=WEDNESDAY)


def test_a_new_role_ends_all_sessions_and_is_written_down() -> None:
    chief, ann, bob = make_administrator(), make_resident(), make_resident()
    token, others = signed_in(ann), signed_in(bob)
    by = chief.id

    with transaction():
        services.grant_role(queries.lock_account(ann.id), Role.AGENT, by=by, at=WEDNESDAY)

    assert Role.AGENT in db.session.get_one(Account, ann.id).roles
    assert not opens(token)
    assert opens(others)
    row = db.session.scalars(db.select(AuditRow)).one()
    assert (row.action, row.actor_id, row.changes) == ("grant-role", by, {"role": [None, "agent"]})


def test_nobody_is_given_the_role_of_resident() -> None:
    ann = make_resident()

    with pytest.raises(RuleViolation), transaction():
        services.grant_role(queries.lock_account(ann.id), Role.RESIDENT, by=None, at=WEDNESDAY)


def test_a_role_is_given_once() -> None:
    officer = make_officer()

    with pytest.raises(AlreadyDone), transaction():
        services.grant_role(queries.lock_account(officer.id), Role.OFFICER, by=None, at=WEDNESDAY)


def test_a_role_taken_away_ends_all_sessions() -> None:
    officer = make_officer()
    token = signed_in(officer)

    with transaction():
        services.revoke_role(queries.lock_account(officer.id), Role.OFFICER, by=None, at=WEDNESDAY)

    assert not opens(token)
    assert not db.session.get_one(Account, officer.id).is_staff


def test_a_role_somebody_does_not_have_cannot_be_taken_away() -> None:
    ann = make_resident()

    with pytest.raises(AlreadyDone), transaction():
        services.revoke_role(queries.lock_account(ann.id), Role.OFFICER, by=None, at=WEDNESDAY)


def test_the_last_administrator_stays() -> None:
    chief = make_administrator()
    make_account(Role.ADMINISTRATOR, state=AccountState.BLOCKED)

    with pytest.raises(RuleViolation), transaction():
        services.revoke_role(queries.lock_account(chief.id), Role.ADMINISTRATOR, by=None, at=WEDNESDAY)


def test_one_of_two_administrators_may_leave() -> None:
    make_administrator()
    chief = make_administrator()

    with transaction():
        services.revoke_role(queries.lock_account(chief.id), Role.ADMINISTRATOR, by=None, at=WEDNESDAY)

    assert queries.count_with_role(Role.ADMINISTRATOR) == 1


def test_a_token_opens_its_account_and_is_not_stored() -> None:
    ann = make_resident()
    token = signed_in(ann)
    signed_in(make_resident())

    found = queries.account_of_session(token, at=WEDNESDAY)

    assert found is not None
    assert found[0].id == ann.id
    assert token not in [row.token_hash for row in db.session.scalars(db.select(SignInSession))]


def test_a_token_nobody_was_given_opens_nothing() -> None:
    signed_in(make_resident())

    assert not opens("a token")
    assert not opens("")


def test_a_resident_is_signed_out_after_thirty_days() -> None:
    token = signed_in(make_resident())

    assert opens(token, after=timedelta(days=29, hours=23))
    assert not opens(token, after=timedelta(days=30))


def test_an_officer_is_signed_out_after_twelve_hours() -> None:
    token = signed_in(make_officer())

    assert opens(token, after=timedelta(hours=11))
    assert not opens(token, after=timedelta(hours=12))


def test_a_new_session_takes_the_place_of_the_one_before() -> None:
    ann = make_resident()
    old = signed_in(ann)

    with transaction():
        new = services.sign_in(queries.lock_account(ann.id), device="", at=WEDNESDAY, instead_of=old)

    assert opens(new)
    assert not opens(old)


def test_a_blocked_account_cannot_begin_a_session() -> None:
    ann = make_resident(state=AccountState.BLOCKED)

    with pytest.raises(RuleViolation):
        signed_in(ann)


def test_blocking_ends_all_sessions_for_good() -> None:
    ann = make_resident()
    token = signed_in(ann)
    with transaction():
        services.block(queries.lock_account(ann.id), by=None, at=WEDNESDAY)
    assert not opens(token)

    with transaction():
        queries.lock_account(ann.id).state = AccountState.ACTIVE

    assert not opens(token)


def test_who_is_blocked_is_not_blocked_again() -> None:
    ann = make_resident(state=AccountState.BLOCKED)

    with pytest.raises(AlreadyDone), transaction():
        services.block(queries.lock_account(ann.id), by=None, at=WEDNESDAY)


def test_a_new_password_ends_every_other_session() -> None:
    ann, bob = make_resident(), make_resident()
    here, there, others = signed_in(ann), signed_in(ann), signed_in(bob)

    with transaction():
        services.set_password(queries.lock_account(ann.id), "a hash", keep=here)

    assert [opens(token) for token in (here, there, others)] == [True, False, True]


def test_signing_out_ends_one_session() -> None:
    ann = make_resident()
    here, there = signed_in(ann), signed_in(ann)

    with transaction():
        services.sign_out(here)

    assert [opens(here), opens(there)] == [False, True]


def test_signing_out_a_device_reaches_only_ones_own() -> None:
    ann, bob = make_resident(), make_resident()
    signed_in(ann)
    token = signed_in(bob)
    hashed = sessions(bob)[0].token_hash

    with transaction():
        services.sign_out_device(queries.lock_account(ann.id), hashed)

    assert opens(token)
    assert len(sessions(ann)) == 1


def test_sessions_that_have_ended_are_forgotten() -> None:
    resident, officer = make_resident(), make_officer()
    signed_in(resident)
    signed_in(officer)

    with transaction():
        services.forget_expired(WEDNESDAY + timedelta(hours=12))

    assert (len(sessions(resident)), len(sessions(officer))) == (1, 0)


def test_devices_are_listed_the_one_used_last_first() -> None:
    ann = make_resident()
    signed_in(make_resident())
    first, second = signed_in(ann), signed_in(ann)
    with transaction():
        services.note_seen(first, at=WEDNESDAY + timedelta(days=2))

    rows = queries.sessions_of(ann.id, at=WEDNESDAY)

    tokens = {
        session.token_hash: token for token in (first, second) if (session := queries.session_of_token(token))
    }
    assert [tokens[row.token_hash] for row in rows] == [first, second]


def test_only_administrators_look_after_the_city() -> None:
    assert allows(make_administrator(), Can.MANAGE_CITY)
    assert not allows(make_officer(), Can.MANAGE_CITY)
    assert not allows(make_resident(), Can.MANAGE_CITY)


def test_demo_accounts_are_noticed() -> None:
    make_resident(email="demo.test@example.org")
    assert not queries.has_demo_accounts()

    make_resident(email="resident@demo.test")
    assert queries.has_demo_accounts()
