"""What the messages say whose code is read to the clerk, or to the agent on the phone."""

from cps.accounts.rules import grouped_code
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.text import detect_language
from cps.notifications.letters import Letter, Part, words
from cps.notifications.parts import foot


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


def proposal_code_letter(city: CityFacts, code: str, title: str) -> Letter:
    """Return the letter with the code by which a caller agrees to what an agent has written down."""
    return Letter(
        _("Your code for a proposal to %(city)s", city=i18n.localized(city.name)),
        (
            Part("code", grouped_code(code)),
            words(
                _("Read it to the agent who writes down your proposal. With it the proposal becomes public.")
            ),
            Part("title", title, detect_language(title, i18n.OWN_NAMES) or ""),
            words(_("You are proposing nothing on the phone now? Then tell it to nobody.")),
        ),
        foot(city),
    )
