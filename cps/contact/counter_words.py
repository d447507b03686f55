"""What is read to somebody at the counter, and the slip they take along, in their own language."""

from markupsafe import Markup

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.contact.rules import PAPERS, Newcomer
from cps.core import offline
from cps.core.city import CityFacts
from cps.core.crockford import grouped
from cps.core.i18n import OWN_NAMES, localized
from cps.core.square_code import FAST_MASK, square_code
from cps.helpers.rules import ASKED_FOR

SIGN_IN = "/accounts/sign-in"


def consent(newcomer: Newcomer, city: CityFacts) -> Markup:
    """Return what somebody hears before they say yes."""
    return _in(newcomer.language, city, "print/counter_consent.html", newcomer=newcomer)


def slip(account: Account, code: str, city: CityFacts) -> Markup:
    """Return what was registered and how to sign in; `code` is for a helper, "" where there is none."""
    page = offline.absolute(SIGN_IN)
    return _in(
        account.language,
        city,
        "print/counter_slip.html",
        name=account.display_name,
        sign_in_with=account.phone or account.email,
        since=account.created_at,
        shown=[one.kind for one in accounts.identities_of(account.id, *PAPERS)],
        code=grouped(code) if code else "",
        until=account.created_at + ASKED_FOR,
        page=page,
        square=square_code(page, title=page, mask=FAST_MASK),
    )


def _in(language: str, city: CityFacts, template: str, **values: object) -> Markup:
    with offline.speaking(language, city):
        words = offline.render(
            template,
            city_name=localized(city.name),
            phone=city.phone,
            language_name=OWN_NAMES.get(language, language),
            **values,
        )
    return Markup(words)  # noqa: S704 - rendered by a template that escapes
