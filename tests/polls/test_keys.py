"""A poll's keys, their fingerprints and tags."""

import itertools
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from cps.core.errors import ConfigurationError
from cps.polls import canonical, keys
from cps.polls.rules import CountKey
from tests.polls.specifications import make_specification


def test_two_polls_never_have_a_key_in_common() -> None:
    one, other = keys.make("park"), keys.make("park")
    secrets = [[made.seal_private, made.heads_private, made.roll, made.handle] for made in (one, other)]

    assert len({*itertools.chain(*secrets)}) == 8
    assert {len(secret) for secret in itertools.chain(*secrets)} == {32}


def test_fingerprints_are_the_public_keys_and_the_hashes_of_the_secret_ones() -> None:
    made = keys.make("park")
    fingerprints = made.fingerprints()

    seal = X25519PrivateKey.from_private_bytes(made.seal_private).public_key()
    heads = Ed25519PrivateKey.from_private_bytes(made.heads_private).public_key()
    assert fingerprints.seal == seal.public_bytes_raw().hex()
    assert fingerprints.heads == heads.public_bytes_raw().hex()
    assert fingerprints.roll == canonical.sha256(made.roll)
    assert fingerprints.handle == canonical.sha256(made.handle)
    assert make_specification(keys=fingerprints).keys == fingerprints


def test_web_servers_get_no_private_key() -> None:
    made = keys.make("park")
    known = {made.web.seal_public, made.web.heads_public, made.web.roll, made.web.handle}

    assert not known & {made.seal_private, made.heads_private}


def test_a_secret_key_does_not_show_itself() -> None:
    made = keys.make("park")
    shown = f"{made!r} {made.web!r} {made.worker!r}"

    for secret in (made.seal_private, made.heads_private, made.roll, made.handle):
        assert repr(secret) not in shown
        assert secret.hex() not in shown


def test_keys_match_the_specification_they_were_made_for() -> None:
    made = keys.make("park")

    keys.check_match(made.web, made.fingerprints())
    keys.check_match(made.worker, made.fingerprints())


@pytest.mark.parametrize("name", ["seal", "heads", "roll", "handle"])
def test_another_key_is_named(name: str) -> None:
    made = keys.make("park")
    expected = replace(made.fingerprints(), **{name: "ab" * 32})

    with pytest.raises(ConfigurationError, match=rf"poll park .*\({name}\)"):
        keys.check_match(made.web, expected)


@pytest.mark.parametrize("name", ["seal", "heads"])
def test_another_private_key_is_named(name: str) -> None:
    made = keys.make("park")
    expected = replace(made.fingerprints(), **{name: "ab" * 32})

    with pytest.raises(ConfigurationError, match=rf"poll park .*\({name}\)"):
        keys.check_match(made.worker, expected)


def test_a_voter_has_one_tag_in_a_poll_and_another_in_every_other() -> None:
    one, other = keys.make("park"), keys.make("school")

    tag = keys.voter_tag(one.roll, CountKey.PHONE, "ab" * 32)

    assert tag == keys.voter_tag(one.roll, CountKey.PHONE, "ab" * 32)
    assert len(tag) == 64
    assert tag != keys.voter_tag(one.roll, CountKey.REGISTER, "ab" * 32)
    assert tag != keys.voter_tag(one.roll, CountKey.PHONE, "cd" * 32)
    assert tag != keys.voter_tag(other.roll, CountKey.PHONE, "ab" * 32)


def test_a_code_has_one_handle_in_a_poll() -> None:
    one, other = keys.make("park"), keys.make("school")

    assert keys.handle(one.handle, "K7QF9XTMP2JDVRWA") == keys.handle(one.handle, "K7QF9XTMP2JDVRWA")
    assert keys.handle(one.handle, "K7QF9XTMP2JDVRWA") != keys.handle(other.handle, "K7QF9XTMP2JDVRWA")
    assert keys.handle(one.handle, "K7QF9XTMP2JDVRWA") != keys.handle(one.handle, "K7QF9XTMP2JDVRWB")
