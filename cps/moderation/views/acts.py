"""What moderators do about a thing: leave it, hide it or parts of it, show it again."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import CpsError
from cps.core.i18n import gettext as _
from cps.core.images import ImageRefused
from cps.core.security import Can, requires
from cps.core.storage import NotStored, current_storage
from cps.moderation import queries, services
from cps.moderation.forms import CoverForm, DecideForm, HideForm, LeaveForm, WordsForm
from cps.moderation.queries import Found
from cps.moderation.rules import Thing, cells_of, phrases_of, rows_for
from cps.moderation.services import Covered, Hiding
from cps.moderation.views.base import THING, attempt, bp, thing_address
from cps.moderation.views.things import Sent, thing_page


@bp.post(f"/moderation/{THING}/leave")
@requires(Can.MODERATE)
def leave(what: str, thing_id: int) -> ResponseReturnValue:
    """Let a thing stand: the objections to it are settled."""
    form = LeaveForm()
    return _act(
        Thing(what),
        thing_id,
        form,
        lambda found: services.leave(found, form.answer.data or "", by=current_user, at=clock.now()),
        _("It stands as it was written."),
    )


@bp.post(f"/moderation/{THING}/hide")
@requires(Can.MODERATE)
def hide(what: str, thing_id: int) -> ResponseReturnValue:
    """Hide a thing; everybody reads the reason in its place."""
    form = HideForm()
    return _act(
        Thing(what),
        thing_id,
        form,
        lambda found: services.hide(found, _why(form), by=current_user, at=clock.now()),
        _("It is hidden. The reason stands in its place."),
    )


@bp.post(f"/moderation/{THING}/words")
@requires(Can.MODERATE)
def words(what: str, thing_id: int) -> ResponseReturnValue:
    """Black out words of a thing."""
    form = WordsForm()
    phrases = phrases_of(form.phrases.data or "")
    return _act(
        Thing(what),
        thing_id,
        form,
        lambda found: services.redact_words(found, phrases, _why(form), by=current_user, at=clock.now()),
        _("The words are blacked out."),
    )


@bp.post("/moderation/photo/<int:thing_id>/cover")
@requires(Can.MODERATE)
def cover(thing_id: int) -> ResponseReturnValue:
    """Cover parts of a photo: made anew in all sizes, then taken over unless somebody was faster."""
    form, found = CoverForm(), queries.get(Thing.PHOTO, thing_id)
    rows = rows_for(found.row.width, found.row.height)
    marked = frozenset(request.form.getlist("cell")[:1000])
    covered: Covered | None = None
    if form.validate():
        try:
            cells = cells_of(marked, rows=rows)
            covered = services.cover(found.row.name, cells, rows, storage=current_storage())
        except CpsError as refusal:
            form.form_errors.append(refusal.message)
        except (NotStored, ImageRefused):
            form.form_errors.append(_("The file of this photo cannot be read. You can hide it."))
    if covered is None:
        return thing_page(found, Sent("cover", form, marked)), 422
    made = covered

    def take(locked: Found) -> None:
        services.cover_photo(locked, made, _why(form), by=current_user, at=clock.now())

    answer = _act(Thing.PHOTO, thing_id, form, take, _("The parts are covered."), cells=marked)
    if isinstance(answer, tuple):
        services.forget_cover(covered)
    return answer


@bp.post("/moderation/acts/<int:act_id>/show")
@requires(Can.MODERATE)
def show_again(act_id: int) -> ResponseReturnValue:
    """Take an act back."""
    with transaction():
        act, found = queries.lock_act(act_id)
        services.show_again(act, found, by=current_user, at=clock.now())
        address = thing_address(found.thing, found.id)
    flash(_("It is shown again as it was."))
    return redirect(address, 303)


@bp.post("/moderation/acts/<int:act_id>/decide")
@requires(Can.MODERATE)
def decide(act_id: int) -> ResponseReturnValue:
    """Decide an appeal: by the button that was pressed."""
    form, granted = DecideForm(), request.form.get("granted") == "yes"
    known, found = queries.get_act(act_id)
    if known.appealed_at is None or known.decided_at is not None:
        flash(_("Nobody waits for a decision about this any more."))
        return redirect(thing_address(found.thing, found.id), 303)

    def act() -> None:
        locked, about = queries.lock_act(act_id, version=form.version.data)
        words = form.words.data or ""
        services.decide(locked, about, words, granted=granted, by=current_user, at=clock.now())

    return attempt(
        form,
        act,
        done=_("The appeal is decided. The author is told."),
        leads_to=thing_address(found.thing, found.id),
        again=lambda: thing_page(queries.get_act(act_id)[1], Sent("decide", form)),
    )


def _why(form: HideForm) -> Hiding:
    return Hiding(form.why, form.note.data or "")


def _act(
    thing: Thing,
    thing_id: int,
    form: Any,
    act: Callable[[Found], object],
    done: str,
    *,
    cells: frozenset[str] = frozenset(),
) -> ResponseReturnValue:
    """Do something about the locked thing; refused, show the page again with everything that was typed."""
    queries.get(thing, thing_id)
    return attempt(
        form,
        lambda: act(queries.lock(thing, thing_id, mark=form.mark.data or "")),
        done=done,
        leads_to=thing_address(thing, thing_id),
        again=lambda: thing_page(queries.get(thing, thing_id), Sent(form.act, form, cells)),
    )
