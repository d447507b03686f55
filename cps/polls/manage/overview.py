"""A poll as its administrators see it: its state in words, the lights of a draft, what waits for them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cps.core import city
from cps.core.i18n import OWN_NAMES, ago, date_time, localized, ngettext
from cps.core.i18n import gettext as _
from cps.polls import presenting, queries
from cps.polls.checklist import Item, Light
from cps.polls.manage import wording as words
from cps.polls.models import Poll
from cps.polls.rules import RESULT_IS_PUBLIC, CountKey, PollState, TieRule
from cps.polls.services import counting, opening, publishing
from cps.polls.specification import Fingerprints


class Topic(StrEnum):
    """The short screens of a draft, in the order in which one works; the value ends their address."""

    QUESTION = "question"
    OPTIONS = "options"
    RULES = "rules"
    WHO = "who"
    TIMES = "times"
    PUBLICATION = "publication"
    KEYS = "keys"
    REHEARSAL = "rehearsal"


WHERE = {
    Item.TEXTS: Topic.QUESTION,
    Item.OPTIONS: Topic.OPTIONS,
    Item.TIMES: Topic.TIMES,
    Item.ELECTORATE: Topic.PUBLICATION,
    Item.FEW: Topic.PUBLICATION,
    Item.RESULTS: Topic.PUBLICATION,
    Item.MARKABLE: Topic.PUBLICATION,
    Item.WITNESSES: Topic.PUBLICATION,
    Item.OBJECTIONS: Topic.PUBLICATION,
    Item.KEYS: Topic.KEYS,
    Item.COPY: Topic.KEYS,
    Item.REHEARSED: Topic.REHEARSAL,
    Item.UNUSED: Topic.KEYS,
}
"""On which screen a line of the checklist is mended."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist: colour, icon and word of its light, what it says, what to do and where."""

    colour: str
    icon: str
    light: str
    text: str
    to_do: str
    topic: Topic


@dataclass(frozen=True, slots=True)
class Row:
    """One poll in the list of administrators."""

    slug: str
    question: str
    colour: str
    icon: str
    word: str
    when: str
    waits: list[str]


def look_of(poll: Poll, at: datetime) -> tuple[str, str, str]:
    """Return colour, icon and word of the state; an open poll says whether it takes votes yet."""
    if poll.state is PollState.OPEN:
        return presenting.look_of(poll, presenting.stage_of(poll, at))
    colour, icon, word = words.STATES[poll.state]
    return colour, icon, str(word)


def lines_of(poll: Poll, keys: Fingerprints | None, *, at: datetime) -> list[Line]:
    """Return the checklist of a draft."""
    looks = {
        Light.GREEN: ("done", "check", _("Done")),
        Light.AMBER: ("in-hand", "triangle-alert", _("Read this")),
        Light.RED: ("waiting", "circle-alert", _("To do")),
    }
    return [
        Line(
            *looks[light],
            text=str(words.ITEMS[item]),
            to_do="" if light is Light.GREEN else _to_do(poll, item, light),
            topic=_where(poll, item),
        )
        for item, light in opening.checked(poll, keys, at=at).items()
    ]


def _to_do(poll: Poll, item: Item, light: Light) -> str:
    if item is Item.TEXTS:
        return _untranslated(poll)
    if item is Item.WITNESSES and light is Light.AMBER and poll.has_no_witnesses:
        return _("Nobody outside keeps the heads of this poll. Its page says so.")
    if item is Item.RESULTS and light is Light.RED and poll.key is CountKey.ACCOUNT:
        return _(
            "Votes are counted by account, and anybody can make many: with a hundred and fifty of them, one"
            " person could tell a neighbour’s vote from live counts. Count by the register or by phone"
            " numbers, or let counts be shown only after the close."
        )
    if item is Item.RESULTS and light is Light.AMBER:
        return _(
            "Counts are shown while people vote: whoever votes later knows how it stands, which can change"
            " how they vote. Everybody also sees how each hundred voted."
        )
    return str(words.TO_DO[item])


