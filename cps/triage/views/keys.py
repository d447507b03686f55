"""The letters of the desk, as its help names them."""

from cps.core.i18n import lazy_gettext as _l

KEYS = (
    ("j k", _l("Next and previous case")),
    ("Enter", _l("Open the case")),
    ("y", _l("Accept what was handed over")),
    ("w", _l("Not ours: say whose it is")),
    ("a", _l("Take it, or give it back")),
    ("h", _l("Write down the voice note")),
    ("r", _l("Reply")),
    ("e", _l("Close it, or open it again; answer a proposal")),
    ("g", _l("Second pair of eyes: say yes or no to closing it")),
    ("u", _l("More time")),
    ("m", _l("Decide about more time")),
    ("t", _l("Transfer")),
    ("c", _l("Category and priority")),
    ("d", _l("Join to another case, or part them again")),
    ("s", _l("Send to a partner")),
    ("l", _l("Answer a proposal below the line")),
    ("v", _l("How an accepted proposal is done")),
    ("p", _l("Make a poll of an accepted proposal")),
    ("n", _l("Note")),
    ("i", _l("Hand it to the integrity officers")),
    ("z", _l("Undo, for ten seconds")),
    ("x", _l("Select the case; with Shift all up to it")),
    ("b", _l("Do something with all that are selected")),
    ("y", _l("Yes, change what the preview shows")),
    ("/", _l("Search")),
    ("?", _l("This help")),
    ("Ctrl Enter", _l("Send the form")),
    ("Esc", _l("Leave a field, fold a form")),
)
