"""The hash tree of a poll's ledger: RFC 9162, section 2.1, with SHA-256.

Leaves are given and kept as their hashes, 32 bytes each (`leaf_hash`). Whoever knows a root can be shown that
a leaf is in it (inclusion), and that a later root only appended (consistency).
"""

from collections.abc import Iterable, Sequence
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


def inclusion_proof(leaves: Sequence[Hash], index: int) -> list[Hash]:
    """Return the path from a leaf to the root, lowest first (2.1.3.1); IndexError where no leaf is there."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root(leaves[:split])]


def is_included(leaf: Hash, index: int, size: int, proof: Sequence[Hash], expected: Hash) -> bool:
    """Return whether the proof shows the leaf at this place in the tree with this size and root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            place, last = _up_to_a_right_child(place, last)
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == expected


def consistency_proof(leaves: Sequence[Hash], old_size: int) -> list[Hash]:
    """Return what shows that the tree of the first leaves is a beginning of this one (2.1.4.1).

    Raises ValueError unless ``old_size`` is from 0 to the number of leaves; the empty tree begins every tree
    and needs no proof.
    """
    if not 0 <= old_size <= len(leaves):
        raise ValueError(f"no tree of {old_size} leaves begins one of {len(leaves)}")
    return _subproof(leaves, old_size, known=True) if old_size else []


def is_consistent(
    old_size: int, old_root: Hash, new_size: int, new_root: Hash, proof: Sequence[Hash]
) -> bool:
    """Return whether the proof shows that the new tree begins with the old one (2.1.4.2)."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == 0:
        return old_root == EMPTY_ROOT and not proof
    if old_size == new_size:
        return old_root == new_root and not proof
    path = [*proof] if old_size & (old_size - 1) else [old_root, *proof]
    return bool(path) and _both_roots(old_size, new_size, path) == (old_root, new_root)


def _both_roots(old_size: int, new_size: int, path: Sequence[Hash]) -> tuple[Hash, Hash] | None:
    """Return the roots that a path of hashes leads to from the old tree's last node; None where it cannot."""
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            place, last = _up_to_a_right_child(place, last)
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None


def _up_to_a_right_child(place: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the last node has no sibling: it is carried up unchanged."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _subproof(leaves: Sequence[Hash], old_size: int, *, known: bool) -> list[Hash]:
    """SUBPROOF of the RFC; ``known`` while the verifier has the root of these leaves already."""
    if old_size == len(leaves):
        return [] if known else [root(leaves)]
    split = _split(len(leaves))
    if old_size <= split:
        return [*_subproof(leaves[:split], old_size, known=known), root(leaves[split:])]
    return [*_subproof(leaves[split:], old_size - split, known=False), root(leaves[:split])]


def _split(size: int) -> int:
    """Return the largest power of two smaller than the size, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1
