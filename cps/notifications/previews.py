"""Every kind of message with made-up content, written by the same functions that write the real ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.accounts.rules import CodePurpose
from cps.cases.rules import EscalationStep, EventKind, Outcome, Status
from cps.core import clock, i18n, offline
from cps.core.city import CityFacts
from cps.core.i18n import lazy_gettext as _l
from cps.core.offline import absolute
from cps.helpers.rules import HelpTurn
from cps.moderation.models import Act
from cps.moderation.rules import ActKind
from cps.notifications import account_wording, letters, made_up, sms_wording, wording
from cps.notifications.clock import wording as clock_wording
from cps.notifications.counter import wording as counter_wording
from cps.notifications.helping import wording as helping_wording
from cps.notifications.letters import Letter
from cps.notifications.made_up import CODE, LINK, PAGE, PHONE
from cps.notifications.mail import Envelope, compose
from cps.notifications.notices import wording as notice_wording
from cps.notifications.parts import Ends
from cps.notifications.rules import Reader
from cps.notifications.server import mail_address
from cps.notifications.told import wording as told_wording

EXAMPLE = "city@example.org"


@dataclass(frozen=True, slots=True)
class Sample:
    """One kind of message: its name, who gets it, its letter, and its text message where it has one."""

    name: Any
    to: Any
    letter: Callable[[CityFacts], Letter]
    text: Callable[[CityFacts], str] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it would leave."""

    subject: str
    text: str
    html: str


def written(sample: Sample, language: str, city: CityFacts) -> tuple[Written, str]:
    """Return a letter and its text message, "" where it has none, in a language."""
    with offline.speaking(language, city):
        letter = sample.letter(city)
        short = sample.text(city) if sample.text is not None else ""
        return Written(letters.subject_of(letter), letters.as_text(letter), letters.as_html(letter)), short


def as_mail(letter: Written, language: str, *, at: datetime) -> bytes:
    """Return a letter as the mail that leaves, from and to addresses that nobody has."""
    envelope = Envelope(
        EXAMPLE, letter.subject, letter.text, letter.html, language, "<preview@example.org>", "", "", at
    )
    return bytes(compose(envelope, mail_address(EXAMPLE)))


def _of_act(title: Any, make: Callable[[], Act]) -> Sample:
    """Return what the author of something gets when a moderator decides about it."""
    return Sample(title, _AUTHOR, made_up.act_letter(make), made_up.act_text(make))


_REPORTER, _FOLLOWER = _l("Who reported it"), _l("Who follows it")
_AUTHOR, _READER = _l("Who wrote it"), _l("Who objected")
_OWNER, _STAFF = _l("Whose account it is"), _l("Staff")
_FIXED = (EventKind.MOVED, Status.CLOSED, Outcome.FIXED)

