"""Cases of a connected department leave for its system once, and what that says comes back."""

import json
import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cps.cases import services as cases
from cps.cases.models import Case
from cps.cases.queries import lock_case
from cps.cases.rules import Audience, Outcome, Status
from cps.core import leases, outward
from cps.core.db import db, transaction
from cps.core.leases import LEASE, MOST_ATTEMPTS, Turn
from cps.core.models import AuditRow
from cps.departments.models import Category, Department
from cps.departments.rules import Datatype
from cps.open311.outgoing import delivery, looking, queries, services, wire
from cps.open311.outgoing.models import SentCase
from cps.open311.outgoing.rules import Connection, Ending, Stage, Trouble
from tests.faults.serving import serving as serving_the_program
from tests.open311.connected import all_sent, connect, file, fresh, sent, system, told, work
from tests.open311.other_city import BREAK_OFF, HANG, KEY, OtherCity, Said, serving
from tests.open311.support import make_key
from tests.support import factories as make
from tests.support.fixtures import Clock, Database


@pytest.fixture
def url(url: str, roads: Department) -> str:
    """The other system, connected to the roads department."""
    connect(roads, url)
    return url


def transfer(case: Case, to: Department) -> None:
    officer = make.make_supervisor(to)
    with transaction():
        locked = lock_case(case.reference)
        cases.transfer(locked, to, by=officer, at=officer.created_at, reason="Theirs.")


def test_a_case_goes_there_with_what_everybody_reads_and_nobody_else(
    url: str, city: OtherCity, pothole: Category, clock: Clock
) -> None:
    city.services[0]["metadata"] = True
    city.attributes = [
        {"code": "depth", "datatype": "singlevaluelist", "values": [{"key": "deep", "name": "Deep"}]},
        {"code": "since", "datatype": "string"},
        {"code": "theirs", "datatype": "string"},
    ]
    clock.move(days=1)
    work()  # the services are asked for anew
    case = file(
        pothole,
        body="A hole. Call 010-1234-5678.",
        address="1 Hill Road",
        answers={"depth": ["deep"], "since": ["Monday"], "ours": ["x"]},
        contact={"name": "Bora Kim", "email": "bora@example.org", "phone": "+821012345678"},
    )
    make.make_complaint()  # of another department

    work()

    (fields,) = city.sent
    assert city.keys == [case.reference]
    assert fields["service_code"] == ["hole"]
    assert (fields["lat"], fields["long"]) == (["36.018000"], ["129.520000"])
    assert fields["address_string"] == ["1 Hill Road"]
    assert fields["attribute[depth]"] == ["deep"]
    assert fields["attribute[since]"] == ["Monday"]
    assert "attribute[ours]" not in fields
    assert fields["description"][0].startswith("A hole. Call [phone number hidden].")
    assert "/complaints/" in fields["description"][0]
    assert not any(word in str(fields) for word in ("Bora", "bora@", "1234-5678", "email", "first_name"))
    row = sent(case)
    assert (row.stage, row.number) == (Stage.OPEN, "1-26")
    actions = [row.action for row in db.session.scalars(select(AuditRow).order_by(AuditRow.id))]
    assert actions.count("send-to-system") == 1


def test_what_not_everybody_may_read_stays_here(url: str, city: OtherCity, pothole: Category) -> None:
    file(pothole, is_private=True)
    file(pothole, is_hidden=True)
    file(pothole, status=Status.CLOSED)
    file(pothole, source="old-system", external_id="7")
    about = make.make_category("Staff", department=pothole.department, is_integrity=True)
    file(about, is_integrity=True, is_private=True)
    waiting = file(pothole)
    db.session.rollback()
    with transaction():
        lock_case(waiting.reference).is_private = True

    work()

    assert city.sent == []
    assert all_sent() == []


def test_a_case_made_private_while_it_waits_does_not_leave(
    url: str, city: OtherCity, pothole: Category
) -> None:
    case = file(pothole)
    with transaction():
        services.put_in_line(case.id, at=case.received_at)
    with transaction():
        lock_case(case.reference).is_private = True

    work()

    assert city.sent == []
    assert sent(case).ending is Ending.NOT_PUBLIC


