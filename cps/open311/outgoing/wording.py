"""What is wrong with another system, why a case is not followed, in words for those who can mend it."""

from collections.abc import Mapping
from typing import Any

from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.leases import VANISHED
from cps.open311.outgoing.rules import Ending, Stage, Trouble

TROUBLES: Mapping[Trouble, Any] = {
    Trouble.UNREACHABLE: _l("It cannot be reached, or does not answer in time."),
    Trouble.OUR_NETWORK: _l(
        "Its address leads into a network of our own. Only public addresses with https are asked."
    ),
    Trouble.REDIRECT: _l(
        "It only says that it is at another address. Type that one; redirects are not followed."
    ),
    Trouble.KEY: _l("It does not take the key. Ask for a new one and type it here."),
    Trouble.KEY_LOST: _l("The key cannot be read any more. Type it again."),
    Trouble.NOT_FOUND: _l(
        "It does not know what was asked: the address, the jurisdiction, the service or the case."
    ),
    Trouble.BUSY: _l("It asks to wait."),
    Trouble.BROKEN: _l("It has an error of its own."),
    Trouble.UNREADABLE: _l("Its answer is none of Open311 GeoReport v2. Compare the address."),
    Trouble.TOO_LARGE: _l("Its answer is too large."),
    Trouble.REFUSED: _l("It refuses the case."),
    Trouble.NO_NUMBER: _l("It took the case and gave no number. Sent again it could be there twice."),
    Trouble.NO_PLACE: _l(
        "The case has neither a place on the map nor an address, and it takes none without."
    ),
    Trouble.NO_TOKEN: _l("It has given no number for a month."),
}
STAGES: Mapping[Stage, Any] = {
    Stage.WAITING: _l("waits to be sent"),
    Stage.TAKEN: _l("sent, no number yet"),
    Stage.OPEN: _l("open there"),
    Stage.CLOSED: _l("done there"),
}
WAITS_AGAIN = _l("done there, waits to be sent again")
NOT_ARRIVED = _l("did not arrive")
ENDINGS: Mapping[Ending, Any] = {
    Ending.ELSEWHERE: _l("Another department has it now."),
    Ending.NOT_PUBLIC: _l("It was not sent: not everybody may read it."),
    Ending.NO_ROUTE: _l("It was not sent: its category goes to no service there."),
    Ending.DONE: _l("It was closed here and is not asked about any more."),
    Ending.DROPPED: _l("It is not asked about any more. The department works on it here."),
}


def trouble_words(kept: str) -> str:
    """Return what is wrong in the page's language, with what the other system said; "" for nothing."""
    if kept == VANISHED:
        return _("The program ended in the middle of it, every time. Tell whoever runs the server.")
    code, _space, said = kept.partition(" ")
    if code not in list(Trouble):
        return said or code
    told = str(TROUBLES[Trouble(code)])
    return _("%(what)s It said: %(words)s", what=told, words=said) if said else told
