"""What people read of proposals besides templates: refusals, closing words, names of things."""

from cps.cases.rules import Outcome
from cps.core.i18n import gettext_in
from cps.core.i18n import lazy_gettext as _l
from cps.proposals.queries.lists import Stage
from cps.proposals.rules import NoSupport, Order, Stance, Verdict

NO_SUPPORT = {
    NoSupport.OVER: _l("The time to support this proposal is over."),
    NoSupport.JOINED: _l("This proposal was joined to another one. Please support that one."),
    NoSupport.WITHDRAWN: _l("Who wrote this proposal has taken it back."),
    NoSupport.EXPIRED: _l("This proposal ran out of time without enough support."),
    NoSupport.ANSWERED: _l("The city has answered this proposal, so it takes no more support."),
    NoSupport.OWN: _l("This is your own proposal; support comes from others."),
    NoSupport.HIDDEN: _l("This proposal is not shown at the moment."),
    NoSupport.UNPROVEN: _l(
        "Confirm an e-mail address or a phone number first, so that each person counts once."
    ),
    NoSupport.NOT_IN_REGISTER: _l(
        "In this city residents support proposals. Show first that you are in the register of residents."
    ),
}

STAGES = {
    Stage.GATHERING: _l("Gathering support"),
    Stage.ANSWER_DUE: _l("The city must answer"),
    Stage.ANSWERED: _l("Answered"),
    Stage.IN_DELIVERY: _l("Being done"),
    Stage.DONE: _l("Done"),
    Stage.OVER: _l("Ended without an answer"),
}

ANSWERS = {
    Outcome.ACCEPTED: _l("Yes"),
    Outcome.PARTLY: _l("Partly"),
    Outcome.DECLINED: _l("No, with reasons"),
    Outcome.ALREADY_DONE: _l("Done already"),
    Outcome.NOT_OURS: _l("Not for the city to decide"),
}

STANCES = {
    Stance.FOR: _l("In favour"),
    Stance.AGAINST: _l("Against"),
    Stance.QUESTION: _l("Question"),
    Stance.REMARK: _l("Remark"),
}

ORDERS = {
    Order.NEWEST: _l("Newest first"),
    Order.OLDEST: _l("Oldest first"),
    Order.BACKED: _l("Most backed first"),
}

VERDICTS = {
    Verdict.YES: _l("Yes, this is it"),
    Verdict.PARTLY: _l("In part"),
    Verdict.NO: _l("No"),
}


def closing_words(language: str, *, total: int, needed: int) -> str:
    """Return the short answer to a proposal whose time ran out, in a language."""
    words = gettext_in(
        language,
        "When its time was over this proposal had %(total)s of the %(needed)s supports it needed, so no"
        " department has to answer it. It stays here for everybody to read, and anybody may propose the idea"
        " again.",
    )
    return words % {"total": total, "needed": needed}
