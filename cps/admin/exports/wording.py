"""What files that are taken out are called."""

from cps.core.i18n import lazy_gettext as _l

EXPORTS = {
    "city": _l("The city as one file"),
    "articles": _l("Answers"),
    "audit": _l("What was done"),
}
"""By the last word of their audit rows and of their addresses."""
