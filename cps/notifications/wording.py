"""What messages say. Every function speaks the language of the running context (`offline.speaking`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.accounts.rules import CODE_FOR, CodePurpose, grouped_code
from cps.cases import queries as cases
from cps.cases.models import Case, CaseEvent
from cps.cases.reference import display
from cps.cases.rules import REOPEN_DAYS, CaseKind, EventKind, Outcome, Status, speaker
from cps.cases.wording import event_words, reason_words, status_look
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments import queries as departments
from cps.notifications.letters import Letter, Part, facts, link, words
from cps.notifications.links import REPLIES_TO
from cps.notifications.rules import Reader
from cps.polls.models import Poll, TreeHead
from cps.proposals.services.writing import ADDITION

CODE_OPENS: Mapping[CodePurpose, Any] = {
    CodePurpose.SIGN_IN: _l("This is your code to sign in."),
    CodePurpose.VERIFY_EMAIL: _l("This is your code to confirm your address."),
    CodePurpose.RESET_PASSWORD: _l("This is your code to choose a new password."),
    CodePurpose.VERIFY_PHONE: _l("This is your code to confirm your phone number."),
    CodePurpose.JOIN: _l("This is your code to join two accounts of yours."),
    CodePurpose.CONFIRM: _l("This is your code to confirm a change of your account."),
}

NAMES = " – "
"""Stands in the subject of news before the title of its case."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the links of a letter about a case lead.

    `is_secret` says that `case` opens it to whoever has the address. `joined_to` leads to the case it was
    joined to. `unsubscribe` is only for followers.
    """

    case: str
    is_secret: bool = False
    joined_to: str = ""
    unsubscribe: str = ""


def code_letter(city: CityFacts, code: str, purpose: CodePurpose) -> Letter:
    """Return the letter with a one-time code, which stands first and not in the subject."""
    return _with_code(city, code, str(CODE_OPENS[purpose]))


def known_address_letter(city: CityFacts, code: str) -> Letter:
    """Return the letter to somebody who wanted a new account and has one already."""
    return _with_code(
        city,
        code,
        _("You asked for an account with this address. You have one already. This code opens it."),
    )


def _with_code(city: CityFacts, code: str, opens: str) -> Letter:
    minutes = int(CODE_FOR.total_seconds() // 60)
    return Letter(
        _("Your code for %(city)s", city=i18n.localized(city.name)),
        (
            Part("code", grouped_code(code)),
            words(opens),
            words(
                _(
                    "It works for %(minutes)s minutes, once, on the page where you asked for it.",
                    minutes=i18n.number(minutes),
                )
            ),
            words(
                _("You did not ask for it? Then do nothing. Nobody gets in without the code.")
                + " "
                + _("Tell it to nobody: the city never asks for it.")
            ),
        ),
        foot(city),
    )


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
            _promise(case),
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
            _promise(case, str(_state(case, event, reader))),
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
            _promise(case),
            link(_("Open it on the desk"), desk),
        ),
        foot(city),
    )


def head_letter(city: CityFacts, poll: Poll, head: TreeHead, page: str) -> Letter:
    """Return the letter with one signed head, whose line stands in it as it is."""
    return Letter(
        _(
            "Signed head %(number)s – %(question)s",
            number=i18n.number(head.batch_no),
            question=i18n.localized(poll.question),
        ),
        (
            words(_("This is the newest signed head of the poll:")),
            Part("title", i18n.localized(poll.question)),
            Part("quote", head.line),
            facts(
                (_("Ballots in the ledger"), i18n.number(head.size)),
                (_("Ballots that wait"), i18n.number(head.pending)),
                (_("People who have voted"), i18n.number(head.roll_size)),
            ),
            words(
                _(
                    "Keep this mail. With it anybody can show later that the city told one history:"
                    " verify.py compares the line with the bundle."
                )
            ),
        ),
        (link(_("Stop these mails"), page), *foot(city)),
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


def title_of(case: Case) -> tuple[Part, ...]:
    """Return the title of a case; about staff or corruption it stands only on the page."""
    return () if case.is_integrity else (Part("title", case.title, case.language),)


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


def _promise(case: Case, state: str = "") -> Part:
    until = i18n.long_date(case.due_at) if case.is_open else ""
    gathers = case.status is Status.GATHERING
    return facts(
        (_("Now"), state),
        (_("Number"), display(case.reference)),
        (_("Who has it"), i18n.localized(case.department.name) if case.is_open and not gathers else ""),
        (_("Gathers support until") if gathers else _("Answer promised by"), until),
    )


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


def answers_to_tap(event: CaseEvent) -> tuple[Part, ...]:
    """Return the short answers that a question offers; on the page each is a button."""
    choices = (event.data or {}).get("choices") or []
    if not choices or event.case.is_integrity:
        return ()
    offered = " · ".join(f"“{choice}”" for choice in choices)
    return (words(_("On the page you can answer with one tap: %(choices)s", choices=offered)),)


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


def secrecy(ends: Ends) -> tuple[Part, ...]:
    """Return what is to be said of a link that opens the case to whoever has it."""
    if not ends.is_secret:
        return ()
    return (words(_("The link is for you alone: whoever has it can speak for you. Do not pass it on.")),)


def foot(city: CityFacts, reader: Reader | None = None, unsubscribe: str = "") -> tuple[Part, ...]:
    """Return what stands under a letter: why it came, how to stop it, whom to call."""
    why = {
        Reader.REPORTER: _("You get this mail because you sent this to the city."),
        Reader.JOINED: _("You get this mail because you told the city of the same thing."),
        Reader.FOLLOWER: _("You get this mail because you follow this case."),
    }
    parts = [words(why[reader])] if reader else []
    if unsubscribe:
        parts.append(link(_("Stop these mails"), unsubscribe))
    parts.append(words(_how_to_answer(city, reader)))
    if city.phone:
        parts.append(words(_("Would you rather call? %(phone)s", phone=city.phone)))
    return (*parts, words(i18n.localized(city.name)))


def _how_to_answer(city: CityFacts, reader: Reader | None) -> str:
    if reader is Reader.REPORTER and city.settings.get(REPLIES_TO):
        return _("You can answer this mail: what you write lands in your case.")
    return _("Please do not answer this mail: nobody reads what is sent there.")
