"""Complaints as everybody sees them: the list, the map's points, the page of one."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import overdue, queries
from cps.cases.access import closed_to, viewer
from cps.cases.clock_words import changes_of, clock_in_words
from cps.cases.forms import FilterForm, NotFixedForm, PinForm, ReplyForm
from cps.cases.models import Case
from cps.cases.pictures import main_photos, pictures
from cps.cases.queries import Filter, Found
from cps.cases.queries.looks import looks_at_case
from cps.cases.queries.voice import note_of
from cps.cases.question_models import CaseQuestion
from cps.cases.rules import REOPEN_DAYS, Audience, Outcome, Status
from cps.cases.wording import LookInWords, looks_in_words, status_look
from cps.complaints import narrowing
from cps.complaints.asking import asked_for
from cps.complaints.presenting import NOBODY, imported_words, promise_of, story_of
from cps.core import clock
from cps.core.forms import OnceForm
from cps.core.i18n import gettext as _
from cps.core.on_phone import keep_for_its_owner
from cps.core.rendering import address, cacheable, nav_item
from cps.core.security import Can, allows, public
from cps.departments import queries as departments
from cps.departments import questions
from cps.helpers import queries as helpers
from cps.notices import presenting
from cps.notices.presenting import Card

bp = Blueprint("complaints", __name__, url_prefix="/complaints")


@nav_item(10)
def _nav() -> tuple[str, str, str, bool]:
    current = (request.endpoint or "").startswith(("complaints.", "cases."))
    return address("complaints.index"), _("Cases"), "list", current


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Show the public complaints with search and filters in the address: with words the likeliest first."""
    if (answer := cacheable(queries.tag_of_hour("complaints", clock.now()))) is not None:
        return answer
    wanted, asked = asked_for(request.args)
    exactly, after = request.args.get("exact") == "1", request.args.get("after")
    found = queries.found(wanted, after=after, exactly=exactly)
    shown = asked | {"q": found.instead} if found.instead else asked
    keep = shown | {"exact": "1"} if exactly else shown
    form = FilterForm(formdata=request.args)
    narrowing.offer(form)
    return render_template(
        "complaints/index.html",
        page=found.page,
        found=found,
        asked=shown,
        form=form,
        narrowed=_chips(replace(wanted, words=shown.get("q", "")), shown, keep),
        most_counted=queries.MOST_COUNTED,
        count=_count(wanted, found, after) if asked else None,
        words_alone=_words_alone(wanted, found),
        next_address=_address(keep | {"after": found.page.next_key}) if found.page.next_key else None,
        first_address=_address(keep) if after else None,
        is_owed=overdue.is_owed,
        exact_address=_address(asked | {"exact": "1"}),
        perhaps_address=_address(asked | {"q": found.perhaps}),
        map_box=str(wanted.box) if wanted.box else None,
        map_points_address=_points_address(shown),
    )


def _chips(wanted: Filter, asked: dict[str, str], keep: dict[str, str]) -> list[dict[str, Any]]:
    """Return the filters in words, each with the address of the list without it."""
    return [
        {
            "text": words,
            "href": _address({key: value for key, value in keep.items() if key != name}),
            "removes": True,
        }
        for name, words in narrowing.in_words(wanted, asked).items()
    ]


def _address(values: dict[str, Any]) -> str:
    return url_for(".index", **values)


def _points_address(values: dict[str, Any]) -> str:
    """Return where the map asks, which says its own box."""
    return url_for(".points", **{name: value for name, value in values.items() if name != "box"})


def _count(wanted: Filter, found: Found, after: str | None) -> int:
    """Return how many are shown in all: counted by the database only where they take more than a page."""
    if after is None and found.page.next_key is None:
        return len(found.page.rows)
    return queries.count_listed(replace(wanted, words=found.instead or wanted.words))


def _words_alone(wanted: Filter, found: Found) -> int:
    """Return how many have the words, where with the other filters there is nothing."""
    alone = Filter(words=wanted.words)
    if found.page.rows or not wanted.words.strip() or alone == wanted:
        return 0
    return queries.count_listed(alone)


@bp.get("/<reference:reference>")
@public
def show(reference: str) -> ResponseReturnValue:
    """Show one complaint: its state, its promise, its story."""
    case = queries.get_case(reference)
    if not allows(viewer(), Can.SEE_CASE, case):
        return closed_door(case)
    now = clock.now()
    if case.reporter_id is not None and case.reporter_id == current_user.id:
        keep_for_its_owner()
    tag = f"{case.id}-{case.version}-{case.updated_at.timestamp()}-{now:%Y%m%d%H}"
    if not allows(viewer(), Can.SPEAK_AS_REPORTER, case) and (answer := cacheable(tag)) is not None:
        return answer
    return page_of(case, now)


