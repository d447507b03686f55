"""Sealed ballots: one size, opened by one key for one poll."""

import pytest

from cps.polls import keys, seal
from cps.polls.seal import SealBroken

KEYS = keys.make("park")
PUBLIC, PRIVATE = KEYS.web.seal_public, KEYS.seal_private
BODY = b'{"choice":["b"]}'.ljust(128)
AAD = b"ab" * 32


def test_a_sealed_body_is_opened_by_the_private_key() -> None:
    assert seal.open_sealed(PRIVATE, seal.seal(PUBLIC, BODY, AAD), AAD) == BODY


def test_one_opener_opens_many_bodies() -> None:
    sealed = [seal.seal(PUBLIC, body, AAD) for body in (BODY, BODY[::-1])]

    assert [*map(seal.opener(PRIVATE, AAD), sealed)] == [BODY, BODY[::-1]]


def test_a_sealed_body_is_always_so_many_bytes_longer() -> None:
    assert {len(seal.seal(PUBLIC, BODY, AAD)) for _ in range(20)} == {len(BODY) + seal.OVERHEAD}


def test_the_same_body_sealed_twice_has_nothing_in_common() -> None:
    one, other = seal.seal(PUBLIC, BODY, AAD), seal.seal(PUBLIC, BODY, AAD)

    assert one[:32] != other[:32]
    assert one[32:] != other[32:]
    assert BODY.rstrip() not in one


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealBroken):
        seal.open_sealed(keys.make("park").seal_private, seal.seal(PUBLIC, BODY, AAD), AAD)


def test_it_is_not_opened_for_another_specification() -> None:
    with pytest.raises(SealBroken):
        seal.open_sealed(PRIVATE, seal.seal(PUBLIC, BODY, AAD), b"cd" * 32)


@pytest.mark.parametrize("place", [0, 31, 32, 100, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    sealed = bytearray(seal.seal(PUBLIC, BODY, AAD))
    sealed[place] ^= 1

    with pytest.raises(SealBroken):
        seal.open_sealed(PRIVATE, bytes(sealed), AAD)


@pytest.mark.parametrize("sealed", [b"", b"x" * 31, b"x" * 32, bytes(32) + bytes(100)])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        seal.open_sealed(PRIVATE, sealed, AAD)
