"""The page of one notice at the desk: its words, its updates, the cases under it and those that may be."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import ColumnElement

from cps.cases import queries as cases
from cps.cases.policy import reach_of, workable
from cps.cases.rules import Refusal
from cps.cases.wording import REFUSALS
from cps.core import clock
from cps.core.errors import AlreadyDone
from cps.core.forms import spend_key
from cps.core.i18n import gettext as _
from cps.notices import presenting, queries
from cps.notices.rules import KnownNotice, Spot, concerns
from cps.triage.notice_forms import EndsForm, UpdateForm, update_form
from cps.wards import queries as wards


@dataclass(frozen=True, slots=True)
class Under:
    """A case under a notice; `why_open` says why the newest update could not close it.

    `title` is as it was written only for those who work the case, and empty where it is private to others.
    """

    row: Any
    title: str
    why_open: Any


def notice_page(
    notice: KnownNotice, *, ends: EndsForm | None = None, update: UpdateForm | None = None
) -> str:
    """Render the page, with forms that may hold errors."""
    at = clock.now()
    if update is None:
        update = update_form(g.city.languages, g.city.default_language)(formdata=None)
        update.offer()
    ends = ends or EndsForm(formdata=None)
    ends.version.data = notice.version
    if ends.ends.data is None:
        ends.ends.data = notice.ends_at.astimezone(g.city.zone).replace(tzinfo=None, second=0, microsecond=0)
    number = cases.count_under(notice.id)
    return render_template(
        "triage/notice.html",
        notice=presenting.card(notice, at),
        version=notice.version,
        updates=presenting.told(queries.updates(notice.id)),
        under=[Under(row, _title(row), _why_open(row.refusal)) for row in cases.under(notice.id, _mine())],
        number=number,
        offered=_offered(notice) if notice.ends_at > at else [],
        ends=ends,
        update=update,
    )


def _mine() -> ColumnElement[bool]:
    """Select the cases that whoever looks may work."""
    return workable(current_user.roles, reach_of(current_user))


def _title(row: Any) -> str:
    return str(row.title if row.is_mine else row.public_title or "")


def _why_open(refusal: str | None) -> Any:
    if refusal == Refusal.NOT_YOURS:
        return _("Another department has it.")
    return REFUSALS[Refusal(refusal)] if refusal else ""


def _offered(notice: KnownNotice) -> list[Any]:
    """Return open cases of its area and category that the officer may work and that hang under nothing."""
    codes = wards.areas().codes
    return [
        row
        for row in cases.offered(notice, _mine())
        if concerns(notice, Spot(codes.get(row.ward_id), _position(row), notice.category_id))
    ]


def _position(row: Any) -> tuple[float, float] | None:
    return (row.lat, row.lon) if row.lat is not None else None


def spend_once(key: str, notice_id: int, at: datetime) -> None:
    """Spend the key of a form; raises AlreadyDone where it was sent a moment ago."""
    if not spend_key(key, purpose="notice", leads_to=str(notice_id), at=at):
        raise AlreadyDone(_("This was sent already."))


def to_notice(notice_id: int) -> ResponseReturnValue:
    """Lead to the page of a notice at the desk."""
    return redirect(url_for("triage.notice", notice_id=notice_id), HTTPStatus.SEE_OTHER)