def _untranslated(poll: Poll) -> str:
    """Return in words what the first text lacks that does not stand in every language."""
    texts = [poll.question, *(option.labels for option in poll.options)]
    text, lacks = next((text, lacks) for text in texts if (lacks := _languages_without(text)))
    names = ", ".join(OWN_NAMES.get(code, code) for code in lacks)
    return _("“%(words)s” is not written in: %(languages)s.", words=localized(text), languages=names)


def _languages_without(text: Mapping[str, str]) -> list[str]:
    return [code for code in city.get().languages if not text.get(code, "").strip()]


def _where(poll: Poll, item: Item) -> Topic:
    """Return the screen; texts lead to the options where only these lack one."""
    if item is Item.TEXTS and not _languages_without(poll.question):
        return Topic.OPTIONS
    return WHERE[item]


def row_of(poll: Poll, keys: Fingerprints | None, *, at: datetime) -> Row:
    """Return a poll as the list shows it."""
    colour, icon, word = look_of(poll, at)
    return Row(
        poll.slug, localized(poll.question), colour, icon, word, when_of(poll, at), waits(poll, keys, at=at)
    )


def when_of(poll: Poll, at: datetime) -> str:
    """Return opening and close in words."""
    if poll.opens_at is None or poll.closes_at is None:
        return _("No times yet")
    if poll.state is PollState.OPEN and at < poll.closes_at:
        stage = presenting.stage_of(poll, at)
        return presenting.when_of(poll, stage, at)
    return f"{date_time(poll.opens_at)} – {date_time(poll.closes_at)}"


def waits(poll: Poll, keys: Fingerprints | None, *, at: datetime) -> list[str]:
    """Return in short sentences what an administrator has to do now."""
    if poll.state is PollState.DRAFT:
        return [_draft_waits(poll, keys, at)]
    if poll.state is PollState.SUSPENDED:
        return [_("Interrupted: resume it or declare it void")]
    if poll.state is PollState.CLOSED and not counting.paper_is_settled(poll):
        return [_("Two officers must count the ballots on paper")]
    if poll.state is PollState.TALLIED and poll.publish_asked_at is None:
        return [_tallied_waits(poll)]
    return _published_waits(poll, at) if poll.state in RESULT_IS_PUBLIC else []


def _draft_waits(poll: Poll, keys: Fingerprints | None, at: datetime) -> str:
    red = sum(line.colour == "waiting" for line in lines_of(poll, keys, at=at))
    if not red:
        return _("Ready to open")
    return ngettext("%(num)s thing to do before it can open", "%(num)s things to do before it can open", red)


def _tallied_waits(poll: Poll) -> str:
    if needs_draw(poll):
        return _("A tie: enter the public draw")
    if queries.nobody_voted(poll.id):
        return _("Nobody voted: publish that")
    return _("The result is counted: publish it")


def needs_draw(poll: Poll) -> bool:
    """Say whether the announced draw must decide before the result can be published."""
    is_tied = bool(poll.result_json and json.loads(poll.result_json)["tie"])
    return is_tied and bool(poll.draw_text) and not poll.draw and poll.tie is TieRule.DRAW


def _published_waits(poll: Poll, at: datetime) -> list[str]:
    told = []
    waiting = sum(case.is_open for case in queries.objection_cases(poll.id))
    if waiting:
        told.append(ngettext("%(num)s objection to answer", "%(num)s objections to answer", waiting))
    if poll.decided_at is None and poll.decision_due_at is not None:
        due = ago(poll.decision_due_at, at)
        late = poll.decision_due_at < at
        told.append(
            _("Decision was due %(when)s", when=due) if late else _("Decision due %(when)s", when=due)
        )
    if publishing.may_be_final(poll, at):
        told.append(_("Declare the result final"))
    return told
