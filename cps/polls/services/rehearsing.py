"""The rehearsal: test ballots go the whole way, in memory only, and leave nothing behind."""

from dataclasses import dataclass

from cps.polls import ballot, heads, receipt, tally, tree
from cps.polls.keys import PollKeys, handle
from cps.polls.seal import open_sealed, seal
from cps.polls.services.counting import rules_of
from cps.polls.specification import Specification


class RehearsalFailed(Exception):
    """A step of the rehearsal did not give back what went in; the poll must not open."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a rehearsal showed: its test ballots, with the receipts, and the count of exactly these."""

    choices: tuple[ballot.Choice, ...]
    codes: tuple[str, ...]
    result: tally.Result
    body_bytes: int


def rehearse(specification: Specification, keys: PollKeys) -> Rehearsal:
    """Cast, seal, open, record, sign and count one test ballot for each option and a blank one.

    Every step is the one of a real vote but for the database, which is not touched. Raises RehearsalFailed.
    """
    choices = (*((code,) for code in _affordable(specification)), ballot.BLANK)
    codes = tuple(receipt.new_code() for _choice in choices)
    bound = specification.sha256().encode()
    size = ballot.body_size(specification)
    lines = [
        ballot.line(choice, code, ballot.new_salt()) for choice, code in zip(choices, codes, strict=True)
    ]
    sealed = [seal(keys.web.seal_public, ballot.pad(line, size), bound) for line in lines]
    handles = {handle(keys.handle, code) for code in codes}
    if len({len(body) for body in sealed}) != 1 or len(handles) < len(codes):
        raise RehearsalFailed("sealed ballots differ in size, or two have one handle")
    opened = [ballot.unpad(open_sealed(keys.worker.seal_private, body, bound)) for body in sealed]
    if opened != lines:
        raise RehearsalFailed("a ballot came back changed")
    _sign(specification, keys, lines)
    counted = tally.collect(ballot.parse_line(line, specification).choice for line in opened)
    return Rehearsal(choices, codes, tally.count(rules_of(specification), counted), len(sealed[0]))


def _sign(specification: Specification, keys: PollKeys, lines: list[bytes]) -> None:
    grown = tree.Tree(sorted(tree.leaf_hash(line) for line in lines))
    first = heads.sign(
        heads.first(specification.poll, specification.sha256(), at=specification.opens_at),
        keys.worker.heads_private,
    )
    last = heads.following(
        first,
        size=grown.size,
        pending=0,
        roll=grown.size,
        root=grown.root(),
        final=True,
        at=specification.closes_at,
    )
    signed = heads.sign(last, keys.worker.heads_private)
    heads.check_chain([first, heads.parse(signed.line())], keys.web.heads_public)


def _affordable(specification: Specification) -> list[str]:
    return [code for code in specification.codes if not ballot.over_budget(specification, [code])]
