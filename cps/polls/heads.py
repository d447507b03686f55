"""Heads of a poll's ledger: made, signed, read and checked (`docs/recounting.md`, Ledger).

A head says how many ballots the ledger holds, how many wait and how many people have voted, and binds all
heads before it. Anybody can keep its line, and show it later.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cps.polls import canonical, tree
from cps.polls.canonical import Json

SIGNED_AS = b"cps-poll-head-1\n"
FIRST_PREVIOUS = "0" * 64
_SIGNATURE_DIGITS = 128


class Why(StrEnum):
    """What is wrong with a head or a chain of them."""

    NOT_A_HEAD = "not-a-head"
    NO_HEADS = "no-heads"
    WRONG_SIGNATURE = "wrong-signature"
    WRONG_START = "wrong-start"
    BATCH_MISSING = "batch-missing"
    CHAIN_BROKEN = "chain-broken"
    OTHER_POLL = "other-poll"
    SHRUNK = "shrunk"
    COUNTS_DISAGREE = "counts-disagree"
    AFTER_FINAL = "after-final"


class HeadError(ValueError):
    """A head that is not what it should be; ``batch`` is its number where it has one."""

    def __init__(self, reason: Why, batch: int | None = None) -> None:
        super().__init__(reason.value if batch is None else f"head {batch}: {reason}")
        self.reason = reason
        self.batch = batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One head; hashes, root and signature in hex, the signature empty until it is signed."""

    poll: str
    specification: str
    batch: int
    size: int
    pending: int
    roll: int
    root: str
    previous: str
    final: bool
    signed_at: str
    signature: str = ""

    def line(self) -> bytes:
        """Return the head's line, without its line end."""
        return canonical.to_bytes(self._fields())

    def sha256(self) -> str:
        """Return the hash of the line, which the next head holds."""
        return canonical.sha256(self.line())

    def signed_bytes(self) -> bytes:
        """Return what the signature is over."""
        fields = self._fields()
        del fields["signature"]
        return SIGNED_AS + canonical.to_bytes(fields)

    def _fields(self) -> dict[str, str | int | bool]:
        return {name: getattr(self, name) for name in _NAMES}


_NAMES = tuple(Head.__dataclass_fields__)
_NUMBERS = ("batch", "size", "pending", "roll")
_HASHES = ("specification", "root", "previous")


def first(poll: str, specification: str, *, at: datetime) -> Head:
    """Return the unsigned head of the opening: batch 0, no ballots; ``specification`` is its hash."""
    return Head(
        poll=poll,
        specification=specification,
        batch=0,
        size=0,
        pending=0,
        roll=0,
        root=tree.EMPTY_ROOT.hex(),
        previous=FIRST_PREVIOUS,
        final=False,
        signed_at=canonical.time_to_text(at),
    )


def following(
    head: Head, *, size: int, pending: int, roll: int, root: tree.Hash, final: bool, at: datetime
) -> Head:
    """Return the unsigned head after this one; raises HeadError where the two could not follow each other."""
    new = replace(
        head,
        batch=head.batch + 1,
        size=size,
        pending=pending,
        roll=roll,
        root=root.hex(),
        previous=head.sha256(),
        final=final,
        signed_at=canonical.time_to_text(at),
        signature="",
    )
    _check_counts(new)
    _check_follows(head, new)
    return new


def sign(head: Head, private: bytes) -> Head:
    """Return the head with its signature by a private Ed25519 key of 32 bytes."""
    key = Ed25519PrivateKey.from_private_bytes(private)
    return replace(head, signature=key.sign(head.signed_bytes()).hex())


def is_signed(head: Head, public: bytes) -> bool:
    """Return whether the head's signature is by the holder of this public Ed25519 key of 32 bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(bytes.fromhex(head.signature), head.signed_bytes())
    except (InvalidSignature, ValueError):
        return False
    return True


def parse(line: bytes) -> Head:
    """Return the head of a line without its line end; raises HeadError unless it is written as documented."""
    try:
        value = canonical.from_bytes(line)
    except canonical.NotCanonical:
        raise HeadError(Why.NOT_A_HEAD) from None
    if not isinstance(value, dict) or {*value} != {*_NAMES} or not _is_of_the_right_kinds(value):
        raise HeadError(Why.NOT_A_HEAD)
    return Head(**value)  # type: ignore[arg-type]


def check_chain(heads: Iterable[Head], public: bytes) -> Head:
    """Check heads from the first on: signatures, chain, counts; return the last one.

    Raises HeadError for the first that does not fit. That roots belong to leaves is checked with the leaves.
    """
    before: Head | None = None
    for head in heads:
        if not is_signed(head, public):
            raise HeadError(Why.WRONG_SIGNATURE, head.batch)
        _check_counts(head)
        if before is None:
            _check_first(head)
        else:
            _check_follows(before, head)
        before = head
    if before is None:
        raise HeadError(Why.NO_HEADS)
    return before


def _check_first(head: Head) -> None:
    starts = (head.batch, head.previous, head.size, head.roll, head.root)
    if starts != (0, FIRST_PREVIOUS, 0, 0, tree.EMPTY_ROOT.hex()):
        raise HeadError(Why.WRONG_START, head.batch)


def _check_counts(head: Head) -> None:
    if head.size + head.pending != head.roll or (head.final and head.pending):
        raise HeadError(Why.COUNTS_DISAGREE, head.batch)


def _check_follows(before: Head, head: Head) -> None:
    if before.final:
        raise HeadError(Why.AFTER_FINAL, head.batch)
    if head.batch != before.batch + 1:
        raise HeadError(Why.BATCH_MISSING, head.batch)
    if head.previous != before.sha256():
        raise HeadError(Why.CHAIN_BROKEN, head.batch)
    if (head.poll, head.specification) != (before.poll, before.specification):
        raise HeadError(Why.OTHER_POLL, head.batch)
    if head.size < before.size or head.roll < before.roll:
        raise HeadError(Why.SHRUNK, head.batch)


def _is_of_the_right_kinds(value: dict[str, Json]) -> bool:
    texts = {name: field for name, field in value.items() if isinstance(field, str)}
    return (
        all(_is_count(value[name]) for name in _NUMBERS)
        and isinstance(value["final"], bool)
        and {*texts} == {*_NAMES} - {*_NUMBERS, "final"}
        and all(canonical.is_hash(texts[name]) for name in _HASHES)
        and _is_signature(texts["signature"])
        and canonical.is_time(texts["signed_at"])
    )


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_signature(text: str) -> bool:
    return len(text) == _SIGNATURE_DIGITS and all(digit in "0123456789abcdef" for digit in text)
