"""Text messages to callers who were added to a case: each number once for each event."""

from datetime import datetime

from cps.contact import queries as contact
from cps.core import outbox
from cps.core.city import CityFacts
from cps.core.phone import takes_texts
from cps.core.sms_budget import SmsPurpose
from cps.notifications import links, queries, sms_wording
from cps.notifications.queries import Recipient
from cps.notifications.rules import Reader, readers
from cps.notifications.services.telling import says_nothing
from cps.notifications.services.texting import Text, text_to

TELL_CALLERS = "tell-callers"
CALLERS_AT_ONCE = 200


def tell_callers(event_id: int, *, after: int, at: datetime) -> None:
    """Write to the next callers who hear of a case, and leave a job for those after them.

    They hear what followers hear. Whose number takes no texts is told by a call, where one was promised.
    """
    event = queries.event_with_case(event_id)
    if event is None or not event.case.is_listed or says_nothing(event):
        return
    case = event.case
    told = readers(event.kind, event.audience, is_private=case.is_private, is_hidden=case.is_hidden)
    if Reader.FOLLOWER not in told:
        return
    found = contact.follower_phones(case.id, after=after, limit=CALLERS_AT_ONCE)

    def write(city: CityFacts, _to: Recipient) -> str:
        return sms_wording.news_text(city, case, event, links.case_link(case))

    to = [Recipient(row.phone, row.language) for row in found if takes_texts(row.phone)]
    text_to(Text(f"event:{event.id}", SmsPurpose.NEWS, write, at, case.id), to)
    if len(found) == CALLERS_AT_ONCE:
        outbox.enqueue(TELL_CALLERS, at=at, event_id=event.id, after=found[-1].id)
