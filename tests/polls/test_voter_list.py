"""Lists of those who may vote: numbers of a register, phone numbers, addresses; kept as tags alone."""

from datetime import timedelta

import pytest

from cps.accounts import queries as accounts
from cps.accounts.models import Account, Identity
from cps.accounts.rules import IdentityKind
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.keys import app_keys_dir
from cps.core.models import AuditRow
from cps.polls import key_files, queries, voter_list
from cps.polls import keys as poll_keys
from cps.polls.eligibility import NotEligible, WhyNot
from cps.polls.models import Poll, PollListed
from cps.polls.rules import CountKey
from cps.polls.services import drafting, listing, opening
from tests.polls.managing import administrator, here, send
from tests.support import factories, polls
from tests.support.site import Site

OURS, ABROAD, OTHER = "+821012345678", "+447400123456", "+821099998888"


def digits(cell: str) -> str:
    if not cell.isdecimal():
        raise ValueError(cell)
    return cell


def owner_of(phone: str) -> Account:
    """Make somebody who proved a number long ago."""
    account = polls.make_voter()
    proven = clock.now() - timedelta(days=30)
    tag = accounts.address_tag(phone)
    factories.save(Identity(kind=IdentityKind.PHONE, tag=tag, account_id=account.id, verified_at=proven))
    return account


def open_with(key: CountKey, *lines: str) -> Poll:
    """Open a poll with this list."""
    draft, by, at = (
        polls.make_draft("park", key=key, is_sensitive=True),
        factories.make_administrator(),
        clock.now(),
    )
    keys = poll_keys.make("park")
    key_files.write(app_keys_dir(), keys)
    tags = listing.read("\n".join(lines).encode(), key, keys.web).tags
    with transaction():
        poll = queries.lock_poll(draft.slug)
        drafting.set_list(poll, tags, by=by, at=at)
        opening.open_poll(poll, keys.fingerprints(), keys.worker, by=by, at=at)
    return queries.get_poll("park")


def may_vote(poll: Poll, account: Account) -> bool:
    try:
        return bool(polls.voter_of(poll, account))
    except NotEligible as refused:
        if refused.reason is WhyNot.NOT_LISTED:
            return False
        raise


@pytest.mark.parametrize("head", ["phone", "Phone", "전화번호", "Who lives here", ""])
def test_the_head_of_the_column_is_no_person(head: str) -> None:
    found = voter_list.read(f"{head}\n1,Ann\n\n2\n".encode(), digits)

    assert (found.names, found.wrong) == (["1", "2"], [])


@pytest.mark.parametrize("first", ["1x", "ann@example"])
def test_a_first_line_that_was_meant_as_a_person_is_told(first: str) -> None:
    assert voter_list.read(f"{first}\n1\nx\n".encode(), digits).wrong == [1, 3]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "written", ["010-1234-5678", "1012345678", "+82 10 1234 5678", "０１０１２３４５６７８"]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_list_knows_phone_numbers_however_they_are_written(written: str) -> None:
    ours, abroad, other = (owner_of(phone) for phone in (OURS, ABROAD, OTHER))

    poll = open_with(CountKey.PHONE, "phone", written, "+44 7400 123456")

    assert poll.eligible == 2
    assert [may_vote(poll, account) for account in (ours, abroad, other)] == [True, True, False]
    polls.vote(poll, ours, "park")
    assert queries.balance(poll.id).roll == 1


@pytest.mark.usefixtures("app")
def test_a_list_knows_the_addresses_of_accounts() -> None:
    ann, ben = polls.make_voter(email="ann@testford.test"), polls.make_voter(email="ben@testford.test")

    poll = open_with(CountKey.ACCOUNT, "e-mail", "Ann@Testford.test", "ANN@testford.test")

    assert poll.eligible == 1
    assert [may_vote(poll, account) for account in (ann, ben)] == [True, False]


def test_of_phone_numbers_tags_alone_are_kept(site: Site) -> None:
    polls.make_draft("park", key=CountKey.PHONE, is_sensitive=True)
    key_files.write(app_keys_dir(), poll_keys.make("park"))
    admin = administrator(site)[0]

    assert admin.get(here("park", "/voters")).has("the mobile number")
    send(admin, "park", "/voters", file=(b"010-1234-5678\n010 9999 8888\n+82 10-1234-5678\n", "list.csv"))

    kept = [row.tag for row in db.session.scalars(db.select(PollListed))]
    assert len(kept) == 2
    assert all(len(tag) == 64 for tag in kept)
    assert accounts.address_tag(OURS) not in kept


