"""Hiding a thing with a reason, and showing it again. The original is kept, and every act traced."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from cps.accounts.models import Account
from cps.cases.masking import searchable
from cps.cases.models import WORDS_HIDDEN
from cps.cases.rules import EventKind, HidingReason, Turn
from cps.cases.services.photos import SIZES, storage_key
from cps.cases.services.story import record
from cps.core import outbox, search_index
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.outbox import Fact
from cps.core.stale_files import delete_once_committed
from cps.moderation import queries
from cps.moderation.models import Act, ModerationOriginal
from cps.moderation.queries import Found
from cps.moderation.rules import LONGEST_WORDS, ActKind, Thing
from cps.moderation.services.flagging import must_be_anothers, settle, trace


@dataclass(frozen=True, slots=True)
class Hiding:
    """Why something is hidden: everybody reads the reason, its author also the note."""

    reason: HidingReason
    note: str = ""


def hide(found: Found, why: Hiding, *, by: Account, at: datetime) -> Act:
    """Hide a locked thing; with this transaction it is gone from every public page, list, map and file."""
    must_be_anothers(found, by)
    if found.is_hidden:
        raise RuleViolation(_("It is hidden already."))
    act = begin_act(found, ActKind.HIDE, why, by=by, at=at)
    if found.thing is Thing.UPDATE:
        keep(act, texts=queries.as_written(found))
        found.row.data = {**found.row.data, WORDS_HIDDEN: why.reason.value}
        found.row.message = ""
    else:
        found.row.is_hidden = True
    if found.thing is Thing.COMMENT:
        found.row.hidden_reason, found.row.hidden_by_id = why.reason.value, by.id
    if found.thing is Thing.PHOTO:
        found.case.photo_count -= 1
        tell_story(found, Turn.PART_HIDDEN, by, at, why.reason)
    if found.thing is Thing.CASE:
        data = {"why": why.reason.value}
        record(found.case, EventKind.HIDDEN, by=by.id, at=at, data=data, tells=False)
    end_of_act(found, act, "hide", by=by, at=at)
    return act


def show_again(act: Act, found: Found, *, by: Account, at: datetime) -> None:
    """Take an act back: what was hidden is shown, what was blacked out stands as it was written.

    Of several acts about one thing the newest is taken back first.
    """
    must_be_anothers(found, by)
    holding = queries.standing(found.thing, found.id)
    if act not in holding:
        raise RuleViolation(_("It is shown again already."))
    if holding[0] is not act:
        raise RuleViolation(_("Something was done about it after this. Take that back first."))
    kept = queries.original(act.id)
    if act.what is ActKind.HIDE:
        _unhide(found, kept)
    elif kept is not None:
        restore(found, kept)
    act.ended_at, act.ended_by_id = at, by.id
    if found.thing in {Thing.CASE, Thing.PHOTO}:
        tell_story(found, Turn.SHOWN_AGAIN, by, at, act.reason)
    end_of_act(found, act, "show-again", by=by, at=at)


def _unhide(found: Found, kept: ModerationOriginal | None) -> None:
    if found.thing is Thing.UPDATE:
        found.row.data = {name: value for name, value in found.row.data.items() if name != WORDS_HIDDEN}
        if kept is not None:
            restore(found, kept)
        return
    found.row.is_hidden = False
    if found.thing is Thing.COMMENT:
        found.row.hidden_reason, found.row.hidden_by_id = "", None
    if found.thing is Thing.PHOTO:
        found.case.photo_count += 1


def begin_act(found: Found, what: ActKind, why: Hiding, *, by: Account, at: datetime) -> Act:
    """Add the row of an act about a locked thing."""
    act = Act(
        thing=found.thing,
        thing_id=found.id,
        case_id=found.case.id,
        what=what,
        reason=why.reason,
        note=why.note[:LONGEST_WORDS],
        by_id=by.id,
        at=at,
    )
    db.session.add(act)
    db.session.flush()
    return act


def end_of_act(found: Found, act: Act, action: str, *, by: Account, at: datetime) -> None:
    """Settle the objections, leave the trace, and state it to the author; the search forgets what is gone."""
    trace(found, action, by, at, reason=[None, act.reason.value])
    found.case.updated_at = at
    db.session.flush()
    if found.thing is Thing.CASE:
        found.case.search_text = searchable(found.case)
    search_index.drop_gone_words_soon(at)
    outbox.state(Fact.MODERATED, act.id, at=at, step=action)
    if action != "show-again":
        settle(found, "", at=at)
    db.session.flush()


def tell_story(found: Found, turn: Turn, by: Account, at: datetime, reason: HidingReason) -> None:
    """Let the public story of the case say that a moderator did something, and why; nobody is written to."""
    data = {"turn": turn.value, "why": reason.value, "thing": found.thing.value}
    record(found.case, EventKind.NOTED, by=by.id, at=at, data=data, tells=False)


def keep(act: Act, *, texts: Mapping[str, Any] | None = None, photo: str = "") -> None:
    """Keep what stood there before an act, for moderators."""
    db.session.add(ModerationOriginal(act_id=act.id, texts=dict(texts or {}), photo=photo))
    db.session.flush()


def restore(found: Found, kept: ModerationOriginal) -> None:
    """Let a thing be as it was kept; numbers and addresses in its words are masked again as it is written."""
    if found.thing is Thing.PHOTO:
        delete_once_committed(storage_key(found.row.name, size) for size in SIZES)
        found.row.name = kept.photo
        db.session.delete(kept)  # or forgetting it later would delete the files that are shown again
        return
    for field, said in kept.texts.items():
        setattr(found.row, field, said)
        flag_modified(found.row, field)
