"""Where an open case stands between departments, and with which partner it lies."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_login import current_user

from cps.cases.handoff_models import Transfer
from cps.cases.models import Case
from cps.cases.policy import reach_of
from cps.cases.queries import handing
from cps.cases.rules import UNTOUCHED, HandOff, TransferAnswer, hand_off
from cps.core import clock
from cps.partners import queries as partners
from cps.partners.models import Partner, PartnerLink
from cps.partners.services import may_be_sent


@dataclass(frozen=True, slots=True)
class Between:
    """The transfers of a case, and where it stands after them."""

    stands: HandOff = UNTOUCHED
    transfers: Sequence[Transfer] = ()
    is_own: bool = False

    @property
    def offered(self) -> HandOff:
        """Return where it stands for whoever looks: only its own department answers for it."""
        return self.stands if self.is_own else HandOff(refusals=self.stands.refusals)

    @property
    def waiting(self) -> Transfer | None:
        """The transfer that has no answer yet."""
        return self.transfers[-1] if self.stands.waits else None

    @property
    def refused(self) -> list[Transfer]:
        """The departments' "not ours" that count against it, the oldest first."""
        given = [one for one in self.transfers if one.answer is TransferAnswer.REFUSED]
        return given[-self.stands.refusals :] if self.stands.refusals else []


def between_departments(case: Case) -> Between:
    """Return what the desk shows of the transfers of a case, in one statement; nothing of a closed one."""
    if not case.is_open:
        return Between()
    transfers = handing.transfers_of(case.id)
    return Between(
        hand_off(transfers), transfers, is_own=case.department_id in reach_of(current_user).departments
    )


@dataclass(frozen=True, slots=True)
class Outside:
    """The partners a case may be sent to, and the link by which one has it now; whether its time is over."""

    partners: Sequence[Partner] = field(default_factory=list)
    link: PartnerLink | None = None
    is_over: bool = False

    @property
    def may_send(self) -> bool:
        """Whether there is a partner it may be sent to."""
        return bool(self.partners)


def with_partner(case: Case) -> Outside:
    """Return what the desk shows of the partners of a case."""
    if not may_be_sent(case):
        return Outside()
    offered, link = partners.offered(case.id)
    return Outside(offered, link, is_over=link is not None and link.expires_at <= clock.now())
