"""Helpers: named, saying yes, filing and following for somebody, and ending at once."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.accounts.queries import lock_account
from cps.accounts.services import delete_account, join_accounts
from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import Case, CaseEvent
from cps.cases.policy import Viewer
from cps.cases.reference import display
from cps.cases.rules import EventKind
from cps.cases.services.voice import storage_key, store_note
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow
from cps.core.security import Can, allows
from cps.core.storage import current_storage
from cps.helpers import queries, services
from cps.helpers.models import HelperConsent
from cps.helpers.rules import ASKED_FOR, KEPT_AFTER_END, HelperScope, covers
from tests.complaints.steps import NEW, tell_details, tell_place, tell_words
from tests.support import factories as make
from tests.support.site import Site
from tests.support.sounds import wav


@pytest.mark.parametrize(
    ("scope", "is_integrity", "is_own_filing", "sees"),
    [
        (HelperScope.FILED, False, True, True),
        (HelperScope.FILED, False, False, False),
        (HelperScope.ALL, False, False, True),
        (HelperScope.ALL, True, False, False),
        (HelperScope.ALL, True, True, True),
    ],
)
def test_a_scope_covers(scope: HelperScope, is_integrity: bool, is_own_filing: bool, sees: bool) -> None:
    assert covers(scope, is_complaint=True, is_integrity=is_integrity, is_own_filing=is_own_filing) is sees
    assert not covers(scope, is_complaint=False, is_integrity=is_integrity, is_own_filing=is_own_filing)


def ask(resident: Account, scope: HelperScope = HelperScope.FILED) -> str:
    with transaction():
        return services.name_by_code(lock_account(resident.id), scope, at=clock.now())


def end_all(resident: Account) -> None:
    with transaction():
        for consent in queries.of_resident(resident.id):
            services.end(consent, by=resident.id, at=clock.now())


def speaks(account: Account, case: Case) -> bool:
    db.session.rollback()
    return allows(Viewer(account), Can.SPEAK_AS_REPORTER, db.session.get_one(Case, case.id))


def test_a_helper_speaks_in_what_the_consent_covers_until_it_ends(app: Flask) -> None:
    resident, helper, stranger = make.make_resident(), make.make_resident(), make.make_resident()
    own = make.make_complaint(reporter=resident, is_private=True)
    filed = make.make_complaint(reporter=resident, filed_by_id=helper.id)
    other = make.make_complaint(reporter=stranger, is_private=True)
    make.make_help(resident, helper)
    make.make_help(stranger, make.make_resident(), HelperScope.ALL)

    assert [speaks(helper, case) for case in (own, filed, other)] == [False, True, False]
    end_all(resident)
    assert not speaks(helper, filed)
    make.make_help(resident, helper, HelperScope.ALL)
    assert [speaks(helper, case) for case in (own, filed, other)] == [True, True, False]
    assert not speaks(stranger, own)


def test_the_list_of_a_helper_is_what_they_may_open(app: Flask) -> None:
    resident, helper = make.make_resident(), make.make_resident()
    consent = make.make_help(resident, helper, HelperScope.ALL)
    make.make_complaint(reporter=resident, is_private=True)
    make.make_complaint(reporter=resident, is_private=True, is_integrity=True)
    make.make_complaint(reporter=resident, is_private=True, is_integrity=True, filed_by_id=helper.id)
    make.make_complaint(reporter=helper)
    was_about_staff = make.make_complaint(reporter=resident, is_private=True)
    make.save(IntegrityReport(case_id=was_about_staff.id, released_at=clock.now()))
    every = db.session.scalars(db.select(Case)).all()

    listed = {row.id for row in queries.cases_of(consent).rows}

    assert listed == {case.id for case in every if case.reporter_id == resident.id and speaks(helper, case)}
    assert len(listed) == 2
    assert was_about_staff.id not in listed


def test_a_code_is_accepted_once_however_many_try(app: Flask) -> None:
    resident = make.make_resident()
    code = ask(resident)
    keys = [make.make_resident().id for _number in range(4)]

    def accept(key: int) -> bool:
        with app.app_context(), transaction():
            helper = lock_account(key)
            consent = queries.lock_of_code(code, at=clock.now())
            if consent is not None:
                services.accept(consent, helper, "Mina", at=clock.now())
            return consent is not None

    with ThreadPoolExecutor(4) as pool:
        accepted = sum(pool.map(accept, keys))

    assert accepted == 1
    db.session.rollback()
    assert [one.is_open for one in queries.of_resident(resident.id)] == [True]


def test_nobody_helps_themselves_or_one_person_twice(app: Flask) -> None:
    resident, helper = make.make_resident(), make.make_resident()
    make.make_help(resident, helper)
    code = ask(resident)

    def accept(account: Account) -> None:
        with transaction():
            consent = queries.lock_of_code(code, at=clock.now())
            assert consent
            services.accept(consent, lock_account(account.id), "Mina", at=clock.now())

    for account, told in ((resident, "your own helper"), (helper, "already")):
        with pytest.raises(RuleViolation, match=told):
            accept(account)


def test_only_a_few_wishes_wait_and_old_ones_are_forgotten(app: Flask) -> None:
    resident, helper = make.make_resident(), make.make_resident()
    make.make_help(resident, helper)
    for _number in range(5):
        ask(resident)
    with pytest.raises(RuleViolation):
        ask(resident)

    with transaction():
        services.forget_past(clock.now() + ASKED_FOR)
    assert [one.is_open for one in queries.of_resident(resident.id)] == [True]
    end_all(resident)
    with transaction():
        services.forget_past(clock.now() + KEPT_AFTER_END)
    assert queries.of_resident(resident.id) == []


def test_joining_two_accounts_leaves_nobody_their_own_helper_nor_two_consents(app: Flask) -> None:
    one, two, helper = make.make_resident(), make.make_resident(), make.make_resident()
    make.make_help(one, two)
    make.make_help(one, helper)
    make.make_help(two, helper)

    with transaction():
        join_accounts(one.id, two.id, at=clock.now())

    consents = db.session.scalars(db.select(HelperConsent)).all()
    assert {(row.resident_id, row.helper_id) for row in consents} == {(one.id, helper.id)}
    assert sum(row.is_open for row in consents) == 1


def test_with_an_account_goes_who_helped_it_and_whom_it_helped(app: Flask) -> None:
    resident, helper, other = make.make_resident(), make.make_resident(), make.make_resident()
    case = make.make_complaint(reporter=resident, filed_by_id=helper.id)
    make.make_help(resident, helper)
    make.make_help(other, helper)
    make.make_help(other, resident)

    with transaction():
        delete_account(helper.id, at=clock.now())

    assert db.session.get_one(Case, case.id).filed_by_id is None
    assert [row.helper_id for row in db.session.scalars(db.select(HelperConsent))] == [resident.id]


def test_with_the_account_of_a_helper_goes_their_voice(app: Flask) -> None:
    resident, helper = make.make_resident(), make.make_resident()
    spoken = make.make_complaint(reporter=resident, filed_by_id=helper.id)
    own = make.make_complaint(reporter=resident)
    keys = []
    for case in (spoken, own):
        note = store_note(BytesIO(wav()), storage=current_storage(), at=clock.now())
        note.case_id, note.stands_for_words = case.id, True
        make.save(note)
        keys.append(storage_key(note.name, note.kind))

    with transaction():
        delete_account(helper.id, at=clock.now())

    assert [current_storage().exists(key) for key in keys] == [False, True]
    assert db.session.get_one(Case, spoken.id).body.startswith("A voice note that was deleted")


# Pages


def test_a_helper_files_for_somebody_and_everybody_concerned_reads_who_did(site: Site) -> None:
    resident, helper = make.make_resident(display_name="Old Sunmi"), make.make_resident()
    category = make.make_category()
    site.sign_in(resident)
    page = site.submit("/accounts/me/helpers", form="/accounts/me/helpers", scope="filed", address="")
    code = page.text_of(".big-code")
    by_helper = site.another().sign_in(helper)

    page = by_helper.submit(
        "/accounts/me/helpers", form="form:has([name=code])", code=code.lower(), name="Mina"
    )
    page = by_helper.submit(page, form="form[action*='/new/for/']")
    assert page.has("You report this for Old Sunmi.")
    tell_place(by_helper)
    tell_words(by_helper, category)
    page = tell_details(by_helper, privacy="private")
    page = by_helper.submit(f"{NEW}/check", form=f"{NEW}/check")

    case = db.session.scalars(db.select(Case)).one()
    assert (case.reporter_id, case.filed_by_id) == (resident.id, helper.id)
    assert page.path == f"/complaints/{display(case.reference)}"  # not the page with PIN and link
    assert page.has("You help Old Sunmi with this case.")
    own = site.get(f"/complaints/{case.reference}")
    assert own.has("by Mina, who helps")
    by_helper.submit(page, form=f"/complaints/{display(case.reference)}/reply", message="It is worse now.")
    event = db.session.scalars(db.select(CaseEvent).filter_by(kind=EventKind.REPLIED)).one()
    assert event.actor_id == helper.id
    officer = make.make_officer(make.triage_department())
    assert (
        site.another().sign_in(officer).get(f"/desk/{case.reference}").text.count("by Mina, who helps") == 2
    )
    actions = set(db.session.scalars(db.select(AuditRow.action)))
    assert {"name-helper", "accept-help"} <= actions


def test_ending_it_shuts_the_case_and_stops_what_is_being_written(site: Site) -> None:
    resident, helper = make.make_resident(), make.make_resident()
    category = make.make_category()
    consent = make.make_help(resident, helper, HelperScope.ALL)
    case = make.make_complaint(reporter=resident, is_private=True)
    by_helper = site.another().sign_in(helper)
    by_helper.submit("/accounts/me/helpers", form="form[action*='/new/for/']")
    tell_place(by_helper)
    tell_words(by_helper, category)
    tell_details(by_helper)
    check = by_helper.get(f"{NEW}/check")
    assert by_helper.get(f"/complaints/{case.reference}").has(case.title)

    site.sign_in(resident)
    site.submit("/accounts/me/helpers", form=f"/accounts/me/helpers/{consent.id}/end")

    assert by_helper.submit(check, form=f"{NEW}/check").status == 422
    assert not by_helper.get(f"/complaints/{case.reference}").has(case.title)
    assert by_helper.get(f"/accounts/me/helpers/{consent.id}").status == 404
    assert db.session.scalar(db.select(db.func.count(Case.id))) == 1


def test_a_wish_finds_its_helper_by_address_and_tells_nobody_whether_there_is_one(site: Site) -> None:
    resident, helper = (
        make.make_resident(),
        make.make_resident(email="mina@testford.test", display_name="Mina"),
    )
    site.sign_in(resident)
    answers = [
        site.submit("/accounts/me/helpers", form="/accounts/me/helpers", scope="all", address=address)
        for address in ("mina@testford.test", "nobody@testford.test")
    ]
    assert all(answer.has("can say yes within seven days") for answer in answers)
    stranger = site.another().sign_in(make.make_resident()).get("/accounts/me/helpers")
    assert not stranger.has("Asks you to help")

    by_helper = site.another().sign_in(helper)
    by_helper.submit("/accounts/me/helpers", form="form:has([name=asked]):not(:has([name=code]))")

    assert [one.resident_id for one, _name in queries.open_of_helper(helper.id)] == [resident.id]


def test_whoever_is_asked_for_help_can_say_no_and_nobody_else_can(site: Site) -> None:
    resident = make.make_resident()
    helper = make.make_resident(email="mina@testford.test")
    site.sign_in(resident).submit(
        "/accounts/me/helpers", form="/accounts/me/helpers", scope="all", address=helper.email
    )
    asked = queries.of_resident(resident.id)[0].id
    end = f"/accounts/me/helpers/{asked}/end"

    stranger = site.another().sign_in(make.make_resident())
    by_helper = site.another().sign_in(helper)

    assert stranger.post_raw(end).status == 404
    by_helper.submit("/accounts/me/helpers", form=end)
    assert queries.of_resident(resident.id) == []


def test_officers_never_read_who_helped_to_report_staff(site: Site) -> None:
    resident, helper = make.make_resident(), make.make_resident(display_name="Mina Helping")
    make.make_help(resident, helper)
    case = make.make_complaint(reporter=resident, filed_by_id=helper.id, is_private=True, is_integrity=True)
    make.make_event(case, EventKind.REPLIED, actor_id=helper.id, message="More about it.")

    page = site.sign_in(make.make_integrity_officer()).get(f"/desk/{case.reference}")

    assert page.has("More about it.")
    assert not page.has("Mina Helping")
