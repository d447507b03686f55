"""What happened to a poll, as its public story tells it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.core.i18n import date_time, number
from cps.core.i18n import gettext as _
from cps.polls import wording
from cps.polls.models import PollEvent
from cps.polls.rules import PollEventKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, as the public story tells it."""

    what: str
    at: str
    iso: str
    words: str
    colour: str | None


def entries(events: Iterable[PollEvent]) -> list[Entry]:
    """Return what the public may know of these events, newest first; they come oldest first."""
    told = [event for event in events if event.kind is not PollEventKind.PUBLISH_ASKED]
    return [
        Entry(
            what=str(wording.EVENTS[event.kind]),
            at=date_time(event.at),
            iso=event.at.isoformat(),
            words=_words_of(event),
            colour=_COLOURS.get(event.kind),
        )
        for event in reversed(told)
    ]


def restored(events: Iterable[PollEvent]) -> str:
    """Return what witnesses are to compare since the last interruption; "" where no copy was restored."""
    last = [event for event in events if event.kind is PollEventKind.SUSPENDED][-1:]
    return _restored_words(last[0].data) if last else ""


_COLOURS = {
    PollEventKind.INCIDENT: "waiting",
    PollEventKind.SUSPENDED: "waiting",
    PollEventKind.VOID: "waiting",
    PollEventKind.EXTENDED: "in-hand",
    PollEventKind.PUBLISHED: "done",
    PollEventKind.FINAL: "done",
}


def _words_of(event: PollEvent) -> str:
    words = [event.text.strip()]
    if event.kind is PollEventKind.EXTENDED:
        before, after = (date_time(datetime.fromisoformat(end)) for end in event.data["closes_at"])
        words.append(_("It was to close on %(before)s and closes on %(after)s.", before=before, after=after))
    if event.kind is PollEventKind.SUSPENDED:
        words.append(_restored_words(event.data))
    return "\n".join(part for part in words if part)


def _restored_words(data: dict[str, Any]) -> str:
    """Return what a restored copy holds, for witnesses to compare with the heads they kept; "" for none."""
    if "batch" not in data:
        return ""
    return _(
        "The city’s server was restored from a copy. The newest signed head in it is batch %(batch)s with"
        " %(size)s ballots; %(roll)s people stand in the roll. Whoever kept a head with a higher batch or"
        " size should tell the city and everybody: ballots are missing then.",
        batch=number(data["batch"]),
        size=number(data["size"]),
        roll=number(data.get("roll", 0)),
    )
