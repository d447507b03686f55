"""Proofs: by letter, at the counter; what is refused, what outlives an account."""

from datetime import date, timedelta

import pytest

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.core.db import db, transaction
from cps.core.models import AccessRow, AuditRow
from cps.core.security import Can, allows
from cps.residents import queries, services
from cps.residents.models import CounterCode, RegisterEntry
from cps.residents.queries import RegisterFacts
from cps.residents.rules import LETTER_TRIES, Claim, CounterFault
from cps.residents.services import Refused
from tests.residents.steps import BORN, CODE, entries, make_entry, make_proof, owner
from tests.support.factories import (
    make_administrator,
    make_agent,
    make_integrity_officer,
    make_moderator,
    make_officer,
    make_resident,
    make_supervisor,
    make_ward,
)
from tests.support.fixtures import WEDNESDAY

pytestmark = pytest.mark.usefixtures("app")

OTHER_CODE = "0123456789AB"
NUMBER = "900517-1234567"


def claim(account: Account, code: str = CODE, born_on: date = BORN, *, days: float = 0) -> Claim:
    with transaction():
        locked = accounts.lock_account(account.id)
        return services.claim(locked, code, born_on, at=WEDNESDAY + timedelta(days=days))


def verify(account: Account, by: Account, number: str = NUMBER, born_on: date = BORN, **more: int) -> None:
    with transaction():
        services.verify(
            accounts.lock_account(account.id),
            number,
            born_on,
            ward_id=more.get("ward_id"),
            by=by,
            at=WEDNESDAY,
        )


def refusal(account: Account, by: Account, number: str = NUMBER, **more: object) -> CounterFault:
    with pytest.raises(Refused) as refused:
        verify(account, by, number, **more)  # type: ignore[arg-type]
    return refused.value.fault


def test_a_letter_and_a_birth_date_prove_who_somebody_is() -> None:
    ann, entry = make_resident(), make_entry(code=CODE)
    make_entry(code=OTHER_CODE)

    assert claim(ann) is Claim.DONE

    assert owner(entry) == ann.id
    assert queries.facts_of(ann.id) == RegisterFacts(entry.tag, WEDNESDAY, entry.ward_id, BORN)


def test_an_account_that_has_proven_nothing_has_no_facts() -> None:
    make_proof(make_entry(), make_resident())

    assert queries.facts_of(make_resident().id) is None


def test_a_code_works_once() -> None:
    ann, bob = make_resident(), make_resident()
    entry = make_entry(code=CODE)
    claim(ann)

    assert claim(bob) is Claim.WRONG
    assert owner(entry) == ann.id


def test_a_wrong_code_and_a_wrong_birth_date_have_one_answer() -> None:
    ann, entry = make_resident(), make_entry(code=CODE)

    answers = {claim(ann, OTHER_CODE), claim(ann, born_on=date(1990, 5, 18))}

    assert answers == {Claim.WRONG}
    assert owner(entry) is None


def test_a_letter_dies_of_five_wrong_birth_dates() -> None:
    ann, entry = make_resident(), make_entry(code=CODE)
    make_entry(code=OTHER_CODE)
    for _try in range(LETTER_TRIES):
        assert claim(ann, born_on=date(1990, 5, 18)) is Claim.WRONG

    assert claim(ann) is Claim.TRIED_OUT
    assert owner(entry) is None
    assert claim(ann, OTHER_CODE) is Claim.DONE


def test_the_fifth_try_may_still_be_the_right_one() -> None:
    ann = make_resident()
    make_entry(code=CODE)
    for _try in range(LETTER_TRIES - 1):
        claim(ann, born_on=date(1990, 5, 18))

    assert claim(ann) is Claim.DONE


def test_a_letter_lapses_after_sixty_days() -> None:
    ann, entry = make_resident(), make_entry(code=CODE)

    assert claim(ann, days=60) is Claim.LAPSED
    assert owner(entry) is None
    assert claim(ann, days=59.99) is Claim.DONE


def test_who_has_left_the_register_cannot_prove_it() -> None:
    ann, entry = make_resident(), make_entry(gone_at=WEDNESDAY)
    assert refusal(ann, make_agent()) is CounterFault.NOT_LISTED
    gone = make_entry(register_number=NUMBER, gone_at=WEDNESDAY)

    assert refusal(ann, make_agent()) is CounterFault.GONE
    assert (owner(entry), owner(gone)) == (None, None)