def test_a_category_without_a_route_stays_here_until_it_is_sorted(
    app: Flask, city: OtherCity, roads: Department, pothole: Category
) -> None:
    lamp = make.make_category("Lamp", department=roads)
    with serving(city) as address:
        connect(roads, address, {pothole.code: "hole"})
        case = file(lamp)
        work()
        assert city.sent == []

        officer = make.make_officer(roads)
        with transaction():
            locked = lock_case(case.reference)
            cases.categorise(
                locked, db.session.get_one(Category, pothole.id), by=officer, at=case.received_at
            )
        work()

    assert [fields["service_code"] for fields in city.sent] == [["hole"]]


def test_a_case_handed_over_goes_there_and_one_taken_away_is_followed_no_more(
    url: str, city: OtherCity, roads: Department, clock: Clock
) -> None:
    water = make.make_department("Water")
    case = file(make.make_category("Leak", department=water))
    work()
    assert city.sent == []

    transfer(case, roads)
    work()
    assert city.keys == [case.reference]

    transfer(case, water)
    work()
    assert sent(case).ending is Ending.ELSEWHERE
    city.say("1-26", "closed", "Done.")
    clock.move(hours=1)
    work()
    assert told(case) == []

    transfer(case, roads)
    work()
    assert city.keys == [case.reference]  # it is there already
    assert told(case) == [("system-done", "Done.")]


def test_a_department_of_the_city_alone_sends_nothing(app: Flask) -> None:
    case = file(make.make_category())

    work()

    assert all_sent() == []
    assert fresh(case).status is Status.RECEIVED


def test_nothing_is_sent_while_it_is_turned_off(
    url: str, city: OtherCity, roads: Department, pothole: Category
) -> None:
    case, by = file(pothole), make.make_administrator().id
    with transaction():
        services.put_in_line(case.id, at=case.received_at)
        services.turn(queries.lock_system(roads.id), on=False, by=by, at=case.received_at)

    work()
    assert city.sent == []

    with transaction():
        services.turn(queries.lock_system(roads.id), on=True, by=by, at=case.received_at)
    work()
    assert city.keys == [case.reference]


def test_no_system_is_always_the_first_to_be_talked_to(app: Flask) -> None:
    for name in ("Roads", "Parks"):
        connect(make.make_department(name), "http://127.0.0.1:9")

    firsts = {delivery._endpoints()[0][0] for _turn in range(60)}

    assert len(firsts) == 2


