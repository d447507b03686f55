"""Contacts, cases filed for callers, call backs, warnings and forgetting, on both databases."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from cps.accounts.models import Account
from cps.accounts.partings import Parting
from cps.cases import queries as cases
from cps.cases.models import Case, CaseContact
from cps.cases.rules import Channel, Outcome, Status
from cps.cases.services import join, move
from cps.cases.services.about_staff import Finding, make_about_staff
from cps.cases.services.integrity import About
from cps.contact import queries, services
from cps.contact.models import CallBack, Caller, CallerFollow, CallerName, CallerWarning, Contact
from cps.contact.rules import Call, CallBackState, Ending
from cps.contact.services import Came, Promise, Told
from cps.core import city as cities
from cps.core import clock, worker
from cps.core.db import Model, db, transaction
from cps.core.errors import AlreadyDone, CpsError, RuleViolation
from cps.core.models import AuditRow
from cps.departments import queries as departments
from cps.notifications.models import TextMessage
from tests.support import factories as make

MOBILE, FIXED = "+821012345678", "+82595550177"
CALL = Call(Channel.PHONE, "en", phone=MOBILE, name="Min-jun Kim")
ANSWERED = Came(Ending.ANSWERED)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def agent(app: Flask) -> Account:
    return make.make_agent(display_name="Ann Agent")


def record(call: Call, came: Came, by: Account) -> Contact:
    with transaction():
        contact = services.record(call, came, by=by, at=clock.now())
    return db.session.get_one(Contact, contact.id)


def file(call: Call, by: Account, **told: object) -> Case:
    """File a case about a lamp for a caller."""
    category = departments.catalogue().offered()[0]
    what = Told(**{"body": "The lamp is dark", "category": category, "answers": {}, **told})  # type: ignore[arg-type]
    with transaction():
        filed, _contact = services.file_for(call, what, city=cities.get(), by=by, at=clock.now())
    return db.session.get_one(Case, filed.case.id)


def count(table: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def at_once(app: Flask, acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do things at the same moment, each in a thread with a connection of its own; refusals come back."""
    db.session.rollback()
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    return act()
            except CpsError as refused:
                return refused
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_who_calls_again_is_known_by_their_number_and_by_any_word_of_their_name(agent: Account) -> None:
    record(replace(CALL, phone="+821087654321", name="Other Person"), ANSWERED, agent)
    first = record(CALL, ANSWERED, agent)
    again = record(replace(CALL, name=""), ANSWERED, agent)

    assert first.caller_id == again.caller_id
    found = queries.caller_by_phone(MOBILE)
    assert found is not None
    assert found.name == "Min-jun Kim"
    assert [row.id for row in queries.callers_called("kim")] == [found.id]
    assert queries.callers_called("jun kim m") == queries.callers_called("KIM min")
    assert queries.callers_called("im") == []
    assert len(queries.contacts_of(found.id)) == 2


def test_a_caller_without_number_or_name_is_still_a_contact(agent: Account) -> None:
    contact = record(Call(Channel.COUNTER, "en"), Came(Ending.BROKEN_OFF), agent)

    assert contact.caller_id is None
    assert count(Caller) == 0


def test_a_corrected_name_is_found_and_the_wrong_one_is_not(agent: Account) -> None:
    caller_id = record(CALL, ANSWERED, agent).caller_id or 0
    with transaction():
        services.name_caller(queries.lock_caller(caller_id), "Minjung Park")

    assert queries.callers_called("kim") == []
    assert [row.name for row in queries.callers_called("park")] == ["Minjung Park"]


def test_two_agents_who_record_the_same_call_make_one_contact(app: Flask, agent: Account) -> None:
    other = make.make_agent(display_name="Bo Agent")
    call, at = replace(CALL, call_ref="pbx-7"), clock.now()
    keys = [agent.id, other.id]

    def act(key: int) -> Callable[[], object]:
        return lambda: services.record(call, ANSWERED, by=db.session.get_one(Account, key), at=at).id

    came = at_once(app, [act(key) for key in keys])

    assert sum(isinstance(one, AlreadyDone) for one in came) == 1
    assert count(Contact) == 1
    assert count(Caller) == 1


