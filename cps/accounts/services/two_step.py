"""The second step of signing in: an app's codes (TOTP), and recovery codes on paper for when it is lost."""

import base64
import secrets
from datetime import datetime

from cryptography.fernet import Fernet
from sqlalchemy import delete, update

from cps.accounts import queries
from cps.accounts.models import Account, RecoveryCode, TwoStep
from cps.accounts.rules import RECOVERY_CODES, RECOVERY_LENGTH, Grounds, read_code
from cps.accounts.services.sessions import sign_out_everywhere
from cps.core import audit, crockford, outbox, totp
from cps.core.db import db
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import app_identity_key, derived, keyed_tag
from cps.core.outbox import Fact


def turn_on(account: Account, secret: str, code: str, *, at: datetime, keep: str = "") -> list[str] | None:
    """Ask for the codes of this secret from now on; returns the recovery codes, which are shown only now.

    None for a code that is wrong. All sessions but that of the token `keep` end. Raises AlreadyDone where
    the account, locked, has a second step.
    """
    if queries.two_step_of(account.id) is not None:
        raise AlreadyDone(_("Your account asks for a second step already."))
    step = totp.step_of(secret, code, at=at)
    if step is None:
        return None
    db.session.add(TwoStep(account_id=account.id, sealed_secret=_seal(secret), since=at, last_step=step))
    codes = new_recovery_codes(account)
    sign_out_everywhere(account, but=keep)
    _changed(account, is_on=True, by=account.id, at=at)
    return codes


def turn_off(account: Account, *, by: int, at: datetime) -> None:
    """Ask an account, locked, for one step only, as its owner wants; AlreadyDone where there is no second."""
    if queries.two_step_of(account.id) is None:
        raise AlreadyDone(_("This account has no second step."))
    forget_two_step(account)
    _changed(account, is_on=False, by=by, at=at)


def reset_two_step(account: Account, grounds: Grounds, *, by: int | None, at: datetime) -> None:
    """Turn off the second step of somebody else's account, locked, and sign it out everywhere.

    Its owner is told that it was the city. Raises RuleViolation for one's own account: an open session of an
    administrator alone gets nobody around their second step. AlreadyDone where there is none.
    """
    if account.id == by:
        raise RuleViolation(_("For your own account ask another administrator."))
    if queries.two_step_of(account.id) is None:
        raise AlreadyDone(_("This account has no second step."))
    forget_two_step(account)
    sign_out_everywhere(account)
    changes = {"reason": [None, grounds.reason.value], "checked": [None, grounds.checked.value]}
    audit.record("reset-two-step", about=("account", account.id), by=by, at=at, changes=changes)
    outbox.state(Fact.TWO_STEP_CHANGED, account.id, at=at, is_on=False, by_city=True)
    db.session.flush()


def forget_two_step(account: Account) -> None:
    """Delete the secret and the recovery codes of an account."""
    for table in (RecoveryCode, TwoStep):
        db.session.execute(delete(table).where(table.account_id == account.id))


def new_recovery_codes(account: Account) -> list[str]:
    """Make ten codes that each stand once for one of the app; those before are no longer good."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    bits = crockford.BITS * RECOVERY_LENGTH
    codes = [crockford.write(secrets.randbits(bits), RECOVERY_LENGTH) for _number in range(RECOVERY_CODES)]
    db.session.add_all(
        RecoveryCode(account_id=account.id, code_hash=_code_hash(account.id, code)) for code in codes
    )
    db.session.flush()
    return [crockford.grouped(code) for code in codes]


def take_second_step(account_id: int, typed: str, *, at: datetime) -> bool:
    """Use up a code of the app or a recovery code; False for one that is wrong or was used before.

    The database decides, so that of two at the same moment one comes in.
    """
    found = queries.two_step_of(account_id)
    if found is None:
        return False
    digits = read_code(typed)
    if digits is not None:
        return _use_step(found, digits, at)
    code = crockford.read(typed)
    return code is not None and _use_recovery(account_id, code, at)


def _use_step(found: TwoStep, digits: str, at: datetime) -> bool:
    step = totp.step_of(_unseal(found.sealed_secret), digits, at=at, after=found.last_step)
    if step is None:
        return False
    return _met(
        update(TwoStep)
        .where(TwoStep.account_id == found.account_id, TwoStep.last_step < step)
        .values(last_step=step)
    )


def _use_recovery(account_id: int, code: str, at: datetime) -> bool:
    return _met(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == _code_hash(account_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
    )


def _met(statement: object) -> bool:
    """Run an update that the database decides, and say whether it met its row."""
    result = db.session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    return bool(result.rowcount)


def _changed(account: Account, *, is_on: bool, by: int, at: datetime) -> None:
    action = "turn-on-two-step" if is_on else "turn-off-two-step"
    audit.record(action, about=("account", account.id), by=by, at=at)
    outbox.state(Fact.TWO_STEP_CHANGED, account.id, at=at, is_on=is_on)
    db.session.flush()


def _code_hash(account_id: int, code: str) -> str:
    return keyed_tag(_key(), "recovery", str(account_id), code)


def _seal(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def _unseal(text: str) -> str:
    """Return a sealed secret; raises cryptography's InvalidToken where the city's keys are other ones."""
    return _box().decrypt(text).decode()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key()))


def _key() -> bytes:
    """Return a key that is not in the database, and outlives another CPS_SECRET_KEY."""
    return derived(app_identity_key().hex(), "two-step")
