"""A poll as pages show it: where it is in its life, who may vote, what it asks."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cps.core import city
from cps.core.i18n import ago, date_time, listed, localized, money, ngettext, number
from cps.core.i18n import gettext as _
from cps.polls import queries, wording
from cps.polls.models import Poll
from cps.polls.rules import CountKey, Method, PollState, most_on_a_ballot
from cps.wards import queries as wards


class Stage(StrEnum):
    """Where a poll is for the public; unlike the state it also knows the time."""

    SOON = "soon"
    OPEN = "open"
    SUSPENDED = "suspended"
    COUNTING = "counting"
    PUBLISHED = "published"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option as it is shown; `number` is its place in the published order."""

    code: str
    number: int
    label: str
    text: str
    cost: str
    amount: int
    picture: str


@dataclass(frozen=True, slots=True)
class Card:
    """A poll in a list: the look of its stage is colour, icon and word together."""

    slug: str
    question: str
    stage: Stage
    colour: str
    icon: str
    word: str
    when: str
    who: str
    counted: str
    picture: str


def stage_of(poll: Poll, at: datetime) -> Stage:
    """Return where a poll that is no draft is at a moment: from its end on it is no more open."""
    if poll.state is PollState.OPEN:
        if poll.opens_at is not None and at < poll.opens_at:
            return Stage.SOON
        return Stage.OPEN if poll.closes_at is not None and at < poll.closes_at else Stage.COUNTING
    return _STAGES.get(poll.state, Stage.COUNTING)


_STAGES = {
    PollState.DRAFT: Stage.SOON,
    PollState.SUSPENDED: Stage.SUSPENDED,
    PollState.PUBLISHED: Stage.PUBLISHED,
    PollState.FINAL: Stage.PUBLISHED,
    PollState.VOID: Stage.VOID,
}


def mark(polls: Iterable[Poll], at: datetime, *more: object) -> str:
    """Return a text that changes with all that pages say of these polls and of their times: for ETags."""
    said = [
        (poll.id, poll.version, stage_of(poll, at), *(ago(moment, at) for moment in _moments(poll)))
        for poll in polls
    ]
    return hashlib.sha256(repr((said, more)).encode()).hexdigest()[:20]


def _moments(poll: Poll) -> list[datetime]:
    return [moment for moment in (poll.opens_at, poll.closes_at) if moment is not None]


def card_of(poll: Poll, at: datetime) -> Card:
    """Return a poll as lists show it."""
    stage = stage_of(poll, at)
    colour, icon, word = look_of(poll, stage)
    return Card(
        slug=poll.slug,
        question=localized(poll.question),
        stage=stage,
        colour=colour,
        icon=icon,
        word=word,
        when=when_of(poll, stage, at),
        who=who_of(poll),
        counted=str(wording.COUNTED_BY[poll.key]),
        picture=poll.picture,
    )


def look_of(poll: Poll, stage: Stage) -> tuple[str, str, str]:
    """Return colour, icon and word of a stage; the three always stand together."""
    if poll.state is PollState.FINAL:
        return "done", "check-check", _("Final result")
    looks = {
        Stage.SOON: ("plain", "calendar-clock", _("Opens soon")),
        Stage.OPEN: ("done", "vote", _("Open now")),
        Stage.SUSPENDED: ("waiting", "circle-alert", _("Interrupted")),
        Stage.COUNTING: ("in-hand", "hourglass", _("Closed, result to come")),
        Stage.PUBLISHED: ("done", "check", _("Result")),
        Stage.VOID: ("waiting", "ban", _("Void")),
    }
    return looks[stage]


def when_of(poll: Poll, stage: Stage, at: datetime) -> str:
    """Return the sentence about time that matters at a stage."""
    opens, closes = poll.opens_at or at, poll.closes_at or at
    if stage is Stage.SOON:
        return _("Opens %(distance)s, on %(date)s", distance=ago(opens, at), date=date_time(opens))
    if stage is Stage.OPEN:
        return _("Closes %(distance)s, on %(date)s", distance=ago(closes, at), date=date_time(closes))
    if stage is Stage.SUSPENDED:
        return _("No votes are taken just now")
    if stage is Stage.VOID:
        return _("It does not count")
    return _("Closed on %(date)s", date=date_time(closes))


