"""What forms say of a number, a name or a birth date that cannot be used."""

from collections.abc import Callable

from wtforms.validators import ValidationError

from cps.residents.rules import Unreadable
from cps.residents.wording import FAULTS


def is_readable(read: Callable[[], object]) -> None:
    """Raise ValidationError in plain words for what cannot be used."""
    try:
        read()
    except Unreadable as bad:
        raise ValidationError(str(FAULTS[bad.fault])) from None
