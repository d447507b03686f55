"""What authors and readers are told of moderation; it speaks the language of the running context."""

from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.wording import hiding_reason
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.offline import absolute
from cps.moderation.models import Act
from cps.moderation.rules import APPEAL_WITHIN, ActKind
from cps.moderation.wording import thing_words
from cps.notifications.letters import Letter, Part, facts, link, words
from cps.notifications.parts import foot


def act_letter(city: CityFacts, act: Act, case: Case, page: str) -> Letter:
    """Return the letter to the author: what was done, why, and how to appeal, or what came of the appeal."""
    return Letter(
        f"{_says(act)} ({i18n.in_order(display(case.reference))})",
        (
            words(_says(act)),
            facts(
                (_("What it is about"), thing_words(act.thing, case.kind)),
                (_("Number"), display(case.reference)),
                (_("Reason"), hiding_reason(act.reason.value)),
            ),
            *_in_their_words(act),
            *_how_to_appeal(act, page),
        ),
        foot(city),
    )


def _says(act: Act) -> str:
    if act.decided_at is not None:
        return _("Your appeal was granted") if act.is_granted else _("Your appeal was refused")
    if act.ended_at is not None:
        return _("What you wrote is shown again")
    if act.what is ActKind.HIDE:
        return _("The city hid something you wrote")
    return _("The city blacked out a part of what you wrote")


def _in_their_words(act: Act) -> tuple[Part, ...]:
    said = act.decision if act.decided_at is not None else act.note
    return (Part("quote", said),) if said else ()


def _how_to_appeal(act: Act, page: str) -> tuple[Part, ...]:
    if act.decided_at is not None:
        if act.decided_alone:
            return (words(_("The city has one moderator only, who decided about their own act.")),)
        return (words(_("Another moderator than the one who hid it has decided.")),)
    if act.ended_at is not None:
        return (link(_("Open it"), page),)
    until = i18n.long_date(act.at + APPEAL_WITHIN)
    return (
        words(_("You can appeal once, until %(date)s. Another moderator decides.", date=until)),
        words(_("Open your case first, then the appeal.")),
        link(_("Open it"), page),
        link(_("Why, and how to appeal"), absolute(f"/appeal/{act.id}")),
    )


def act_text(city: CityFacts, act: Act, case: Case, page: str) -> str:
    """Return the same as a text message."""
    name = i18n.localized(city.name)
    label = _("Reason")
    reason = f"{label}: {hiding_reason(act.reason.value)}."
    return f"{name}: {_says(act)} ({display(case.reference)}). {reason}\n{page}"


def flag_letter(city: CityFacts, thing: str, done: Act | None, answer: str, page: str) -> Letter:
    """Return the letter to a reader who objected: what a moderator decided."""
    quote = (Part("quote", answer),) if answer else ()
    return Letter(
        _("What came of your objection"),
        (
            words(_decided(done)),
            facts((_("What it is about"), thing)),
            *quote,
            link(_("What is hidden, and why"), page),
        ),
        foot(city),
    )


def _decided(done: Act | None) -> str:
    if done is None:
        return _("A moderator looked at it and let it stand.")
    if done.what is ActKind.HIDE:
        return _("A moderator looked at it and hid it.")
    return _("A moderator looked at it and blacked out a part.")


def flag_text(city: CityFacts, thing: str, done: Act | None) -> str:
    """Return the same as a text message."""
    return f"{i18n.localized(city.name)}: {_decided(done)} ({thing})"
