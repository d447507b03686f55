"""What is told about accounts themselves: a number that somebody else has proven, two that were joined."""

from collections.abc import Sequence
from datetime import datetime

from cps.accounts import queries as accounts
from cps.accounts import services as own
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.offline import absolute
from cps.notifications import account_wording, queries, sms_wording
from cps.notifications.letters import Letter
from cps.notifications.queries import Recipient
from cps.notifications.rules import Topic
from cps.notifications.services.posting import Post, post

OWN_PHONE = "/accounts/me/phone"
OWN_EMAIL = "/accounts/me/email"
OWN_TWO_STEP = "/accounts/me/two-step"
OWN_PAGE = "/accounts/me"
OWN_DATA = "/accounts/me/data"
COST_PAGE = "/admin/sms"


def tell_phone_changed(account_id: int, key: str, *, at: datetime) -> None:
    """Tell an account by mail that it has another number now."""
    to = queries.recipients([account_id])
    account = queries.account_of(account_id)
    if account is None or not account.phone:
        return
    phone, page = account.phone, absolute(OWN_PHONE)

    def write(city: CityFacts) -> Letter:
        return account_wording.phone_changed_letter(city, phone, page)

    post(Post(f"phone:{key}", write, at, topic=Topic.ACCOUNT, page=OWN_PHONE), to)


def tell_email_added(account_id: int, key: str, *, at: datetime) -> None:
    """Tell an account that it has an address of mail now: at the address, and on its number if it has one."""
    account = queries.account_of(account_id)
    if account is None or not account.email:
        return
    page, email = absolute(OWN_EMAIL), account.email

    def write(city: CityFacts) -> Letter:
        return account_wording.email_added_letter(city, email, page)

    def short(city: CityFacts, _to: Recipient) -> str:
        return sms_wording.email_added_text(city, page)

    letter = Post(f"email:{key}", write, at, short=short, topic=Topic.ACCOUNT, page=OWN_EMAIL)
    proven = [email, account.phone if account.phone_verified_at else ""]
    post(letter, [Recipient(one, account.language, account_id) for one in proven if one])


def tell_phone_claimed(holder_id: int, tag: str, phone: str, *, at: datetime) -> None:
    """Tell who holds a number that somebody else has proven it: by mail, else on the phone itself."""
    claim = accounts.claim_of(tag)
    if claim is None:
        return
    due, page = claim.due_at, absolute(OWN_PHONE)

    def write(city: CityFacts) -> Letter:
        return account_wording.claimed_letter(city, phone, i18n.long_date(due), page)

    def short(city: CityFacts, _to: Recipient) -> str:
        return sms_wording.claimed_text(city, phone, i18n.short_date(due), page)

    about = f"claim:{tag[:32]}:{claim.account_id}:{int(claim.claimed_at.timestamp())}"
    letter = Post(about, write, at, short=short, topic=Topic.ACCOUNT, page=OWN_PHONE)
    post(letter, queries.recipients([holder_id]))
    own.note_told(tag, at=at)


def tell_joined(account_id: int, addresses: Sequence[str], language: str, key: str, *, at: datetime) -> None:
    """Tell every address of two accounts that they are one now."""
    page = absolute(OWN_PAGE)

    def write(city: CityFacts) -> Letter:
        return account_wording.joined_letter(city, page)

    def short(city: CityFacts, _to: Recipient) -> str:
        return sms_wording.joined_text(city, page)

    letter = Post(f"joined:{key}", write, at, short=short, topic=Topic.ACCOUNT, page=OWN_PAGE)
    post(letter, [Recipient(address, language, account_id) for address in addresses])


def tell_two_step(account_id: int, key: str, *, is_on: bool, by_city: bool, at: datetime) -> None:
    """Tell an account, by mail or where it has none by text message, that its second step is on or off."""
    page = absolute(OWN_TWO_STEP)

    def write(city: CityFacts) -> Letter:
        if by_city:
            return account_wording.reset_letter(city, page)
        return account_wording.two_step_letter(city, page, is_on=is_on)

    def short(city: CityFacts, _to: Recipient) -> str:
        return sms_wording.two_step_text(city, page, is_on=is_on)

    letter = Post(f"two-step:{key}", write, at, short=short, topic=Topic.ACCOUNT, page=OWN_TWO_STEP)
    post(letter, queries.recipients([account_id]))


def tell_archive_ready(account_id: int, key: str, *, until: datetime, at: datetime) -> None:
    """Tell an account that the archive of its data is ready, and until when."""
    page = absolute(OWN_DATA)

    def write(city: CityFacts) -> Letter:
        return account_wording.archive_letter(city, i18n.long_date(until), page)

    def short(city: CityFacts, _to: Recipient) -> str:
        return sms_wording.archive_text(city, i18n.short_date(until), page)

    letter = Post(f"own-archive:{key}", write, at, short=short, topic=Topic.ACCOUNT, page=OWN_DATA)
    post(letter, queries.recipients([account_id]))


def tell_budget_spent(budget: str, key: str, *, at: datetime) -> None:
    """Tell all administrators by mail that a budget of text messages is spent."""
    page = absolute(COST_PAGE)
    letter = Post(f"budget:{key}", lambda city: account_wording.budget_letter(city, budget, page), at)
    post(letter, queries.administrators())
