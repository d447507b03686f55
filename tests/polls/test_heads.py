"""Heads: signed, chained, and refused when anything in them does not fit."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cps.polls import canonical, heads, tree
from cps.polls.heads import Head, HeadError, Why

PRIVATE = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()
OTHER_PRIVATE = bytes(range(1, 33))
SPECIFICATION = "ab" * 32
AT = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(250)]


def make_chain(private: bytes = PRIVATE) -> list[Head]:
    """Return four heads: the opening, two batches of a hundred, the close with the rest."""
    chain = [heads.sign(heads.first("park", SPECIFICATION, at=AT), private)]
    for size, pending, final in ((100, 60, False), (200, 50, False), (250, 0, True)):
        unsigned = heads.following(
            chain[-1],
            size=size,
            pending=pending,
            roll=size + pending,
            root=tree.root(LEAVES[:size]),
            final=final,
            at=AT + timedelta(minutes=size),
        )
        chain.append(heads.sign(unsigned, private))
    return chain


def resigned(chain: list[Head], at: int, private: bytes = PRIVATE, **changes: Any) -> list[Head]:
    """Return the chain with one head changed, and all from there on chained and signed anew."""
    changed = [*chain[:at], heads.sign(replace(chain[at], **changes), private)]
    for head in chain[at + 1 :]:
        changed.append(heads.sign(replace(head, previous=changed[-1].sha256()), private))
    return changed


def refusal(chain: list[Head]) -> tuple[Why, int | None]:
    with pytest.raises(HeadError) as caught:
        heads.check_chain(chain, PUBLIC)
    return caught.value.reason, caught.value.batch


def test_a_head_has_exactly_the_documented_fields() -> None:
    value = canonical.from_bytes(make_chain()[0].line())

    assert value == {
        "batch": 0,
        "final": False,
        "pending": 0,
        "poll": "park",
        "previous": "0" * 64,
        "roll": 0,
        "root": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "signature": make_chain()[0].signature,
        "signed_at": "2026-11-18T01:00:00Z",
        "size": 0,
        "specification": SPECIFICATION,
    }


def test_the_signature_is_over_the_name_of_the_format_and_the_other_fields() -> None:
    head = make_chain()[1]
    value = canonical.from_bytes(head.line())
    assert isinstance(value, dict)
    signature = bytes.fromhex(str(value.pop("signature")))

    key = Ed25519PrivateKey.from_private_bytes(PRIVATE).public_key()
    key.verify(signature, b"cps-poll-head-1\n" + canonical.to_bytes(value))


def test_a_whole_chain_holds_and_gives_its_last_head() -> None:
    chain = make_chain()

    assert heads.check_chain(chain, PUBLIC) == chain[-1]
    assert heads.check_chain(chain[:2], PUBLIC) == chain[1]


def test_every_head_is_read_back_from_its_line() -> None:
    for head in make_chain():
        assert heads.parse(head.line()) == head


def test_every_head_holds_the_hash_of_the_line_before() -> None:
    for before, head in itertools.pairwise(make_chain()):
        assert head.previous == canonical.sha256(before.line())


@pytest.mark.parametrize(
    "changes",
    [
        {"poll": "parks"},
        {"specification": "cd" * 32},
        {"batch": 2},
        {"size": 99},
        {"pending": 61},
        {"roll": 161},
        {"root": "ab" * 32},
        {"previous": "ab" * 32},
        {"final": True},
        {"signed_at": "2026-11-18T01:00:01Z"},
        {"signature": "0" * 128},
        {"signature": ""},
        {"signature": "no hex"},
    ],
)
def test_a_head_that_was_changed_has_a_wrong_signature(changes: dict[str, Any]) -> None:
    head = make_chain()[1]

    assert heads.is_signed(head, PUBLIC)
    assert not heads.is_signed(replace(head, **changes), PUBLIC)


def test_somebody_elses_signature_is_refused() -> None:
    assert refusal(make_chain(OTHER_PRIVATE)) == (Why.WRONG_SIGNATURE, 0)


def test_a_public_key_of_the_wrong_length_verifies_nothing() -> None:
    assert not heads.is_signed(make_chain()[0], PUBLIC[:31])


@pytest.mark.parametrize(
    ("at", "changes", "why"),
    [
        (0, {"previous": "1" * 64}, Why.WRONG_START),
        (0, {"batch": 1}, Why.WRONG_START),
        (0, {"root": "ab" * 32}, Why.WRONG_START),
        (0, {"size": 1, "roll": 1}, Why.WRONG_START),
        (0, {"pending": 1, "roll": 1}, Why.WRONG_START),
        (1, {"batch": 2}, Why.BATCH_MISSING),
        (2, {"previous": "1" * 64}, Why.CHAIN_BROKEN),
        (2, {"poll": "other"}, Why.OTHER_POLL),
        (2, {"specification": "cd" * 32}, Why.OTHER_POLL),
        (2, {"size": 99, "pending": 151}, Why.SHRUNK),
        (2, {"pending": 0, "roll": 159, "size": 159}, Why.SHRUNK),
        (2, {"roll": 252}, Why.COUNTS_DISAGREE),
        (3, {"pending": 1, "roll": 251}, Why.COUNTS_DISAGREE),
    ],
)
def test_a_well_signed_chain_that_does_not_fit_is_refused(at: int, changes: dict[str, Any], why: Why) -> None:
    assert refusal(resigned(make_chain(), at, **changes)) == (why, changes.get("batch", at))


def test_nothing_follows_the_final_head() -> None:
    chain = make_chain()

    assert refusal(resigned(chain, 1, final=True, size=160, pending=0)) == (Why.AFTER_FINAL, 2)
    with pytest.raises(HeadError, match="after-final"):
        heads.following(chain[-1], size=250, pending=0, roll=250, root=tree.root(LEAVES), final=True, at=AT)


def test_a_head_left_out_is_noticed() -> None:
    chain = make_chain()

    assert refusal([chain[0], *chain[2:]]) == (Why.BATCH_MISSING, 2)
    assert refusal(chain[1:]) == (Why.WRONG_START, 1)
    assert refusal([]) == (Why.NO_HEADS, None)


@pytest.mark.parametrize(
    "counts", [{"size": 1, "pending": 0, "roll": 2}, {"size": 1, "pending": 1, "roll": 2}]
)
def test_a_final_head_whose_counts_disagree_is_not_made(counts: dict[str, int]) -> None:
    with pytest.raises(HeadError, match="counts-disagree"):
        heads.following(make_chain()[0], **counts, root=tree.root(LEAVES[:1]), final=True, at=AT)


def test_a_head_smaller_than_the_one_before_is_not_made() -> None:
    with pytest.raises(HeadError, match="shrunk"):
        heads.following(
            make_chain()[1], size=99, pending=90, roll=189, root=tree.root(LEAVES[:99]), final=False, at=AT
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"batch": -1},
        {"batch": "0"},
        {"batch": True},
        {"final": 0},
        {"poll": 5},
        {"root": "AB" * 32},
        {"previous": ""},
        {"signature": "ab"},
        {"signature": "AB" * 64},
        {"signed_at": "yesterday"},
        {"more": 1},
    ],
)
def test_a_line_that_is_no_head_is_refused(changes: dict[str, Any]) -> None:
    value = canonical.from_bytes(make_chain()[1].line())
    assert isinstance(value, dict)

    with pytest.raises(HeadError, match="not-a-head"):
        heads.parse(canonical.to_bytes({**value, **changes}))


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", make_chain()[0].line() + b"\n"])
def test_a_line_written_otherwise_is_refused(line: bytes) -> None:
    with pytest.raises(HeadError, match="not-a-head"):
        heads.parse(line)