def test_who_leaves_the_register_keeps_the_proof_and_has_no_facts() -> None:
    ann, entry = make_resident(), make_entry(gone_at=WEDNESDAY)
    make_proof(entry, ann)

    proof = queries.proof_of(ann.id)

    assert queries.facts_of(ann.id) is None
    assert proof is not None
    assert proof.is_gone


def test_a_person_whom_another_account_has_proven_to_be_is_taken() -> None:
    ann, bob, entry = make_resident(), make_resident(), make_entry(code=CODE)
    make_proof(entry, ann)

    assert claim(bob) is Claim.TAKEN
    assert owner(entry) == ann.id


def test_one_account_is_one_person() -> None:
    ann, second = make_resident(), make_entry(code=CODE)
    make_proof(make_entry(), ann)

    assert claim(ann) is Claim.HAS_ANOTHER
    assert owner(second) is None


def test_the_database_itself_keeps_an_account_from_being_two_people() -> None:
    ann = make_resident()
    make_proof(make_entry(), ann)

    with pytest.raises(Exception, match=r"(?i)unique"):
        make_proof(make_entry(), ann)


def test_a_mark_outlives_its_account_and_goes_on_with_the_same_tag() -> None:
    ann, bob, entry = make_resident(), make_resident(), make_entry(code=CODE)
    make_proof(entry, ann)
    with transaction() as session:
        session.delete(session.get_one(Account, ann.id))
    assert owner(entry) is None

    assert claim(bob) is Claim.DONE

    facts = queries.facts_of(bob.id)
    assert facts is not None
    assert facts.tag == entry.tag


def test_many_marks_may_be_without_an_account() -> None:
    make_proof(make_entry(), None)
    make_proof(make_entry(), None)


def test_a_clerk_verifies_somebody_of_the_register() -> None:
    ann, clerk = make_resident(), make_agent()
    entry = make_entry(register_number=NUMBER, code=CODE)
    make_entry()

    verify(ann, clerk, "９００５１７ 1234567")

    assert owner(entry) == ann.id
    assert claim(make_resident()) is Claim.WRONG  # the letter on its way is good for nothing


def test_a_check_leaves_a_trace_without_number_and_name_that_the_person_sees() -> None:
    ann, clerk = make_resident(display_name="Ann Unsaid"), make_agent()
    make_entry(register_number=NUMBER)

    verify(ann, clerk)

    row = db.session.scalars(db.select(AuditRow)).one()
    assert (row.action, row.actor_id, row.object_id) == ("verify-identity", clerk.id, str(ann.id))
    assert row.changes == {"identity": [None, "register"]}
    access = db.session.scalars(db.select(AccessRow)).one()
    assert (access.actor_id, access.subject_id) == (clerk.id, ann.id)


def test_a_clerk_never_verifies_their_own_account() -> None:
    clerk, entry = make_agent(), make_entry(register_number=NUMBER)

    assert refusal(clerk, clerk) is CounterFault.OWN_ACCOUNT
    assert owner(entry) is None


def test_a_clerk_is_told_when_the_register_has_another_birth_date() -> None:
    entry = make_entry(register_number=NUMBER)

    assert refusal(make_resident(), make_agent(), born_on=date(1991, 5, 17)) is CounterFault.OTHER_DATE
    assert owner(entry) is None


def test_a_number_that_is_not_in_the_register_is_refused_and_writes_nothing() -> None:
    make_entry()
    ward = make_ward()

    assert refusal(make_resident(), make_agent(), ward_id=ward.id) is CounterFault.NOT_LISTED
    assert len(entries()) == 1
    assert db.session.scalar(db.select(db.func.count(AuditRow.id))) == 0


def test_without_a_register_the_word_of_the_clerk_makes_the_entry() -> None:
    ann, ward = make_resident(), make_ward()

    verify(ann, make_agent(), ward_id=ward.id)

    made = entries()
    assert [(entry.ward_id, entry.born_on, entry.imported_at) for entry in made] == [(ward.id, BORN, None)]
    assert owner(made[0]) == ann.id
    assert not queries.has_register()


def test_without_a_register_a_ward_is_needed() -> None:
    assert refusal(make_resident(), make_agent()) is CounterFault.NO_WARD
    assert entries() == []


def test_a_refusal_at_the_counter_leaves_no_entry_behind() -> None:
    ann = make_resident()
    make_proof(make_entry(imported_at=None), ann)

    assert refusal(ann, make_agent(), ward_id=make_ward().id) is CounterFault.HAS_ANOTHER
    assert len(entries()) == 1