def test_two_workers_send_a_case_once(app: Flask, url: str, city: OtherCity, pothole: Category) -> None:
    for _case in range(6):
        file(pothole)
    with transaction():
        for case in db.session.scalars(select(Case)).all():
            services.put_in_line(case.id, at=case.received_at)

    def run(name: str) -> None:
        with app.app_context():
            delivery.deliver(Turn(name))
            db.session.remove()

    threads = [threading.Thread(target=run, args=(f"worker {number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()

    assert len(city.keys) == len(set(city.keys)) == 6
    assert {row.stage for row in all_sent()} == {Stage.OPEN}


def test_a_worker_killed_after_sending_files_it_once_by_its_key(
    url: str, city: OtherCity, pothole: Category, clock: Clock
) -> None:
    case = file(pothole)
    with transaction():
        services.put_in_line(case.id, at=clock.now)
    (key,) = leases.claim(SentCase, "killed", limit=1)
    endpoint = next(endpoint for _key, endpoint in delivery._endpoints())
    service_request = delivery._service_request(endpoint, key, "killed")
    assert service_request is not None
    wire.send(endpoint, service_request)  # and it dies before it can write it down

    work()
    assert len(city.keys) == 1
    clock.move(seconds=LEASE.total_seconds() + 1)
    work()

    assert city.keys == [case.reference] * 2
    assert list(city.filed.values()) == [sent(case).number]


def test_a_lost_answer_leads_to_the_same_key_and_to_one_case(
    url: str, city: OtherCity, roads: Department, pothole: Category, clock: Clock
) -> None:
    city.answers = [Said(BREAK_OFF)]
    case = file(pothole)
    work()
    assert sent(case).stage is Stage.WAITING
    assert system(roads).trouble.startswith(Trouble.UNREACHABLE)

    work()
    assert len(city.keys) == 1  # it is left alone for a while
    clock.move(minutes=1)
    work()

    assert (len(city.keys), len(city.filed)) == (2, 1)
    assert sent(case).stage is Stage.OPEN
    assert system(roads).trouble == ""


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (Said(500, b"<h1>Oops</h1>"), Trouble.BROKEN),
        (Said(503), Trouble.BUSY),
        (Said(429), Trouble.BUSY),
        (Said(403, b'[{"code":403,"description":"no such key"}]'), Trouble.KEY),
        (Said(302, location="http://127.0.0.1:1/"), Trouble.REDIRECT),
        (Said(HANG), Trouble.UNREACHABLE),
    ],
)
def test_a_system_in_trouble_is_asked_again_and_nothing_is_lost(
    url: str,
    city: OtherCity,
    roads: Department,
    pothole: Category,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    said: Said,
    trouble: Trouble,
) -> None:
    monkeypatch.setattr(outward, "LONGEST_SECONDS", 0.5)
    city.answers = [said, said]
    case = file(pothole)
    for _time in range(2):
        work()
        assert sent(case).stage is Stage.WAITING
        assert system(roads).trouble.partition(" ")[0] == trouble
        clock.move(minutes=10)

    work()

    assert sent(case).stage is Stage.OPEN
    assert system(roads).trouble == ""


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (Said(400, b'[{"code":400,"description":"attribute depth is missing"}]'), Trouble.REFUSED),
        (Said(404, b"<html>"), Trouble.NOT_FOUND),
        (Said(200, b"<html>Thank you!</html>"), Trouble.NO_NUMBER),
        (Said(201, b'[{"service_request_id": null}]'), Trouble.NO_NUMBER),
        (Said(201, b"x" * 2_100_000), Trouble.TOO_LARGE),
    ],
)
def test_a_case_that_is_refused_waits_for_an_administrator_and_others_go_on(
    url: str, city: OtherCity, pothole: Category, said: Said, trouble: Trouble, clock: Clock
) -> None:
    city.answers = [said]
    refused = file(pothole)
    work()
    other = file(pothole)
    work()

    row = sent(refused)
    sent_id = row.id
    assert row.failed_at is not None
    assert row.last_error.partition(" ")[0] == trouble
    assert sent(other).stage is Stage.OPEN
    clock.move(days=1)
    work()
    assert len(city.keys) == 2  # nobody files it a second time by himself

    by = make.make_administrator().id
    with transaction():
        failed = queries.lock_sent(pothole.department_id, sent_id)
        services.try_again(failed, by=by, at=clock.now)
    work()
    assert sent(refused).stage is Stage.OPEN


def test_what_fails_every_time_is_laid_aside(
    url: str, city: OtherCity, pothole: Category, clock: Clock
) -> None:
    city.answers = [Said(500)] * MOST_ATTEMPTS
    case = file(pothole)

    for _time in range(MOST_ATTEMPTS + 2):
        work()
        clock.move(hours=7)

    assert len(city.keys) == MOST_ATTEMPTS
    assert sent(case).failed_at is not None


def test_a_case_without_a_place_is_laid_aside_with_the_reason(
    url: str, city: OtherCity, pothole: Category
) -> None:
    case = file(pothole, lat=None, lon=None, address="")

    work()

    assert city.sent == []
    assert sent(case).last_error == Trouble.NO_PLACE


def test_a_token_is_followed_until_it_has_a_number(
    url: str, city: OtherCity, pothole: Category, clock: Clock
) -> None:
    city.gives_tokens = True
    case = file(pothole)
    work()
    assert (sent(case).stage, sent(case).token) == (Stage.TAKEN, "token-1-26")
    clock.move(minutes=2)
    work()
    assert sent(case).stage is Stage.TAKEN

    city.tokens["token-1-26"] = "1-26"
    clock.move(minutes=16)
    work()
    assert (sent(case).stage, sent(case).number) == (Stage.OPEN, "1-26")
    assert len(city.keys) == 1


def test_a_token_without_a_number_for_a_month_is_for_an_administrator(
    url: str, city: OtherCity, pothole: Category, clock: Clock
) -> None:
    city.gives_tokens = True
    case = file(pothole)
    work()

    clock.move(days=31)
    work()

    assert sent(case).last_error == Trouble.NO_TOKEN
    assert sent(case).failed_at is not None


