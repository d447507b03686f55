"""A call or a visit while it lasts."""

from dataclasses import dataclass
from datetime import datetime

from cps.cases.rules import Channel


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a call or a visit while it lasts.

    `phone` is in E.164 or empty; `call_ref` is how the telephone system calls it. `received_at` is given only
    where it was heard earlier than it is written down, with `late_reason`.
    """

    channel: Channel
    language: str
    phone: str = ""
    name: str = ""
    caller_id: int | None = None
    call_ref: str = ""
    waited_seconds: int | None = None
    received_at: datetime | None = None
    late_reason: str = ""
