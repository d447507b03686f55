"""Proposing for a caller: read back, agreed to by the code of their own message, public once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from cps.accounts.models import Account
from cps.cases.models import Case, Follow
from cps.cases.reference import display
from cps.cases.rules import CaseKind, Channel, Status
from cps.contact.models import Contact
from cps.contact.rules import Ending
from cps.core.db import db
from cps.core.models import AccessRow, AuditRow, OutboxFact
from cps.core.outbox import Fact
from cps.departments.models import Category
from cps.departments.rules import CategoryKind
from cps.proposals.services.writing import MOST_A_DAY
from tests.support import factories as make
from tests.support.page import Page
from tests.support.site import Site

PROPOSE, CONFIRMED = "/contact/propose", "/contact/propose/confirmed"
MINA = "mina@example.org"
WORDS = {
    "title": "Plant trees along the canal",
    "body": "There is no shade on the whole path along the water.",
}


@pytest.fixture
def mina(app: object) -> Account:
    """A resident with an account, beside another one."""
    make.make_resident()
    return make.make_resident(email=MINA, display_name="Mina Ode")


@pytest.fixture
def greens(app: object) -> Category:
    return make.make_category(kind=CategoryKind.PROPOSAL)


@pytest.fixture
def agent(app: object) -> Account:
    return make.make_agent()


@pytest.fixture
def desk(site: Site, agent: Account, mina: Account, greens: Category) -> Site:
    """An agent of a city in which Mina can propose."""
    return site.sign_in(agent)


def tell(site: Site, greens: Category, **fields: object) -> Page:
    return site.submit(PROPOSE, form=PROPOSE, **{**WORDS, "category": greens.code, "email": MINA, **fields})


def code() -> str:
    db.session.rollback()
    wanted = db.select(OutboxFact).filter_by(fact=Fact.PROPOSAL_CODE_WANTED.value).order_by(OutboxFact.id)
    return str(db.session.scalars(wanted).all()[-1].payload["code"])


def proposals() -> list[Case]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Case).filter_by(kind=CaseKind.PROPOSAL).order_by(Case.id)))


def read_back(case: Case) -> str:
    return f"/contact/proposed/{display(case.reference)}"


def test_a_caller_proposes_by_reading_the_code_of_their_own_message(
    desk: Site, agent: Account, mina: Account, greens: Category
) -> None:
    page = tell(desk, greens, channel="phone", language="ko")
    assert page.has(WORDS["title"])
    assert page.has("Nothing is public yet")
    assert proposals() == []

    done = desk.submit(page, form=CONFIRMED, confirmation=code(), shows_author=True)

    (case,) = proposals()
    assert (case.reporter_id, case.filed_by_id, case.channel) == (mina.id, agent.id, Channel.PHONE)
    assert case.status is Status.GATHERING
    assert done.path == read_back(case)
    assert done.has(WORDS["title"])
    assert db.session.scalars(db.select(Follow.account_id).filter_by(case_id=case.id)).all() == [mina.id]
    contact = db.session.scalars(db.select(Contact).filter_by(case_id=case.id)).one()
    assert (contact.agent_id, contact.ending) == (agent.id, Ending.FILED)
    audited = db.session.scalars(db.select(AuditRow).filter_by(action="propose-for")).one()
    assert (audited.actor_id, audited.object_id) == (agent.id, str(case.id))


def test_who_proposed_for_somebody_stands_in_their_own_data(
    desk: Site, mina: Account, greens: Category
) -> None:
    desk.submit(tell(desk, greens), form=CONFIRMED, confirmation=code())

    db.session.rollback()
    rows = db.session.scalars(db.select(AccessRow.what).filter_by(subject_id=mina.id)).all()
    assert sorted(rows) == ["caller", "proposed"]
    own = desk.another().sign_in(mina).get("/accounts/me/data")
    assert own.has("proposed something for you, because you read them the code")


def test_a_wrong_code_proposes_nothing_and_keeps_what_was_typed(desk: Site, greens: Category) -> None:
    page = tell(desk, greens)
    right = code()

    page = desk.submit(page, form=CONFIRMED, confirmation="000000" if right != "000000" else "111111")

    assert page.status == 422
    assert page.has("This code is not right")
    assert page.has(WORDS["body"])
    assert proposals() == []
    assert desk.submit(page, form=CONFIRMED, confirmation=right).has("The proposal is public")


def test_another_agent_cannot_use_the_code(desk: Site, greens: Category) -> None:
    page = tell(desk, greens)
    theirs = desk.another().sign_in(make.make_agent())

    said = theirs.submit(tell(theirs, greens), form=CONFIRMED, confirmation=code_before_last())

    assert page.status == 200
    assert said.status == 422
    assert proposals() == []


def code_before_last() -> str:
    db.session.rollback()
    wanted = db.select(OutboxFact).filter_by(fact=Fact.PROPOSAL_CODE_WANTED.value).order_by(OutboxFact.id)
    return str(db.session.scalars(wanted).all()[-2].payload["code"])


def test_who_has_no_account_is_told_how_to_get_one_and_gets_no_message(desk: Site, greens: Category) -> None:
    page = tell(desk, greens, email="nobody@example.org")

    assert page.status == 422
    assert page.has("Nobody has an account with this number or e-mail")
    assert page.form(PROPOSE).value("title") == WORDS["title"]
    wanted = db.select(db.func.count(OutboxFact.id)).filter_by(fact=Fact.PROPOSAL_CODE_WANTED.value)
    assert db.session.scalar(wanted) == 0


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "Say in one line what the city should do."),
        ({"body": "Trees."}, "Say a little more"),
        ({"category": ""}, "Choose what the proposal is about."),
        ({"email": ""}, "Ask for the mobile number, or the e-mail"),
        ({"email": "no address"}, "name@example.org"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(
    desk: Site, greens: Category, wrong: dict[str, str], told: str
) -> None:
    page = tell(desk, greens, **wrong)

    assert page.status == 422
    assert page.has(told)
    assert proposals() == []


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        ({"category": "nonsense"}, "Choose what the proposal is about."),
        ({"ward": "nowhere"}, "Choose one of the wards in the list."),
    ],
)
def test_what_was_not_offered_is_refused(
    desk: Site, greens: Category, forged: dict[str, str], told: str
) -> None:
    call = {"channel": "phone", "language": "en", "form_key": "k"}

    page = desk.post_raw(PROPOSE, {**WORDS, **call, "category": greens.code, "email": MINA, **forged})

    assert page.status == 422
    assert page.has(told)


def test_agents_do_not_propose_as_their_own_callers(desk: Site, agent: Account, greens: Category) -> None:
    page = tell(desk, greens, email=agent.email)

    said = desk.submit(page, form=CONFIRMED, confirmation=code())

    assert said.has("This account is your own")
    assert proposals() == []


def test_one_person_proposes_no_more_by_phone_than_on_the_site(desk: Site, greens: Category) -> None:
    for number in range(MOST_A_DAY):
        page = tell(desk, greens, title=f"Plant trees along canal {number}")
        desk.submit(page, form=CONFIRMED, confirmation=code())

    said = desk.submit(tell(desk, greens), form=CONFIRMED, confirmation=code())

    assert said.has("This person has proposed much today")
    assert len(proposals()) == MOST_A_DAY


def test_pressed_twice_at_once_it_is_one_proposal(desk: Site, greens: Category) -> None:
    page, together = tell(desk, greens), Barrier(2)
    digits = code()

    def press(_number: int) -> str:
        together.wait()
        return desk.submit(page, form=CONFIRMED, confirmation=digits).path

    with ThreadPoolExecutor(2) as threads:
        paths = set(threads.map(press, range(2)))

    assert len(proposals()) == 1
    assert read_back(proposals()[0]) in paths
    assert desk.submit(page, form=CONFIRMED, confirmation=digits).path == read_back(proposals()[0])


def test_only_the_agent_who_wrote_it_down_reads_it_back(desk: Site, greens: Category) -> None:
    done = desk.submit(tell(desk, greens), form=CONFIRMED, confirmation=code())

    other = desk.another().sign_in(make.make_agent()).get(done.path)

    assert other.path == "/contact"
    assert other.has("What was proposed is read back to the agent who wrote it down.")


def test_what_is_alike_is_read_out_before(desk: Site, greens: Category) -> None:
    desk.submit(tell(desk, greens), form=CONFIRMED, confirmation=code())

    page = tell(desk, greens, title="Trees along the canal path")

    assert page.has("Is it one of these?")
    assert page.has(WORDS["title"])
