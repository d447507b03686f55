"""Made-up cases, notices and people for the previews of messages, and letters about them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cps.accounts.rules import CodePurpose
from cps.alerts.rules import NewsKind, Wish
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import Audience, CaseKind, EventKind, HidingReason, Outcome, Status
from cps.core import clock, i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.offline import absolute
from cps.departments.models import Category, Department
from cps.insights.mornings import OfDepartment, Report
from cps.moderation.models import Act
from cps.moderation.rules import ActKind, Thing
from cps.moderation.wording import THINGS
from cps.notices.rules import Circle, KnownNotice
from cps.notifications import account_wording, sms_wording, wording
from cps.notifications.alerts import wording as alert_wording
from cps.notifications.handoff import wording as handoff_wording
from cps.notifications.inviting import wording as inviting_wording
from cps.notifications.letters import Letter
from cps.notifications.models import Told
from cps.notifications.moderation import wording as moderation_wording
from cps.notifications.morning import wording as morning_wording
from cps.notifications.parts import Ends
from cps.notifications.rules import Reader, Topic
from cps.notifications.told import wording as told_wording
from cps.partners.models import PartnerLink

REFERENCE, CODE, PHONE = "261100000000", "123456", "+820000001234"
PAGE, LINK = "/complaints/2611-0000-0000", "/t/0-0-0000000000000000"


def a_case(**columns: Any) -> Case:
    """Return a complaint in hand, with these columns."""
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


def an_event(kind: EventKind, status: Status | None = None, outcome: Outcome | None = None) -> CaseEvent:
    """Return something that happened to a case."""
    case = a_case(**({"status": status} if status else {}), outcome=outcome)
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


def news(reader: Reader, kind: EventKind, *state: Any) -> Callable[[CityFacts], Letter]:
    """Return what writes the letter about something that happened to a case, for a reader."""

    def write(city: CityFacts) -> Letter:
        event = an_event(kind, *state)
        stop = absolute("/notifications/unsubscribe") if reader is Reader.FOLLOWER else ""
        is_own = reader is Reader.REPORTER
        return wording.news_letter(
            city, event.case, event, reader, Ends(absolute(PAGE), is_secret=is_own, unsubscribe=stop)
        )

    return write


def news_text(kind: EventKind, *state: Any) -> Callable[[CityFacts], str]:
    """Return what writes the same as a text message."""

    def write(city: CityFacts) -> str:
        event = an_event(kind, *state)
        return sms_wording.news_text(city, event.case, event, absolute(LINK))

    return write


def a_notice() -> KnownNotice:
    """Return something that the city knows."""
    at, language = clock.now(), i18n.current_language()
    title, says = {language: _("No water in the harbour quarter")}, {language: _("Back by 18:00.")}
    until = at + timedelta(hours=6)
    return KnownNotice(1, 1, title, says, {}, (), None, None, None, at, until, at)


def told_today() -> list[Told]:
    """Return what a person was told on a day."""
    at, step = clock.now(), _("Being worked on")
    return [
        Told(
            account_id=0,
            about=f"event:{number}",
            topic=Topic.FOLLOWED,
            case_id=number,
            language=i18n.current_language(),
            subject=f"{step} – {title}",
            path=PAGE,
            told_at=at,
        )
        for number, title in enumerate((_("The street lamp is dark"), _("A hole in the road")), start=1)
    ]


def alert_letter(city: CityFacts) -> Letter:
    """Write the letter of an alert."""
    case = a_case(category=Category(name={i18n.current_language(): _("Street light")}))
    told = alert_wording.Told(NewsKind.FILED, absolute(PAGE), case=case)
    ends = alert_wording.Ends(absolute("/alerts/stop"), absolute("/accounts/me/alerts"))
    return alert_wording.alert_letter(city, [told], [Wish(Circle(0, 0, 500))], ends)


def code_letter(city: CityFacts) -> Letter:
    """Write the letter with a one-time code."""
    return account_wording.code_letter(city, CODE, CodePurpose.SIGN_IN)


def morning_letter(city: CityFacts) -> Letter:
    """Write the report of the morning."""
    at = clock.now()
    part = OfDepartment(0, "roads", {i18n.current_language(): _("Roads")}, late=2, today=3, reopened=1)
    ends = morning_wording.Ends(absolute("/desk/morning"), absolute("/morning"), has_desk=True)
    return morning_wording.morning_letter(city, Report(at, [part]), at, ends)


def invitation_letter(city: CityFacts) -> Letter:
    """Write the letter to somebody who is invited to work for the city."""
    page = absolute("/invited/link")
    return inviting_wording.invitation_letter(city, "Ina", "Emil", page, in_days(7))


def partner_letter(city: CityFacts) -> Letter:
    """Write the letter to a partner."""
    at = clock.now()
    says, language = _("Please look at the cable."), i18n.current_language()
    sent = PartnerLink(message=says, language=language, asked_at=at, expires_at=at + timedelta(days=14))
    return handoff_wording.partner_letter(city, sent, a_case(), absolute("/partner"))


def digest_letter(city: CityFacts) -> Letter:
    """Write the daily digest."""
    ends = told_wording.Ends(*(absolute(path) for path in ("/messages", "/choices", "/stop")))
    return told_wording.digest_letter(city, told_today(), ends)


def claimed_letter(city: CityFacts) -> Letter:
    """Write the letter that somebody else has the number."""
    until = i18n.long_date(in_days(7))
    return account_wording.claimed_letter(city, PHONE, until, absolute("/accounts/me/phone"))


def an_act(what: ActKind = ActKind.HIDE, **columns: Any) -> Act:
    """Return what a moderator did about an entry of a story."""
    note = _("Please write it again without the name.")
    reason = HidingReason.PERSONAL_DATA
    return Act(id=1, thing=Thing.UPDATE, what=what, reason=reason, note=note, at=clock.now(), **columns)


def appeal_refused() -> Act:
    """Return an act against which its author appealed in vain."""
    words = _("A name stands in it that is nobody's business.")
    return an_act(decided_at=clock.now(), decided_alone=False, is_granted=False, decision=words)


def act_letter(make: Callable[[], Act]) -> Callable[[CityFacts], Letter]:
    """Return what writes the letter to the author about an act."""
    return lambda city: moderation_wording.act_letter(city, make(), a_case(), absolute(PAGE))


def act_text(make: Callable[[], Act]) -> Callable[[CityFacts], str]:
    """Return what writes the same as a text message."""
    return lambda city: moderation_wording.act_text(city, make(), a_case(), absolute(LINK))


def objection_letter(city: CityFacts) -> Letter:
    """Write the letter to a reader who objected to something."""
    thing, page = str(THINGS[Thing.UPDATE]), absolute("/about/moderation")
    return moderation_wording.flag_letter(city, thing, an_act(), _("Thank you for telling us."), page)


def objection_text(city: CityFacts) -> str:
    """Write the same as a text message."""
    return moderation_wording.flag_text(city, str(THINGS[Thing.UPDATE]), an_act())


def in_days(days: int) -> datetime:
    """Return the moment so many days from now."""
    return clock.now() + timedelta(days=days)
