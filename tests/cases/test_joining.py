"""Joining cases at the same moment: never in a circle, and nobody waits for one who waits for them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from flask import Flask
from sqlalchemy import func, select

from cps.accounts.models import Account
from cps.cases import queries, services
from cps.cases.models import Case, Support
from cps.cases.rules import Audience, EventKind, Status
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.notifications.queries import reporters_of_joined
from tests.support.factories import make_complaint, make_follow, make_officer, make_resident, make_support
from tests.support.fixtures import WEDNESDAY

ROUNDS = 25
JOINED, LATER = WEDNESDAY + timedelta(minutes=1), WEDNESDAY + timedelta(hours=1)


@pytest.fixture
def officer(app: Flask) -> Account:
    make_complaint()  # another one, which must not change
    return make_officer()


def joining(case: Case, into: Case, officer: Account) -> Callable[[], str]:
    """Return what joins a case as the desk does: both are locked together, whichever is joined to which."""
    reference, other, by = case.reference, into.reference, officer.id

    def join() -> str:
        try:
            with transaction():
                locked, found = queries.lock_pair(reference, other)
                account = db.session.get_one(Account, by)
                services.join(locked, found, by=account, at=JOINED, message="Same hole.")
        except RuleViolation:
            return "refused"
        return "joined"

    return join


def at_once(app: Flask, acts: Sequence[Callable[[], str]]) -> list[str]:
    """Do things at the same moment, each in a thread with a connection of its own."""
    db.session.rollback()
    barrier = Barrier(len(acts))

    def one(act: Callable[[], str]) -> str:
        with app.app_context():
            db.session.connection()
            barrier.wait()
            try:
                return act()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def joined_to(*cases: Case) -> list[int | None]:
    """Return to what each case is joined, read anew."""
    db.session.rollback()
    found = dict(db.session.execute(select(Case.id, Case.joined_to_id)).all())
    return [found[case.id] for case in cases]


def test_of_two_cases_joined_to_each_other_at_the_same_moment_one_stays(app: Flask, officer: Account) -> None:
    for _round in range(ROUNDS):
        first, second = make_complaint(), make_complaint()

        ends = at_once(app, [joining(first, second, officer), joining(second, first, officer)])

        assert sorted(ends) == ["joined", "refused"]
        assert joined_to(first, second) in ([second.id, None], [None, first.id])


def test_of_three_cases_joined_in_a_ring_at_the_same_moment_one_stays(app: Flask, officer: Account) -> None:
    for _round in range(ROUNDS):
        ring = [make_complaint() for _n in range(3)]

        ends = at_once(app, [joining(ring[n], ring[(n + 1) % 3], officer) for n in range(3)])

        assert sorted(set(ends)) == ["joined", "refused"]
        assert None in joined_to(*ring)


def test_many_duplicates_joined_to_one_at_the_same_moment_all_bring_their_followers(
    app: Flask, officer: Account
) -> None:
    into = make_complaint()
    duplicates = [make_complaint() for _n in range(6)]
    followers = [make_resident() for _n in duplicates]
    keen = make_resident()
    for case, follower in zip(duplicates, followers, strict=True):
        make_follow(case, follower, keen)

    ends = at_once(app, [joining(case, into, officer) for case in duplicates])

    assert ends == ["joined"] * 6
    assert joined_to(*duplicates) == [into.id] * 6
    assert all(queries.is_followed_by(into.id, person.id) for person in (*followers, keen))


def test_who_follows_the_other_case_at_the_same_moment_disturbs_no_join(app: Flask, officer: Account) -> None:
    case, into, person = make_complaint(), make_complaint(), make_resident()
    make_follow(case, person)
    join, reference, follower = joining(case, into, officer), into.reference, person.id
    has_followed, has_joined = Event(), Event()

    def follow() -> str:
        with transaction():
            services.follow(
                queries.get_case(reference), by=db.session.get_one(Account, follower), at=WEDNESDAY
            )
            has_followed.set()
            has_joined.wait(0.3)  # long enough that the join is on its way and meets the row
        return "followed"

    def join_then() -> str:
        has_followed.wait(10)
        try:
            return join()
        finally:
            has_joined.set()

    assert at_once(app, [follow, join_then]) == ["followed", "joined"]
    assert joined_to(case) == [into.id]
    assert queries.is_followed_by(into.id, person.id)


def parting(case: Case, into: Case, officer: Account) -> None:
    with transaction():
        locked, found = queries.lock_pair(case.reference, into.reference)
        by = db.session.get_one(Account, officer.id)
        services.part(locked, found, by=by, at=LATER, message="Two holes.")
    db.session.rollback()


def backs(case: Case) -> tuple[int, int]:
    """Return how many back a case, as its row says and as there are."""
    db.session.rollback()
    rows = db.session.scalar(select(func.count()).where(Support.case_id == case.id))
    return queries.get_case(case.reference).support_count, rows or 0


def test_who_backs_a_duplicate_backs_the_other_once_and_leaves_it_when_they_are_parted(
    app: Flask, officer: Account
) -> None:
    keen, both, follower, author = (make_resident() for _n in range(4))
    case, into = make_complaint(), make_complaint(reporter=author)
    make_support(case, keen, both, author)
    make_support(into, both)
    make_follow(case, follower)

    joining(case, into, officer)()

    assert backs(into) == (2, 2)
    assert queries.is_followed_by(into.id, follower.id)
    parting(case, into, officer)
    assert (backs(into), backs(case)) == ((1, 1), (3, 3))
    assert not queries.is_followed_by(into.id, follower.id)
    assert queries.is_followed_by(case.id, follower.id)


def test_who_came_by_two_joins_stays_while_one_of_them_does(app: Flask, officer: Account) -> None:
    into, first, second, person = make_complaint(), make_complaint(), make_complaint(), make_resident()
    for case in (first, second):
        make_support(case, person)
        joining(case, into, officer)()

    parting(first, into, officer)

    assert backs(into) == (1, 1)
    parting(second, into, officer)
    assert backs(into) == (0, 0)


def test_a_parted_case_stands_where_it_stood_with_its_date_and_no_answer(
    app: Flask, officer: Account
) -> None:
    case, into = make_complaint(Status.PLANNED, has_unread_reply=True), make_complaint()
    due = case.due_at
    joining(case, into, officer)()

    parting(case, into, officer)

    now = queries.get_case(case.reference)
    assert (now.status, now.outcome, now.joined_to_id, now.due_at) == (Status.PLANNED, None, None, due)
    assert (now.answered_at, now.reopened, now.has_unread_reply) == (None, 0, True)
    turns = [event.data.get("turn") for event in queries.story(into.id, reader=Audience.PUBLIC, at=LATER)]
    assert turns[-2:] == ["joined-here", "parted-here"]


def test_a_private_duplicate_is_named_to_staff_alone(app: Flask, officer: Account) -> None:
    case, into = make_complaint(is_private=True), make_complaint()

    joining(case, into, officer)()

    public = queries.story(into.id, reader=Audience.PUBLIC, at=LATER)
    assert [event for event in public if event.kind is EventKind.JOINED] == []


def test_what_was_joined_further_is_parted_from_the_end(app: Flask, officer: Account) -> None:
    first, second, third = (make_complaint() for _n in range(3))
    joining(first, second, officer)()
    joining(second, third, officer)()

    with pytest.raises(RuleViolation):
        parting(first, second, officer)
    parting(second, third, officer)
    parting(first, second, officer)

    assert joined_to(first, second, third) == [None, None, None]


def test_the_reporter_of_what_was_joined_twice_hears_of_the_last(app: Flask, officer: Account) -> None:
    first = make_complaint(contact={"email": "first@example.org"})
    second, third = make_complaint(), make_complaint()
    joining(first, second, officer)()
    joining(second, third, officer)()

    assert "first@example.org" in [one.recipient.address for one in reporters_of_joined(third.id)]
