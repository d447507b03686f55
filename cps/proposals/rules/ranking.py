"""The order in which gathering proposals are listed: new ones are seen, much wanted ones stay in front.

Each doubling of its support counts as much as being `DOUBLING` newer: with none it stands where its date puts
it, with 1 it passes those up to a day newer without any, with 7 up to three days, with 63 six, with 1,000
ten. So the first page always has some from the last days, and nothing stays in front for good. The number
changes only with support, never with time, so a list pages by it.

The form, a logarithm of the score plus the time of writing, is that of Reddit's "hot" order as it was
published (base 10, 45,000 seconds); the base and the day are ours, since fewer ideas come.
"""

import math
from datetime import datetime, timedelta

DOUBLING = timedelta(days=1)


def rank(opened_at: datetime, supports: int) -> int:
    """Return the place of a proposal: seconds, higher first."""
    return int(opened_at.timestamp()) + round(DOUBLING.total_seconds() * math.log2(1 + max(0, supports)))