def test_a_second_account_cannot_have_the_same_document() -> None:
    ward, clerk = make_ward(), make_agent()
    verify(make_resident(), clerk, ward_id=ward.id)

    assert refusal(make_resident(), clerk, ward_id=ward.id) is CounterFault.TAKEN


def test_digits_for_the_counter_mean_their_account_for_fifteen_minutes() -> None:
    ann, bob = make_resident(), make_resident()
    with transaction():
        code = services.new_counter_code(ann, at=WEDNESDAY)
        services.new_counter_code(bob, at=WEDNESDAY)

    soon, late = WEDNESDAY + timedelta(minutes=14, seconds=59), WEDNESDAY + timedelta(minutes=15)

    assert queries.account_of_counter_code(code, at=soon) == ann.id
    assert queries.account_of_counter_code(code, at=late) is None
    assert code not in [row.code_hash for row in db.session.scalars(db.select(CounterCode))]


def test_new_digits_end_those_before() -> None:
    ann = make_resident()
    with transaction():
        old = services.new_counter_code(ann, at=WEDNESDAY)
        new = services.new_counter_code(ann, at=WEDNESDAY)

    assert queries.account_of_counter_code(new, at=WEDNESDAY) == ann.id
    assert old == new or queries.account_of_counter_code(old, at=WEDNESDAY) is None


def test_two_people_never_have_the_same_digits() -> None:
    ann, bob = make_resident(), make_resident()
    drawn = iter(["111111", "111111", "222222"])

    with transaction():
        codes = [services.new_counter_code(one, at=WEDNESDAY, draw=lambda: next(drawn)) for one in (ann, bob)]

    assert codes == ["111111", "222222"]


def test_digits_that_have_ended_are_forgotten() -> None:
    ann = make_resident()
    with transaction():
        services.new_counter_code(ann, at=WEDNESDAY)

    with transaction():
        services.forget_expired(WEDNESDAY + timedelta(minutes=15))

    assert list(db.session.scalars(db.select(CounterCode))) == []


def test_clerks_are_those_who_meet_residents() -> None:
    clerks = (make_agent(), make_officer(), make_administrator())
    others = (make_resident(), make_supervisor(), make_moderator(), make_integrity_officer())

    assert all(allows(clerk, Can.VERIFY_IDENTITY) for clerk in clerks)
    assert not any(allows(other, Can.VERIFY_IDENTITY) for other in others)


def test_who_may_take_part_is_counted_by_ward_and_age_and_without_who_is_gone() -> None:
    harbour, hill, market = make_ward(), make_ward(), make_ward()
    for ward, year in ((harbour, 1950), (harbour, 1990), (hill, 1990), (hill, 2015), (market, 1990)):
        make_entry(ward=ward, born_on=date(year, 6, 1))
    make_entry(ward=harbour, born_on=date(1990, 6, 1), gone_at=WEDNESDAY)

    assert queries.count_eligible() == 5
    assert queries.count_eligible([harbour.id, hill.id]) == 4
    assert queries.count_eligible([]) == 0
    assert queries.count_eligible([harbour.id, hill.id], born_to=date(1990, 6, 1)) == 3
    assert queries.count_eligible(born_from=date(1990, 6, 1), born_to=date(1990, 6, 1)) == 3
    assert queries.count_eligible(born_from=date(1990, 6, 2)) == 1


def test_cells_are_counted_by_ward_and_band_of_birth_dates() -> None:
    harbour, hill = make_ward(), make_ward()
    for ward, year in ((harbour, 1950), (harbour, 1990), (harbour, 1991), (hill, 1990), (hill, 2015)):
        make_entry(ward=ward, born_on=date(year, 6, 1))
    make_entry(ward=hill, born_on=date(1990, 6, 1), gone_at=WEDNESDAY)
    old, young = (date(1900, 1, 1), date(1979, 12, 31)), (date(1980, 1, 1), date(2008, 11, 18))

    assert queries.cells([old, young]) == {(harbour.id, 0): 1, (harbour.id, 1): 2, (hill.id, 1): 1}
    assert queries.cells([old, young], [hill.id]) == {(hill.id, 1): 1}
    assert queries.cells([]) == {}


def test_nothing_in_an_entry_tells_the_number() -> None:
    make_entry(register_number=NUMBER)

    row = db.session.execute(db.select(*RegisterEntry.__table__.columns)).one()

    assert not any("1234567" in str(value) for value in row)
