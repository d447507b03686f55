"""Accounts of staff: invited, given roles and departments, blocked; and what can never happen to them."""

import re

import pytest
from flask import Flask

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.accounts.rules import AccountState, Role
from cps.admin.models import Invitation
from cps.admin.people import services
from cps.admin.people.rules import Access, Fault, fault_in
from cps.cases.models import Case
from cps.cases.rules import Status
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.models import AccessRow, AuditRow
from cps.departments import queries as departments
from cps.notifications.models import Message
from tests.accounts.support import at_once, sessions
from tests.support.factories import (
    PASSWORD,
    make_administrator,
    make_category,
    make_complaint,
    make_department,
    make_officer,
    make_resident,
)
from tests.support.fixtures import Clock
from tests.support.site import Site

HERE = "/admin/accounts"
EVE = "eve@example.org"
NEW = "four words in row"


def administrator(site: Site) -> Account:
    """Sign an administrator in who has just written their password."""
    person = make_administrator(password=PASSWORD, display_name="Ada")
    site.sign_in(person)
    site.submit(site.get(f"{HERE}/invite"), form="/accounts/me/confirm", password=PASSWORD)
    return person


def invite(site: Site, **fields: object) -> str:
    """Invite Eve as an officer, and return the path of the link in her mail."""
    values = {"email": EVE, "name": "Eve", "roles": ["officer"], **fields}
    page = site.submit(f"{HERE}/invite", form=f"{HERE}/invite", **values)
    assert page.has("The invitation is on its way."), page.all(".error-summary li")
    return link_to_eve()


def link_to_eve() -> str:
    worker.run_until_idle()
    letters = db.session.scalars(db.select(Message).where(Message.address == EVE).order_by(Message.id)).all()
    return str(re.findall(r"/invited/[\w-]+", letters[-1].body_text)[0])


def fresh(account: Account) -> Account:
    db.session.rollback()
    return db.session.get_one(Account, account.id, populate_existing=True)


def give(account: Account, by: Account, *roles: Role, **more: object) -> int:
    where = frozenset(str(code) for code in more.get("where", ()))  # type: ignore[attr-defined]
    with transaction():
        return services.change_access(account.id, Access(frozenset(roles), where), by=by, at=real_clock.now())


@pytest.mark.parametrize(
    ("before", "wanted", "is_own", "fault"),
    [
        ((), (Role.OFFICER,), False, Fault.NO_DEPARTMENT),
        ((), (Role.MODERATOR,), False, None),
        ((Role.ADMINISTRATOR,), (Role.MODERATOR,), True, Fault.OWN_ADMINISTRATION),
        ((Role.ADMINISTRATOR,), (Role.MODERATOR,), False, None),
        ((Role.ADMINISTRATOR,), (Role.ADMINISTRATOR, Role.INTEGRITY_OFFICER), True, Fault.OWN_INTEGRITY),
    ],
)
def test_nobody_lets_go_of_their_own_administration_or_reads_about_staff_by_their_own_act(
    before: tuple[Role, ...], wanted: tuple[Role, ...], is_own: bool, fault: Fault | None
) -> None:
    assert fault_in(Access(frozenset(before)), Access(frozenset(wanted)), is_own=is_own) is fault


def test_who_is_invited_chooses_a_password_and_works_where_they_were_invited_to(site: Site) -> None:
    roads = make_department("Roads")
    ada = administrator(site)
    link = invite(site, departments=[roads.code])

    eve = site.another()
    assert eve.get(link).has("Eve")
    assert accounts.account_by_email(EVE) is None
    assert eve.submit(link, form=link, password="aaaaaaaaaaaa").status == 422
    page = eve.submit(link, form=link, password=NEW)
    assert page.path == "/accounts/sign-in"
    page = eve.submit(page, form="/accounts/sign-in", email=EVE, password=NEW)

    assert page.path == "/desk"
    made = accounts.account_by_email(EVE)
    assert made is not None
    assert (made.display_name, made.roles) == ("Eve", {Role.RESIDENT, Role.OFFICER})
    assert departments.department_ids_of(made.id) == {roads.id}
    assert {grant.granted_by_id for grant in made.grants} == {ada.id}
    assert made.signed_in_at is not None
    assert eve.get(link).status == 404
    told = site.get(f"{HERE}/{made.id}")
    assert told.has("Invitation accepted")
    assert told.has("Works in a department")