def test_one_call_has_several_matters_of_its_agent_and_none_of_a_colleague(agent: Account) -> None:
    call = replace(CALL, call_ref="pbx-8")
    record(call, ANSWERED, agent)

    assert record(call, Came(Ending.BROKEN_OFF), agent).matter == 2
    with pytest.raises(AlreadyDone, match="Ann Agent"):
        record(call, ANSWERED, make.make_agent(display_name="Bo"))


def test_two_agents_who_hear_a_new_number_at_once_make_one_caller(app: Flask, agent: Account) -> None:
    at, key = clock.now(), agent.id

    def act() -> object:
        return services.record(CALL, ANSWERED, by=db.session.get_one(Account, key), at=at).id

    at_once(app, [act, act, act])

    assert count(Caller) == 1
    assert count(Contact) == 3


def test_the_clock_of_a_case_runs_from_when_the_caller_was_heard(agent: Account) -> None:
    make.make_category("Lamp")
    heard = clock.now() - timedelta(days=2)
    early = file(replace(CALL, received_at=heard, late_reason="Noted on paper"), agent)
    now = file(CALL, agent)

    assert early.received_at == early.clock_started_at == heard
    assert early.due_at < now.due_at
    assert early.filed_by_id == agent.id
    assert early.channel is Channel.PHONE
    assert early.reporter_id is None


@pytest.mark.parametrize(
    ("ago", "reason", "said"),
    [(-1, "Ahead", "lies ahead"), (40, "Long ago", "31 days"), (1, "", "Say why")],
)
def test_an_earlier_time_is_refused_where_it_cannot_be(
    agent: Account, ago: int, reason: str, said: str
) -> None:
    call = replace(CALL, received_at=clock.now() - timedelta(days=ago), late_reason=reason)

    with pytest.raises(RuleViolation, match=said):
        record(call, ANSWERED, agent)
    assert count(Contact) == 0


def test_a_case_for_a_fixed_line_keeps_the_number_and_sends_no_text(agent: Account) -> None:
    make.make_category("Lamp")
    case = file(replace(CALL, phone=FIXED), agent)
    worker.run_until_idle()

    contact = db.session.get_one(CaseContact, case.id)
    assert contact.phone == FIXED
    assert contact.sms_stopped_at is not None
    assert count(TextMessage) == 0


def test_a_complaint_about_staff_is_not_linked_with_its_caller_nor_told_to_agents(agent: Account) -> None:
    make.make_category("Staff", is_integrity=True)
    case = file(CALL, agent)

    contact = db.session.scalars(select(Contact)).one()
    assert case.is_integrity
    assert contact.caller_id is None
    assert contact.note == ""
    assert not queries.may_be_told(case)
    assert queries.cases_of(None, MOBILE, None) == []


def test_a_caller_finds_what_was_filed_for_them_and_by_their_number_and_account(agent: Account) -> None:
    make.make_category("Lamp")
    filed = file(CALL, agent)
    by_web = make.make_complaint(contact={"phone": MOBILE})
    account = make.make_resident()
    own = make.make_complaint(reporter=account)
    make.make_complaint(contact={"phone": "+821099998888"})
    make.make_complaint(contact={"phone": MOBILE}, is_hidden=True)
    caller = queries.caller_by_phone(MOBILE)
    assert caller is not None

    found = queries.cases_of(caller.id, MOBILE, account.id)

    assert {row.id for row in found} == {filed.id, by_web.id, own.id}


