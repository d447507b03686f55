"""Every write on accounts. Services flush and never commit; the caller opens the transaction."""

from cps.accounts.services.accounts import (
    account_for_address,
    account_that_waits,
    block,
    create_account,
    grant_role,
    revoke_role,
    set_language,
    set_name,
    unblock,
)
from cps.accounts.services.codes import check_code, new_code, registration_code
from cps.accounts.services.deleting import delete_account
from cps.accounts.services.emails import add_email
from cps.accounts.services.joining import join_accounts
from cps.accounts.services.marks import take_mark
from cps.accounts.services.phones import (
    PhoneProof,
    give_up_address,
    move_due_numbers,
    note_told,
    prove_phone,
    remove_phone,
    stop_waiting,
)
from cps.accounts.services.sessions import (
    forget_expired,
    note_seen,
    set_password,
    sign_in,
    sign_out,
    sign_out_device,
    sign_out_everywhere,
)
from cps.accounts.services.two_step import (
    forget_two_step,
    new_recovery_codes,
    reset_two_step,
    take_second_step,
    turn_off,
    turn_on,
)

__all__ = [
    "PhoneProof",
    "account_for_address",
    "account_that_waits",
    "add_email",
    "block",
    "check_code",
    "create_account",
    "delete_account",
    "forget_expired",
    "forget_two_step",
    "give_up_address",
    "grant_role",
    "join_accounts",
    "move_due_numbers",
    "new_code",
    "new_recovery_codes",
    "note_seen",
    "note_told",
    "prove_phone",
    "registration_code",
    "remove_phone",
    "reset_two_step",
    "revoke_role",
    "set_language",
    "set_name",
    "set_password",
    "sign_in",
    "sign_out",
    "sign_out_device",
    "sign_out_everywhere",
    "stop_waiting",
    "take_mark",
    "take_second_step",
    "turn_off",
    "turn_on",
    "unblock",
]