def test_a_link_ends_when_it_is_sent_again_withdrawn_or_a_week_old(site: Site, clock: Clock) -> None:
    administrator(site)
    first = invite(site, roles=["moderator"])
    row = db.session.scalars(db.select(Invitation)).one()
    again = f"{HERE}/invitations/{row.id}"

    site.post_raw(f"{again}/again")
    second = link_to_eve()
    assert [site.another().get(link).status for link in (first, second)] == [404, 200]
    clock.move(days=7)
    assert site.another().get(second).status == 404
    with pytest.raises(NotVisible), transaction():
        services.accept(second.rsplit("/", 1)[1], password_hash="", at=real_clock.now())
    clock.move(days=-7)
    site.post_raw(f"{again}/withdraw")

    assert site.another().get(second).status == 404
    assert db.session.scalars(db.select(Invitation)).all() == []


def test_sending_an_invitation_again_asks_who_it_is_and_ending_access_does_not(
    site: Site, clock: Clock
) -> None:
    administrator(site)
    first = invite(site, roles=["moderator"])
    row, officer = db.session.scalars(db.select(Invitation)).one(), make_officer()
    site.another().sign_in(officer)
    clock.move(minutes=16)

    site.submit(f"{HERE}/{officer.id}", form=f"{HERE}/{officer.id}/sign-out")
    assert sessions(officer) == []
    page = site.submit(HERE, form=f"{HERE}/invitations/{row.id}/again")
    assert page.path.startswith("/accounts/me/confirm?")
    assert site.another().get(first).status == 200, "nothing was sent"
    page = site.submit(page, form="/accounts/me/confirm", password=PASSWORD)
    assert page.path == HERE
    site.submit(page, form=f"{HERE}/invitations/{row.id}/again")

    assert link_to_eve() != first
    assert site.another().get(first).status == 404


def test_an_invitation_ends_with_the_administrator_who_sent_it(app: Flask) -> None:
    ada, bob = make_administrator(), make_administrator()
    new = services.NewInvitation(EVE, "Eve", "en", Access(frozenset({Role.ADMINISTRATOR})))
    with transaction():
        services.invite(new, by=bob, at=real_clock.now())

    give(bob, ada)

    assert db.session.scalars(db.select(Invitation)).all() == []


def test_of_two_administrators_who_remove_each_other_at_once_one_stays(app: Flask) -> None:
    pair = [make_administrator().id, make_administrator().id]
    make_administrator(state=AccountState.BLOCKED)

    def remove(number: int) -> bool:
        by = db.session.get_one(Account, pair[number])
        try:
            with transaction():
                services.change_access(pair[1 - number], Access(), by=by, at=real_clock.now())
        except (NotVisible, RuleViolation):
            return False
        return True

    assert sorted(at_once(app, 2, remove)) == [False, True]
    assert accounts.count_with_role(Role.ADMINISTRATOR) == 1


def test_the_last_administrator_can_be_neither_blocked_nor_let_go(app: Flask) -> None:
    ada = make_administrator()
    with pytest.raises(RuleViolation), transaction():
        services.block(ada.id, by=ada, at=real_clock.now())
    with pytest.raises(RuleViolation):
        give(ada, ada, Role.MODERATOR)
    assert accounts.count_with_role(Role.ADMINISTRATOR) == 1


