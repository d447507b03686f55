"""The room in front of the application: only whole requests go on, and few at a time."""

import threading
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest

from cps.core.waiting_room import IN_MEMORY, CutOff, WaitingRoom

LARGEST = 4 * IN_MEMORY


class Application:
    """Notes what it is given."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def __call__(self, environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
        self.bodies.append(environ["wsgi.input"].read())
        return [b"done"]


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def room(application: Application) -> WaitingRoom:
    return WaitingRoom(application, places=2, largest=LARGEST)


def send(room: WaitingRoom, body: bytes, **environ: Any) -> list[bytes]:
    """Send a request whose body is this, also where a length in `environ` promises another."""
    given = {"CONTENT_LENGTH": str(len(body)), **environ}
    return list(room({**given, "wsgi.input": BytesIO(body)}, None))


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY, IN_MEMORY + 1, LARGEST])
def test_a_whole_request_goes_on_as_it_came(room: WaitingRoom, application: Application, size: int) -> None:
    body = bytes(number % 251 for number in range(size))

    assert send(room, body) == [b"done"]
    assert application.bodies == [body]


def test_a_request_without_a_length_goes_on_when_its_end_has_come(
    room: WaitingRoom, application: Application
) -> None:
    send(room, b"in chunks", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")

    assert application.bodies == [b"in chunks"]


def test_the_application_never_hears_of_a_request_that_was_cut_off(
    room: WaitingRoom, application: Application
) -> None:
    with pytest.raises(CutOff):
        send(room, b"message=I would like", CONTENT_LENGTH="40")

    assert application.bodies == []


def test_what_is_too_large_is_not_waited_for(room: WaitingRoom) -> None:
    stream = BytesIO(b"the beginning")
    seen: list[int] = []
    refusing = WaitingRoom(lambda _environ, _start: seen.append(stream.tell()) or [], places=1, largest=10)

    refusing({"CONTENT_LENGTH": "13", "wsgi.input": stream}, None)

    assert seen == [0]


def test_what_turns_out_to_be_too_large_is_not_read_to_its_end(application: Application) -> None:
    room = WaitingRoom(application, places=1, largest=10)

    send(room, b"x" * 5_000, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")

    assert application.bodies == [b"x" * 11]


def test_no_more_requests_than_there_are_places_are_answered_at_once() -> None:
    lock, going_on, most = threading.Lock(), 0, 0
    both_are_in = threading.Barrier(2, timeout=20)

    def count(_environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
        nonlocal going_on, most
        with lock:
            going_on += 1
            most = max(most, going_on)
        both_are_in.wait()
        with lock:
            going_on -= 1
        return []

    room = WaitingRoom(count, places=2, largest=LARGEST)
    threads = [threading.Thread(target=send, args=[room, b""]) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 2


def test_a_place_is_free_again_after_a_mistake() -> None:
    room = WaitingRoom(lambda _environ, _start: 1 / 0, places=1, largest=LARGEST)  # type: ignore[arg-type,return-value]

    for _time in range(3):
        with pytest.raises(ZeroDivisionError):
            send(room, b"")
