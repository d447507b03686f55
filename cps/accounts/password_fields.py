"""What is said of a new password that must not be used."""

from wtforms.validators import ValidationError

from cps.accounts.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD, PasswordFault, password_fault
from cps.core.i18n import lazy_gettext as _l

FAULTS = {
    PasswordFault.TOO_SHORT: _l(
        "Use %(least)s characters or more. Four words in a row are good.", least=SHORTEST_PASSWORD
    ),
    PasswordFault.TOO_LONG: _l("Use %(most)s characters at most.", most=LONGEST_PASSWORD),
    PasswordFault.LIKE_EMAIL: _l("Do not use your e-mail address as password."),
    PasswordFault.TOO_COMMON: _l(
        "Many people use this password, so it is guessed first. Choose another one."
    ),
    PasswordFault.TOO_SIMPLE: _l("This is easy to guess. Choose something that is no row and no repetition."),
}
"""What a page says about each fault of a new password."""


def check_password(password: str, *, email: str) -> None:
    """Raise ValidationError in plain words for a password that must not be used."""
    fault = password_fault(password, email=email)
    if fault is not None:
        raise ValidationError(str(FAULTS[fault]))
