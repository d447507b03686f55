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
