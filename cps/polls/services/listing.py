"""The list that narrows an electorate, kept as tags that only the roll key of its poll can make."""

from collections.abc import Callable

from cps.accounts import queries as accounts
from cps.core.email import normal_email
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import app_identity_key
from cps.polls.keys import WebKeys, voter_tag
from cps.polls.rules import CountKey
from cps.residents import queries as residents
from cps.residents.rules import normal_number


def list_tag(web: WebKeys, key: CountKey, name: str) -> str:
    """Return the tag by which the list of a poll knows somebody; the roll knows them by another.

    `name` is the tag of the register number, or that of the address of an account.
    """
    return voter_tag(web.roll, key, f"listed:{name}")


def tag_maker(key: CountKey, web: WebKeys) -> Callable[[str], str]:
    """Return what makes the tag of a line of the list: a register number, or the address of an account.

    It raises ValueError for what is neither. Raises RuleViolation for a key that no list can name.
    """
    if key is CountKey.REGISTER:
        identity = app_identity_key()
        return lambda text: list_tag(web, key, residents.tag_of(normal_number(text), identity))
    if key is CountKey.ACCOUNT:
        return lambda text: list_tag(web, key, accounts.email_tag(normal_email(text)))
    raise RuleViolation(_("A poll that counts by phone number cannot have a list."))