SAMPLES: Mapping[str, Sample] = {
    "code": Sample(
        _l("One-time code"),
        _OWNER,
        made_up.code_letter,
        lambda city: sms_wording.code_text(city, CODE, CodePurpose.SIGN_IN),
    ),
    "counter-code": Sample(
        _l("Code for the counter"),
        _l("Who is being registered at a counter"),
        lambda city: counter_wording.code_letter(city, CODE),
        lambda city: sms_wording.counter_code_text(city, CODE),
    ),
    "proposal-code": Sample(
        _l("Code for a proposal on the phone"),
        _l("Who proposes something on the phone"),
        lambda city: counter_wording.proposal_code_letter(city, CODE, made_up.a_case().title),
        lambda city: sms_wording.proposal_code_text(city, CODE),
    ),
    "filed": Sample(
        _l("The city has your report"),
        _REPORTER,
        lambda city: wording.filed_letter(city, made_up.a_case(), Ends(absolute(PAGE), is_secret=True)),
        lambda city: sms_wording.filed_text(city, made_up.a_case(), absolute(LINK)),
    ),
    "news": Sample(
        _l("News of an own case"),
        _REPORTER,
        made_up.news(Reader.REPORTER, EventKind.UPDATED),
        made_up.news_text(EventKind.UPDATED),
    ),
    "asked": Sample(
        _l("A question to the reporter"),
        _REPORTER,
        made_up.news(Reader.REPORTER, EventKind.ASKED),
        made_up.news_text(EventKind.ASKED),
    ),
    "fixed": Sample(
        _l("Fixed"), _REPORTER, made_up.news(Reader.REPORTER, *_FIXED), made_up.news_text(*_FIXED)
    ),
    "followed": Sample(
        _l("News of what is followed"),
        _FOLLOWER,
        made_up.news(Reader.FOLLOWER, EventKind.UPDATED),
        made_up.news_text(EventKind.UPDATED),
    ),
    "digest": Sample(
        _l("Daily digest"),
        _FOLLOWER,
        made_up.digest_letter,
        lambda city: told_wording.digest_text(city, made_up.told_today(), absolute(LINK)),
    ),
    "notice": Sample(
        _l("What the city knows"),
        _FOLLOWER,
        lambda city: notice_wording.notice_letter(
            city, made_up.a_notice(), None, (), notice_wording.Ends(absolute("/notices/1"), absolute("/stop"))
        ),
        lambda city: notice_wording.short_text(city, made_up.a_notice(), None, absolute(LINK), is_over=False),
    ),
    "notice-over": Sample(
        _l("A notice is over"),
        _FOLLOWER,
        lambda city: notice_wording.over_letter(
            city, made_up.a_notice(), notice_wording.Ends(absolute("/notices/1"), absolute("/stop"))
        ),
        lambda city: notice_wording.short_text(city, made_up.a_notice(), None, absolute(LINK), is_over=True),
    ),
    "alert": Sample(_l("Alert"), _l("Who asked to be told"), made_up.alert_letter),
    "phone": Sample(
        _l("A new phone number"),
        _OWNER,
        lambda city: account_wording.phone_changed_letter(city, PHONE, absolute("/accounts/me/phone")),
    ),
    "claimed": Sample(
        _l("Somebody else has the number"),
        _OWNER,
        made_up.claimed_letter,
        lambda city: sms_wording.claimed_text(
            city, PHONE, i18n.short_date(made_up.in_days(7)), absolute(LINK)
        ),
    ),
    "joined": Sample(
        _l("Two accounts are one"),
        _OWNER,
        lambda city: account_wording.joined_letter(city, absolute("/accounts/me")),
        lambda city: sms_wording.joined_text(city, absolute(LINK)),
    ),
    "helper": Sample(
        _l("A helper said yes"),
        _OWNER,
        lambda city: helping_wording.turn_letter(city, HelpTurn.ACCEPTED, absolute("/accounts/me/helpers")),
        lambda city: helping_wording.turn_text(city, HelpTurn.ACCEPTED, absolute(LINK)),
    ),
    "two-step": Sample(
        _l("The second step"),
        _OWNER,
        lambda city: account_wording.two_step_letter(city, absolute("/accounts/me/two-step"), is_on=True),
        lambda city: sms_wording.two_step_text(city, absolute(LINK), is_on=True),
    ),
    "archive": Sample(
        _l("Own data is ready"),
        _OWNER,
        lambda city: account_wording.archive_letter(
            city, i18n.long_date(made_up.in_days(3)), absolute("/accounts/me/data")
        ),
        lambda city: sms_wording.archive_text(city, i18n.short_date(made_up.in_days(3)), absolute(LINK)),
    ),
    "hidden": _of_act(_l("A moderator hid something"), made_up.an_act),
    "blacked-out": _of_act(_l("A moderator blacked out a part"), lambda: made_up.an_act(ActKind.REDACT)),
    "shown-again": _of_act(_l("It is shown again"), lambda: made_up.an_act(ended_at=clock.now())),
    "appeal-refused": _of_act(_l("An appeal was refused"), made_up.appeal_refused),
    "objection": Sample(
        _l("What came of an objection"), _READER, made_up.objection_letter, made_up.objection_text
    ),
    "late": Sample(
        _l("A case is late"),
        _STAFF,
        lambda city: clock_wording.escalation_letter(
            city, made_up.a_case(), EscalationStep.LATE, absolute("/desk")
        ),
    ),
    "invited": Sample(_l("Invited to work for the city"), _STAFF, made_up.invitation_letter),
    "morning": Sample(_l("Morning report"), _STAFF, made_up.morning_letter),
    "partner": Sample(_l("Case for a partner"), _l("Partners"), made_up.partner_letter),
}
"""By the name in the address."""
