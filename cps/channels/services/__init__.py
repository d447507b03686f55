"""Every write of what comes in. Services flush and never commit; the caller opens the transaction."""

from cps.channels.services.entering import Arrived
from cps.channels.services.piecing import take_longest_waiting, take_piece
from cps.channels.services.talking import take
from cps.channels.services.ways import Way, save_way, switch, why_not

__all__ = ["Arrived", "Way", "save_way", "switch", "take", "take_longest_waiting", "take_piece", "why_not"]