def closes_words(poll: Poll, at: datetime) -> str:
    """Return how much time is left, for the bar: closes in 3 days."""
    return _("closes %(distance)s", distance=ago(poll.closes_at or at, at))


def open_words(polls: Sequence[Poll], at: datetime) -> str:
    """Return how many polls are open and when the first of them closes; they come in that order."""
    first = ago(polls[0].closes_at or at, at)
    return ngettext(
        "%(num)s poll open · closes %(distance)s",
        "%(num)s polls open · one closes %(distance)s",
        len(polls),
        distance=first,
    )


def who_of(poll: Poll) -> str:
    """Return who may vote, its parts joined by dots."""
    parts = [str(wording.ELECTORATE[poll.key])]
    if poll.ward_codes:
        names = listed(_ward_names(poll.ward_codes))
        parts.append(_("of these wards: %(wards)s", wards=names))
    if ages := _ages(poll):
        parts.append(ages)
    if poll.is_listed:
        parts.append(_("on the poll’s list"))
    if poll.is_declared:
        parts.append(_("ward and age as people declare them"))
    return " · ".join(parts)


def _ward_names(codes: Sequence[str]) -> list[str]:
    known = wards.areas().wards
    return sorted(localized(known[code].name) if code in known else code for code in codes)


def ward_choices() -> list[tuple[str, str]]:
    """Return (code, name) of every ward, by name: for a form to offer."""
    named = [(ward.code, localized(ward.name)) for ward in wards.areas().wards.values()]
    return sorted(named, key=lambda pair: pair[1])


def _ages(poll: Poll) -> str:
    first, last = poll.age_from, poll.age_to
    if first is not None and last is not None:
        return _("%(first)s to %(last)s years old when it closes", first=first, last=last)
    if first is not None:
        return _("%(age)s years or older when it closes", age=first)
    return "" if last is None else _("%(age)s years or younger when it closes", age=last)


def method_of(poll: Poll) -> str:
    """Return what a voter does; of a draft what they would do, were it opened as it is."""
    budget = money(poll.budget or 0, currency()) if poll.method is Method.BUDGET else ""
    most = most_on_a_ballot(poll.method, poll.most, len(poll.options))
    return str(wording.METHODS[poll.method]) % {"most": number(most), "budget": budget}


def currency() -> str:
    """Return the city's currency."""
    return city.get().currency


def options_of(poll: Poll) -> list[OptionView]:
    """Return the options in their published order."""
    return [
        OptionView(
            code=option.code,
            number=place,
            label=localized(option.labels),
            text=localized(option.texts),
            cost=money(option.cost, currency()) if option.cost is not None else "",
            amount=option.cost or 0,
            picture=option.picture,
        )
        for place, option in enumerate(poll.options, 1)
    ]


def labels_of(poll: Poll) -> dict[str, str]:
    """Return by code what the options are called."""
    return {option.code: localized(option.labels) for option in poll.options}


def turnout_words(poll: Poll) -> str:
    """Return how many have voted, as whole as the newest signed head tells it."""
    head = queries.last_head(poll.id)
    if head is None:
        return ""
    if head.is_final:
        return _("%(count)s people voted.", count=number(head.roll_size))
    if head.batch_no == 0:
        return _("The number is shown once enough votes are in to tell nothing about a single one.")
    return _(
        "%(count)s people had voted by %(moment)s.",
        count=number(head.roll_size),
        moment=date_time(head.signed_at),
    )


def counts_by_register(poll: Poll) -> bool:
    """Say whether the counter takes votes too: it can tell people of the register only."""
    return poll.key is CountKey.REGISTER
