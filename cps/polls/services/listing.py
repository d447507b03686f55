"""The list that narrows an electorate, kept as tags that only the roll key of its poll can make."""

from collections.abc import Callable

from cps.accounts import queries as accounts
from cps.core import city
from cps.core.email import normal_email
from cps.core.keys import app_identity_key
from cps.core.phone import normal_phone
from cps.polls.keys import WebKeys, voter_tag
from cps.polls.rules import CountKey
from cps.residents import queries as residents
from cps.residents.rules import normal_number


def list_tag(web: WebKeys, key: CountKey, name: str) -> str:
    """Return the tag by which the list of a poll knows somebody; the roll knows them by another.

    `name` is the tag of the register number, of the phone number, or of the address of an account.
    """
    return voter_tag(web.roll, key, f"listed:{name}")


def tag_maker(key: CountKey, web: WebKeys) -> Callable[[str], str]:
    """Return what makes the tag of a line of the list, by what the poll counts.

    A line is a register number, a phone number as people write it in the city's country or with the code of
    its own, or the address of mail of an account. It raises ValueError for what is none.
    """
    if key is CountKey.REGISTER:
        identity = app_identity_key()
        return lambda text: list_tag(web, key, residents.tag_of(normal_number(text), identity))
    if key is CountKey.PHONE:
        country = city.get().country
        return lambda text: list_tag(web, key, accounts.address_tag(normal_phone(text, country)))
    return lambda text: list_tag(web, key, accounts.address_tag(normal_email(text)))
