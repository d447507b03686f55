"""The words of polls: one place, so that every page says the same. Each dict is keyed by its enum."""

from typing import Any

from cps.core.i18n import lazy_gettext as _l
from cps.polls.ballot import Why
from cps.polls.eligibility import WhyNot
from cps.polls.fields import Why as Flaw
from cps.polls.rules import CountKey, Method, PollEventKind, Refusal
from cps.polls.services.casting import NotTaken

COUNTED_BY = {
    CountKey.REGISTER: _l("One vote per registered resident"),
    CountKey.PHONE: _l("One vote per phone number; a person may have several"),
    CountKey.ACCOUNT: _l("One vote per account"),
}
"""What a vote is counted by: said on the page, in the result and in the bundle."""

ELECTORATE = {
    CountKey.REGISTER: _l("Residents in the city’s register"),
    CountKey.PHONE: _l("Everybody with a proven phone number"),
    CountKey.ACCOUNT: _l("Everybody with an account"),
}
"""Who may vote where nothing narrows it."""

METHODS = {
    Method.SINGLE: _l("You choose one"),
    Method.APPROVAL: _l("You choose as many as you agree with, up to %(most)s"),
    Method.RANKING: _l("You rank up to %(most)s, the best first"),
    Method.BUDGET: _l("You choose what is worth its cost, up to %(budget)s in all"),
}
"""What a voter does; filled with `most` and `budget`."""

HOW_COUNTED: dict[Method, Any] = {
    Method.SINGLE: _l("The option with the most votes wins."),
    Method.APPROVAL: _l("The option that the most people chose wins."),
    Method.RANKING: _l(
        "Every ballot counts for its first choice. While none has more than half, the option with the fewest"
        " goes and its ballots count for their next choice."
    ),
    Method.BUDGET: _l(
        "The options are taken from the most votes down; one that still fits into the budget is funded, one"
        " that does not is left out."
    ),
}
"""How the winner is found, in plain words."""

EVENTS = {
    PollEventKind.OPENED: _l("The rules were fixed for good"),
    PollEventKind.EXTENDED: _l("It closes later"),
    PollEventKind.INCIDENT: _l("Something went wrong"),
    PollEventKind.SUSPENDED: _l("Voting was interrupted"),
    PollEventKind.RESUMED: _l("Voting goes on"),
    PollEventKind.CLOSED: _l("Voting closed"),
    PollEventKind.PAPER_COUNTED: _l("An officer counted the ballots on paper"),
    PollEventKind.DRAWN: _l("The public draw was held"),
    PollEventKind.TALLIED: _l("The votes were counted"),
    PollEventKind.PUBLISH_ASKED: _l("The result is being prepared"),
    PollEventKind.PUBLISHED: _l("The result was published"),
    PollEventKind.OBJECTED: _l("Somebody objected to the result"),
    PollEventKind.DECIDED: _l("The city said what it decided"),
    PollEventKind.FINAL: _l("The result became final"),
    PollEventKind.KEYS_DESTROYED: _l("The keys of the votes were destroyed"),
    PollEventKind.VOID: _l("The poll was declared void"),
}
"""What happened to a poll, in the public story."""

WHY_NOT = {
    WhyNot.NO_REGISTER: _l(
        "This poll counts one vote for each resident in the city’s register, and you have not shown yet that"
        " you are one of them."
    ),
    WhyNot.NO_PHONE: _l("This poll counts one vote per phone number, and none is proven for your account."),
    WhyNot.NO_EMAIL: _l(
        "This poll counts one vote per account, and neither an e-mail address nor a phone number of yours"
        " is proven."
    ),
    WhyNot.VERIFIED_TOO_LATE: _l(
        "What your vote is counted by was proven after the moment that this poll set: %(before)s. Nobody can"
        " vote twice by changing it."
    ),
    WhyNot.FACTS_MISSING: _l("This poll is for certain wards or ages, and the city does not know yours."),
    WhyNot.OTHER_WARD: _l("This poll is for people who live in other wards than yours."),
    WhyNot.TOO_YOUNG: _l("You are younger than this poll asks for on the day it closes."),
    WhyNot.TOO_OLD: _l("You are older than this poll asks for on the day it closes."),
    WhyNot.NOT_LISTED: _l("This poll is for the people on a list, and you are not on it."),
}
"""Why somebody may not vote; `before` is a moment written out."""

