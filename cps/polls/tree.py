"""The hash tree of a poll's ledger: RFC 9162, section 2.1, with SHA-256.

Leaves are given and kept as their hashes, 32 bytes each (`leaf_hash`). Every bundle but that of a sensitive
poll lists all of them, so whoever has a root finds a leaf in it, and an earlier root at its beginning, by
making the tree anew: no proofs are made of single ones.
"""

from collections.abc import Iterable
from hashlib import sha256

Hash = bytes

EMPTY_ROOT: Hash = sha256().digest()


def leaf_hash(line: bytes) -> Hash:
    """Return the hash of a leaf: of a zero byte and the line."""
    return sha256(b"\x00" + line).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """Return the hash of an inner node: of a one byte and both below it."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that leaves are appended to; it keeps only one hash for each bit of its size."""

    def __init__(self, leaves: Iterable[Hash] = ()) -> None:
        self.size = 0
        self._whole: list[Hash] = []  # the roots of its whole subtrees, the largest first
        for leaf in leaves:
            self.append(leaf)

    @classmethod
    def resumed(cls, size: int, peaks: Iterable[Hash]) -> "Tree":
        """Return the tree of this size whose `peaks` were kept."""
        tree = cls()
        tree.size, tree._whole = size, [*peaks]
        if len(tree._whole) != size.bit_count():
            raise ValueError(f"{len(tree._whole)} peaks are not those of a tree of {size} leaves")
        return tree

    @property
    def peaks(self) -> tuple[Hash, ...]:
        """The roots of the whole subtrees, the largest first: all that is needed to go on appending."""
        return tuple(self._whole)

    def append(self, leaf: Hash) -> None:
        """Add a leaf at the end."""
        node = leaf
        size = self.size
        while size & 1:
            node = node_hash(self._whole.pop(), node)
            size >>= 1
        self._whole.append(node)
        self.size += 1

    def root(self) -> Hash:
        """Return the root of the leaves so far."""
        if not self._whole:
            return EMPTY_ROOT
        node = self._whole[-1]
        for left in reversed(self._whole[:-1]):
            node = node_hash(left, node)
        return node


def root(leaves: Iterable[Hash]) -> Hash:
    """Return the root of a list of leaves."""
    return Tree(leaves).root()
