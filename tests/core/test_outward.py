"""Addresses that somebody typed are asked without leading into our network, and never without an end."""

import socket
import time
import tracemalloc
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from cps.core import outward
from cps.core.outward import NotAllowed, TooLarge, Unreachable
from tests.open311.other_city import BREAK_OFF, DRIP, FLOOD, FLOODED, HANG, OtherCity, Said, serving


@pytest.fixture
def city() -> OtherCity:
    return OtherCity()


@pytest.fixture
def url(city: OtherCity) -> Iterator[str]:
    with serving(city) as address:
        yield address


def ask(url: str, *, may_be_here: bool = True) -> outward.Answer:
    return outward.get(f"{url}/services.json", [], may_be_here=may_be_here)


@pytest.mark.parametrize(
    "address",
    [
        "https://city.example/open311/v2",
        "https://city.example:8443",
        "https://93.184.216.34/v2",
        "https://[2606:2800:220:1::1]/v2",
    ],
)
def test_an_address_of_somebody_else_may_be_asked(address: str) -> None:
    assert outward.is_address(address, may_be_here=False)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://city.example/",
            "ftp://city.example/",
            "city.example",
            "",
            "https://",
            "https://x y.example",
        ),
        *("https://user:secret@city.example/", "https://city.example/?a=b", "https://city.example/#a"),
        *("https://city.example/?", "https://city.example/v2#"),
        *("https://localhost/", "https://intranet/", "https://x.localhost/", "https://db.internal/"),
        *("https://127.0.0.1/", "https://10.0.0.7/", "https://192.168.1.1/", "https://169.254.169.254/"),
        *("https://0.0.0.0/", "https://[::1]/", "https://[fd00::1]/", "https://[::ffff:10.0.0.7]/"),
        *(
            "https://[fe80::1]/",
            "https://[fec0::1]/",
            "https://224.0.0.1/",
            "https://100.64.0.1/",
            "https://city.example:99999/",
        ),
        *("https://city.exämple/", "https://city.example/" + "x" * 400, "https://[2002:7f00:1::]/"),
    ],
)
def test_an_address_of_our_own_network_or_over_an_open_line_is_none(address: str) -> None:
    assert not outward.is_address(address, may_be_here=False)


@pytest.mark.parametrize("address", ["64:ff9b::7f00:1", "64:ff9b::a00:7", "::ffff:127.0.0.1", "2001::1"])
def test_an_address_within_an_address_counts(address: str) -> None:
    assert not outward.is_public(ip_address(address))


def test_a_name_that_leads_to_this_machine_is_refused_where_it_is_looked_up(
    url: str, city: OtherCity
) -> None:
    port = int(url.rsplit(":", 1)[1].partition("/")[0])
    with pytest.raises(NotAllowed):
        outward._line("localhost", port, may_be_here=False)
    with pytest.raises(NotAllowed):
        ask(url, may_be_here=False)

    assert city.asked == []


@pytest.mark.parametrize("host", ["10.0.0.7", "169.254.169.254", "192.168.1.1", "[fe80::1]", "0.0.0.0"])
def test_where_this_machine_may_be_asked_its_network_may_not(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.delattr(socket, "create_connection")

    with pytest.raises(NotAllowed):
        ask(f"http://{host}")


def test_a_redirect_is_an_answer_and_is_not_followed(url: str, city: OtherCity) -> None:
    city.replies = [Said(302, location=f"{url}/services.json")]

    assert ask(url).is_redirect
    assert len(city.asked) == 1


@pytest.mark.parametrize("said", [Said(HANG), Said(DRIP), Said(BREAK_OFF)])
def test_what_never_ends_is_cut(
    url: str, city: OtherCity, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    monkeypatch.setattr(outward, "LONGEST_SECONDS", 0.5)
    city.replies = [said]
    began = time.monotonic()

    with pytest.raises(Unreachable):
        ask(url)

    assert time.monotonic() - began < 2


def test_a_huge_answer_is_not_read_to_its_end(url: str, city: OtherCity) -> None:
    city.replies = [Said(200, b" " * (outward.LARGEST_ANSWER + 1))]

    with pytest.raises(TooLarge):
        ask(url)


def test_a_piece_of_less_than_nothing_does_not_fill_the_memory(url: str, city: OtherCity) -> None:
    city.replies = [Said(FLOOD)]

    tracemalloc.start()
    try:
        with pytest.raises((TooLarge, Unreachable)):
            ask(url)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < FLOODED / 4


def test_a_name_with_many_addresses_at_which_nobody_is_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = []

    def many(_host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (f"93.184.{number}.34", port)) for number in range(100)]

    def nobody(address: tuple[str, int], **_: object) -> socket.socket:
        tried.append(address[0])
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", many)
    monkeypatch.setattr(socket, "create_connection", nobody)
    with pytest.raises(Unreachable):
        ask("http://many.example")

    assert tried == ["93.184.0.34", "93.184.1.34", "93.184.2.34"]


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        ask("http://127.0.0.1:9")
