"""What a poll promises, in plain words: what will be published and when, and by what a vote is protected."""

from functools import lru_cache

from cps.core.i18n import date_time, ngettext
from cps.core.i18n import gettext as _
from cps.polls import specification as specifications
from cps.polls import wording
from cps.polls.models import Poll
from cps.polls.rules import SMALL_CELL, Lines, PollState, ResultsWhen, TieRule


def publishes(poll: Poll) -> list[str]:
    """Return in sentences what will be published, when, and what follows."""
    told = [
        live_words(poll) or _("No count is shown to anybody before it closes. After that, the result."),
        str(wording.HOW_COUNTED[poll.method]),
        lines_words(poll),
    ]
    if poll.tie is TieRule.DRAW:
        told.append(_("A tie is settled by a public draw: %(how)s", how=poll.draw_text))
    else:
        told.append(_("If options come out equal, the result says so."))
    told.append(
        ngettext(
            "Everybody can object for %(num)s working day after the result.",
            "Everybody can object for %(num)s working days after the result.",
            poll.objection_days,
        )
    )
    told.append(
        ngettext(
            "The city says what it decided, and why, within %(num)s working day.",
            "The city says what it decided, and why, within %(num)s working days.",
            poll.decision_days,
        )
    )
    return told


def live_words(poll: Poll) -> str:
    """Return that counts are shown while the poll is open; "" where they are not."""
    if poll.results is not ResultsWhen.LIVE:
        return ""
    return _("Counts are shown while the poll is open, a hundred votes at a time.")


def lines_words(poll: Poll) -> str:
    """Return who will see the ballots one by one; a ballot never carries a name."""
    if poll.is_sensitive:
        return _("Only totals are published: few people may vote, or the matter is delicate.")
    if poll.lines is Lines.FULL:
        return _("Every ballot is published, without a name, under its receipt code.")
    if poll.witnesses:
        return _(
            "The counts are published. The ballots one by one, which carry no name, go only to the witnesses"
            " whom this poll names."
        )
    return _(
        "The counts are published. The ballots one by one, which carry no name, are not; this poll names"
        " nobody outside the city hall who gets them."
    )


def everybody_recounts(poll: Poll) -> bool:
    """Say whether everybody gets the ballots one by one, without which nobody can count them again."""
    return poll.lines is Lines.FULL and not poll.is_sensitive


def checking_words(poll: Poll) -> str:
    """Return who can check how much of the result, with the file that comes with it."""
    if everybody_recounts(poll):
        return _(
            "Anybody can check this result. One file holds everything that the count rests on, and a small"
            " program that counts it again."
        )
    if poll.witnesses and not poll.is_sensitive:
        return _(
            "One file holds the rules, the counts and the signed heads, and a small program that checks"
            " whether they fit together. The ballots one by one are not in it: only the witnesses whom this"
            " poll names can count again."
        )
    return _(
        "One file holds the rules, the counts and the signed heads, and a small program that checks whether"
        " they fit together. The ballots one by one are not in it, so it cannot count again."
    )


def markable_words(poll: Poll) -> str:
    """Return the warning of a poll whose published ballots could be agreed on beforehand; "" for others."""
    if not _is_markable(poll):
        return ""
    return _(
        "So many different ballots are possible here that one could be agreed on beforehand and found in the"
        " published list. Nobody may ask you to vote in a certain pattern."
    )


def _is_markable(poll: Poll) -> bool:
    if poll.is_draft or not everybody_recounts(poll):
        return False
    return _is_frozen_markable(poll.spec_sha256, poll.spec_json)


@lru_cache(maxsize=64)
def _is_frozen_markable(_sha256: str, text: str) -> bool:
    frozen = specifications.from_bytes(text.encode())
    return specifications.is_markable(frozen, frozen.eligible)


def few_on_paper(number: int) -> str:
    """Return what is to be known where so few voted on paper that the result tells of them; "" elsewhere."""
    if not 0 < number < SMALL_CELL:
        return ""
    return ngettext(
        "Only %(num)s person voted on paper. The result shows votes on paper apart, so it shows how this"
        " person voted. That cannot be hidden: the totals hold the vote, and what is published of the others"
        " gives the rest.",
        "Only %(num)s people voted on paper. The result shows how they voted together, apart from the others."
        " That cannot be hidden: the totals hold their votes, and what is published of the others gives the"
        " rest.",
        number,
    )


def keys_words(poll: Poll) -> str:
    """Return what has become of the keys that link a roll to ballots' handles and open the ballots."""
    if poll.keys_destroyed_at is not None:
        return _("Destroyed on %(date)s", date=date_time(poll.keys_destroyed_at))
    if poll.state is PollState.VOID:
        return ngettext(
            "On the city’s servers, outside the database; destroyed %(num)s working day after it was void",
            "On the city’s servers, outside the database; destroyed %(num)s working days after it was void",
            poll.objection_days,
        )
    return _("On the city’s servers, outside the database, until the result is final; then destroyed")
