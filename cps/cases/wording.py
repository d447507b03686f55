"""The words for statuses, outcomes, events and refusals: one place, so that every page says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.cases.models import CaseEvent
from cps.cases.rules import Channel, EventKind, HidingReason, Outcome, Priority, Refusal, Status, Turn, colour
from cps.cases.rules.clock import ExtensionRefusal
from cps.core import audio, images
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: colour, icon and word, always the three together."""

    colour: str
    icon: str
    word: Any


_STATUS = {
    Status.RECEIVED: ("clock", _l("Received")),
    Status.TRIAGED: ("clock", _l("With the department")),
    Status.IN_PROGRESS: ("wrench", _l("Being worked on")),
    Status.WAITING_RESIDENT: ("circle-question-mark", _l("Waiting for the reporter")),
    Status.WAITING_OTHERS: ("hourglass", _l("Waiting for others")),
    Status.PLANNED: ("calendar-check", _l("Planned")),
    Status.CLOSED: ("check", _l("Done")),
    Status.REOPEN_ASKED: ("rotate-ccw", _l("Not fixed yet")),
    Status.DRAFT: ("pencil", _l("Draft")),
    Status.GATHERING: ("users", _l("Gathering support")),
    Status.ANSWER_DUE: ("clock", _l("The city must answer")),
    Status.ANSWERED: ("check", _l("Answered")),
    Status.IN_DELIVERY: ("hammer", _l("Being done")),
    Status.DELIVERED: ("check", _l("Delivered")),
    Status.EXPIRED: ("clock", _l("Ran out of time")),
    Status.WITHDRAWN: ("x", _l("Withdrawn")),
}

_OUTCOME = {
    Outcome.FIXED: ("check", _l("Fixed")),
    Outcome.ANSWERED: ("message-circle", _l("Answered")),
    Outcome.NOT_OURS: ("corner-up-right", _l("Not the city’s to do")),
    Outcome.CANNOT_BE_DONE: ("ban", _l("Cannot be done")),
    Outcome.JOINED: ("git-merge", _l("Joined to another case")),
    Outcome.ACCEPTED: ("check", _l("Accepted")),
    Outcome.PARTLY: ("circle-dot", _l("Partly accepted")),
    Outcome.DECLINED: ("ban", _l("Declined")),
    Outcome.ALREADY_DONE: ("check-check", _l("Done already")),
}

_EVENT = {
    EventKind.FILED: _l("Received"),
    EventKind.UPDATED: _l("News from the city"),
    EventKind.ASSIGNED: _l("Given to an officer"),
    EventKind.CATEGORISED: _l("Category corrected"),
    EventKind.PRIORITISED: _l("Priority changed"),
    EventKind.TRANSFERRED: _l("Handed to another department"),
    EventKind.EXTENDED: _l("More time needed"),
    EventKind.NOTED: _l("Note for staff"),
    EventKind.ASKED: _l("The city asks"),
    EventKind.REPLIED: _l("Reply from the reporter"),
    EventKind.PHOTO_ADDED: _l("Photos added"),
    EventKind.CONFIRMED_FIXED: _l("“It is fixed,” says the reporter"),
    EventKind.REOPEN_ASKED: _l("“It is not fixed,” says the reporter"),
    EventKind.JOINED: _l("Joined to another case"),
    EventKind.HIDDEN: _l("Hidden by the city"),
}

_TURN = {
    Turn.ACCEPTED: _l("Taken on by the department"),
    Turn.REFUSED: _l("Handed back by the department"),
    Turn.DECIDED: _l("Decided whose it is"),
    Turn.PARTNER_ANSWERED: _l("Answer from a partner"),
    Turn.PARTNER_RETURNED: _l("Sent back by a partner"),
    Turn.PARTNER_TOOK: _l("Taken by a partner"),
    Turn.SYSTEM_SAID: _l("News from the department"),
    Turn.SYSTEM_DONE: _l("The department reports that it is done"),
    Turn.SYSTEM_AGAIN: _l("The department works on it again"),
    Turn.SYSTEM_SENT_AGAIN: _l("Sent again to the system of the department"),
    Turn.SYSTEM_SENT_BACK: _l("Not done yet: sent back to the department"),
    Turn.JOINED_HERE: _l("Another report of the same was joined"),
    Turn.PARTED: _l("Handled by itself again"),
    Turn.PARTED_HERE: _l("A report that was joined is handled by itself again"),
    Turn.ARRIVED: _l("Was at the place"),
    Turn.NOT_FOUND: _l("Did not find it there"),
    Turn.RELEASED: _l("Given to a department: it is not about staff or corruption"),
    Turn.ABOUT_STAFF: _l("With the integrity officers: nobody else of the city reads it now"),
    Turn.LATE_REPLY: _l("Reply after the time for it"),
    Turn.NO_REPLY: _l("No reply came in time"),
    Turn.PART_HIDDEN: _l("A photo was hidden by the city"),
    Turn.BLACKED_OUT: _l("A part was blacked out by the city"),
    Turn.SHOWN_AGAIN: _l("Shown again by the city"),
    Turn.WRITTEN_DOWN: _l("Written down from the voice note"),
}

