"""Every write on accounts. Services flush and never commit; the caller opens the transaction."""

from cps.accounts.services.accounts import (
    account_for_email,
    block,
    create_account,
    grant_role,
    revoke_role,
    set_language,
    set_name,
)
from cps.accounts.services.codes import check_code, new_code, registration_code
from cps.accounts.services.sessions import (
    forget_expired,
    note_seen,
    set_password,
    sign_in,
    sign_out,
    sign_out_device,
    sign_out_everywhere,
)

__all__ = [
    "account_for_email",
    "block",
    "check_code",
    "create_account",
    "forget_expired",
    "grant_role",
    "new_code",
    "note_seen",
    "registration_code",
    "revoke_role",
    "set_language",
    "set_name",
    "set_password",
    "sign_in",
    "sign_out",
    "sign_out_device",
    "sign_out_everywhere",
]