def test_an_added_caller_hears_of_the_case_by_text_once_and_staff_read_of_it(agent: Account) -> None:
    case = make.make_complaint()
    for _again in range(2):
        with transaction():
            locked = db.session.get_one(Case, case.id)
            services.add_to_case(CALL, locked, by=agent, at=clock.now())
    make.make_complaint()  # noise
    assert count(CallerFollow) == 1
    assert db.session.get_one(Case, case.id).support_count == 0

    answer(case)
    worker.run_until_idle()

    texts = db.session.scalars(select(TextMessage)).all()
    assert [text.phone for text in texts] == [MOBILE]


def test_nobody_is_added_to_a_private_or_closed_case_or_without_a_name(agent: Account) -> None:
    private, closed, open_ = (
        make.make_complaint(is_private=True),
        make.make_complaint(Status.CLOSED),
        make.make_complaint(),
    )

    for case, call in ((private, CALL), (closed, CALL), (open_, Call(Channel.PHONE, "en"))):
        with pytest.raises(RuleViolation), transaction():
            services.add_to_case(call, db.session.get_one(Case, case.id), by=agent, at=clock.now())
    assert count(CallerFollow) == 0


def answer(case: Case) -> None:
    """Let the department answer a case."""
    officer = make.make_officer(db.session.get_one(Case, case.id).department)
    with transaction():
        locked = db.session.get_one(Case, case.id, populate_existing=True)
        move(
            locked, Status.CLOSED, by=officer, at=clock.now(), message="It shines.", outcome=Outcome.ANSWERED
        )


def joined(case: Case, into: Case) -> None:
    """Let the department join a case to another, and what follows from it be done."""
    officer = make.make_supervisor(db.session.get_one(Case, case.id).department)
    with transaction():
        one, other = cases.lock_case(case.reference), cases.lock_case(into.reference)
        join(one, other, by=officer, at=clock.now(), message="The same.")
    worker.run_until_idle()


def promised(by: Account, **more: object) -> CallBack:
    new = Promise(**{"phone": MOBILE, "due_at": clock.now() + timedelta(hours=1), **more})  # type: ignore[arg-type]
    with transaction():
        key = services.promise_call(new, by=by, at=clock.now()).id
    return db.session.get_one(CallBack, key)


def test_a_call_that_waits_for_an_answer_is_due_when_the_case_is_answered(agent: Account) -> None:
    case, other = make.make_complaint(), make.make_complaint()
    later = clock.now() + timedelta(days=5)
    waits = promised(agent, case_id=case.id, waits_for_answer=True, due_at=later)
    still = promised(agent, case_id=other.id, waits_for_answer=True, due_at=later)

    answer(case)
    worker.run_until_idle()
    db.session.expire_all()

    assert not waits.waits_for_answer
    assert waits.due_at <= clock.now()
    assert still.waits_for_answer
    assert next(row.id for row in queries.waiting()) == waits.id


def test_a_call_that_waits_for_a_case_that_is_joined_is_due_when_the_other_is_answered(
    agent: Account,
) -> None:
    case, between, into, other = (make.make_complaint() for _ in range(4))
    later = clock.now() + timedelta(days=5)
    waits = promised(agent, case_id=case.id, waits_for_answer=True, due_at=later)
    still = promised(agent, case_id=other.id, waits_for_answer=True, due_at=later)
    joined(case, between)
    joined(between, into)
    db.session.expire_all()
    assert waits.waits_for_answer

    answer(into)
    worker.run_until_idle()
    db.session.expire_all()

    assert (waits.waits_for_answer, still.waits_for_answer) == (False, True)
    assert next(row.reference for row in queries.waiting()) == case.reference


def test_a_call_about_a_case_that_is_joined_to_an_answered_one_is_due_at_once(agent: Account) -> None:
    case, into = make.make_complaint(), make.make_complaint(Status.CLOSED, outcome=Outcome.FIXED)
    waits = promised(agent, case_id=case.id, waits_for_answer=True)
    joined(case, into)
    db.session.expire_all()

    assert not waits.waits_for_answer


