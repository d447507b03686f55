"""Makes whole bundles for tests, honest ones and forged ones.

A `Count` is everything a city could lie with; its bundle has hashes, roots and signatures that all fit,
whatever it says. A test changes the count, or the files that came out, and looks what the checker finds.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from random import Random
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cps.polls import ballot, canonical, receipt, tally, tree
from cps.polls.bundle import Kind, write_bundle
from cps.polls.heads import FIRST_PREVIOUS, Head, sign
from cps.polls.rules import Method, TieRule
from cps.polls.specification import Specification
from cps.polls.tally.paper import PaperTotals
from tests.polls.specifications import CLOSES, KEYS, make_budget, make_specification

PRIVATE_KEY = bytes(range(32))
ANOTHER_KEY = bytes(range(1, 33))

Files = dict[str, bytes]


def write_whole(file: BinaryIO, **content: Any) -> None:
    """Write a bundle to its end."""
    for _piece in write_bundle(file, **content):
        pass


def public_key(private: bytes = PRIVATE_KEY) -> bytes:
    """Return the public key of a private one."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


@dataclass(frozen=True)
class Stand:
    """What one head says of the ledger."""

    size: int
    pending: int
    roll: int
    final: bool = False


@dataclass(frozen=True)
class Count:
    """A counted poll; `lines` in the order of the ledger, `result` as it will be published."""

    specification: Specification
    lines: tuple[bytes, ...]
    stands: tuple[Stand, ...]
    result: Mapping[str, Any]
    turnout: bytes
    kind: Kind = Kind.PUBLIC

    def leaves(self) -> list[bytes]:
        """Return the hashes of the lines."""
        return [tree.leaf_hash(line) for line in self.lines]

    def heads(self, private: bytes = PRIVATE_KEY) -> Iterator[bytes]:
        """Yield the signed heads of the leaves."""
        previous = FIRST_PREVIOUS
        leaves, grown = iter(self.leaves()), tree.Tree()
        for batch, stand in enumerate(self.stands):
            for leaf in islice(leaves, max(0, stand.size - grown.size)):
                grown.append(leaf)
            head = Head(
                poll=self.specification.poll,
                specification=self.specification.sha256(),
                batch=batch,
                size=stand.size,
                pending=stand.pending,
                roll=stand.roll,
                root=grown.root().hex(),
                previous=previous,
                final=stand.final,
                signed_at=canonical.time_to_text(CLOSES),
            )
            signed = sign(head, private)
            previous = signed.sha256()
            yield signed.line()

    def zipped(self) -> bytes:
        """Return the bundle."""
        file = io.BytesIO()
        write_whole(
            file,
            specification=self.specification.to_bytes(),
            heads=self.heads(),
            leaves=self.leaves(),
            ballots=self.lines,
            result=canonical.to_bytes(dict(self.result)),
            turnout=self.turnout,
            public_key=public_key(),
            kind=self.kind,
            made_at=CLOSES,
        )
        return file.getvalue()

    def files(self) -> Files:
        """Return the files of the bundle."""
        return unzipped(self.zipped())


def unzipped(data: bytes) -> Files:
    """Return the files of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip with these files, as they are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def sealed(files: Files) -> Files:
    """Return the files with a manifest that fits them again."""
    manifest = canonical.from_bytes(files["manifest.json"])
    assert isinstance(manifest, dict)
    others = {name: data for name, data in files.items() if name != "manifest.json"}
    listed = {name: {"sha256": canonical.sha256(data), "bytes": len(data)} for name, data in others.items()}
    return others | {"manifest.json": canonical.to_bytes({**manifest, "files": listed})}


def make_line(choice: tuple[str, ...], random: Random) -> bytes:
    """Return a ballot line with a code and a salt of its own."""
    return ballot.line(choice, receipt.new_code(random.getrandbits), random.randbytes(16).hex())


def make_count(
    method: Method = Method.SINGLE,
    *,
    kind: Kind = Kind.PUBLIC,
    voters: int = 130,
    paper: bool = False,
    draw: tuple[str, ...] | None = None,
    seed: int = 1,
    **changes: Any,
) -> Count:
    """Return an honest count of a poll between four options; `changes` are fields of its specification."""
    specification = specification_of(method, draw=draw is not None, **changes)
    random = Random(seed)
    choices = [make_choice(specification, random) for _ in range(voters)]
    lines = [make_line(choice, random) for choice in choices]
    stands = stands_of(voters)
    return Count(
        specification=specification,
        lines=in_batches(lines, stands),
        stands=stands,
        result=result_of(specification, choices, paper=paper, draw=draw),
        turnout=b"ward,age_from,eligible,voted\n"
        + (b"centre,16,400,60\nhill,16,,\n" if voters >= 100 else b""),
        kind=kind,
    )


def specification_of(method: Method, *, draw: bool = False, **changes: Any) -> Specification:
    """Return a poll of this method between four options, its heads signed with our key."""
    changes = {"keys": replace(KEYS, heads=public_key().hex()), **changes}
    if draw:
        changes |= {"tie": TieRule.DRAW, "draw": "Lots are drawn in the town hall."}
    if method is Method.BUDGET:
        return make_budget({"a": 40, "b": 30, "c": 50, "d": 20}, 100, **changes)
    most = {Method.SINGLE: 1, Method.APPROVAL: 2, Method.RANKING: 3}[method]
    return make_specification("abcd", **{"method": method, "most": most, **changes})


def make_choice(specification: Specification, random: Random) -> tuple[str, ...]:
    """Return what somebody might choose, now and then nothing."""
    codes = random.sample(specification.codes, random.randint(1, specification.most))
    if specification.method is not Method.RANKING:
        codes.sort()
    if random.random() < 0.1:
        return ()
    while ballot.over_budget(specification, codes) > 0:
        codes.pop()
    return tuple(codes)


def stands_of(voters: int) -> tuple[Stand, ...]:
    """Return the opening, a batch while others wait, and the end."""
    if voters < 100:
        return Stand(0, 0, 0), Stand(voters, 0, voters, final=True)
    return Stand(0, 0, 0), Stand(100, 7, 107), Stand(voters, 0, voters, final=True)


def in_batches(lines: list[bytes], stands: tuple[Stand, ...]) -> tuple[bytes, ...]:
    """Return the lines in the order of the ledger: by leaf within each batch."""
    bounds = [stand.size for stand in stands]
    batches = [lines[start:end] for start, end in pairwise(bounds)]
    return tuple(line for batch in batches for line in sorted(batch, key=tree.leaf_hash))


def result_of(
    specification: Specification,
    choices: list[tuple[str, ...]],
    *,
    paper: bool = False,
    draw: tuple[str, ...] | None = None,
) -> dict[str, Any]:
    """Return the result as the program that counts says it."""
    counted = tally.count(
        tally.Rules(
            specification.method,
            tuple((option.code, option.cost) for option in specification.options),
            specification.most,
            specification.budget,
        ),
        tally.collect(choices),
        paper=paper_of(specification) if paper else None,
        draw=draw,
    )
    return {
        "format": "cps-poll-result-1",
        "poll": specification.poll,
        "specification": specification.sha256(),
        "method": specification.method.value,
        "eligible": specification.eligible,
        **counted.as_json(),
    }


def paper_of(specification: Specification) -> PaperTotals:
    """Return twelve votes on paper, two of them blank."""
    if specification.method is Method.RANKING:
        return PaperTotals(12, 2, rankings={("b", "a"): 4, ("c",): 6})
    return PaperTotals(12, 2, counts={"a": 1, "b": 5, "c": 4})
