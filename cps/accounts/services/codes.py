"""One-time codes by mail or text message: made, stored as keyed hashes, used once."""

import hmac
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import update

from cps.accounts import queries
from cps.accounts.models import OneTimeCode
from cps.accounts.rules import CODE_DIGITS, CODE_FOR, CODE_TRIES, CodePurpose
from cps.core import outbox
from cps.core.db import db
from cps.core.keys import app_key, keyed_tag
from cps.core.outbox import Fact

KEY_PURPOSE = "one-time-code"


def new_code(
    purpose: CodePurpose,
    address: str,
    *,
    asked_by: str,
    language: str,
    at: datetime,
    sent_to: str = "",
    fact: Fact = Fact.CODE_WANTED,
    **told: Any,
) -> OneTimeCode:
    """Make a code for a normal address and state that it be sent there, or `sent_to` another of its owner.

    It is good for 15 minutes, five tries and one use, only for `asked_by` (a random text that the browser
    keeps), and only until the same browser asks anew: so nobody can spoil or guess another's code. `fact`
    says which message carries it, and `told` what that says besides.
    """
    digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    target = _target_tag(address, asked_by)
    code = OneTimeCode(
        purpose=purpose,
        target_tag=target,
        code_hash=_code_hash(purpose, target, digits),
        created_at=at,
        expires_at=at + CODE_FOR,
    )
    db.session.add(code)
    db.session.flush()
    to = sent_to or address
    told |= {"address": to, "code": digits, "language": language, "purpose": purpose.value}
    outbox.state(fact, code.id, at=at, **told)
    return code


def registration_code(
    purpose: CodePurpose, address: str, *, asked_by: str, language: str, at: datetime, sent_to: str = ""
) -> OneTimeCode:
    """Make a code for somebody who registers; who has an account already is told so in the message."""
    known = queries.address_identity(address)
    has_account = known is not None and known.account_id is not None
    fact = Fact.ADDRESS_ALREADY_KNOWN if has_account else Fact.CODE_WANTED
    return new_code(purpose, address, asked_by=asked_by, language=language, at=at, sent_to=sent_to, fact=fact)


def check_code(purpose: CodePurpose, address: str, digits: str, *, asked_by: str, at: datetime) -> bool:
    """Use up a code; False when it is wrong, used, too old, tried too often or not the newest.

    The try is counted in the running transaction: commit it also when the code was wrong.
    """
    target = _target_tag(address, asked_by)
    code = queries.newest_code(purpose, target)
    if code is None or not _count_try(code.id, at):
        return False
    if not hmac.compare_digest(code.code_hash, _code_hash(purpose, target, digits)):
        return False
    return _use(code.id, at)


def _count_try(code_id: int, at: datetime) -> bool:
    return _changed(
        update(OneTimeCode)
        .where(
            OneTimeCode.id == code_id,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > at,
            OneTimeCode.tries < CODE_TRIES,
        )
        .values(tries=OneTimeCode.tries + 1)
    )


def _use(code_id: int, at: datetime) -> bool:
    return _changed(
        update(OneTimeCode).where(OneTimeCode.id == code_id, OneTimeCode.used_at.is_(None)).values(used_at=at)
    )


def _changed(statement: object) -> bool:
    """Run an update that the database decides, and say whether it met its row."""
    result = db.session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    return bool(result.rowcount)


def _target_tag(address: str, asked_by: str) -> str:
    return keyed_tag(app_key(KEY_PURPOSE), "target", address, asked_by)


def _code_hash(purpose: CodePurpose, target: str, digits: str) -> str:
    return keyed_tag(app_key(KEY_PURPOSE), "code", purpose.value, target, digits)
