"""Writing to everybody whom a notice concerns: one letter each, with all their cases.

Whom to write to is found once; the letters are written by jobs, some at a time, so that no transaction grows
with the number of people. Each address gets one letter about one thing, whatever is done twice.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cps.cases import queries as cases
from cps.core import outbox
from cps.core.city import CityFacts
from cps.core.offline import absolute
from cps.notices import queries as notices
from cps.notices.models import NoticeUpdate
from cps.notices.rules import KnownNotice
from cps.notices.stopping import stop_path
from cps.notifications import links
from cps.notifications.letters import Letter
from cps.notifications.notices import queries, wording
from cps.notifications.notices.queries import Concerned
from cps.notifications.notices.wording import Mentioned
from cps.notifications.queries import Recipient
from cps.notifications.rules import Topic
from cps.notifications.services.posting import Post, post

WRITE = "notice-letters"
OVER = "notice-over"
WRITTEN_AT_ONCE = 100


def tell_known(notice_id: int, case_ids: Sequence[int], *, at: datetime) -> None:
    """Tell whom these cases concern that the city knows, once for each notice."""
    _write_later(queries.concerned(case_ids, notice_id, but=None), at, notice_id=notice_id, update_id=None)


def tell_update(update_id: int, *, at: datetime) -> None:
    """Tell everybody whom an update of a notice concerns."""
    update = notices.update(update_id)
    if update is not None:
        people = queries.concerned(cases.told_by(update.id), update.notice_id, but=update.by_id)
        _write_later(people, at, notice_id=update.notice_id, update_id=update.id)


def tell_over(notice_id: int, *, at: datetime) -> None:
    """Tell who asked for it that a notice is over."""
    notice = notices.find(notice_id)
    if notice is None or notice.ends_at > at:
        return
    for one in queries.followers(notice_id):
        _post(one, f"{OVER}:{notice_id}", notice, None, (), at)


def write(payload: dict[str, Any], *, at: datetime) -> None:
    """Write the letters to some of the people, as `_write_later` left them for a job."""
    notice = notices.find(payload["notice_id"])
    update = notices.update(payload["update_id"]) if payload["update_id"] is not None else None
    if notice is None:
        return
    people = [Concerned(**one) for one in payload["people"]]
    known = queries.cases_in_letter(sorted({key for one in people for key in (*one.reported, *one.followed)}))
    about = f"notice-update:{update.id}" if update is not None else f"notice-known:{notice.id}"
    for one in people:
        own = [known[key] for key in one.reported if key in known]
        others = [known[key] for key in one.followed if key in known and key not in one.reported]
        mentioned = (
            *(_own(*pair) for pair in own),
            *(Mentioned(case, links.case_link(case)) for case, _hash in others),
        )
        _post(one, about, notice, update, mentioned, at)


def _write_later(people: list[Concerned], at: datetime, *, notice_id: int, update_id: int | None) -> None:
    for begin in range(0, len(people), WRITTEN_AT_ONCE):
        part = [asdict(one) for one in people[begin : begin + WRITTEN_AT_ONCE]]
        outbox.enqueue(WRITE, at=at, notice_id=notice_id, update_id=update_id, people=part)


def _own(case: Any, secret_hash: str) -> Mentioned:
    own = links.reporter_link(case, secret_hash)
    return Mentioned(case, own or links.case_link(case), is_own=True, is_secret=own is not None)


def _post(
    one: Concerned,
    about: str,
    notice: KnownNotice,
    update: NoticeUpdate | None,
    mentioned: Sequence[Mentioned],
    at: datetime,
) -> None:
    path = f"/notices/{notice.id}"
    page = absolute(path)
    stop = ""
    if one.account_id is not None and one.follows_notice:
        stop = absolute(stop_path(notice.id, one.account_id))
    elif one.account_id is not None and not any(each.is_own for each in mentioned) and mentioned:
        stop = links.unsubscribe_link(one.account_id, mentioned[0].case.id)

    def written(city: CityFacts) -> Letter:
        ends = wording.Ends(page, stop)
        if about.startswith(OVER):
            return wording.over_letter(city, notice, ends)
        return wording.notice_letter(city, notice, update, mentioned, ends)

    def short(city: CityFacts, _to: Recipient) -> str:
        return wording.short_text(
            city, notice, update, _short_link(one, mentioned, stop or page), is_over=about.startswith(OVER)
        )

    case_id = mentioned[0].case.id if mentioned else None
    with cases.as_written([each.case for each in mentioned if each.is_own]):
        post(
            Post(about, written, at, case_id, short=short, topic=Topic.NOTICE, page=path),
            [Recipient(one.address, one.language, one.account_id)],
        )


def _short_link(one: Concerned, mentioned: Sequence[Mentioned], otherwise: str) -> str:
    """Return the short address of a text message: that of the first case, which also stops the messages."""
    if not mentioned:
        return otherwise
    first = mentioned[0]
    return links.short_link(first.case.id, None if first.is_own else one.account_id)
