"""What is said of who helps whom. No name stands in it: it would outlast the account of whose it is."""

from collections.abc import Mapping
from typing import Any

from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.helpers.rules import HelpTurn
from cps.notifications.letters import Letter, link, words
from cps.notifications.parts import foot
from cps.notifications.sms_wording import title_text

WHAT: Mapping[HelpTurn, Any] = {
    HelpTurn.ACCEPTED: _l("Your helper said yes"),
    HelpTurn.DECLINED: _l("Your helper said no"),
    HelpTurn.LEFT: _l("Your helper does not help you any more"),
    HelpTurn.ENDED: _l("Somebody whom you helped has ended it"),
}

FOLLOWS: Mapping[HelpTurn, Any] = {
    HelpTurn.ACCEPTED: _l(
        "They can report problems for you and follow them from now on. You did not want that? End it at once."
    ),
    HelpTurn.DECLINED: _l("You can name somebody else."),
    HelpTurn.LEFT: _l("They see nothing of yours any more, and report nothing for you."),
    HelpTurn.ENDED: _l("You see nothing of theirs any more, and report nothing for them."),
}


def turn_letter(city: CityFacts, turn: HelpTurn, page: str) -> Letter:
    """Return the letter to whom the act of the other one concerns."""
    title = str(WHAT[turn])
    return Letter(title, (words(str(FOLLOWS[turn])), link(_("See who helps whom"), page)), foot(city))


def turn_text(city: CityFacts, turn: HelpTurn, page: str) -> str:
    """Return the same as a text message."""
    return title_text(city, str(WHAT[turn]), page)