WAY_OUT = {
    WhyNot.NO_REGISTER: _l("Show that you are in the register"),
    WhyNot.FACTS_MISSING: _l("Show that you are in the register"),
    WhyNot.NO_EMAIL: _l("Prove your e-mail address"),
    WhyNot.NO_PHONE: _l("Prove your phone number"),
    WhyNot.OTHER_WARD: _l("See what the register has"),
    WhyNot.TOO_YOUNG: _l("See what the register has"),
    WhyNot.TOO_OLD: _l("See what the register has"),
}
"""What can be done about it, where a page can help; else the city is called."""

NOT_TAKEN = {
    NotTaken.NOT_OPEN_YET: _l("This poll is not open yet"),
    NotTaken.CLOSED: _l("This poll is closed"),
    NotTaken.SUSPENDED: _l("Voting is interrupted"),
    NotTaken.VOID: _l("This poll is void"),
    NotTaken.ALREADY_VOTED: _l("You have voted in this poll"),
    NotTaken.PASS_GONE: _l("This screen has no vote to give any more"),
}
"""Why a vote is not taken, as a heading."""

NOT_TAKEN_TEXT = {
    NotTaken.NOT_OPEN_YET: _l("No vote was recorded. It opens on %(opens)s."),
    NotTaken.CLOSED: _l(
        "Votes were taken until %(closes)s, by the clock of the city’s server. No vote of yours was recorded"
        " just now."
    ),
    NotTaken.SUSPENDED: _l(
        "No vote is taken until the city says how it goes on. No vote of yours was recorded just now."
    ),
    NotTaken.VOID: _l("No vote is taken any more. Its page says why."),
    NotTaken.ALREADY_VOTED: _l(
        "A vote is recorded for you, and it counts. It cannot be changed. Nothing was recorded just now."
    ),
    NotTaken.PASS_GONE: _l(
        "The pass was used or its quarter of an hour is over. Nothing was recorded just now. Ask at the"
        " counter for a new one."
    ),
}
"""What that means; `opens` and `closes` are moments written out."""

NO_BALLOT = {
    Why.UNKNOWN_OPTION: _l("This poll does not have the option that was sent. Choose from the list."),
    Why.REPEATED: _l("You gave one option twice. Give each option one place only."),
    Why.TOO_MANY: _l("You chose more than this poll allows: %(over)s too many."),
    Why.OVER_BUDGET: _l("Your choice costs %(over)s more than there is. Take something away."),
}
"""Why marks are no ballot; filled with `over`, an amount or a number."""

REFUSALS = {
    Refusal.NO_SUCH_MOVE: _l("This cannot be done with the poll as it stands now."),
    Refusal.REASON_MISSING: _l("Say why, in words that everybody can read."),
}
"""Why a move of a poll is refused."""

FIELD_FAULTS = {
    Flaw.EMPTY: _l("it is empty"),
    Flaw.MISSING: _l("it is missing"),
    Flaw.TOO_LONG: _l("it is too long"),
    Flaw.TOO_SMALL: _l("it is too small, or too early"),
    Flaw.TOO_LARGE: _l("it is too large, or too late"),
    Flaw.TOO_FEW: _l("there are too few"),
    Flaw.TOO_MANY: _l("there are too many"),
    Flaw.REPEATED: _l("something stands there twice"),
    Flaw.NOT_SORTED: _l("it is not in order"),
    Flaw.NEEDED: _l("it must be switched on"),
    Flaw.DOES_NOT_BELONG: _l("it does not go with the method"),
    Flaw.TELLS_TOO_MUCH: _l("live counts would tell how single people voted"),
}
"""Why a field of the specification is refused, after its name; others are said by their code."""

FIELDS = {
    "question": _l("the question"),
    "explanation": _l("the explanation"),
    "options": _l("the options"),
    "most": _l("how many one ballot may hold"),
    "budget": _l("the budget"),
    "currency": _l("the city’s currency"),
    "who": _l("who may vote"),
    "age_bands": _l("the age groups"),
    "eligible": _l("how many may vote"),
    "verified_before": _l("the moment before which the key must be proven"),
    "opens_at": _l("the opening"),
    "closes_at": _l("the close"),
    "results": _l("when counts are shown"),
    "sensitive": _l("“only totals are published”"),
    "draw": _l("how the draw is held"),
    "objection_days": _l("the days for objections"),
    "decision_days": _l("the days for the decision"),
    "witnesses": _l("the witnesses"),
    "keys": _l("the keys"),
}
"""What the first word of a path in the specification means."""
