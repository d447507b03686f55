"""The desk: boxes with counts, the list, and one case beside it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.models import Case, CaseContact
from cps.cases.pictures import pictures
from cps.cases.rules import MOVES, Audience, Mover, Priority, Status, moves_from
from cps.cases.wording import CHANNELS, PRIORITIES, status_look
from cps.complaints.presenting import main_photos, story_of
from cps.complaints.views.public import answers_in_words
from cps.core import clock
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.core.rendering import nav_item
from cps.core.security import Can, allows, requires
from cps.departments import queries as departments
from cps.departments.models import Category
from cps.triage import queries
from cps.triage.forms import CloseForm, JoinForm, NoteForm, QueueForm, ReplyForm, SortForm, TransferForm
from cps.triage.queries import Moment, Queue
from cps.triage.rules import Box, due, end_of_day
from cps.wards import queries as wards

bp = Blueprint("triage", __name__, url_prefix="/desk")

BOXES: dict[Box, Any] = {
    Box.NEW: _l("New"),
    Box.MINE: _l("Mine"),
    Box.DEPARTMENT: _l("My department"),
    Box.TODAY: _l("Due today"),
    Box.LATE: _l("Late"),
    Box.REPLIES: _l("Reply received"),
    Box.REOPENED: _l("Reopen asked"),
}
FILTERS = ("q", "status", "category", "department", "ward", "priority")
OPEN_STATUSES = (
    Status.RECEIVED,
    Status.TRIAGED,
    Status.IN_PROGRESS,
    Status.WAITING_RESIDENT,
    Status.WAITING_OTHERS,
    Status.PLANNED,
    Status.REOPEN_ASKED,
)
KEYS = (
    ("j k", _l("Next and previous case")),
    ("Enter", _l("Open the case")),
    ("a", _l("Take it")),
    ("r", _l("Reply")),
    ("e", _l("Close it")),
    ("t", _l("Transfer")),
    ("c", _l("Category and priority")),
    ("d", _l("Join to another case")),
    ("n", _l("Note")),
    ("/", _l("Search")),
    ("?", _l("This help")),
    ("Esc", _l("Leave a field")),
)


@nav_item(5)
def _nav() -> tuple[str, str, str, bool] | None:
    if not allows(current_user, Can.WORK_CASES):
        return None
    return url_for("triage.index"), _("Desk"), "inbox", (request.endpoint or "").startswith("triage.")


@dataclass(slots=True)
class Forms:
    """The forms of a case at the desk; the one that was sent keeps what was typed and its errors."""

    reply: ReplyForm
    close: CloseForm
    transfer: TransferForm
    sort: SortForm
    note: NoteForm
    join: JoinForm
    sent: str = ""
    is_stale: bool = False
    contact: CaseContact | None = None


@bp.get("")
@requires(Can.WORK_CASES)
def index() -> ResponseReturnValue:
    """Show the queue."""
    return render_template("triage/desk.html", **_queue_parts(), case=None)


@bp.get("/<reference:reference>")
@requires(Can.WORK_CASES)
def show(reference: str) -> ResponseReturnValue:
    """Show the queue with one case beside it."""
    case = get_case(reference)
    return case_page(case, forms_for(case))


def get_case(reference: str) -> Case:
    """Return a case that the officer works; all others do not exist for them."""
    case = cases.get_case(reference)
    if not allows(current_user, Can.WORK_CASE, case):
        raise NotVisible(_("There is no case with this number at your desk."))
    return case


def asked() -> dict[str, str]:
    """Return the box and the filters of the address, for links that keep them."""
    values = {name: request.args.get(name, "").strip()[:200] for name in ("box", *FILTERS, "after")}
    return {name: value for name, value in values.items() if value}


def address(reference: str | None = None, **changes: str | None) -> str:
    """Return the address of the desk or of a case at it, with the filters kept."""
    values: dict[str, Any] = {k: v for k, v in (asked() | changes).items() if v}
    if reference is None:
        return url_for("triage.index", **values)
    return url_for("triage.show", reference=reference, **values)


def _queue_parts() -> dict[str, Any]:
    now = clock.now()
    moment = Moment(now, end_of_day(now, g.city.zone))
    wanted = _wanted()
    page = queries.queue(wanted, current_user, moment, after=request.args.get("after"))
    counts = queries.box_counts(current_user, moment)
    return {
        "box": wanted.box,
        "boxes": [
            {
                "text": BOXES[box],
                "href": url_for("triage.index", box=box.value),
                "count": counts[box],
                "current": box is wanted.box,
                "late": box is Box.LATE,
            }
            for box in Box
        ],
        "box_name": BOXES[wanted.box],
        "page": page,
        "due_of": lambda at: due(at, now=now, zone=g.city.zone),
        "form": _queue_form(),
        "filters": [name for name in FILTERS if asked().get(name)],
        "address": address,
        "next_address": address(after=page.next_key) if page.next_key else None,
        "first_address": address(after=None) if request.args.get("after") else None,
        "keys": KEYS,
    }


def _wanted() -> Queue:
    values = asked()
    category = departments.category_by_code(values["category"]) if "category" in values else None
    department = departments.department_by_code(values["department"]) if "department" in values else None
    ward = wards.ward_by_code(values["ward"]) if "ward" in values else None
    return Queue(
        box=Box(values["box"]) if values.get("box") in list(Box) else Box.NEW,
        words=values.get("q", ""),
        status=Status(values["status"]) if values.get("status") in OPEN_STATUSES else None,
        category_id=category.id if category else None,
        department_id=department.id if department else None,
        ward_id=ward.id if ward else None,
        priority=Priority(values["priority"]) if values.get("priority") in list(Priority) else None,
    )


def _queue_form() -> QueueForm:
    form = QueueForm(formdata=request.args)
    everything = ("", _("All"))
    form.status.choices = [everything, *((s.value, str(status_look(s).word)) for s in OPEN_STATUSES)]
    form.category.choices = [everything, *((c.code, localized(c.name)) for c in departments.categories())]
    form.department.choices = [everything, *((d.code, localized(d.name)) for d in departments.departments())]
    form.ward.choices = [everything, *((w.code, localized(w.name)) for w in wards.wards())]
    form.priority.choices = [everything, *((p.value, str(word)) for p, word in PRIORITIES.items())]
    return form


def forms_for(case: Case, *, sent: str = "") -> Forms:
    """Make the forms of a case; the one named `sent` reads what the officer sent."""

    def make(name: str, form: Any) -> Any:
        if name == sent:
            return form()
        return form(formdata=None, version=case.version)

    forms = Forms(
        reply=make("reply", ReplyForm),
        close=make("close", CloseForm),
        transfer=make("transfer", TransferForm),
        sort=make("sort", SortForm),
        note=make("note", NoteForm),
        join=make("join", JoinForm),
        sent=sent,
    )
    _offer_choices(case, forms)
    return forms


def _offer_choices(case: Case, forms: Forms) -> None:
    may = moves_from(case.kind, case.status, Mover.STAFF)
    forms.reply.offer([s for s in may if s not in {Status.CLOSED, Status.TRIAGED}])
    templates = departments.templates_for(case.department_id)
    choices = [("", _("No template")), *((t.code, localized(t.title)) for t in templates)]
    forms.reply.template.choices = forms.close.template.choices = choices
    others = [d for d in departments.departments() if d.id != case.department_id]
    forms.transfer.department.choices = [(d.code, localized(d.name)) for d in others]
    same = [c for c in departments.categories() if c.is_integrity == case.is_integrity]
    forms.sort.category.choices = _grouped(same)
    if forms.sent != "sort":
        forms.sort.category.data = case.category.code
        forms.sort.priority.data = case.priority.value


def _grouped(categories: list[Category]) -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for category in categories:
        groups.setdefault(localized(category.group_name), []).append(
            (category.code, localized(category.name))
        )
    return groups


def case_page(case: Case, forms: Forms) -> str:
    """Render the desk with this case open."""
    now = clock.now()
    events = cases.story(case.id, audiences=list(Audience), at=now)
    photos = cases.photos(case.id)
    before, after = main_photos(photos)
    actors = queries.names_of({e.actor_id for e in events if e.actor_id is not None})
    return render_template(
        "triage/desk.html",
        **_queue_parts(),
        case=case,
        forms=forms,
        look=status_look(case.status, case.outcome),
        due=due(case.due_at, now=now, zone=g.city.zone),
        story=story_of(case, events, photos, is_reporter=False),
        actors=actors,
        before=pictures(before, _("Photo of the problem")),
        after=pictures(after, _("Photo after the work")),
        pictures=pictures,
        answers=answers_in_words(case),
        channel=CHANNELS[case.channel],
        kept={k: v for k, v in asked().items() if k != "after"},
        may_close=Status.CLOSED in MOVES[case.kind].get(case.status, {}),
    )