def test_a_call_about_a_case_that_is_hidden_or_handed_on_keeps_number_and_words(agent: Account) -> None:
    roads, parks = make.make_department("Roads"), make.make_department("Parks")
    hidden = make.make_complaint(is_hidden=True, title="Fools")
    moved = make.make_complaint(department=roads)
    promised(agent, case_id=hidden.id, about="The lamp")
    promised(agent, case_id=moved.id, about="The gate", department_id=roads.id)
    with transaction() as session:
        session.get_one(Case, moved.id).department_id = parks.id

    rows = {row.about: row for row in queries.waiting()}

    assert (rows["The lamp"].reference, rows["The lamp"].title) == (hidden.reference, None)
    assert [row.about for row in queries.waiting(departments=[roads.id])] == ["The gate"]
    assert rows["The gate"].reference == moved.reference


def test_a_call_about_a_case_that_is_about_staff_goes_back_to_agents_without_its_number(
    agent: Account,
) -> None:
    roads = make.make_department("Roads")
    case, other = make.make_complaint(department=roads), make.make_complaint(department=roads)
    officer = make.make_officer(roads)
    for one in (case, other):
        promised(agent, case_id=one.id, about="The gate", department_id=roads.id, agent_id=officer.id)
    make.make_integrity_officer()
    staff = make.make_category("Staff", is_integrity=True)
    found = Finding(departments.catalogue().categories[staff.id], About(), "It is about an officer.")

    with transaction():
        make_about_staff(cases.lock_case(case.reference), found, by=agent, at=clock.now())
    worker.run_until_idle()

    assert [row.reference for row in queries.waiting(departments=[roads.id])] == [other.reference]
    (back,) = (row for row in queries.waiting() if row.department_id is None)
    assert (back.about, back.reference, back.agent_id) == ("The gate", None, None)


def test_who_is_not_reached_five_times_is_off_the_list(agent: Account) -> None:
    call_back = promised(agent)
    for attempt in range(5):
        with transaction():
            again = services.not_reached(
                queries.lock_call_back(call_back.id, version=None), by=agent, at=clock.now()
            )
        assert again is (attempt < 4)
    db.session.expire_all()

    assert call_back.state is CallBackState.GIVEN_UP
    assert queries.waiting() == []
    with pytest.raises(AlreadyDone), transaction():
        services.reached(queries.lock_call_back(call_back.id, version=None), by=agent, at=clock.now())


def test_two_agents_who_take_the_same_call_back_at_once_do_not_both_call(app: Flask, agent: Account) -> None:
    call_back, other = promised(agent), make.make_agent()
    key, at = call_back.id, clock.now()

    def act(who: int) -> Callable[[], object]:
        def take() -> object:
            found = queries.lock_call_back(key, version=None)
            services.take(found, by=db.session.get_one(Account, who), at=at)
            return "taken"

        return take

    came = at_once(app, [act(agent.id), act(other.id)])

    assert came.count("taken") == 1


def test_what_is_handed_to_a_department_is_on_its_list_with_what_was_told(agent: Account) -> None:
    roads, waste = make.make_department("Roads"), make.make_department("Waste")
    call_back = promised(agent)
    with pytest.raises(RuleViolation, match="what the caller was told"), transaction():
        hand(call_back, roads.id, "", agent)
    with transaction():
        hand(call_back, roads.id, "Wants to know the day.", agent)

    assert [row.id for row in queries.waiting(departments=[roads.id])] == [call_back.id]
    assert queries.waiting(departments=[waste.id]) == []
    assert [step.note for step in queries.steps_of([call_back.id])[call_back.id]][
        -1
    ] == "Wants to know the day."


def hand(call_back: CallBack, to: int, note: str, by: Account) -> None:
    found = queries.lock_call_back(call_back.id, version=None)
    services.hand_over(found, department_id=to, agent_id=None, note=note, by=by, at=clock.now())