@pytest.mark.parametrize("wrong", ["02-123-4567", "ann@testford.test", "12", "010-1234-5678 ext. 9"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_lines_without_a_mobile_number_are_told(site: Site, wrong: str) -> None:
    polls.make_draft("park", key=CountKey.PHONE, is_sensitive=True)
    key_files.write(app_keys_dir(), poll_keys.make("park"))

    page = send(
        administrator(site)[0], "park", "/voters", file=(f"010-1234-5678\n{wrong}\n".encode(), "list.csv")
    )

    assert page.status == 422
    assert page.has("Line 2: It names nobody.")
    assert queries.count_listed(queries.get_poll("park").id) == 0


def by_register(site: Site, *numbers: str, gone: tuple[str, ...] = ()) -> Site:
    """Make a draft by the register with its keys, and let these numbers stand in it, some of them gone."""
    polls.make_draft("park", key=CountKey.REGISTER)
    key_files.write(app_keys_dir(), poll_keys.make("park"))
    polls.register(*numbers)
    if gone:
        polls.register(*gone, gone_at=clock.now())
    return administrator(site)[0]


def listed() -> int:
    return queries.count_listed(queries.get_poll("park").id)


def test_numbers_that_are_not_in_the_register_are_told_by_line_and_nothing_is_taken(site: Site) -> None:
    admin = by_register(site, "7001", "7002", gone=("7003",))

    page = send(admin, "park", "/voters", file=(b"number\n7001\nrubbish!\n7003\n70-02\n7009\n", "list.csv"))

    assert page.status == 422
    assert page.has("3 lines are wrong, so nothing was changed.")
    assert page.has("Line 3: The number is not in the register.")
    assert page.has("Line 4: The register says that this person does not live in the city any more.")
    assert page.has("Line 6: The number is not in the register.")
    assert not page.has("Line 5")
    assert listed() == 0
    assert not queries.get_poll("park").is_listed


def test_wrong_lines_are_left_out_where_that_is_asked_for_and_fill_no_floor(site: Site) -> None:
    admin = by_register(site, "7001", "7002")
    file = ("\n".join(["7001", "7002", *(f"rubbish {line}" for line in range(60))]).encode(), "list.csv")
    refused = send(admin, "park", "/voters", file=file)

    page = admin.submit(refused, form=here("park", "/voters"), file=file, skips="y")

    assert refused.has("and 40 more.")
    assert page.has("60 lines were left out.")
    assert page.has("2 people are on the list now.")
    assert admin.get(here("park")).has("Fewer than 50 people may vote")
    row = db.session.scalars(db.select(AuditRow).where(AuditRow.action == "list-voters")).one()
    assert row.changes == {"listed": [None, 2], "left_out": [None, 60]}


def test_a_list_of_wrong_lines_alone_is_no_list(site: Site) -> None:
    admin = by_register(site, "7001")
    refused = send(admin, "park", "/voters", file=(b"7009\n", "list.csv"))

    page = admin.submit(refused, form=here("park", "/voters"), file=(b"7009\n", "list.csv"), skips="y")

    assert page.status == 422
    assert page.has("The file names nobody.")
    assert listed() == 0


@pytest.mark.parametrize(("head", "people"), [("번호", 1), ("Number of the resident", 1), ("ABC", 2)])
def test_a_word_above_the_numbers_heads_them_unless_it_is_in_the_register(
    site: Site, head: str, people: int
) -> None:
    admin = by_register(site, "7001", "abc")

    send(admin, "park", "/voters", file=(f"{head}\n7001\n".encode(), "list.csv"))

    assert listed() == people


def test_a_city_that_brought_in_no_register_lists_whom_its_clerks_will_meet(site: Site) -> None:
    polls.make_draft("park")
    admin = administrator(site)[0]
    send(admin, "park", "/who", key="register")
    send(admin, "park", "/keys")

    page = send(admin, "park", "/voters", file=(b"Card\n7001\n7002\n", "list.csv"))

    assert page.has("2 people are on the list now.")


def test_a_list_under_lost_keys_names_nobody_so_that_it_must_go_before_new_keys(site: Site) -> None:
    polls.make_draft("park", key=CountKey.PHONE, is_sensitive=True)
    key_files.write(app_keys_dir(), poll_keys.make("park"))
    admin = administrator(site)[0]
    send(admin, "park", "/voters", file=(b"010-1234-5678\n", "list.csv"))
    key_files.discard(app_keys_dir(), "park")

    refused = send(admin, "park", "/keys")

    assert refused.status == 422
    assert refused.has("The list of voters is under keys that are lost.")
    send(admin, "park", "/voters", remove="y")
    assert send(admin, "park", "/keys").status == 200
    assert queries.get_poll("park").is_listed is False