HIDING_REASONS = {
    HidingReason.PERSONAL_DATA: _l("personal data"),
    HidingReason.INSULT: _l("an insult or hatred"),
    HidingReason.THREAT: _l("a threat"),
    HidingReason.ACCUSATION: _l("an accusation against somebody who is named"),
    HidingReason.ADVERTISING: _l("advertising"),
    HidingReason.UNLAWFUL: _l("against the law"),
    HidingReason.RULES: _l("against the rules of the discussion"),
}

REFUSALS = {
    Refusal.NO_SUCH_MOVE: _l("This case cannot make that step from where it is now."),
    Refusal.NOT_YOURS: _l("This step is for somebody else."),
    Refusal.MESSAGE_MISSING: _l("Write a message. The resident will read it."),
    Refusal.OUTCOME_MISSING: _l("Choose how the case ends."),
    Refusal.OUTCOME_WRONG: _l("This ending does not fit the case."),
    Refusal.OUTCOME_NOT_CLOSING: _l("An ending is only for closing the case."),
    Refusal.PHOTO_MISSING: _l("Add a photo of the work, or say why there is none."),
    Refusal.SECOND_MISSING: _l(
        "Here a second pair of eyes is needed: a colleague has to do this, not who has the case."
    ),
    Refusal.TOO_LATE: _l("This case was closed long ago. Please report the problem anew."),
    Refusal.CLOSED_MEANWHILE: _l("The case was closed meanwhile, so your message was not sent."),
    Refusal.ANSWERED_ALREADY: _l("You have answered this already. You can add something in your own words."),
    Refusal.ASKED_ANEW: _l("The city has gone on, or asks something else by now. Please read what it says."),
}

EXTENSION_REFUSALS = {
    ExtensionRefusal.NOT_RUNNING: _l("There is nothing to decide: no date runs for this case just now."),
    ExtensionRefusal.USED_UP: _l("This case had more time twice. Its date cannot be moved again."),
    ExtensionRefusal.TOO_LATE: _l("The date has passed. What is late stays late: ask for more time before."),
    ExtensionRefusal.PAUSED: _l("The clock waits for the resident just now. Its date moves when it goes on."),
    ExtensionRefusal.WAITING: _l("More time was asked for. A supervisor has to decide."),
    ExtensionRefusal.TOO_LONG: _l("Choose a date from the list."),
    ExtensionRefusal.REASON_MISSING: _l("Say why. Everybody will read it."),
    ExtensionRefusal.REPLY_MISSING: _l("Write an interim reply. The resident will read it."),
    ExtensionRefusal.NEEDS_SUPERVISOR: _l("Only a supervisor can decide about more time."),
}

PHOTO_REFUSALS = {
    images.Refusal.EMPTY: _l("The file is empty. Please choose the photo again."),
    images.Refusal.NOT_A_PHOTO: _l("This is not a photo we can read. Use JPEG, PNG, WebP or HEIC."),
    images.Refusal.TOO_MANY_BYTES: _l("The photo is larger than 25 MB. Please send a smaller one."),
    images.Refusal.TOO_MANY_PIXELS: _l("The photo has too many pixels. Please send a smaller one."),
    images.Refusal.DAMAGED: _l("The photo arrived damaged. Please send it again."),
}

AUDIO_REFUSALS = {
    audio.Refusal.EMPTY: _l("The file is empty. Please choose it again."),
    audio.Refusal.TOO_MANY_BYTES: _l("The voice note is larger than 3 MB. Please record a shorter one."),
    audio.Refusal.NOT_AUDIO: _l("This is not a voice note we can take. Use Ogg, WebM, M4A, MP3, WAV or AMR."),
}

PRIORITIES = {Priority.NORMAL: _l("Normal"), Priority.URGENT: _l("Urgent")}

CHANNELS = {
    Channel.WEB: _l("on the web"),
    Channel.PHONE: _l("by phone"),
    Channel.COUNTER: _l("at the counter"),
    Channel.MAIL: _l("by mail"),
    Channel.SMS: _l("by text message"),
    Channel.CHAT: _l("by chat"),
    Channel.PAPER: _l("on paper"),
    Channel.API: _l("by another program"),
    Channel.IMPORT: _l("imported"),
}