def test_abuse_is_warned_then_limited_and_looked_at_by_somebody_else(agent: Account) -> None:
    head = make.make_supervisor()
    caller_id = record(CALL, Came(Ending.ABUSIVE), agent).caller_id or 0

    def locked() -> Caller:
        return queries.lock_caller(caller_id)

    with pytest.raises(RuleViolation, match="after a warning"), transaction():
        services.limit(locked(), "Shouted again.", by=head, at=clock.now())
    with pytest.raises(RuleViolation, match="what was said"), transaction():
        services.warn(locked(), "", contact_id=None, by=agent, at=clock.now())
    with transaction():
        services.warn(locked(), "Shouted.", contact_id=None, by=agent, at=clock.now())
    with transaction():
        services.limit(locked(), "Shouted again.", by=head, at=clock.now())
    limit = db.session.scalars(select(CallerWarning).order_by(CallerWarning.id.desc())).first()
    assert limit is not None
    with pytest.raises(RuleViolation, match="Somebody else"), transaction():
        services.review(db.session.get_one(CallerWarning, limit.id), "", lifts=True, by=head, at=clock.now())
    with pytest.raises(RuleViolation, match="Say why"), transaction():
        services.review(
            db.session.get_one(CallerWarning, limit.id), " ", lifts=True, by=agent, at=clock.now()
        )
    with transaction():
        services.review(
            db.session.get_one(CallerWarning, limit.id), "Too hard", lifts=True, by=agent, at=clock.now()
        )

    assert limit.lifted_at is not None
    actions = db.session.scalars(select(AuditRow.action).where(AuditRow.object_kind == "caller")).all()
    assert actions == ["caller-warned", "caller-limited", "review-caller"]


def test_callers_are_forgotten_after_the_time_and_what_is_counted_stays(agent: Account) -> None:
    make.make_category("Lamp")
    record(replace(CALL, call_ref="pbx"), Came(Ending.ANSWERED, note="About her garden"), agent)
    kept = replace(CALL, phone="+821011112222", name="Kept Person")
    file(kept, agent)
    at = clock.now() + timedelta(days=400)
    before = at - timedelta(days=365)
    assert queries.count_old(at, before) == 1

    while_more = True
    while while_more:
        with transaction():
            while_more = services.forget_callers(at, before)

    db.session.expire_all()
    assert [caller.name for caller in db.session.scalars(select(Caller))] == ["Kept Person"]
    assert {row.term for row in db.session.scalars(select(CallerName))} == {"kept person", "person kept"}
    assert count(Contact) == 2
    assert db.session.scalars(select(Contact.note)).all() == ["", ""]
    assert queries.count_old(at, before) == 0


def test_who_deletes_their_account_is_forgotten_as_a_caller(agent: Account) -> None:
    record(CALL, Came(Ending.ANSWERED, note="About her garden"), agent)
    promised(agent)
    record(replace(CALL, phone="+821011112222", name="Kept Person"), ANSWERED, agent)

    with transaction():
        services.forget_person(Parting(1, "Min-jun Kim", frozenset({MOBILE}), clock.now()))

    assert [caller.name for caller in db.session.scalars(select(Caller))] == ["Kept Person"]
    assert count(CallBack) == 0
    assert db.session.scalars(select(Contact.note)).all() == ["", ""]


def test_figures_count_by_hour_of_the_city_way_language_and_ending(agent: Account) -> None:
    zone = cities.get().zone
    record(replace(CALL, waited_seconds=30), ANSWERED, agent)
    record(replace(CALL, language="ko", channel=Channel.COUNTER), Came(Ending.BROKEN_OFF), agent)
    now = clock.now()

    found = queries.figures_between(now - timedelta(days=1), now + timedelta(minutes=1), zone)

    assert (found.total, found.at_once, found.share_at_once, found.mean_wait) == (2, 1, 0.5, 30)
    assert found.channels == {"phone": 1, "counter": 1}
    assert found.languages == {"en": 1, "ko": 1}
    assert found.hours == {now.astimezone(zone).hour: 2}
    assert queries.figures_between(now - timedelta(days=2), now - timedelta(days=1), zone).total == 0
