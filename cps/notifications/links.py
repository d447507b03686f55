"""The addresses that stand in messages."""

import hmac

from cps.cases.models import Case
from cps.cases.reference import display, hash_secret
from cps.cases.rules import CaseKind
from cps.cases.services.filing import link_secret
from cps.core.keys import app_key, keyed_tag
from cps.core.offline import absolute
from cps.core.signed_numbers import TAG_LENGTH, read_signed, signed

ADDRESS_TAG_LENGTH = 32
PAGES = {CaseKind.COMPLAINT: "complaints", CaseKind.PROPOSAL: "proposals"}
SHORT, SHORT_TAG_LENGTH = "short-link", 16
REPLIES_TO = "replies_to"
"""Under this name the settings of the city keep the address of mail that takes answers; "" for none."""
REPLY, THREAD = "mail-reply", "mail-thread"


def address_tag(address: str) -> str:
    """Return by what an address of mail or a number is known without being kept."""
    return keyed_tag(app_key("message"), address.casefold())[:ADDRESS_TAG_LENGTH]


def case_path(case: Case) -> str:
    """Return the path of a case's page."""
    return f"/{PAGES[case.kind]}/{display(case.reference)}"


def case_link(case: Case) -> str:
    """Return the address of a case's page."""
    return absolute(case_path(case))


def desk_link(case: Case) -> str:
    """Return the address of a case on the desk of whoever works it."""
    return absolute(f"/desk/{display(case.reference)}")


def reporter_link(case: Case, secret_hash: str) -> str | None:
    """Return the address that opens a complaint to its reporter; None where its link has another secret.

    Who proposes something has an account, and needs no link of their own.
    """
    if case.kind is CaseKind.PROPOSAL:
        return None
    secret = link_secret(case.reference)
    if not hmac.compare_digest(hash_secret(secret), secret_hash):
        return None
    return f"{case_link(case)}/key/{secret}"


def unsubscribe_link(account_id: int, case_id: int) -> str:
    """Return the address under which an account stops hearing of a case, without signing in."""
    return absolute(f"/notifications/unsubscribe/{unsubscribe_token(account_id, case_id)}")


def unsubscribe_token(account_id: int, case_id: int) -> str:
    """Return a token that only this installation can make, for one account and one case."""
    tag = keyed_tag(app_key("unsubscribe"), str(account_id), str(case_id))
    return f"{account_id:x}-{case_id:x}-{tag[:TAG_LENGTH]}"


def read_unsubscribe_token(token: str) -> tuple[int, int] | None:
    """Return (case, account) of a token made here, None for any other text."""
    try:
        account_id, case_id = (int(part, 16) for part in token.split("-")[:2])
    except ValueError:
        return None
    own = unsubscribe_token(account_id, case_id)
    return (case_id, account_id) if hmac.compare_digest(own.encode(), token.encode()) else None


def short_link(case_id: int, account_id: int | None = None) -> str:
    """Return the short address of text messages about a case: to its reporter, or to a follower."""
    return absolute(f"/t/{short_token(case_id, account_id)}")


def short_token(case_id: int, account_id: int | None = None) -> str:
    """Return a token that only this installation can make, for one case and its reporter or one follower.

    It is short, for every sign is paid for; 64 bits are more than anybody can try over the network.
    """
    return signed(SHORT, case_id, account_id or 0, length=SHORT_TAG_LENGTH)


def read_short_token(token: str) -> tuple[int, int | None] | None:
    """Return (case, account) of a token made here, without account the reporter's; None for other texts."""
    numbers = read_signed(SHORT, token, 2, length=SHORT_TAG_LENGTH)
    return (numbers[0], numbers[1] or None) if numbers else None


def reply_address(case_id: int, taken_at: str) -> str:
    """Return where the reporter of a case answers a mail: the city's address with a token before the `@`."""
    local, _at, domain = taken_at.rpartition("@")
    return f"{local}+{signed(REPLY, case_id, length=SHORT_TAG_LENGTH)}@{domain}"


def case_of_reply_address(address: str) -> int | None:
    """Return the case of an address that `reply_address` made; None for any other."""
    token = address.rpartition("@")[0].rpartition("+")[2].lower()
    numbers = read_signed(REPLY, token, 1, length=SHORT_TAG_LENGTH)
    return numbers[0] if numbers else None


def message_tag(dedupe_key: str) -> str:
    """Return what stands before the `@` in the Message-ID of a mail, the same at each try."""
    return keyed_tag(app_key("message-id"), "message", dedupe_key)[:ADDRESS_TAG_LENGTH]


def thread_of(case_id: int, host: str) -> str:
    """Return the Message-ID that all mails about a case refer to."""
    return f"<{signed(THREAD, case_id)}@{host}>"


def case_of_thread(message_id: str) -> int | None:
    """Return the case of a Message-ID that `thread_of` made; None for any other."""
    numbers = read_signed(THREAD, message_id.strip("<> ").partition("@")[0], 1)
    return numbers[0] if numbers else None
