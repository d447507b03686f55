"""The ledger's tree, against the vectors of certificate transparency and the definition of the RFC."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.polls import tree
from cps.polls.tree import Hash, Tree, leaf_hash

TEST_LEAVES = [
    leaf_hash(bytes.fromhex(data))
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""The eight leaves of certificate transparency's own tests."""

TEST_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Their roots, from the empty tree to all eight."""

LEAVES = st.lists(st.binary(max_size=3).map(leaf_hash), max_size=40)
SIZES = range(1, 18)


def leaves_of(size: int) -> list[Hash]:
    return [leaf_hash(bytes([number])) for number in range(size)]


def naive_root(leaves: list[Hash]) -> Hash:
    """MTH of the RFC, word for word, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert tree.root(TEST_LEAVES[:size]).hex() == TEST_ROOTS[size]


def test_inclusion_proofs_are_those_of_the_example_in_the_rfc() -> None:
    """RFC 9162, 2.1.5: seven leaves d0 to d6, hashes a to f and j, nodes g h i k l."""
    a, b, c, d, e, f, j = leaves_of(7)
    g, h, i = tree.node_hash(a, b), tree.node_hash(c, d), tree.node_hash(e, f)
    k, l = tree.node_hash(g, h), tree.node_hash(i, j)  # noqa: E741
    leaves = [a, b, c, d, e, f, j]

    assert tree.root(leaves) == tree.node_hash(k, l)
    assert tree.inclusion_proof(leaves, 0) == [b, h, l]
    assert tree.inclusion_proof(leaves, 3) == [c, g, l]
    assert tree.inclusion_proof(leaves, 4) == [f, j, k]
    assert tree.inclusion_proof(leaves, 6) == [i, k]


def test_consistency_proofs_are_those_of_the_example_in_the_rfc() -> None:
    a, b, c, d, e, f, j = leaves_of(7)
    g, h, i = tree.node_hash(a, b), tree.node_hash(c, d), tree.node_hash(e, f)
    k, l = tree.node_hash(g, h), tree.node_hash(i, j)  # noqa: E741
    leaves = [a, b, c, d, e, f, j]

    assert tree.consistency_proof(leaves, 3) == [c, d, g, l]
    assert tree.consistency_proof(leaves, 4) == [l]
    assert tree.consistency_proof(leaves, 6) == [i, j, k]


@given(LEAVES)
def test_appending_gives_the_root_of_the_definition_at_every_size(leaves: list[Hash]) -> None:
    growing = Tree()

    for size, leaf in enumerate(leaves, start=1):
        growing.append(leaf)
        assert growing.root() == naive_root(leaves[:size])
    assert growing.size == len(leaves)


def test_a_growing_tree_keeps_one_hash_for_each_bit_of_its_size() -> None:
    growing = Tree(leaves_of(200))

    assert len(growing._whole) == (200).bit_count()


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_is_shown_to_be_included_at_its_place_only(size: int) -> None:
    leaves = leaves_of(size)
    root = tree.root(leaves)

    for index, leaf in enumerate(leaves):
        proof = tree.inclusion_proof(leaves, index)
        shown = [place for place in range(size) if tree.is_included(leaf, place, size, proof, root)]
        assert shown == [index]


@pytest.mark.parametrize("size", SIZES)
def test_a_changed_inclusion_proof_shows_nothing(size: int) -> None:
    leaves = leaves_of(size)
    root = tree.root(leaves)
    other = leaf_hash(b"other")

    for index, leaf in enumerate(leaves):
        proof = tree.inclusion_proof(leaves, index)
        wrong = [[*proof[:n], other, *proof[n + 1 :]] for n in range(len(proof))]
        for changed in [*wrong, [*proof, other], *([proof[:-1]] if proof else [])]:
            assert not tree.is_included(leaf, index, size, changed, root)
        assert not tree.is_included(other, index, size, proof, root)
        assert not tree.is_included(leaf, index, size, proof, other)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_for_a_place_outside(index: int, size: int) -> None:
    leaves = leaves_of(size)

    with pytest.raises(IndexError):
        tree.inclusion_proof(leaves, index)
    assert not tree.is_included(leaf_hash(b""), index, size, [], tree.root(leaves))


@pytest.mark.parametrize("size", [0, *SIZES])
def test_every_beginning_is_shown_to_be_one(size: int) -> None:
    leaves = leaves_of(size)

    for old in range(size + 1):
        proof = tree.consistency_proof(leaves, old)
        assert tree.is_consistent(old, tree.root(leaves[:old]), size, tree.root(leaves), proof)


@pytest.mark.parametrize("size", SIZES)
def test_another_beginning_is_not_shown_to_be_one(size: int) -> None:
    leaves = leaves_of(size)
    root = tree.root(leaves)
    other = leaf_hash(b"other")

    for old in range(1, size + 1):
        proof = tree.consistency_proof(leaves, old)
        old_root = tree.root(leaves[:old])
        wrong = [[*proof[:n], other, *proof[n + 1 :]] for n in range(len(proof))]
        for changed in [*wrong, [*proof, other], *([proof[:-1]] if proof else [])]:
            assert not tree.is_consistent(old, old_root, size, root, changed)
        assert not tree.is_consistent(old, other, size, root, proof)
        assert not tree.is_consistent(old, old_root, size, other, proof)


def test_a_larger_tree_begins_no_smaller_one() -> None:
    leaves = leaves_of(4)

    with pytest.raises(ValueError, match="begins"):
        tree.consistency_proof(leaves, 5)
    assert not tree.is_consistent(5, tree.root(leaves_of(5)), 4, tree.root(leaves), [])


def test_the_empty_tree_begins_every_tree_and_has_one_root() -> None:
    root = tree.root(leaves_of(3))

    assert tree.is_consistent(0, tree.EMPTY_ROOT, 3, root, [])
    assert not tree.is_consistent(0, root, 3, root, [])
    assert not tree.is_consistent(0, tree.EMPTY_ROOT, 3, root, [root])
