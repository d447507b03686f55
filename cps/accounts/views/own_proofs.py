"""Proving a further address or number while signed in: what is proven, for which act, by which account."""

from dataclasses import asdict, dataclass

from flask import session
from flask_login import current_user

from cps.accounts import services
from cps.accounts.rules import CodePurpose
from cps.accounts.views import limiting
from cps.accounts.views.base import browser_key
from cps.accounts.views.sending import Goes, count_sending, where_to
from cps.core import clock, sealed
from cps.core.db import transaction
from cps.core.i18n import current_language

OWN_PROOF = "own-proof"
SECONDS = 1800


@dataclass(frozen=True, slots=True)
class OwnProof:
    """An address or number that an account is proving; `is_proven` once the code was right."""

    account_id: int
    address: str
    purpose: CodePurpose
    is_proven: bool = False


def send_own(address: str, purpose: CodePurpose) -> None:
    """Send a code to an address or number that the signed-in account wants to prove; raises TooMany.

    To join the account of a number is to enter it, so that its code goes where one to come in by would.
    """
    count_sending(address)
    to = where_to(purpose, address, number_only=_is_number_only(purpose))
    with transaction():
        services.new_code(
            purpose, address, asked_by=_asked_by(), language=current_language(), at=clock.now(), sent_to=to
        )
    keep_own(OwnProof(current_user.id, address, purpose))


def goes(proof: OwnProof) -> Goes:
    """Return where the page says that the code went."""
    return Goes.of(proof.purpose, proof.address, number_only=_is_number_only(proof.purpose))


def _is_number_only(purpose: CodePurpose) -> bool:
    return purpose is not CodePurpose.JOIN


def keep_own(proof: OwnProof) -> None:
    """Keep it in the cookie, encrypted."""
    session[OWN_PROOF] = sealed.write(OWN_PROOF, asdict(proof))


def kept_own(purpose: CodePurpose, *, is_proven: bool = False) -> OwnProof | None:
    """Return what this account is proving for a purpose; None when nothing is, or it took too long."""
    kept = session.get(OWN_PROOF)
    values = sealed.read(OWN_PROOF, kept, seconds=SECONDS) if isinstance(kept, str) else None
    if not values or (values["purpose"], values["is_proven"]) != (purpose.value, is_proven):
        return None
    proof = OwnProof(**{**values, "purpose": purpose})
    return proof if proof.account_id == current_user.id else None


def forget_own() -> None:
    """Forget what was being proven."""
    session.pop(OWN_PROOF, None)


def count_try(proof: OwnProof) -> None:
    """Count a try at the code; raises TooMany."""
    limiting.count(limiting.CODE, proof.address)


def is_right(proof: OwnProof, digits: str) -> bool:
    """Use up the code, in the running transaction, which is to be committed also when it was wrong."""
    return services.check_code(proof.purpose, proof.address, digits, asked_by=_asked_by(), at=clock.now())


def _asked_by() -> str:
    """Return who asks: a code for one's own account is no code to come in by, and not another account's."""
    return f"{browser_key()}:own:{current_user.id}"
