"""Writing to partners, and about departments that are silent."""

from datetime import datetime

from cps.cases.services import silence
from cps.core.city import CityFacts
from cps.core.offline import absolute
from cps.notifications import queries
from cps.notifications.clock.queries import supervisors_of
from cps.notifications.handoff import wording
from cps.notifications.letters import Letter
from cps.notifications.queries import Recipient
from cps.notifications.services.posting import Post, post
from cps.partners import queries as partners


def tell_partner(link_id: int, token: str, *, at: datetime) -> None:
    """Write a partner its link, unless it ended meanwhile."""
    link = partners.link(link_id)
    if link is None or link.ended_at is not None or link.case.is_integrity:
        return
    case, page = link.case, absolute(f"/partner/{token}")

    def write(city: CityFacts) -> Letter:
        return wording.partner_letter(city, link, case, page)

    to = Recipient(link.partner.email, link.partner.language)
    post(Post(f"partner:{link_id}", write, at, case.id), [to])


def tell_silence(department_id: int, key: str, *, at: datetime) -> None:
    """Write to a department's supervisors and the administrators, unless somebody looked meanwhile."""
    found = [one for one in silence.silent(at) if one.department_id == department_id]
    department = queries.department_of(department_id)
    if not found or department is None:
        return
    page = absolute("/desk/morning")

    def write(city: CityFacts) -> Letter:
        return wording.silence_letter(city, department, found[0].since, page)

    to = {one.address: one for one in (*queries.administrators(), *supervisors_of(department_id))}
    post(Post(f"silence:{key}", write, at), list(to.values()))
