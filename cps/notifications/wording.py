"""What letters about a case say, in the language of the running context (`offline.speaking`)."""

from datetime import datetime

from cps.cases import queries as cases
from cps.cases.models import Case, CaseEvent
from cps.cases.reference import display
from cps.cases.rules import REOPEN_DAYS, CaseKind, EventKind, Outcome, Status, speaker
from cps.cases.wording import event_words, reason_words, status_look
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.departments import queries as departments
from cps.notifications.letters import Letter, Part, facts, link, words
from cps.notifications.parts import Ends, answers_to_tap, foot, promise, secrecy, title_of
from cps.notifications.rules import Reader
from cps.proposals.services.writing import ADDITION

NAMES = " – "
"""Stands in the subject of news before the title of its case."""


def filed_letter(city: CityFacts, case: Case, ends: Ends) -> Letter:
    """Return the letter that the city has a case: its number, who has it, by when, and the way back to it."""
    is_complaint = case.kind is CaseKind.COMPLAINT
    has_it = (
        _("Thank you. The city has your report:")
        if is_complaint
        else _("Thank you. The city has your proposal:")
    )
    return Letter(
        _("The city has your report %(reference)s", reference=display(case.reference))
        if is_complaint
        else _("The city has your proposal %(reference)s", reference=display(case.reference)),
        (
            words(has_it),
            *title_of(case),
            promise(case),
            words(_what_happens_next(case)),
            link(_("Open your case") if is_complaint else _("Open your proposal"), ends.case),
            *secrecy(ends),
        ),
        foot(city, Reader.REPORTER),
    )


def _what_happens_next(case: Case) -> str:
    if case.kind is CaseKind.COMPLAINT:
        return _(
            "What happens next: somebody reads it, works on it and answers you. You get a mail at each step."
        )
    return _(
        "What happens next: others can support it. With enough support the city must answer."
        " You get a mail at each step."
    )


def news_letter(city: CityFacts, case: Case, event: CaseEvent, reader: Reader, ends: Ends) -> Letter:
    """Return the letter about one event of a case; the subject of a private one names only its number."""
    what = str(event_words(event.kind, event.status, event.outcome, event.data))
    about = f" ({i18n.in_order(display(case.reference))})" if case.is_private else f"{NAMES}{case.title}"
    return Letter(
        f"{what}{about}",
        (
            words(_opening(event, reader)),
            *title_of(case),
            *_more_time(case, event),
            *_city_says(case, event),
            promise(case, str(_state(case, event, reader))),
            *_what_to_do(case, event, reader, ends),
            *secrecy(ends),
        ),
        foot(city, reader, ends.unsubscribe),
        ends.unsubscribe,
    )


def reached_letter(city: CityFacts, case: Case, needed: int, desk: str) -> Letter:
    """Return the letter to a department that a proposal has to be answered, and by when."""
    return Letter(
        _("An answer is due: %(title)s", title=case.title),
        (
            words(
                _(
                    "This proposal has reached its goal of %(needed)s supports, or was lifted to it."
                    " Your department answers it:",
                    needed=i18n.number(needed),
                )
            ),
            *title_of(case),
            promise(case),
            link(_("Open it on the desk"), desk),
        ),
        foot(city),
    )


def _opening(event: CaseEvent, reader: Reader) -> str:
    if reader is Reader.REPORTER and event.kind is EventKind.ASKED:
        return _("The city needs an answer from you about this:")
    if reader is Reader.REPORTER:
        return _("There is news about what you sent to the city:")
    if reader is Reader.JOINED:
        return _("There is news about the case that yours was joined to:")
    return _("There is news about what you follow:")


def _state(case: Case, event: CaseEvent, reader: Reader) -> object:
    status, outcome = (event.status, event.outcome) if event.status else (case.status, case.outcome)
    if status is Status.WAITING_RESIDENT and reader is Reader.REPORTER:
        return _("Waiting for your answer")
    return status_look(status, outcome).word


def _city_says(case: Case, event: CaseEvent) -> tuple[Part, ...]:
    """Return the words that came with the event; about staff or corruption they stand only on the page."""
    if not event.message or case.is_integrity:
        return ()
    reason = reason_words(event.data)
    first = (Part("quote", reason, i18n.current_language()),) if reason else ()
    return (words(_who_says(case, event)), *first, Part("quote", event.message, event.language))


def _who_says(case: Case, event: CaseEvent) -> str:
    if event.kind is EventKind.REOPEN_ASKED:
        return _("The person who reported it writes:")
    if ADDITION in (event.data or {}) or event.status is Status.WITHDRAWN:
        return _("Who wrote the proposal says:")
    if event.status is Status.EXPIRED:
        return _("The city says:")
    said_by = speaker(event.kind, event.data or {}, case.department_id)
    known = departments.catalogue().departments.get(said_by, case.department)
    return _("%(department)s writes:", department=i18n.localized(known.name))


def _more_time(case: Case, event: CaseEvent) -> tuple[Part, ...]:
    """Return why the date was moved, for the letter about it and the one with the interim reply."""
    moved = event if event.kind is EventKind.EXTENDED else cases.extension_told_with(event)
    if moved is None or not {"from", "to"} <= (moved.data or {}).keys():
        return ()
    before, after = (datetime.fromisoformat(moved.data[name]) for name in ("from", "to"))
    dates = {"before": i18n.long_date(before), "after": i18n.long_date(after)}
    says = words(_("The city needs more time. The answer was promised by %(before)s, now it is promised by"
                   " %(after)s.", **dates))  # fmt: skip
    if moved is event or case.is_integrity:
        return (says,)
    return (says, Part("quote", moved.message, moved.language))


def _what_to_do(case: Case, event: CaseEvent, reader: Reader, ends: Ends) -> tuple[Part, ...]:
    if event.kind is EventKind.JOINED:
        return (
            words(_how_joined(case)),
            link(_("See the other case"), ends.joined_to or ends.case),
        )
    if reader is Reader.REPORTER and event.kind is EventKind.ASKED:
        return (*answers_to_tap(event), *_until(event), link(_("Answer the city"), ends.case))
    if reader is Reader.REPORTER and case.kind is CaseKind.COMPLAINT and event.status is Status.CLOSED:
        return _is_it_fixed(event, ends)
    if event.status is Status.DELIVERED:
        return (words(_("Is this what you wanted? Please say so on the page.")), link(_("Say it"), ends.case))
    return (link(_("See the whole story"), ends.case),)


def _how_joined(case: Case) -> str:
    if case.kind is CaseKind.PROPOSAL:
        return _(
            "Support for both counts together now, each person once. Do you not agree? Then you can take"
            " yours back on the page of this proposal."
        )
    return _("The city handles it together with another case. One answer reaches everybody who asked.")


def _until(event: CaseEvent) -> tuple[Part, ...]:
    until = (event.data or {}).get("until")
    if not until:
        return ()
    return (facts((_("Please reply until"), i18n.long_date(datetime.fromisoformat(until)))),)


def _is_it_fixed(event: CaseEvent, ends: Ends) -> tuple[Part, ...]:
    question = _("Is it fixed?") if event.outcome is Outcome.FIXED else _("Does this answer help you?")
    how = _(
        "Press “Yes” or “No” on the page. After a “No” the city looks at it again."
        " You can say so for %(days)s days.",
        days=i18n.number(REOPEN_DAYS),
    )
    return (words(question), words(how), link(_("Say yes or no"), ends.case))
