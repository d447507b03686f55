"""Proposing for a caller: read back, agreed to by the code of their own message, public once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from cps.accounts.models import Account, Identity
from cps.accounts.queries import address_tag
from cps.accounts.rules import CodePurpose, IdentityKind
from cps.accounts.services import check_code
from cps.cases.models import Case, Follow
from cps.cases.reference import display
from cps.cases.rules import CaseKind, Channel, Status
from cps.contact.models import Contact
from cps.contact.rules import Ending
from cps.contact.views.proposal_codes import LOOKED_UP
from cps.core import clock, worker
from cps.core.db import db, transaction
from cps.core.models import AccessRow, AuditRow, OutboxFact
from cps.core.outbox import Fact
from cps.departments.models import Category
from cps.departments.rules import CategoryKind
from cps.notifications.models import Message
from cps.proposals.models import Proposal
from cps.proposals.services.writing import MOST_A_DAY
from tests.proposals.making import make_proposal
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
    page = tell(desk, greens, channel="phone", language="ko", shows_author=True)
    assert page.has(WORDS["title"])
    assert page.has("Nothing is public yet")
    assert page.has("The caller’s name stands beside it.")
    assert proposals() == []

    done = desk.submit(page, form=CONFIRMED, confirmation=code())

    (case,) = proposals()
    assert (case.reporter_id, case.filed_by_id, case.channel) == (mina.id, agent.id, Channel.PHONE)
    assert case.status is Status.GATHERING
    assert db.session.get(Proposal, case.id).shows_author  # type: ignore[union-attr]
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
    said = tell(desk, greens, email=agent.email)

    assert said.has("This account is your own")
    assert proposals() == []


def test_one_person_proposes_no_more_by_phone_than_on_the_site(desk: Site, greens: Category) -> None:
    for number in range(MOST_A_DAY):
        page = tell(desk, greens, title=f"Plant trees along canal {number}")
        desk.submit(page, form=CONFIRMED, confirmation=code())

    said = tell(desk, greens)

    assert said.has("This person has proposed much today")
    assert len(proposals()) == MOST_A_DAY


def test_two_agents_at_once_do_not_go_past_what_one_person_may_propose(desk: Site, greens: Category) -> None:
    for number in range(MOST_A_DAY - 1):
        page = tell(desk, greens, title=f"Plant trees along canal {number}")
        desk.submit(page, form=CONFIRMED, confirmation=code())
    agents = [desk, desk.another().sign_in(make.make_agent())]
    read_out = [
        (agent, tell(agent, greens, title=f"Benches, {n}, by agent"), code())
        for n, agent in enumerate(agents)
    ]
    together = Barrier(len(read_out))

    def press(told: tuple[Site, Page, str]) -> Page:
        agent, page, digits = told
        together.wait()
        return agent.submit(page, form=CONFIRMED, confirmation=digits)

    with ThreadPoolExecutor(len(read_out)) as threads:
        said = list(threads.map(press, read_out))

    assert len(proposals()) == MOST_A_DAY
    assert sum(page.has("This person has proposed much today") for page in said) == 1


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


@pytest.mark.parametrize(
    "swapped",
    [
        {"title": "Fell the trees along the canal"},
        {"body": "They take the light of the whole street, so fell every one of them."},
        {"address": "Mill Lane 3"},
        {"shows_author": "y"},
    ],
)
def test_the_code_is_good_only_for_the_words_that_were_read_back(
    desk: Site, greens: Category, swapped: dict[str, str]
) -> None:
    page = tell(desk, greens)
    digits = code()

    said = desk.post_raw(CONFIRMED, {**sent_with(page), **swapped, "confirmation": digits})

    assert said.status == 422
    assert said.has("This code is not right")
    assert proposals() == []
    as_read = desk.post_raw(CONFIRMED, {**sent_with(page), "confirmation": digits})
    assert as_read.has("The proposal is public")


def sent_with(page: Page) -> dict[str, str]:
    """Return what the form that was read back holds, as its hidden fields do."""
    form = page.form(CONFIRMED)
    names = (
        "form_key",
        "title",
        "body",
        "category",
        "ward",
        "address",
        "email",
        "phone",
        "channel",
        "language",
    )
    return {name: form.value(name) for name in names}


def test_another_account_of_the_same_form_needs_a_code_of_its_own(desk: Site, greens: Category) -> None:
    make.make_resident(email="other@example.org")
    page = tell(desk, greens)
    digits = code()

    said = desk.post_raw(CONFIRMED, {**sent_with(page), "email": "other@example.org", "confirmation": digits})

    assert said.has("This code is not right")
    assert proposals() == []


def test_the_code_proves_nothing_elsewhere(desk: Site, agent: Account, greens: Category) -> None:
    page = tell(desk, greens)
    digits, key = code(), page.form(CONFIRMED).value("form_key")

    for asked_by in (key, f"register:{agent.id}:{key}", f"propose:{agent.id}:{key}"):
        for purpose in CodePurpose:
            with transaction():
                assert not check_code(purpose, MINA, digits, asked_by=asked_by, at=clock.now())


def test_the_letter_with_the_code_says_what_was_written_down(desk: Site, greens: Category) -> None:
    tell(desk, greens)

    worker.run_until_idle()

    letter = db.session.scalars(db.select(Message).filter_by(address=MINA)).one()
    assert WORDS["title"] in (letter.body_text or "")


def test_the_code_for_a_number_goes_to_the_mail_of_an_account_that_has_one(
    desk: Site, mina: Account, greens: Category
) -> None:
    make.save(
        Identity(
            kind=IdentityKind.PHONE,
            tag=address_tag("+821012345678"),
            account_id=mina.id,
            verified_at=clock.now(),
        )
    )

    page = tell(desk, greens, email="", phone="010-1234-5678")

    assert page.has("A code has gone to the e-mail address of this account")
    assert MINA not in page.text
    digits = code()
    wanted = db.select(OutboxFact).filter_by(fact=Fact.PROPOSAL_CODE_WANTED.value)
    assert db.session.scalars(wanted).one().payload["address"] == MINA
    assert desk.submit(page, form=CONFIRMED, confirmation=digits).has("The proposal is public")


def test_whoever_is_asked_for_with_a_code_that_is_none_reads_it_as_well(
    desk: Site, mina: Account, greens: Category
) -> None:
    other = make.make_resident(email="other@example.org")
    told = {**sent_with(tell(desk, greens)), "email": "other@example.org", "confirmation": "none"}

    page = desk.post_raw(CONFIRMED, told)

    assert page.has("The code has six digits.")
    db.session.rollback()
    read = set(db.session.scalars(db.select(AccessRow.subject_id).filter_by(what="caller")))
    assert read == {mina.id, other.id}


@pytest.mark.settings(rate_limits=True)
def test_nobody_asks_for_one_account_after_another_with_codes_that_were_made_up(
    desk: Site, greens: Category
) -> None:
    told = {**sent_with(tell(desk, greens)), "confirmation": "123456"}
    for number in range(LOOKED_UP.times - 1):
        assert desk.post_raw(CONFIRMED, {**told, "email": f"{number}@example.org"}).status == 422

    said = desk.post_raw(CONFIRMED, {**told, "email": MINA})

    assert said.status == 429
    assert said.has(WORDS["body"])


@pytest.mark.settings(rate_limits=True)
def test_who_proposed_by_phone_proposes_no_more_than_others_on_the_site(
    desk: Site, mina: Account, greens: Category
) -> None:
    for _number in range(MOST_A_DAY):
        make_proposal(author=mina, category=greens)
    own = desk.another().sign_in(mina)
    page = own.submit("/proposals/new", form="/proposals/new", **WORDS)
    page = own.submit(page, form="/proposals/new/place", category=greens.code)

    said = own.submit(page, form="/proposals/new/check")

    assert said.status == 429
    assert said.has("You have proposed much today")
    assert len(proposals()) == MOST_A_DAY
