"""Every kind of message with made-up content, written by the same functions that write the real ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cps.accounts.rules import CodePurpose
from cps.alerts.rules import NewsKind, Wish
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import Audience, CaseKind, EscalationStep, EventKind, Outcome, Status
from cps.core import clock, i18n, offline
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.offline import absolute
from cps.departments.models import Category, Department
from cps.insights.mornings import OfDepartment, Report
from cps.notices.rules import Circle, KnownNotice
from cps.notifications import account_wording, letters, sms_wording, wording
from cps.notifications.alerts import wording as alert_wording
from cps.notifications.clock import wording as clock_wording
from cps.notifications.handoff import wording as handoff_wording
from cps.notifications.letters import Letter
from cps.notifications.mail import Envelope, compose
from cps.notifications.models import Told
from cps.notifications.morning import wording as morning_wording
from cps.notifications.notices import wording as notice_wording
from cps.notifications.rules import Reader, Topic
from cps.notifications.server import mail_address
from cps.notifications.told import wording as told_wording
from cps.partners.models import PartnerLink

EXAMPLE = "city@example.org"
REFERENCE, CODE, PHONE = "261100000000", "123456", "+820000001234"
PAGE, LINK = "/complaints/2611-0000-0000", "/t/0-0-0000000000000000"


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


def _case(**columns: Any) -> Case:
    at = clock.now()
    values: dict[str, Any] = {
        "kind": CaseKind.COMPLAINT,
        "status": Status.IN_PROGRESS,
        "title": _("The street lamp is dark"),
        "is_private": False,
        "is_integrity": False,
        "is_hidden": False,
    }
    return Case(
        **{**values, **columns},
        reference=REFERENCE,
        language=i18n.current_language(),
        department=Department(name={i18n.current_language(): _("Roads")}),
        due_at=at + timedelta(days=5),
        received_at=at,
    )


def _event(kind: EventKind, status: Status | None = None, outcome: Outcome | None = None) -> CaseEvent:
    case = _case(**({"status": status} if status else {}), outcome=outcome)
    return CaseEvent(
        case=case,
        kind=kind,
        audience=Audience.PUBLIC,
        status=status,
        outcome=outcome,
        message=_("We have ordered a new lamp."),
        language=i18n.current_language(),
        at=clock.now(),
        data={},
    )


def _news(reader: Reader, kind: EventKind, *state: Any) -> Callable[[CityFacts], Letter]:
    def write(city: CityFacts) -> Letter:
        event = _event(kind, *state)
        stop = absolute("/notifications/unsubscribe") if reader is Reader.FOLLOWER else ""
        is_own = reader is Reader.REPORTER
        return wording.news_letter(
            city, event.case, event, reader, wording.Ends(absolute(PAGE), is_secret=is_own, unsubscribe=stop)
        )

    return write


def _news_text(kind: EventKind, *state: Any) -> Callable[[CityFacts], str]:
    def write(city: CityFacts) -> str:
        event = _event(kind, *state)
        return sms_wording.news_text(city, event.case, event, absolute(LINK))

    return write


def _notice() -> KnownNotice:
    at, language = clock.now(), i18n.current_language()
    title, says = {language: _("No water in the harbour quarter")}, {language: _("Back by 18:00.")}
    until = at + timedelta(hours=6)
    return KnownNotice(1, 1, title, says, {}, (), None, None, None, at, until, at)


def _digest() -> list[Told]:
    at = clock.now()
    return [
        Told(
            account_id=0,
            about=f"event:{number}",
            topic=Topic.FOLLOWED,
            case_id=number,
            language=i18n.current_language(),
            subject=f"{_('In progress')} – {title}",
            path=PAGE,
            told_at=at,
        )
        for number, title in enumerate((_("The street lamp is dark"), _("A hole in the road")), start=1)
    ]


def _alert(city: CityFacts) -> Letter:
    case = _case(category=Category(name={i18n.current_language(): _("Street light")}))
    told = alert_wording.Told(NewsKind.FILED, absolute(PAGE), case=case)
    ends = alert_wording.Ends(absolute("/alerts/stop"), absolute("/accounts/me/alerts"))
    return alert_wording.alert_letter(city, [told], [Wish(Circle(0, 0, 500))], ends)


def _code(city: CityFacts) -> Letter:
    return wording.code_letter(city, CODE, CodePurpose.SIGN_IN)


def _morning(city: CityFacts) -> Letter:
    at = clock.now()
    part = OfDepartment(0, "roads", {i18n.current_language(): _("Roads")}, late=2, today=3, reopened=1)
    ends = morning_wording.Ends(absolute("/desk/morning"), absolute("/morning"), has_desk=True)
    return morning_wording.morning_letter(city, Report(at, [part]), at, ends)


def _partner(city: CityFacts) -> Letter:
    at = clock.now()
    says, language = _("Please look at the cable."), i18n.current_language()
    sent = PartnerLink(message=says, language=language, asked_at=at, expires_at=at + timedelta(days=14))
    return handoff_wording.partner_letter(city, sent, _case(), absolute("/partner"))


def _digest_letter(city: CityFacts) -> Letter:
    ends = told_wording.Ends(*(absolute(path) for path in ("/messages", "/choices", "/stop")))
    return told_wording.digest_letter(city, _digest(), ends)


def _claimed(city: CityFacts) -> Letter:
    until = i18n.long_date(clock.now() + timedelta(days=7))
    return account_wording.claimed_letter(city, PHONE, until, absolute("/accounts/me/phone"))


def _in(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


_REPORTER, _FOLLOWER = _l("Who reported it"), _l("Who follows it")
_OWNER, _STAFF = _l("Whose account it is"), _l("Staff")
_FIXED = (EventKind.MOVED, Status.CLOSED, Outcome.FIXED)

SAMPLES: Mapping[str, Sample] = {
    "code": Sample(
        _l("One-time code"),
        _OWNER,
        _code,
        lambda city: sms_wording.code_text(city, CODE, CodePurpose.SIGN_IN),
    ),
    "filed": Sample(
        _l("The city has your report"),
        _REPORTER,
        lambda city: wording.filed_letter(city, _case(), wording.Ends(absolute(PAGE), is_secret=True)),
        lambda city: sms_wording.filed_text(city, _case(), absolute(LINK)),
    ),
    "news": Sample(
        _l("News of an own case"),
        _REPORTER,
        _news(Reader.REPORTER, EventKind.UPDATED),
        _news_text(EventKind.UPDATED),
    ),
    "asked": Sample(
        _l("A question to the reporter"),
        _REPORTER,
        _news(Reader.REPORTER, EventKind.ASKED),
        _news_text(EventKind.ASKED),
    ),
    "fixed": Sample(_l("Fixed"), _REPORTER, _news(Reader.REPORTER, *_FIXED), _news_text(*_FIXED)),
    "followed": Sample(
        _l("News of what is followed"),
        _FOLLOWER,
        _news(Reader.FOLLOWER, EventKind.UPDATED),
        _news_text(EventKind.UPDATED),
    ),
    "digest": Sample(
        _l("Daily digest"),
        _FOLLOWER,
        _digest_letter,
        lambda city: told_wording.digest_text(city, _digest(), absolute(LINK)),
    ),
    "notice": Sample(
        _l("What the city knows"),
        _FOLLOWER,
        lambda city: notice_wording.notice_letter(
            city, _notice(), None, (), notice_wording.Ends(absolute("/notices/1"), absolute("/stop"))
        ),
        lambda city: notice_wording.short_text(city, _notice(), None, absolute(LINK), is_over=False),
    ),
    "notice-over": Sample(
        _l("A notice is over"),
        _FOLLOWER,
        lambda city: notice_wording.over_letter(
            city, _notice(), notice_wording.Ends(absolute("/notices/1"), absolute("/stop"))
        ),
        lambda city: notice_wording.short_text(city, _notice(), None, absolute(LINK), is_over=True),
    ),
    "alert": Sample(_l("Alert"), _l("Who asked to be told"), _alert),
    "phone": Sample(
        _l("A new phone number"),
        _OWNER,
        lambda city: account_wording.phone_changed_letter(city, PHONE, absolute("/accounts/me/phone")),
    ),
    "claimed": Sample(
        _l("Somebody else has the number"),
        _OWNER,
        _claimed,
        lambda city: sms_wording.claimed_text(city, PHONE, i18n.short_date(_in(7)), absolute(LINK)),
    ),
    "joined": Sample(
        _l("Two accounts are one"),
        _OWNER,
        lambda city: account_wording.joined_letter(city, absolute("/accounts/me")),
        lambda city: sms_wording.joined_text(city, absolute(LINK)),
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
            city, i18n.long_date(_in(3)), absolute("/accounts/me/data")
        ),
        lambda city: sms_wording.archive_text(city, i18n.short_date(_in(3)), absolute(LINK)),
    ),
    "late": Sample(
        _l("A case is late"),
        _STAFF,
        lambda city: clock_wording.escalation_letter(city, _case(), EscalationStep.LATE, absolute("/desk")),
    ),
    "morning": Sample(_l("Morning report"), _STAFF, _morning),
    "partner": Sample(_l("Case for a partner"), _l("Partners"), _partner),
}
"""By the name in the address."""