def test_what_it_says_comes_back_as_text_and_moves_neither_case_nor_date(
    url: str, city: OtherCity, pothole: Category, clock: Clock
) -> None:
    case = file(pothole)
    due = case.due_at
    work()
    city.say("1-26", notes="Received, thank you.")
    clock.move(minutes=2)
    work()
    assert told(case) == []  # that it was received is no news

    city.say("1-26", notes="Planned <b>for</b> June\x00\u202e. " + "x" * 5_000)
    clock.move(minutes=16)
    work()

    ((turn, words),) = told(case)
    assert turn == "system-said"
    assert words.startswith("Planned <b>for</b> June.")
    assert len(words) == 2_000
    now = fresh(case)
    assert (now.status, now.due_at, now.has_unread_reply) == (Status.RECEIVED, due, False)


def test_notes_that_change_all_the_time_are_told_some_hours_apart(
    url: str, city: OtherCity, pothole: Category, clock: Clock
) -> None:
    case = file(pothole)
    work()
    for number in range(30):
        city.say("1-26", notes=f"Position {number} in the queue")
        clock.move(minutes=16)
        work()

    assert len(told(case)) == 2


def test_closed_there_asks_the_department_to_close_and_open_again_is_told(
    url: str, city: OtherCity, pothole: Category, clock: Clock
) -> None:
    case = file(pothole)
    due = case.due_at
    work()
    city.say("1-26", "closed", "Filled on Monday.")
    clock.move(minutes=2)
    work()

    now = fresh(case)
    assert told(case) == [("system-done", "Filled on Monday.")]
    assert (now.status, now.has_unread_reply, now.due_at) == (Status.RECEIVED, True, due)
    assert now.acknowledged_at == clock.now
    assert sent(case).stage is Stage.CLOSED

    clock.move(hours=7)
    work()
    assert len(told(case)) == 1  # the same is told once

    city.say("1-26", "OPEN", "")
    clock.move(hours=7)
    work()
    city.say("1-26", "closed", "Now it is.")
    clock.move(hours=7)
    work()

    assert [turn for turn, _words in told(case)] == ["system-done", "system-again", "system-done"]
    assert told(case)[1][1] == "The department has taken it up again."


def test_begun_anew_there_after_it_was_closed_here_is_for_the_desk_alone(
    url: str, city: OtherCity, roads: Department, pothole: Category, clock: Clock
) -> None:
    case = file(pothole)
    work()
    city.say("1-26", "closed", "Done.")
    clock.move(minutes=2)
    work()
    officer = make.make_officer(roads)
    with transaction():
        cases.move(
            lock_case(case.reference),
            Status.CLOSED,
            by=officer,
            at=clock.now,
            message="It is filled.",
            outcome=Outcome.ANSWERED,
        )
    city.say("1-26", "open", "The crew found more.")
    clock.move(hours=7)
    work()

    assert len(told(case)) == 1
    assert told(case, Audience.STAFF) == [("system-again", "The crew found more.")]
    assert fresh(case).has_unread_reply

    clock.move(days=31)
    work()
    assert sent(case).ending is Ending.DONE


def test_a_case_about_staff_is_followed_no_more(
    url: str, city: OtherCity, pothole: Category, clock: Clock
) -> None:
    case = file(pothole)
    work()
    with transaction():
        locked = lock_case(case.reference)
        locked.is_private = locked.is_integrity = True
    city.say("1-26", "closed", "Done.")
    clock.move(minutes=2)
    work()

    assert told(case) == []
    assert sent(case).ending is Ending.ELSEWHERE


@pytest.mark.parametrize("has_lists", [True, False])
def test_many_are_asked_about_at_once_and_one_by_one_where_it_has_no_lists(
    url: str, city: OtherCity, pothole: Category, clock: Clock, has_lists: bool
) -> None:
    city.has_lists = has_lists
    filed = [file(pothole) for _case in range(3)]
    work()
    for number in city.records:
        city.say(number, "closed", "Done.")
    city.asked.clear()
    clock.move(minutes=2)
    work()

    assert [len(told(case)) for case in filed] == [1, 1, 1]
    assert len(city.asked) == (1 if has_lists else 4)


def test_a_case_that_it_does_not_know_any_more_is_laid_aside_in_the_end(
    url: str, city: OtherCity, pothole: Category, clock: Clock
) -> None:
    case, other = file(pothole), file(pothole)
    work()
    del city.records["1-26"]
    for _time in range(MOST_ATTEMPTS + 1):
        clock.move(hours=7)
        work()

    assert sent(case).failed_at is not None
    assert sent(case).last_error.startswith(Trouble.NOT_FOUND)
    assert sent(other).failed_at is None


