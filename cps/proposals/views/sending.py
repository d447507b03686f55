"""Writing a proposal, its end: what is alike, the last look, and proposing it."""

from datetime import datetime, timedelta
from http import HTTPStatus

from flask import flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.models import Draft
from cps.core import clock, limits
from cps.core.db import transaction
from cps.core.errors import AlreadyDone, RuleViolation, TooMany
from cps.core.forms import spend_key, used_key
from cps.core.i18n import gettext as _
from cps.core.i18n import language_of
from cps.core.i18n import lazy_gettext as _l
from cps.core.limits import Limit
from cps.core.security import public
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.rules import CategoryKind
from cps.proposals import queries, services
from cps.proposals.forms import PLACE, SendForm, WordsForm
from cps.proposals.queries.drafts import draft_photos
from cps.proposals.queries.mine import count_proposed
from cps.proposals.queries.similar import similar
from cps.proposals.services import NewProposal
from cps.proposals.services.writing import MOST_A_DAY
from cps.proposals.views import drafts
from cps.proposals.views.base import back_to, bp, is_limited
from cps.proposals.views.writing import typed_in

CHANGED = _l("Something changed in another window. Please look once more.")
SPENT = _l("You have proposed much today. Yours is kept: please send it tomorrow.")
NEW_PROPOSALS = Limit("new-proposal", MOST_A_DAY, timedelta(days=1))


def _chosen(draft: Draft | None) -> KnownCategory | None:
    code = typed_in(draft).get("category", "")
    return departments.catalogue().offer(code, CategoryKind.PROPOSAL)


def _missing(draft: Draft | None) -> str:
    """Return the step in which something is still missing; empty where nothing is."""
    if draft is None or not WordsForm(formdata=None, data=typed_in(draft)).validate():
        return ".new"
    return "" if _chosen(draft) is not None and "place" in draft.content else ".place"


@bp.get("/new/check")
@public
def check() -> ResponseReturnValue:
    """Show what is alike, and everything once more before it is proposed."""
    return _check_page(drafts.unsent(clock.now()))


def _check_page(draft: Draft | None, problem: str = "") -> ResponseReturnValue:
    """Show the last look, or lead to what is still missing."""
    step, category = _missing(draft), _chosen(draft)
    if step or draft is None or category is None:
        return redirect(url_for(step or ".new"), 303)
    typed, where = typed_in(draft), draft.content["place"]
    here = queries.goal_for(where["ward_id"], category)
    return render_template(
        "proposals/writing/check.html",
        form=SendForm(formdata=None, form_key=drafts.key_of(draft)),
        problem=problem,
        found=similar(typed["title"], typed["body"]),
        title=typed["title"],
        body=typed["body"],
        category=category,
        is_place=typed.get("area") == PLACE,
        address=typed.get("address", ""),
        place=where,
        photos=draft_photos(draft.id),
        goal=here.goal,
        department_id=here.department_id,
    )


@bp.post("/new/check")
@public
def send() -> ResponseReturnValue:
    """Propose the draft; the same key, sent again or by several windows at once, leads to one proposal.

    A visitor is led to sign in, or to prove an address, and comes back to the last look: the draft is kept.
    """
    at, form = clock.now(), SendForm()
    key = form.form_key.data or ""
    if (reference := used_key(key)) is not None:
        return back_to(reference)
    draft = drafts.unsent(at)
    if draft is None or _missing(draft):
        return _check_page(draft)
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.prove", next=url_for(".check")), 303)
    if key != drafts.key_of(draft):
        return _again(draft, str(CHANGED), HTTPStatus.CONFLICT)
    try:
        _count(at)
        reference = _propose(key, shows_author=bool(form.shows_author.data), at=at)
    except TooMany as error:
        return _again(drafts.unsent(at), str(SPENT), error.status)
    except (RuleViolation, AlreadyDone) as refusal:
        return _again(drafts.unsent(at), refusal.message, refusal.status)
    flash(_("Your proposal is public now. Send its address to people who may want it too."))
    return back_to(reference)


def _count(at: datetime) -> None:
    """Count one more proposal of a person, with those that agents wrote down for them; raises TooMany."""
    limits.count(NEW_PROPOSALS, str(current_user.id), at=at, enabled=is_limited())
    if is_limited() and count_proposed(current_user.id, since=at - NEW_PROPOSALS.per) >= MOST_A_DAY:
        raise TooMany(str(SPENT), int(NEW_PROPOSALS.per.total_seconds()))


def _again(draft: Draft | None, problem: str, status: HTTPStatus) -> ResponseReturnValue:
    response = make_response(_check_page(draft, problem))
    if response.status_code == HTTPStatus.OK:
        response.status_code = status
    return response


def _propose(key: str, *, shows_author: bool, at: datetime) -> str:
    """Propose the draft as it was seen and return the reference; raises AlreadyDone where it was changed."""
    with transaction():
        draft = drafts.lock_newest(at)
        if draft is None or draft.case_id is not None or key != drafts.key_of(draft):
            raise AlreadyDone(str(CHANGED))
        category = _chosen(draft)
        if category is None:
            raise RuleViolation(_("Choose what the proposal is about from the list."))
        proposal = services.propose(_new(draft, category, shows_author=shows_author), city=g.city, at=at)
        reference = proposal.case.reference
        draft.case_id, draft.content, draft.updated_at = proposal.case_id, {}, at
        if not spend_key(key, purpose="proposal", leads_to=reference, at=at):
            raise AlreadyDone(_("This proposal was sent already."))
    return reference


def _new(draft: Draft, category: KnownCategory, *, shows_author: bool) -> NewProposal:
    typed, where = typed_in(draft), draft.content["place"]
    told = f"{typed['title']} {typed['body']}"
    return NewProposal(
        title=typed["title"],
        body=typed["body"],
        language=language_of(told),
        category=category,
        author=current_user,
        lat=where["lat"],
        lon=where["lon"],
        ward_id=where["ward_id"],
        address=typed.get("address", "") if typed.get("area") == PLACE else "",
        shows_author=shows_author,
        photos=draft_photos(draft.id),
    )
