"""What the message says whose code is read to the clerk."""

from cps.accounts.rules import grouped_code
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.notifications.letters import Letter, Part, words
from cps.notifications.wording import foot


def code_letter(city: CityFacts, code: str) -> Letter:
    """Return the letter with the code, which stands first and not in the subject."""
    return Letter(
        _("Your code for the counter of %(city)s", city=i18n.localized(city.name)),
        (
            Part("code", grouped_code(code)),
            words(_("Read it to the clerk in front of you. It shows that this address is yours.")),
            words(_("You are at no counter of the city? Then tell it to nobody: somebody mistyped.")),
        ),
        foot(city),
    )