def test_who_leaves_a_department_gives_its_open_cases_back_and_keeps_the_others(site: Site) -> None:
    roads, waste = make_department("Roads"), make_department("Waste")
    officer, other = make_officer(roads, display_name="Otto"), make_officer(roads)
    with transaction():
        from cps.departments import services as staffing

        staffing.add_staff(officer.id, waste, by=None, at=real_clock.now())
    lamp, bin_ = make_category("Lamp", department=roads), make_category("Bin", department=waste)
    mine = make_complaint(Status.IN_PROGRESS, category=lamp, assignee=officer)
    kept = make_complaint(Status.IN_PROGRESS, category=bin_, assignee=officer)
    noise = make_complaint(Status.IN_PROGRESS, category=lamp, assignee=other)
    administrator(site)
    site.another().sign_in(officer)

    page = site.get(f"{HERE}/{officer.id}/access")
    assert page.has("Open cases lie with them")
    page = site.submit(page, form=f"{HERE}/{officer.id}/access", roles=["officer"], departments=[waste.code])

    assert page.path == f"{HERE}/{officer.id}"
    cases = [db.session.get_one(Case, case.id) for case in (mine, kept, noise)]
    assert [case.assignee_id for case in cases] == [None, officer.id, other.id]
    assert cases[0].status is Status.TRIAGED
    assert departments.department_ids_of(officer.id) == {waste.id}
    assert page.has("Open cases given back")
    site.submit(f"{HERE}/{officer.id}/block", form=f"{HERE}/{officer.id}/block")
    assert (fresh(officer).state, sessions(officer)) == (AccountState.BLOCKED, [])
    assert db.session.get_one(Case, kept.id).assignee_id is None
    site.post_raw(f"{HERE}/{officer.id}/unblock")
    assert fresh(officer).roles == {Role.RESIDENT, Role.OFFICER}


def test_changing_roles_asks_who_it_is_and_keeps_what_was_typed_where_it_is_refused(site: Site) -> None:
    officer = make_officer()
    person = make_administrator(password=PASSWORD)
    site.sign_in(person)
    page = site.get(f"{HERE}/{officer.id}/access")
    assert page.path.startswith("/accounts/me/confirm?")
    page = site.submit(page, form="/accounts/me/confirm", password=PASSWORD)
    assert page.path == f"{HERE}/{officer.id}/access"

    page = site.submit(page, form=f"{HERE}/{officer.id}/access", roles=["supervisor"], departments=[])

    assert page.status == 422
    assert page.has("Officers, supervisors and call agents work in a department. Choose at least one.")
    assert fresh(officer).roles == {Role.RESIDENT, Role.OFFICER}


def test_a_residents_account_opens_only_by_its_whole_address_and_the_resident_can_read_it(site: Site) -> None:
    resident = make_resident(email=EVE)
    make_resident(email="eveline@example.org")
    ada = administrator(site)
    assert site.get(f"{HERE}?q=eve").has("Nobody found")
    assert site.get(f"{HERE}/{resident.id}").status == 404

    page = site.submit(HERE, form=f"{HERE}/find", email="eve@example.or")
    assert (page.status, page.has("There is no account with this address.")) == (422, True)
    page = site.submit(HERE, form=f"{HERE}/find", email=EVE)

    assert page.path == f"{HERE}/{resident.id}"
    row = db.session.scalars(db.select(AccessRow)).one()
    assert (row.actor_id, row.subject_id) == (ada.id, resident.id)
    assert site.another().sign_in(make_administrator()).get(f"{HERE}/{resident.id}").status == 404


def test_audit_rows_of_invitations_hold_no_address(site: Site) -> None:
    administrator(site)
    invite(site, roles=["moderator"])

    rows = db.session.scalars(db.select(AuditRow).where(AuditRow.object_kind == "invitation")).all()

    assert rows
    assert all(EVE not in str(row.changes) for row in rows)


@pytest.mark.parametrize(
    "path", ["accounts?from=1" + 30 * "0", "accounts?department=%00", "audit?before=1" + 30 * "0"]
)
def test_a_list_begins_anew_where_its_address_holds_what_no_database_takes(site: Site, path: str) -> None:
    assert site.sign_in(make_administrator()).get(f"/admin/{path}").status == 200
