"""One thing with its context, the objections to it, what was done about it, and what can be done."""

from dataclasses import dataclass, field
from typing import Any

from flask import Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.queries.reporters import names_by_account
from cps.cases.services.photos import storage_key
from cps.core import clock
from cps.core.security import Can, requires
from cps.core.storage import NotStored
from cps.moderation import queries
from cps.moderation.forms import CoverForm, DecideForm, HideForm, LeaveForm, WordsForm
from cps.moderation.models import Act
from cps.moderation.queries import Found
from cps.moderation.rules import COLUMNS, ActKind, Thing, may_decide, rows_for
from cps.moderation.views.base import THING, address_in_public, bp, words


@dataclass(slots=True)
class Sent:
    """A form of the page that holds errors, under its name, and the cells of a photo that were marked."""

    name: str = ""
    form: Any = None
    cells: frozenset[str] = field(default_factory=frozenset)


@bp.get(f"/moderation/{THING}")
@requires(Can.MODERATE)
def thing(what: str, thing_id: int) -> ResponseReturnValue:
    """Show a thing to moderators."""
    return thing_page(queries.get(Thing(what), thing_id), Sent())


@bp.get("/moderation/photo/<int:thing_id>/picture")
@requires(Can.MODERATE)
def picture(thing_id: int) -> ResponseReturnValue:
    """Show the photo as it is now, hidden or not."""
    return picture_of(queries.get(Thing.PHOTO, thing_id).row.name)


def picture_of(name: str) -> Response:
    """Return the large size of a photo, for this reader alone; 404 where its file is gone."""
    try:
        data = current_app.extensions["cps_storage"].get(storage_key(name, "large"))
    except NotStored:
        abort(404)
    response = Response(data, mimetype="image/webp")
    response.headers["Cache-Control"] = "no-store"
    return response


def thing_page(found: Found, sent: Sent) -> str:
    """Render the page of a thing, with a form that was sent and must be mended."""
    mark = queries.mark_of(found.thing, found.id)
    done = queries.acts_of(found.thing, found.id)
    holding = [act for act in done if act.ended_at is None]
    appealed = next((act for act in done if act.appealed_at is not None and act.decided_at is None), None)
    is_photo = found.thing is Thing.PHOTO
    photos, entries = queries.parts_of(found.id, at=clock.now()) if found.thing is Thing.CASE else ((), ())
    forms = {form.act: form(formdata=None, data={"mark": mark}) for form in (HideForm, WordsForm, LeaveForm)}
    if is_photo:
        forms["cover"] = CoverForm(formdata=None, data={"mark": mark, "photo": found.row.name})
    if appealed is not None:
        forms["decide"] = DecideForm(formdata=None, data={"version": appealed.version})
    if sent.form is not None and sent.name in forms:
        _refresh(sent.form, forms[sent.name])
        forms[sent.name] = sent.form
    return render_template(
        "moderation/thing.html",
        found=found,
        page=address_in_public(found),
        photos=photos,
        entries=entries,
        flags=queries.flags_of(found.thing, found.id),
        done=done,
        newest=holding[0] if holding else None,
        kept={act.id for act in done if act.what is ActKind.REDACT and queries.original(act.id) is not None},
        hidden_words_now=_hidden_words(found, holding),
        appealed=appealed,
        may_decide=appealed is not None and _may_decide(appealed, found),
        is_alone=appealed is not None and appealed.by_id == current_user.id,
        is_own=found.author_id == current_user.id,
        people=_names(done),
        forms=forms,
        sent=sent,
        rows=rows_for(found.row.width, found.row.height) if is_photo else 0,
        columns=COLUMNS,
        **words(),
    )


def _refresh(sent: Any, fresh: Any) -> None:
    """Let what was sent carry what stands now, so that sending it again is a decision about that."""
    for name in ("mark", "photo", "version"):
        if name in sent:
            sent[name].process_data(fresh[name].data)
            sent[name].raw_data = None


def _hidden_words(found: Found, holding: list[Act]) -> str:
    """Return the words of an entry that is hidden, which stand nowhere else."""
    if found.thing is not Thing.UPDATE or not found.is_hidden:
        return ""
    act = next((one for one in holding if one.what is ActKind.HIDE), None)
    kept = queries.original(act.id) if act is not None else None
    return str(kept.texts.get("message", "")) if kept is not None else ""


def _may_decide(act: Act, found: Found) -> bool:
    others = queries.other_moderators(act.by_id, found.author_id)
    return may_decide(current_user.id, by_id=act.by_id, author_id=found.author_id, others=others)


def _names(acts: Any) -> dict[int, str]:
    keys = {key for act in acts for key in (act.by_id, act.ended_by_id, act.decided_by_id) if key is not None}
    return names_by_account(keys)
