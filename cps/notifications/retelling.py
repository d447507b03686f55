"""Taking back news that waits and holds words which a moderator hid or blacked out since it was written."""

from collections.abc import Sequence
from datetime import datetime

from cps.core.db import transaction
from cps.notifications import queries, services
from cps.notifications.callers.services import tell_callers
from cps.notifications.models import Message, TextMessage


def take_back_outdated_news(
    table: type[Message] | type[TextMessage], keys: Sequence[int], *, at: datetime
) -> list[int]:
    """Drop those of these claimed messages and write them anew as their events read now.

    Who has such a message already is not written to again. Returns the keys of the others.
    """
    outdated = queries.of_changed_words(table, keys) if keys else {}
    if outdated:
        with transaction():
            services.drop(table, sorted(outdated))
            for event_id in sorted(set(outdated.values())):
                services.tell_event(event_id, at=at)
                tell_callers(event_id, after=0, at=at)
    return [key for key in keys if key not in outdated]
