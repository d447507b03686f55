"""The list that narrows an electorate, kept as tags that only the roll key of its poll can make."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cps.accounts import queries as accounts
from cps.core import city
from cps.core.email import normal_email
from cps.core.keys import app_identity_key
from cps.core.phone import normal_phone
from cps.polls import voter_list
from cps.polls.keys import WebKeys, voter_tag
from cps.polls.rules import CountKey
from cps.polls.voter_list import NameOf, VoterList, WhyWrong
from cps.residents import queries as residents
from cps.residents.rules import normal_number

ASKED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Listed:
    """The tags of everybody on a list, and why each wrong line cannot be used."""

    tags: Sequence[str] = ()
    wrong: Mapping[int, WhyWrong] = field(default_factory=dict)


def list_tag(web: WebKeys, key: CountKey, name: str) -> str:
    """Return the tag by which the list of a poll knows somebody; the roll knows them by another.

    `name` is the tag of the register number, of the phone number, or of the address of an account.
    """
    return voter_tag(web.roll, key, f"listed:{name}")


def read(data: bytes, key: CountKey, web: WebKeys) -> Listed:
    """Return whom a file lists, by what the poll counts, and its wrong lines; raises NotAList.

    By the register, where the city has brought one in, only who stands there can vote, and so be listed.
    """
    found = voter_list.read(data, _name_maker(key))
    known = _known(found.names) if key is CountKey.REGISTER else {}
    if found.may_have_head and found.names[0] not in known:
        del found.names[0], found.lines[0]
    wrong = dict.fromkeys(found.wrong, WhyWrong.NAMES_NOBODY)
    if key is CountKey.REGISTER and residents.has_register():
        wrong.update(_not_there(found, known))
    named = zip(found.lines, found.names, strict=True)
    tags = [list_tag(web, key, name) for line, name in named if line not in wrong]
    return Listed(tags, dict(sorted(wrong.items())))


def _name_maker(key: CountKey) -> NameOf:
    """Return what makes of a line the name that `list_tag` takes, by what the poll counts.

    A line is a register number, a phone number as people write it in the city's country or with the code of
    its own, or the address of mail of an account. It raises ValueError for what is none.
    """
    if key is CountKey.REGISTER:
        identity = app_identity_key()
        return lambda text: residents.tag_of(normal_number(text), identity)
    if key is CountKey.PHONE:
        country = city.get().country
        return lambda text: accounts.address_tag(normal_phone(text, country))
    return lambda text: accounts.address_tag(normal_email(text))


def _known(names: Sequence[str]) -> dict[str, bool]:
    """Return of those whom the register knows whether they have left it."""
    known: dict[str, bool] = {}
    for start in range(0, len(names), ASKED_AT_ONCE):
        known |= residents.gone_among(names[start : start + ASKED_AT_ONCE])
    return known


def _not_there(found: VoterList, known: Mapping[str, bool]) -> Iterator[tuple[int, WhyWrong]]:
    for line, name in zip(found.lines, found.names, strict=True):
        if name not in known:
            yield line, WhyWrong.NOT_IN_REGISTER
        elif known[name]:
            yield line, WhyWrong.GONE
