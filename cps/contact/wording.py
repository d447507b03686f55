"""The words for what comes of contacts and of call backs."""

from typing import Any

from cps.contact.rules import CallBackTurn, Ending, WarningStep
from cps.core.i18n import lazy_gettext as _l
from cps.helpers.rules import HelperScope

ENDINGS: dict[Ending, Any] = {
    Ending.ANSWERED: _l("Answered at once"),
    Ending.INFORMED: _l("Told how a case stands"),
    Ending.FILED: _l("Case filed"),
    Ending.ADDED: _l("Added to a case"),
    Ending.CALL_BACK: _l("Call back promised"),
    Ending.HANDED_OVER: _l("Put through to a department"),
    Ending.BROKEN_OFF: _l("Call broke off"),
    Ending.ABUSIVE: _l("Abusive"),
}

CHOSEN_ENDINGS = (Ending.ANSWERED, Ending.HANDED_OVER, Ending.BROKEN_OFF, Ending.ABUSIVE)
"""What an agent chooses by hand; the others follow from what was done."""

TURNS: dict[CallBackTurn, Any] = {
    CallBackTurn.PROMISED: _l("Promised"),
    CallBackTurn.TAKEN: _l("Taken"),
    CallBackTurn.NOT_REACHED: _l("Not reached"),
    CallBackTurn.HANDED_OVER: _l("Handed over"),
    CallBackTurn.MOVED: _l("Moved"),
    CallBackTurn.CASE_ANSWERED: _l("The case was answered"),
    CallBackTurn.REACHED: _l("Reached"),
    CallBackTurn.GIVEN_UP: _l("Given up"),
    CallBackTurn.NOT_NEEDED: _l("Not needed any more"),
}

STEPS: dict[WarningStep, Any] = {
    WarningStep.WARNED: _l("Warned"),
    WarningStep.LIMITED: _l("Calls are limited"),
}

HELPERS_SEE: dict[HelperScope, Any] = {
    HelperScope.FILED: _l("Sees only what they report for this person"),
    HelperScope.ALL: _l("Sees all reports of this person"),
}

KEYS = (
    ("/", _l("Search: number, name, case, address or words")),
    ("f", _l("File a case for the caller")),
    ("w", _l("Propose something for the caller")),
    ("s", _l("Open the first answer")),
    ("b", _l("Promise to call back")),
    ("e", _l("End the contact: what came of it")),
    ("a", _l("Add the caller to this case; on the list, to the first")),
    ("i", _l("Told how the case stands, or the answer that is open: record it")),
    ("n", _l("No, file it anew")),
    ("n", _l("Next call")),
    ("j k", _l("Next and previous call back")),
    ("t", _l("Take it")),
    ("r", _l("Reached")),
    ("p", _l("Prove that a private case is theirs")),
    ("?", _l("This help")),
    ("Ctrl Enter", _l("Send the form")),
    ("Esc", _l("Leave a field")),
)
"""The letters of the contact centre, as its help names them."""