@pytest.mark.parametrize(
    "body", [b"<html>", b"\xff\xfe", b"[" * 100_000, b'[{"status": {"a": 1}}]', b'{"error": "x"}', b"[1, 2]"]
)
def test_nonsense_about_a_case_changes_nothing(
    url: str, city: OtherCity, pothole: Category, clock: Clock, body: bytes
) -> None:
    case = file(pothole)
    work()
    city.replies = [Said(200, body)]
    clock.move(minutes=2)
    work()
    assert told(case) == []

    city.say("1-26", "closed", "Done.")
    clock.move(hours=1)
    work()
    assert told(case) == [("system-done", "Done.")]


def test_after_another_address_the_old_numbers_mean_nothing(
    url: str, city: OtherCity, roads: Department, pothole: Category, clock: Clock
) -> None:
    case = file(pothole)
    work()
    asked, by = len(city.asked), make.make_administrator().id
    with transaction():
        row = queries.lock_system(roads.id)
        services.change(row, Connection("http://127.0.0.1:9/v2"), by=by, at=clock.now)
    clock.move(hours=1)
    work()

    now = system(roads)
    assert (now.is_on, now.sealed_key, now.routes) == (False, "", {})
    assert sent(case).ending is Ending.DROPPED
    assert len(city.asked) == asked


def test_what_the_former_system_answers_late_is_not_taken_for_the_answer_of_the_new_one(
    url: str, city: OtherCity, roads: Department, pothole: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = file(pothole)
    by = make.make_administrator().id
    send, look = wire.send, wire.services

    def move() -> None:
        with transaction():
            row = queries.lock_system(roads.id)
            services.change(row, Connection("http://127.0.0.1:9/v2", key=KEY), by=by, at=case.received_at)

    def slow_send(*asked: Any) -> Any:
        found = send(*asked)
        move()
        return found

    monkeypatch.setattr(wire, "send", slow_send)
    work()
    monkeypatch.setattr(wire, "send", send)

    assert (sent(case).stage, sent(case).number) == (Stage.WAITING, "")

    def slow_look(*asked: Any) -> Any:
        with transaction():
            services.ask_anew(queries.lock_system(roads.id), by=by, at=case.received_at)
        monkeypatch.setattr(wire, "services", look)
        return [{"code": "theirs", "name": "", "asks": False}], "json"

    monkeypatch.setattr(wire, "services", slow_look)
    with transaction():
        services.ask_anew(queries.lock_system(roads.id), by=by, at=case.received_at)
    looking.look_at_services(Turn("here"))

    assert system(roads).services == []
    assert system(roads).looked_at is None


def test_the_key_is_kept_sealed(url: str, roads: Department) -> None:
    assert KEY not in system(roads).sealed_key
    assert KEY not in json.dumps([row.changes for row in db.session.scalars(select(AuditRow))])


def test_our_own_program_on_the_other_side_takes_a_case_and_answers(
    app: Flask, database: Database, roads: Department, pothole: Category, clock: Clock
) -> None:
    """Both sides share the database, so that a transaction left open while talking would stop them."""
    ward = make.make_ward()
    works = make.make_department("Works of the county")
    theirs = make.make_category(
        "Hole",
        department=works,
        questions=[make.question("depth", Datatype.SINGLE, choices={"deep": "Deep"}, is_required=True)],
    )
    key = make_key("Testford")
    lat, lon = make.middle(ward)
    with serving_the_program(database, workers=1) as server:
        address = f"http://127.0.0.1:{server.port}/open311/v2"
        connect(roads, address, {pothole.code: theirs.code}, key=key)
        assert theirs.code in [one["code"] for one in system(roads).services]
        case = file(pothole, lat=lat, lon=lon, body="A deep hole.", answers={"depth": ["deep"]})
        work()
        row = sent(case)
        there = db.session.scalars(select(Case).where(Case.reference == row.number)).one()
        assert (there.category_id, there.answers) == (theirs.id, {"depth": ["deep"]})
        assert there.body.startswith("A deep hole.")

        officer = make.make_officer(works)
        with transaction():
            locked = lock_case(there.reference)
            cases.move(
                locked,
                Status.CLOSED,
                by=officer,
                at=clock.now,
                message="Filled with asphalt.",
                outcome=Outcome.ANSWERED,
            )
        clock.move(minutes=2)
        work()

    assert told(case) == [("system-done", "Answered: Filled with asphalt.")]
    assert fresh(case).is_open
