"""What the worker does for proposals, and what becomes of them when accounts go or are joined."""

from cps.accounts import joins, partings
from cps.core import city as cities
from cps.core import clock, worker
from cps.core.db import db, transaction
from cps.core.leases import Turn
from cps.proposals import queries, services
from cps.proposals.models import Comment, CommentBacking, DeliveryVerdict
from cps.proposals.services import people

AT_ONCE = 100

joins.moves(people.hand_over, first=True)  # supports are taken back by cases, and read here before
joins.carries(Comment.account_id, CommentBacking.account_id, DeliveryVerdict.account_id)
partings.forgets(people.forget_person, first=True)


@worker.each_round
def count_supports(turn: Turn) -> int:
    """Count the supports that changed, each proposal in a transaction of its own, and see which is enough."""
    done = 0
    for case_id in queries.to_recount(AT_ONCE):
        if turn.is_over():
            break
        with transaction():
            services.recount(case_id, at=clock.now())
        done += 1
    return done


@worker.each_round
def end_gathering(turn: Turn) -> int:
    """Answer shortly what ran out of time, each proposal in a transaction of its own."""
    city = cities.find()
    if city is None:
        return 0
    done = 0
    for case_id in queries.due_to_end(clock.now(), AT_ONCE):
        if turn.is_over():
            break
        with transaction():
            done += services.end(case_id, language=city.default_language, at=clock.now())
    db.session.rollback()
    return done
