"""The letter by which the city invites somebody to work for it; it speaks the running context's language."""

from datetime import datetime

from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.notifications.letters import Letter, facts, link, words


def invitation_letter(city: CityFacts, name: str, by: str, page: str, until: datetime) -> Letter:
    """Return the letter with the link at which somebody chooses a password and begins."""
    city_name = i18n.localized(city.name)
    return Letter(
        _("Your account at %(city)s", city=city_name),
        (
            words(_("Hello %(name)s", name=name) if name else _("Hello")),
            words(
                _(
                    "%(city)s has made ready an account for your work. Choose a password, and begin.",
                    city=city_name,
                )
            ),
            link(_("Choose my password"), page),
            facts(
                (_("Invited by"), by or city_name),
                (_("The link opens until"), i18n.date_time(until)),
            ),
            words(_("The link is for you alone. Do not pass it on.")),
        ),
        (words(_("You get this mail because the city invited you. If you do not know why, ignore it.")),),
    )
