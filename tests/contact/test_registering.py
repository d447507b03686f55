"""Registering somebody at the counter: read back, agreed to, proven by a code, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from cps.accounts.models import Account, Identity
from cps.accounts.queries import account_by_address
from cps.accounts.rules import IdentityKind
from cps.contact.models import Caller, Contact
from cps.core import clock
from cps.core.db import db
from cps.core.models import AccessRow, AuditRow, OutboxFact
from cps.core.outbox import Fact
from cps.helpers.models import HelperConsent
from cps.helpers.rules import ConsentHow, HelperScope
from cps.residents import queries
from cps.residents.models import CityCard
from tests.residents.steps import BORN, make_entry
from tests.support import factories as make
from tests.support.page import Page
from tests.support.site import Site

REGISTER, AGREED = "/contact/register", "/contact/register/agreed"
NUMBER, CARD, PASSPORT = "900517-1234567", "4400 1234 5678", "M 1234-5678"
BY_CARD = {"kind": "register", "number": CARD, "born_on": str(BORN)}
BY_PASSPORT = {"kind": "card", "number": PASSPORT}
ANN = "ann@example.org"


@pytest.fixture
def clerk(app: object) -> Account:
    return make.make_agent()


@pytest.fixture
def counter(site: Site, clerk: Account) -> Site:
    """A clerk of a city with a register, in which Ann is, with a card."""
    entry = make_entry(register_number=NUMBER)
    make_entry(register_number="A-2")
    make.save(CityCard(tag=queries.card_tag(CARD), entry_tag=entry.tag, imported_at=clock.now()))
    return site.sign_in(clerk)


def tell(site: Site, address: str = ANN, **fields: object) -> Page:
    told = {"name": "Ann Lee", "address": address, "photo": True, "valid": True, **(fields or BY_CARD)}
    return site.submit(REGISTER, form=REGISTER, **told)


def code_to(address: str) -> str:
    db.session.rollback()
    wanted = db.select(OutboxFact).filter_by(fact=Fact.COUNTER_CODE_WANTED.value).order_by(OutboxFact.id)
    return str(
        [fact.payload for fact in db.session.scalars(wanted) if fact.payload["address"] == address][-1][
            "code"
        ]
    )


def agree(site: Site, page: Page, address: str = ANN, **fields: object) -> Page:
    return site.submit(page, form=AGREED, **{"consent": True, "code": code_to(address), **fields})


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(table)) or 0


def test_somebody_is_registered_by_a_card_once_they_agree_and_read_the_code(
    counter: Site, clerk: Account
) -> None:
    before = count(Account)
    page = tell(counter, **BY_CARD, helper="all", language="ko")
    assert page.has("Ann Lee")
    assert page.all(".contact-slip[lang=ko]")
    assert count(Account) == before

    slip = agree(counter, page)

    account = account_by_address(ANN)
    assert account is not None
    assert (account.display_name, account.language) == ("Ann Lee", "ko")
    assert slip.has("Ann Lee")
    assert slip.has(ANN)
    (tag,) = db.session.scalars(
        db.select(Identity.tag).filter_by(kind=IdentityKind.REGISTER, account_id=account.id)
    )
    assert tag == queries.register_tag(NUMBER)
    (row,) = db.session.scalars(db.select(AuditRow).filter_by(action="register-at-counter")).all()
    assert (row.actor_id, row.object_id, row.changes["read_in"]) == (clerk.id, str(account.id), [None, "ko"])
    assert row.changes["consent"][1]
    looks = db.session.scalars(db.select(AccessRow.what).filter_by(subject_id=account.id)).all()
    assert sorted(looks) == ["identity-verified", "registered"]
    (asked,) = db.session.scalars(db.select(HelperConsent)).all()
    assert (asked.resident_id, asked.scope, asked.how) == (account.id, HelperScope.ALL, ConsentHow.COUNTER)
    assert asked.asked_by_id == clerk.id
    assert slip.text_of(".big-code").count("-") == 2
    assert (count(Contact), count(Caller)) == (1, 0)
    stored = str(db.session.scalars(db.select(AuditRow.changes)).all())
    assert "1234567" not in stored + tag


def test_the_helper_named_at_the_counter_is_not_the_clerk_and_not_the_person(
    counter: Site, site: Site
) -> None:
    page = agree(counter, tell(counter, **BY_PASSPORT, helper="filed"))
    code = page.text_of(".big-code")
    ann = account_by_address(ANN)
    assert ann is not None

    said = counter.submit("/accounts/me/helpers", form="/accounts/me/helpers/accept", code=code, name="Clerk")
    assert said.has("You wrote this wish down at the counter")
    said = (
        site.another()
        .sign_in(ann)
        .submit("/accounts/me/helpers", form="/accounts/me/helpers/accept", code=code, name="Ann")
    )
    assert said.has("You cannot be your own helper")

    helper = make.make_resident()
    site.another().sign_in(helper).submit(
        "/accounts/me/helpers", form="/accounts/me/helpers/accept", code=code, name="Bob"
    )
    db.session.rollback()
    assert [one.helper_id for one in db.session.scalars(db.select(HelperConsent))] == [helper.id]


def test_nobody_is_registered_without_a_yes_or_with_a_wrong_code(counter: Site) -> None:
    before = count(Account)
    page = tell(counter)
    right = code_to(ANN)
    wrong = "000000" if right != "000000" else "111111"

    assert agree(counter, page, consent=False).has("Read it aloud and ask")
    answer = agree(counter, counter.page, code=wrong)
    assert answer.has("This code is not right")
    assert answer.form(AGREED).value("name") == "Ann Lee"
    assert count(Account) == before
    again = agree(counter, answer, code=right)
    assert again.has("Ann Lee")
    assert count(Account) == before + 1


def test_a_code_is_good_only_for_the_address_to_which_it_went(counter: Site) -> None:
    make.make_resident()
    page = tell(counter)
    fields = page.form(AGREED).filled({"consent": True, "code": code_to(ANN)}, None)
    fields["address"] = "bob@example.org"

    answer = counter.post_raw(AGREED, fields, with_token=False)

    assert answer.status == 422
    assert account_by_address("bob@example.org") is None


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "register", "number": "4400 9999 0000", "born_on": str(BORN)}, "not in the register"),
        ({"kind": "register", "number": CARD, "born_on": "1980-01-01"}, "another birth date"),
        ({"kind": "register", "number": CARD, "born_on": ""}, "birth date is empty"),
        ({"kind": "card", "number": ""}, "number is empty"),
        ({}, "Choose what they show"),
    ],
)
def test_a_paper_that_does_not_do_is_refused_before_a_code_is_sent(
    counter: Site, fields: dict[str, str], says: str
) -> None:
    answer = counter.submit(
        REGISTER, form=REGISTER, name="Ann Lee", address=ANN, photo=True, valid=True, **fields
    )

    assert answer.status in {409, 422}
    assert answer.has(says)
    assert answer.form(REGISTER).value("name") == "Ann Lee"
    assert count(OutboxFact) == 0


@pytest.mark.one_database("what is typed is judged before the database is asked")
def test_of_a_paper_that_nobody_chose_neither_number_nor_birth_date_is_asked(counter: Site) -> None:
    answer = counter.submit(REGISTER, form=REGISTER, name="Ann Lee", address=ANN)

    assert answer.has("Choose what they show")
    assert not answer.has("number is empty")
    assert not answer.has("birth date is empty")


def test_who_has_an_account_is_told_so_kindly_and_shown_nothing_of_it(counter: Site) -> None:
    known = make.make_resident(display_name="Somebody Known")
    page = tell(counter, known.email)
    assert page.status == 409
    assert page.has("There is an account with this address")
    assert page.has("A helper they name themselves, under Me, Helpers.")
    assert "Somebody Known" not in page.html
    looks = db.session.scalars(db.select(AccessRow.what).filter_by(subject_id=known.id)).all()
    assert looks == ["identity-check"]

    agree(counter, tell(counter))
    page = tell(counter, "other@example.org")

    assert page.status == 409
    assert page.has("has an account already")
    assert ANN not in page.html
    assert account_by_address("other@example.org") is None


def at_once(*acts: Callable[[], Page]) -> list[Page]:
    """Do things at the same moment, each in a thread of its own."""
    db.session.rollback()
    barrier = Barrier(len(acts))

    def one(act: Callable[[], Page]) -> Page:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def press(clerk: Site, page: Page, address: str) -> Callable[[], Page]:
    data = page.form(AGREED).filled({"consent": True, "code": code_to(address)}, None)
    return lambda: clerk.post_raw(AGREED, data, with_token=False, follow=False)


@pytest.mark.parametrize("paper", [BY_CARD, BY_PASSPORT])
def test_of_clerks_who_register_one_card_at_once_one_does(counter: Site, paper: dict[str, str]) -> None:
    before, presses = count(Account), []
    for number in range(4):
        clerk, address = counter.another().sign_in(make.make_agent()), f"ann{number}@example.org"
        presses.append(press(clerk, tell(clerk, address, **paper), address))
    before += 4

    answers = at_once(*presses)

    assert sorted(page.status for page in answers) == [303, 409, 409, 409]
    assert count(Account) == before + 1
    kind = IdentityKind(paper["kind"])
    assert len(db.session.scalars(db.select(Identity).filter_by(kind=kind)).all()) == 1


def test_pressed_twice_it_is_one_account_and_leads_to_the_slip(counter: Site) -> None:
    page = tell(counter)
    twice = press(counter, page, ANN)

    answers = at_once(twice, twice)

    assert [answer.status for answer in answers] == [303, 303]
    assert counter.get("/contact/registered").has("Ann Lee")
    assert count(HelperConsent) == 0
    assert len(db.session.scalars(db.select(AuditRow).filter_by(action="register-at-counter")).all()) == 1
