"""Writing the letters of alerts: for each person one with all that is due, for some people at a time.

Telling and marking as told is one transaction, with the rows locked; a letter is named after the first thing
it tells, which nobody is told twice. So each thing is told once, whoever does the work again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import delete, update

from cps.alerts.models import Alert, AlertNews
from cps.alerts.rules import NewsKind
from cps.alerts.services import LETTERS
from cps.alerts.stopping import Stop, stop_path
from cps.core import outbox
from cps.core.city import CityFacts
from cps.core.many import change_rows
from cps.core.offline import absolute
from cps.notifications import links
from cps.notifications.alerts import queries, wording
from cps.notifications.alerts.queries import Known
from cps.notifications.alerts.wording import Ends, Told
from cps.notifications.letters import Letter
from cps.notifications.models import Message
from cps.notifications.queries import Recipient, mailed
from cps.notifications.rules import Topic
from cps.notifications.services.posting import Post, dedupe_key, post

PEOPLE_AT_ONCE = 25
"""Few, because letters are written while SQLite lets nobody else write."""
ALERTS_PATH = "/accounts/me/alerts"


def write_letters(after: int, *, at: datetime) -> None:
    """Write what is due to the next people behind account `after`, and leave a job for those behind them."""
    account_ids = queries.accounts_due(at, after=after, limit=PEOPLE_AT_ONCE)
    news = queries.due_news(account_ids, at)
    told = queries.told_already(news)
    known = queries.known_things([(row.kind, row.about_id) for rows in news.values() for row in rows], at)
    alerts = queries.alerts(sorted({row.alert_id for rows in news.values() for row in rows}))
    people = {one.account_id: one for one in mailed(list(news))}
    for account_id, rows in news.items():
        for row in rows:
            row.told_at = at
        new = [row for row in rows if (account_id, row.kind, row.about_id) not in told]
        if (to := people.get(account_id)) is not None:
            _write(to, _tellable(new, to, known), alerts, known, at)
    if len(account_ids) == PEOPLE_AT_ONCE:
        outbox.enqueue(LETTERS, at=at, after=account_ids[-1])


def take_back_outdated(keys: Sequence[int], *, at: datetime) -> list[int]:
    """Take back those of these claimed messages that name what was hidden since they were written.

    What else they told is written anew. Returns the keys of the others.
    """
    outdated = queries.outdated_letters(keys)
    for message in outdated:
        told_in_it = AlertNews.account_id == message.account_id, AlertNews.letter == message.dedupe_key
        change_rows(update(AlertNews).where(*told_in_it).values(told_at=None, letter="", due_at=at))
        change_rows(delete(Message).where(Message.id == message.id))
    if outdated:
        outbox.enqueue(LETTERS, at=at, after=0)
    gone = {message.id for message in outdated}
    return [key for key in keys if key not in gone]


def _tellable(rows: Sequence[AlertNews], to: Recipient, known: Known) -> list[AlertNews]:
    """Return what may be told, without what the reader reported with this address but no account."""
    return [row for row in rows if _may_be_told(row, to, known)]


def _may_be_told(row: AlertNews, to: Recipient, known: Known) -> bool:
    if row.kind is NewsKind.NOTICE:
        return row.about_id in known.notices
    case = known.case((row.kind, row.about_id))
    return case is not None and known.contacts.get(case.id) != to.address.casefold()


def _write(
    to: Recipient, rows: Sequence[AlertNews], alerts: dict[int, Alert], known: Known, at: datetime
) -> None:
    if not rows or to.account_id is None:
        return
    first = rows[0]
    about = f"alert:{to.account_id:x}:{first.kind[0]}{first.about_id:x}"
    for row in rows:
        row.letter = dedupe_key(about, to.address)
    heard = sorted({row.alert_id for row in rows})
    wishes = [alerts[alert_id].wish for alert_id in heard]
    only = heard[0] if len(heard) == 1 else None
    ends = Ends(absolute(stop_path(Stop(to.account_id, only))), absolute(ALERTS_PATH))
    told = list(_told(rows, known))

    def written(city: CityFacts) -> Letter:
        return wording.alert_letter(city, told, wishes, ends)

    post(Post(about, written, at, topic=Topic.ALERT), [to])


def _told(rows: Sequence[AlertNews], known: Known) -> Iterator[Told]:
    """Yield each thing once, however many alerts heard of it; of a case that is answered only the answer."""
    things = dict.fromkeys((row.kind, row.about_id) for row in rows)
    answered = {known.answered[about_id].case_id for kind, about_id in things if kind is NewsKind.ANSWERED}
    for kind, about_id in things:
        if kind is NewsKind.FILED and about_id in answered:
            continue
        case = known.case((kind, about_id))
        if case is not None:
            yield Told(kind, links.case_link(case), case=case)
        else:
            notice = known.notices[about_id]
            yield Told(kind, absolute(f"/notices/{notice.id}"), notice=notice)
