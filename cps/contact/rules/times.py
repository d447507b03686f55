"""When a contact was heard, and when a call back is tried again."""

from datetime import datetime, timedelta

OLDEST = timedelta(days=31)
"""What came earlier than this is entered with the day on which it reached the city."""

MOST_ATTEMPTS = 5
NEXT_TRY = timedelta(hours=2)


def too_early(received_at: datetime, now: datetime) -> bool:
    """Return whether a moment that was typed lies in the future."""
    return received_at > now


def too_old(received_at: datetime, now: datetime) -> bool:
    """Return whether a moment that was typed lies longer ago than a contact is entered later."""
    return now - received_at > OLDEST


def next_try(now: datetime, attempts: int) -> datetime | None:
    """Return when somebody who did not answer is called again; None once they were called often enough."""
    return None if attempts >= MOST_ATTEMPTS else now + NEXT_TRY * attempts
