"""What goes on by itself: pieces that waited long enough are taken as they are."""

from cps.channels import pieces, queries, services
from cps.core import city as cities
from cps.core import clock, worker
from cps.core.db import db, transaction
from cps.core.leases import Turn


@worker.each_round
def take_waiting_pieces(turn: Turn) -> int:
    """Take pieces of text messages whose others did not come; returns how many messages they were."""
    done = 0
    while not turn.is_over() and queries.longest_waiting(entered_before=clock.now() - pieces.WAIT):
        with transaction():
            done += services.take_longest_waiting(city=cities.get(), at=clock.now())
    db.session.rollback()
    return done
