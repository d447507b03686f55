"""Writing the morning report to everybody who gets it, each address once a day."""

from datetime import datetime

from cps.core import city as cities
from cps.core.city import CityFacts
from cps.core.offline import absolute
from cps.insights import mornings
from cps.insights import queries as insights
from cps.insights.mornings import Report
from cps.insights.stopping import Stop, Whom
from cps.notifications import queries
from cps.notifications.letters import Letter
from cps.notifications.morning import wording
from cps.notifications.queries import Recipient
from cps.notifications.services.posting import Post, post

PAGE = "/desk/morning"


def tell_morning(day: str, *, at: datetime) -> None:
    """Write the report of a day; one that comes on another day, after a long stillness, is left out.

    Heads get that of their departments, each further address that of all.
    """
    city = cities.get()
    if at.astimezone(city.zone).date().isoformat() != day:
        return
    reports: dict[frozenset[int] | None, Report] = {}

    def report_of(departments: frozenset[int] | None) -> Report:
        if departments not in reports:
            reports[departments] = mornings.report(departments, now=at, zone=city.zone)
        return reports[departments]

    heads = insights.heads()
    for to in queries.mailed(sorted(heads)):
        if to.account_id is not None:
            stop = Stop(Whom.HEAD, to.account_id).path
            _post(to, report_of(heads[to.account_id]), day, at, page=PAGE, stop=stop)
    for reader in insights.readers():
        stop = Stop.reader(reader.id, reader.added_at).path
        _post(Recipient(reader.email, reader.language), report_of(None), day, at, page="/promises", stop=stop)


def _post(to: Recipient, report: Report, day: str, at: datetime, *, page: str, stop: str) -> None:
    def write(city: CityFacts) -> Letter:
        ends = wording.Ends(absolute(page), absolute(stop), has_desk=page == PAGE)
        return wording.morning_letter(city, report, at, ends)

    post(Post(f"morning:{day}", write, at), [to])
