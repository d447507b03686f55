"""Pages of accounts: signing in and out, codes by mail or text message, one's own account."""

from cps.accounts.views import (
    codes,
    confirming,
    deleting,
    emails,
    joining,
    leaving,
    me,
    numbers,
    phones,
    resetting,
    second_step,
    signing_in,
    two_step,
)
from cps.accounts.views.base import bp

__all__ = [
    "codes",
    "confirming",
    "deleting",
    "emails",
    "joining",
    "leaving",
    "me",
    "numbers",
    "phones",
    "resetting",
    "second_step",
    "signing_in",
    "two_step",
]
BLUEPRINTS = (bp, resetting.bp)