def closed_door(case: Case) -> ResponseReturnValue:
    """Show of a private case only its state and dates, and how to open it; of a hidden one why."""
    if case.is_hidden and not case.is_private:
        door = url_for(".unlock_page", reference=case.reference)
        raise closed_to(case, _("There is no case with this number."), door)
    return render_template("complaints/private.html", case=case, form=PinForm())


def page_of(
    case: Case, now: datetime, *, reply: ReplyForm | None = None, not_fixed: NotFixedForm | None = None
) -> str:
    """Render the page of a case for whoever is looking, with forms that may hold errors."""
    looking = viewer()
    is_reporter = allows(looking, Can.SPEAK_AS_REPORTER, case)
    reader = Audience.REPORTER if is_reporter else Audience.PUBLIC
    events = queries.story(case.id, reader=reader, at=now)
    if is_reporter:
        queries.show_originals([case], events)
    shown = {event.id for event in events}
    photos = queries.photos(case.id) if case.photo_count else []
    photos = [photo for photo in photos if photo.event_id is None or photo.event_id in shown]
    before, after = main_photos(photos)
    changes = changes_of(case, queries.due_changes)
    account_id = current_user.id if current_user.is_authenticated else None
    return render_template(
        "complaints/show.html",
        case=case,
        look=status_look(case.status, case.outcome),
        imported=imported_words(case, events),
        clock=clock_in_words(case, changes, now),
        promise=promise_of(case, now=now, zone=g.city.zone, changes=changes) if case.is_open else None,
        story=story_of(
            case,
            events,
            photos,
            is_reporter=is_reporter,
            helpers=helpers.names_in(case, events) if is_reporter else NOBODY,
        ),
        helps=_helps(case) if is_reporter else None,
        has_helper=is_reporter and case.is_private and bool(helpers.helpers_of(case)),
        before=pictures(before, _("Photo of the problem")),
        after=pictures(after, _("Photo after the work")),
        pictures=pictures,
        voice=note_of(case.id),
        is_reporter=is_reporter,
        is_supporter=account_id is not None and queries.is_supported_by(case.id, account_id),
        is_follower=account_id is not None and queries.is_followed_by(case.id, account_id),
        may_work=allows(looking, Can.WORK_CASE, case),
        may_reopen=_may_reopen(case, now),
        was_confirmed=is_reporter
        and not case.is_open
        and queries.was_confirmed(case.id, since=case.closed_at),
        answers=answers_in_words(case),
        looks=_looks_at(case) if is_reporter else [],
        notice=_notice_of(case, now),
        **(_forms_of_reporter(_question_of(case, shown), reply, not_fixed) if is_reporter else {}),
    )


def _helps(case: Case) -> str | None:
    """Return the name of whom the visitor helps with a case, None where it is their own."""
    is_helper = current_user.is_authenticated and helpers.helping_with(case, current_user.id) is not None
    return helpers.name_of(case.reporter_id or 0) or _("A resident") if is_helper else None


def _looks_at(case: Case) -> list[LookInWords]:
    """Return who of the staff opened how the reporter is reached."""
    looks = looks_at_case(case.id)
    return looks_in_words(looks, departments.workplaces(look.actor_id for look in looks))


def _notice_of(case: Case, now: datetime) -> Card | None:
    notice = queries.notice_of(case.id)
    return presenting.card(notice, now) if notice is not None else None


def _question_of(case: Case, shown: Collection[int]) -> CaseQuestion | None:
    """Return the question that waits, once its event is among those that the reporter is shown."""
    question = queries.waiting_question(case.id)
    return question if question is not None and question.event_id in shown else None


def _forms_of_reporter(
    question: CaseQuestion | None, reply: ReplyForm | None, not_fixed: NotFixedForm | None
) -> dict[str, Any]:
    reply = reply or ReplyForm(formdata=None)
    reply.question.data = str(question.id) if question else ""
    return {
        "question": question,
        "reply": reply,
        "not_fixed": not_fixed or NotFixedForm(formdata=None),
        "yes": OnceForm(formdata=None),
    }


def _may_reopen(case: Case, now: datetime) -> bool:
    return (
        case.status is Status.CLOSED
        and case.outcome is not Outcome.JOINED
        and case.closed_at is not None
        and (now - case.closed_at).days < REOPEN_DAYS
    )


def answers_in_words(case: Case) -> list[tuple[str, str]]:
    """Return (question, answer) of the category's extra questions, in the page's language."""
    return questions.answers_in_words(case.answers, departments.catalogue().categories[case.category_id])


def back_to(case: Case) -> ResponseReturnValue:
    """Lead to the page of the case."""
    return redirect(url_for("complaints.show", reference=case.reference), 303)
