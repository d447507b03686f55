"""What figures mean, in words that stand beside them, and why something about them is refused."""

from cps.cases.rules import CaseKind
from cps.core import i18n
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.insights.rules import FEWEST_FOR_SHARE, FEWEST_UNLISTED, LONGEST_INTERNAL, Month, Why
from cps.insights.telling import Told


def month_name(month: Month) -> str:
    """Return a month in words: October 2026."""
    return i18n.month_and_year(month.first_day)


def refusal(why: Why) -> str:
    """Return why something about published figures is refused."""
    return {
        Why.NOT_A_MONTH: _("Write the month like 2026-10."),
        Why.NOT_OVER: _("This month is not over yet."),
        Why.PUBLISHED_ALREADY: _("This month is published already. Correct it with a reason."),
        Why.NOT_PUBLISHED: _("This month is not published yet."),
        Why.NOTHING_CHANGED: _("Counted anew, this month has the same figures. There is nothing to correct."),
        Why.REASON_MISSING: _("Say in a few words what was wrong. Everybody can read it."),
        Why.DECIDED_ALREADY: _("The day is set already. It cannot be moved."),
        Why.TOO_LONG: _("Choose a day at most %(days)s days from now.", days=LONGEST_INTERNAL.days),
        Why.IN_THE_PAST: _("Choose a day that lies ahead."),
        Why.FIGURES_ARE_OUT: _("Figures are published already. They stay public."),
    }[why]


def beside_the_list(number: int | None, *, is_sum: bool = False) -> str:
    """Return how many cases stand beside those on the list, None for a few; empty where there are none.

    In a sum None says nothing of how many: it may be that one of its parts must not be worked out.
    """
    if number is None and is_sum:
        return _("and some not public")
    if number is None:
        return _("and fewer than %(fewest)s not public", fewest=i18n.number(FEWEST_UNLISTED))
    return ngettext("and %(num)s not public", "and %(num)s not public", number) if number else ""


def told(pair: Told, *, is_sum: bool) -> str:
    """Return a number of cases with those that are on no list."""
    more = beside_the_list(pair.unlisted, is_sum=is_sum)
    return f"{i18n.number(pair.listed)} {more}" if more else i18n.number(pair.listed)


def share(percent: int | None) -> str:
    """Return a share; a dash in words where there are too few answers."""
    return i18n.percent(percent / 100) if percent is not None else _("too few to say")


def days(number: int | None) -> str:
    """Return within how many days half of the answers came."""
    if number is None:
        return _("too few to say")
    return ngettext("%(num)s day", "%(num)s days", number) if number else _("the same day")


def definition_late(days_after: int) -> str:
    """Return what late means: for so many working days."""
    if not days_after:
        since = _("Late: the promised date has passed and the city has not answered.")
    else:
        since = ngettext(
            "Late: the promised date passed a working day ago or earlier and the city has not answered.",
            "Late: the promised date passed %(num)s working days ago or earlier and the city has not"
            " answered.",
            days_after,
        )
    still = _(
        "Counted now, over all open cases. While the city waits for the resident’s answer, the clock"
        " stands still."
    )
    return f"{since} {still}"


def definition_in_time() -> str:
    """Return what in time means."""
    return _(
        "In time: of all cases answered in the month, those answered by the promised date, later dates with"
        " a public reason included. Answers in time ÷ all answers, in whole percent, never rounded up."
    )


def definition_first_date() -> str:
    """Return what by the first date means."""
    return _(
        "By the first date: the same, but by the date that was promised first, whatever was moved later."
    )


def definition_median() -> str:
    """Return what the median means."""
    return _(
        "Half within: half of the answers took so many days or fewer, from the day the case came to the day"
        " of the city’s first answer, counted in days of the calendar."
    )


def definition_answered(kind: CaseKind) -> str:
    """Return what is counted as answered."""
    if kind is CaseKind.PROPOSAL:
        return _(
            "Answered: proposals that got the city’s official answer in the month. Days are counted from the"
            " day a proposal had enough support."
        )
    return _(
        "Answered: complaints that got the city’s first answer in the month, also those reopened later."
        " Not counted are those joined to another one, and those imported with an answer."
    )


def definition_few() -> str:
    """Return why some figures are not told."""
    return _(
        "Of fewer than %(fewest)s answers we tell neither a share nor a number of days: one more or less"
        " would change it too much.",
        fewest=i18n.number(FEWEST_FOR_SHARE),
    )


def definition_unlisted() -> str:
    """Return what is counted besides the list."""
    return _(
        "Not public are private and hidden cases: they are counted in every figure, but stand on no list."
        " Complaints about staff or corruption are in no figure: they would show who is being looked at."
    )


def definition_shares() -> str:
    """Return of what a share is where the number of cases on no list is not told."""
    return _("Where we do not tell how many are not public, shares and days are those of the public ones.")


def definition_categories() -> str:
    """Return what the figures of a category are counted of."""
    return _("By subject only public cases are counted: exactly those on the list behind each number.")


def definition_extensions() -> str:
    """Return what an extension is."""
    return _("How often a department gave itself a later date in the month, each time with a public reason.")


def definition_hidings() -> str:
    """Return what a hiding is."""
    return _(
        "How often a moderator hid a case in the month, with a reason. What is hidden stands on no list."
    )


def definition_voided() -> str:
    """Return what a voided poll is."""
    return _("Polls that the city called off in the month, with the reason on each poll’s page.")
