"""Who of the city is told by mail that a proposal has to be answered."""

from datetime import datetime

from cps.core.city import CityFacts
from cps.notifications import links, queries, wording
from cps.notifications.letters import Letter
from cps.notifications.queries import Recipient
from cps.notifications.services.posting import Post, post


def tell_reached(case_id: int, *, at: datetime) -> None:
    """Write to the department, where it has an address, that it owes an answer, and by when."""
    found = queries.proposal_and_department(case_id)
    if found is None:
        return
    proposal, department = found
    if not department.email:
        return
    case = proposal.case

    def write(city: CityFacts) -> Letter:
        return wording.reached_letter(city, case, proposal.needed, links.desk_link(case))

    post(Post(f"reached:{case_id}", write, at, case_id), [Recipient(department.email, "")])