DECLINED_AS = (Outcome.NOT_OURS, Outcome.CANNOT_BE_DONE, Outcome.DECLINED)
"""Endings for which the city has reasons to choose from."""


def decline_words(ending: Outcome) -> Any:
    """Return what an ending with a reason is called."""
    return _l("Declined, of a proposal") if ending is Outcome.DECLINED else _OUTCOME[ending][1]


def reason_words(data: Mapping[str, Any] | None) -> str:
    """Return the reason for a no that an event keeps, as it was worded then, in the page's language."""
    reason = (data or {}).get("reason")
    return localized(reason.get("text")) if isinstance(reason, dict) else ""


_AFTER_A_YES = frozenset({Status.IN_DELIVERY, Status.DELIVERED})
_PROPOSAL_JOINED = ("git-merge", _l("Joined to another proposal"))
_PROPOSAL_PARTED = _l("No longer joined to another proposal")


def status_look(status: Status, outcome: Outcome | None = None) -> Look:
    """Return colour, icon and word of a state; a closed case shows its outcome, never only "closed".

    What was promised keeps its outcome while it is done, and shows how far it is.
    """
    shown = None if status in _AFTER_A_YES else outcome
    icon, word = _STATUS[status] if shown is None else _OUTCOME[shown]
    if (status, shown) == (Status.ANSWERED, Outcome.JOINED):  # only proposals are answered
        icon, word = _PROPOSAL_JOINED
    return Look(colour(status).value, icon, word)


def event_words(
    kind: EventKind,
    status: Status | None,
    outcome: Outcome | None,
    data: Mapping[str, Any] | None = None,
) -> Any:
    """Return the heading of an event in the story of a case."""
    turn = (data or {}).get("turn")
    if turn in list(Turn):
        return _TURN[Turn(turn)]
    if kind is EventKind.JOINED and status is Status.ANSWERED:
        return _PROPOSAL_JOINED[1]
    if kind is EventKind.MOVED and "parted" in (data or {}):
        return _PROPOSAL_PARTED
    if kind is EventKind.MOVED and status is not None:
        return status_look(status, outcome).word
    return _EVENT[kind]


def hiding_reason(reason: str) -> str:
    """Return why something was hidden; words of earlier years, which moderators wrote freely, as they are."""
    return str(HIDING_REASONS[HidingReason(reason)]) if reason in list(HidingReason) else reason


def hidden_words(reason: str) -> str:
    """Return what stands in place of something that the city hid."""
    said = hiding_reason(reason)
    return _("Hidden by the city. Reason: %(reason)s.", reason=said) if said else _("Hidden by the city.")


def moderated_words(event: CaseEvent) -> str:
    """Return what an event says of moderators: that its words are hidden, why something else was, or ""."""
    if event.hidden_because:
        return hidden_words(event.hidden_because)
    why = str((event.data or {}).get("why", ""))
    return _("Reason: %(reason)s.", reason=hiding_reason(why)) if why in list(HidingReason) else ""


_LOOKS = {
    "integrity-contact": _l("opened how to reach you, with a reason"),
    "partner": _l("showed a partner how to reach you"),
    "voice": _l("listened to your voice note"),
    "integrity-voice": _l("listened to your voice note"),
    "contact": _l("opened how to reach you"),
    "account-found": _l("found your account by your address or number"),
    "caller": _l("looked up who calls from your number"),
    "read-out": _l("read your case out to somebody who proved that it is theirs"),
    "moderation-original": _l("read what had been blacked out"),
    "identity-check": _l("looked up your account at the counter"),
    "identity-verified": _l("compared your identity document"),
    "registered": _l("registered you at the counter"),
    "proposed": _l("proposed something for you, because you read them the code"),
}


@dataclass(frozen=True, slots=True)
class LookInWords:
    """A look of the city at a person's data: when, what, of which department, for which case."""

    at: datetime
    what: str
    who: str
    reference: str | None = None


def looks_in_words(looks: Sequence[Any], workplaces: Mapping[int, dict[str, str]]) -> list[LookInWords]:
    """Return rows of the access log in plain words: the department answers for it, not the clerk."""
    return [
        LookInWords(
            look.at,
            str(_LOOKS.get(look.what) or look.what),
            localized(workplaces[look.actor_id]) if look.actor_id in workplaces else _("The city"),
            getattr(look, "reference", None),
        )
        for look in looks
    ]
