"""The list of those who may vote, as tags that only this poll's roll key can make."""

from collections.abc import Callable

from cps.accounts import queries as accounts
from cps.core.email import normal_email
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import app_identity_key
from cps.polls.keys import WebKeys
from cps.polls.rules import CountKey
from cps.polls.services.electorate import tag_on_list
from cps.residents.queries import tag_of as register_tag_of
from cps.residents.rules import normal_number


def tags_of(key: CountKey, web: WebKeys) -> Callable[[str], str]:
    """Return what makes the tag of a line of the list: a register number, or the address of an account.

    It raises ValueError for what is neither. Raises RuleViolation for a key that no list can name.
    """
    if key is CountKey.REGISTER:
        identity = app_identity_key()
        return lambda text: tag_on_list(web, key, register_tag_of(normal_number(text), identity))
    if key is CountKey.ACCOUNT:
        return lambda text: tag_on_list(web, key, accounts.email_tag(normal_email(text)))
    raise RuleViolation(_("A poll that counts by phone number cannot have a list."))
