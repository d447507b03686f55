"""The pages that are looked at in a real browser, and how heavy each may be; a new page adds its line.

They stand in the demo city. A page is reached by its address, or by a visitor of `Site` who goes there step
by step and whose cookies the browser then takes over.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from cps.accounts.services import account_for_address
from cps.cases.models import Attachment, Case
from cps.cases.reference import display
from cps.cases.rules import CaseKind, Outcome, Status
from cps.cases.services.filing import link_secret
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.core.sms_budget import SmsPurpose
from cps.demo.plan import DOMAIN
from cps.departments.models import Department
from cps.insights.queries import newest_editions
from cps.moderation.models import Act, Flag
from cps.moderation.rules import Thing
from cps.notifications.links import short_token
from cps.notifications.models import Message, TextMessage
from cps.open311.outgoing.queries import newest_of
from cps.polls import queries
from cps.polls.rules import ResultsWhen
from cps.proposals.models import Comment
from tests.support import polls
from tests.support.factories import make_done_there, make_not_arrived
from tests.support.site import Site

Reach = Callable[[Site], str]
CODE_WANTED, KNOWN_ALREADY = Fact.CODE_WANTED.value, Fact.ADDRESS_ALREADY_KNOWN.value


@dataclass(frozen=True)
class Weight:
    """What a page may weigh, in kilobytes as they travel, and how many requests it may make."""

    first: int
    again: int
    scripts: int
    requests: int


PLAIN = Weight(first=30, again=12, scripts=10, requests=6)
WITH_MAP = Weight(first=120, again=12, scripts=10, requests=12)
"""The map itself comes only when asked for; `MAPS` weighs it."""

ALL_STEPS = Weight(first=40, again=14, scripts=10, requests=10)
"""All steps of filing on one page, with the questions of every category; phones fetch it once a day."""

IN_THE_FIELD = Weight(first=37, again=14, scripts=10, requests=8)
"""All of somebody's cases with their forms on one page: it is read and used without a connection."""

DESK = Weight(first=30, again=12, scripts=30, requests=6)
DESK_CASE = Weight(first=60, again=13, scripts=30, requests=12)
"""With the form of every act: asking with answers to tap and a reason for a no took it past 12."""

WITH_PICTURE = Weight(first=50, again=30, scripts=10, requests=7)
"""The photo that a moderator looks at, fetched anew each time."""

THUMBNAIL = 8


@dataclass(frozen=True)
class Look:
    """One page as one person sees it."""

    name: str
    reach: Reach
    who: str = ""
    presses: str = ""
    weight: Weight = PLAIN
    is_desk: bool = field(default=False)

    def __str__(self) -> str:
        return self.name


def at(path: str) -> Reach:
    """Return how to get to an address: there is nothing to it."""
    return lambda _site: path


def case_where(**columns: object) -> Callable[[Site], Case]:
    """Return how to find a complaint of the demo city with these columns."""

    def find(site: Site) -> Case:
        with site.app.app_context():
            question = (
                db.select(Case).filter_by(**columns).order_by(Case.photo_count.desc(), Case.id).limit(1)
            )
            case = db.session.scalars(question).one()
            db.session.expunge(case)
            return case

    return find


def page_of(**columns: object) -> Reach:
    """Return how to get to the page of such a complaint."""
    find = case_where(**columns)
    return lambda site: f"/complaints/{display(find(site).reference)}"


def below(path: str, **columns: object) -> Reach:
    """Return how to get to a page below that of such a complaint."""
    reach = page_of(**columns)
    return lambda site: f"{reach(site)}{path}"


def opened(**columns: object) -> Reach:
    """Return how its reporter gets to such a complaint: by the secret link."""
    find = case_where(**columns)

    def reach(site: Site) -> str:
        case = find(site)
        with site.app.app_context():
            secret = link_secret(case.reference)
        return site.get(f"/complaints/{display(case.reference)}/key/{secret}").path

    return reach


def on_the_desk(status: Status) -> Reach:
    """Return how to get to a case of the officer's own department on the desk."""

    def reach(site: Site) -> str:
        with site.app.app_context():
            own = (
                db.select(Case.reference)
                .join(Department)
                .where(Department.code == "roads", Case.status == status)
            )
            reference = db.session.scalars(own.where(Case.is_integrity.is_(False)).order_by(Case.id)).first()
        assert reference, f"the demo city has no case of the roads department that is {status}"
        return f"/desk/{display(reference)}"

    return reach


def compared(site: Site) -> str:
    """Return how to get to two cases of the officer's department side by side."""
    one, other = (on_the_desk(status)(site) for status in (Status.IN_PROGRESS, Status.RECEIVED))
    return f"{one}/compare/{other.removeprefix('/desk/')}"


def partner_link(site: Site) -> str:
    """Return how a partner gets to the case that was sent to it: by the link of its mail."""
    with site.app.app_context():
        asked = db.select(OutboxFact.payload).where(OutboxFact.fact == Fact.PARTNER_ASKED.value)
        return f"/partner/{db.session.scalars(asked).first()['token']}"  # type: ignore[index]


def connected_department(site: Site) -> str:
    """Return how to get to the other system of a department, at which a case did not arrive."""
    with site.app.app_context():
        own = db.select(Case).join(Department).where(Department.code == "roads", Case.is_listed.is_(True))
        case = db.session.scalars(own.order_by(Case.id).limit(1)).one()
        if newest_of(case.id) is None:
            make_not_arrived(case)
        return f"/admin/departments/{case.department_id}/system"


def done_there(site: Site) -> str:
    """Return how to get to a case of the officer's department that is said to be done in another system."""
    desk = on_the_desk(Status.IN_PROGRESS)(site)
    with site.app.app_context():
        reference = desk.removeprefix("/desk/").replace("-", "")
        case = db.session.scalars(db.select(Case).where(Case.reference == reference)).one()
        if newest_of(case.id) is None:
            make_done_there(case)
    return f"{desk}/send-back"


def proposal(status: Status, rest: str = "", outcome: Outcome | None = None) -> Reach:
    """Return how to get to a page of a proposal of the demo city where it stands so on its road."""

    def reach(site: Site) -> str:
        with site.app.app_context():
            found = db.select(Case.reference).where(
                Case.kind == CaseKind.PROPOSAL, Case.status == status, Case.is_listed.is_(True)
            )
            if outcome is not None:
                found = found.where(Case.outcome == outcome)
            reference = db.session.scalars(found.order_by(Case.support_count.desc()).limit(1)).one()
        return f"/proposals/{display(reference)}{rest}"

    return reach


def own_proposal(rest: str) -> Reach:
    """Return how the resident of the demo gets to a page of a proposal of their own, which they make."""

    def reach(site: Site) -> str:
        site.get(proposing("/check")(site))
        page = site.submit("/proposals/new/check", form="/proposals/new/check")
        return f"{page.path.split('?')[0]}{rest}"

    return reach


def proposing(until: str) -> Reach:
    """Return how a resident gets to a step of writing a proposal, having filled those before."""

    def reach(site: Site) -> str:
        title, body = "Plant trees along the canal", "There is no shade on the whole path along the water."
        page = site.submit("/proposals/new", form="/proposals/new", title=title, body=body)
        if until not in page.path:
            category = page.form("/proposals/new/place").choices("category")[0]
            page = site.submit(page, form="/proposals/new/place", category=category)
        assert until in page.path, f"{page.path} came where {until} was wanted"
        return page.path

    return reach


def flagging(thing: Thing) -> Reach:
    """Return how to get to the page where somebody objects to a thing of this kind."""

    def reach(site: Site) -> str:
        with site.app.app_context():
            found = db.select(Flag.thing_id).where(Flag.thing == thing).order_by(Flag.id).limit(1)
            return f"/flag/{thing}/{db.session.scalars(found).one()}"

    return reach


def moderating(thing: Thing) -> Reach:
    """Return how to get to the page of a moderator about a photo, or about the report that is hidden."""

    def reach(site: Site) -> str:
        with site.app.app_context():
            if thing is Thing.PHOTO:
                found = db.select(Attachment.id).join(Case, Case.id == Attachment.case_id)
                found = found.where(Case.is_listed, Attachment.is_hidden.is_(False)).order_by(Attachment.id)
            else:
                found = db.select(Act.thing_id).where(Act.thing == thing, Act.ended_at.is_(None))
            return f"/moderation/{thing}/{db.session.scalars(found.limit(1)).one()}"

    return reach


def comment_of(rest: str) -> Reach:
    """Return how to get to a page of a comment on a proposal that gathers support."""

    def reach(site: Site) -> str:
        with site.app.app_context():
            found = (
                db.select(Comment.id, Case.reference)
                .join(Case, Case.id == Comment.case_id)
                .where(Case.status == Status.GATHERING, Comment.parent_id.is_(None))
            )
            number, reference = db.session.execute(found.order_by(Comment.id).limit(1)).one()
        return f"/proposals/{display(reference)}/comments/{number}{rest}"

    return reach


def proposal_at_desk(status: Status, rest: str) -> Reach:
    """Return how to get to what an officer does with a proposal of the traffic department."""

    def reach(site: Site) -> str:
        with site.app.app_context():
            own = db.select(Case.reference).join(Department).where(Department.code == "traffic")
            yes = (
                Case.outcome.is_(None) if status is not Status.ANSWERED else Case.outcome == Outcome.ACCEPTED
            )
            fitting = own.where(Case.kind == CaseKind.PROPOSAL, Case.status == status, yes)
            reference = db.session.scalars(fitting.order_by(Case.id)).first()
        assert reference, f"the demo city has no proposal of the traffic department that is {status}"
        return f"/desk/{display(reference)}{rest}"

    return reach


def live_poll(slug: str, *, votes: int, rest: str = "") -> Reach:
    """Return how to get to a page of a poll with live results, which is held where there is none.

    Who decides on objections to it are those of the demo city: it gets no department of its own.
    """

    def reach(site: Site) -> str:
        with site.app.app_context():
            if queries.find_poll(slug) is None:
                objections = queries.get_poll("bench-colour").objection_category_id
                with clock.set_to(clock.now() - timedelta(minutes=5)):
                    poll = polls.make_poll(slug, results=ResultsWhen.LIVE, objection_category_id=objections)
                    polls.vote_many(poll, *([choice] for choice in ("park", "pool", "park") * (votes // 3)))
                polls.work()
        return f"/polls/{slug}{rest}"

    return reach


def filing(until: str) -> Reach:
    """Return how a resident gets to a step of filing a complaint, having filled those before."""

    def reach(site: Site) -> str:
        page = site.submit("/complaints/new/photos", form="/complaints/new/photos")
        if until not in page.path:
            page = site.submit(page, form="/complaints/new/place", address="In front of the bakery")
        if until not in page.path:
            category = page.form("/complaints/new/words").choices("category")[-1]
            page = site.submit(
                page, form="/complaints/new/words", body="The lamp is broken.", category=category
            )
        if until not in page.path:
            page = site.submit(page, form="/complaints/new/details")
        if until not in page.path and page.path.endswith("/similar"):
            page = site.get("/complaints/new/check")
        if until not in page.path:
            page = site.submit(page, form="/complaints/new/check")
        assert until in page.path, f"{page.path} came where {until} was wanted"
        return page.path

    return reach


def coded(path: str, **typed: str) -> Reach:
    """Return how to get to the page that asks for a code, from the one that sends it."""
    return lambda site: site.submit(path, form=path, **typed).path


def newest_code(site: Site) -> str:
    """Return the newest code for a number, from the outbox or from the message that was made of it."""
    with site.app.app_context():
        facts = db.select(OutboxFact).where(OutboxFact.fact.in_([CODE_WANTED, KNOWN_ALREADY]))
        stated = db.session.scalars(facts.order_by(OutboxFact.id.desc()).limit(1)).one()
        if "code" in stated.payload:
            return str(stated.payload["code"])
        sent = db.select(TextMessage.text).order_by(TextMessage.id.desc()).limit(1)
        return str(re.findall(r"\b\d{6}\b", db.session.scalars(sent).one())[0])


def registered(site: Site) -> str:
    """Register somebody new at the counter, and get to their slip."""
    own = secrets.token_hex(6)
    told = {"name": "Ines Moreau", "address": f"{own}@example.org", "kind": "card", "number": own}
    form = "/contact/register"
    page = site.submit(form, form=form, photo=True, valid=True, helper="filed", language="ar", **told)
    code = _code_of_mail(site, Fact.COUNTER_CODE_WANTED)
    return site.submit(page, form="/contact/register/agreed", consent=True, code=code).path


def _code_of_mail(site: Site, fact: Fact) -> str:
    """Return the newest code that was stated by this fact, or stands in the mail that was made of it."""
    with site.app.app_context():
        wanted = db.select(OutboxFact).filter_by(fact=fact.value)
        stated = db.session.scalars(wanted.order_by(OutboxFact.id.desc()).limit(1)).one()
        return str(stated.payload.get("code") or re.findall(r"\b\d{3} ?\d{3}\b", _newest_mail())[0])


def proposed(site: Site) -> str:
    """Propose for a caller who has an account, and get to what is read out."""
    form, own = "/contact/propose", secrets.token_hex(6)
    with site.app.app_context(), transaction():
        account_for_address(f"{own}@example.org", language="en", at=clock.now())
    page = site.get(form)
    told = {"title": f"Plant trees along the canal {own}", "body": "They would give shade to the path."}
    category = page.form(form).choices("category")[1]
    page = site.submit(page, form=form, email=f"{own}@example.org", category=category, **told)
    code = _code_of_mail(site, Fact.PROPOSAL_CODE_WANTED)
    return site.submit(page, form=f"{form}/confirmed", confirmation=code).path


def _newest_mail() -> str:
    return str(db.session.scalars(db.select(Message.body_text).order_by(Message.id.desc()).limit(1)).one())


def make_phone_account(site: Site, phone: str) -> None:
    """Let a number have an account that nothing else is known of."""
    with site.app.app_context(), transaction():
        account_for_address(phone, language="en", at=clock.now())


def known_number(site: Site) -> str:
    """Get to the question whose the account of a number is."""
    make_phone_account(site, "+821077770001")
    page = site.submit("/accounts/register", email="010-7777-0001", password="")
    if page.path == "/accounts/code":
        page = site.submit(page, form="/accounts/code", code=newest_code(site))
    return page.path


def joining(site: Site) -> str:
    """Get to the page that says what joining does."""
    make_phone_account(site, "+821066660001")
    page = site.submit("/accounts/me/join", form="/accounts/me/join", email="010-6666-0001")
    return site.submit(page, form="/accounts/me/join/code", code=newest_code(site)).path


def text_message(site: Site) -> str:
    """Get to a text message of the demo's mailbox."""
    with site.app.app_context(), transaction() as session:
        now = clock.now()
        message = TextMessage(
            dedupe_key=f"look:{now.isoformat()}",
            purpose=SmsPurpose.NEWS,
            phone="+821012345678",
            language="en",
            text="Aurelia City: Fixed (2611-4839-1267).",
            created_at=now,
            run_at=now,
            done_at=now,
        )
        session.add(message)
        session.flush()
        return f"/demo/mailbox/text/{message.id}"


def last_month(site: Site) -> str:
    """Get to the page of the month that was published last."""
    with site.app.app_context():
        return f"/promises/{newest_editions(limit=1)[0].month}"


def told_case(site: Site) -> str:
    """Get to a case as an agent tells of it."""
    case = case_where(status=Status.IN_PROGRESS, is_listed=True)(site)
    return f"/contact/cases/{display(case.reference)}?phone=010-5550-0101"


def short_link(site: Site) -> str:
    """Get to where a text message about a case leads."""
    case = case_where(status=Status.IN_PROGRESS, is_listed=True)(site)
    with site.app.app_context():
        return f"/t/{short_token(case.id)}"


RESIDENT = f"resident@{DOMAIN}"
CHECK = "main form .buttons button"
UNVERIFIED = f"resident49@{DOMAIN}"
AGENT = f"agent@{DOMAIN}"
OFFICER = f"officer@{DOMAIN}"
ADMINISTRATOR = f"admin@{DOMAIN}"
SUPERVISOR = f"supervisor@{DOMAIN}"
MODERATOR = f"moderator@{DOMAIN}"
TRAFFIC = f"traffic@{DOMAIN}"

SENDS = "main form .buttons button"

PUBLIC = [
    Look("home", at("/")),
    Look("about", at("/about")),
    Look("privacy", at("/privacy")),
    Look("accessibility statement", at("/accessibility")),
    Look("languages", at("/language")),
    Look("text size", at("/text-size")),
    Look("track", at("/track")),
    Look("track, mistyped", at("/track?reference=1234")),
    Look("complaints", at("/complaints"), weight=WITH_MAP),
    Look("complaints, nothing found", at("/complaints?q=zzzzzz")),
    Look("complaints, narrowed", at("/complaints?q=road&state=waiting&since=2026-01-01"), weight=WITH_MAP),
    Look("complaint, received", page_of(status=Status.RECEIVED, is_listed=True)),
    Look("complaint, in progress", page_of(status=Status.IN_PROGRESS, is_listed=True)),
    Look("complaint, waiting for the resident", page_of(status=Status.WAITING_RESIDENT, is_listed=True)),
    Look("complaint, closed", page_of(status=Status.CLOSED, is_listed=True)),
    Look("complaint, private", page_of(is_private=True, is_integrity=False, is_hidden=False)),
    Look("complaint, its reporter", opened(status=Status.CLOSED, is_hidden=False)),
    Look("unlock", below("/unlock", is_private=True, is_integrity=False, is_hidden=False)),
    Look("support", below("/support", is_listed=True, status=Status.RECEIVED)),
    Look("follow", below("/follow", is_listed=True, status=Status.RECEIVED)),
    Look("being told what is new", at("/alerts/new"), weight=WITH_MAP),
    Look("being told what is new, nothing chosen", at("/alerts/new"), presses=SENDS),
    Look("open data", at("/data")),
    Look("figures", at("/insights")),
    Look("promises", at("/promises")),
    Look("promises of a month", last_month),
    Look("promises of a department", at("/promises/departments/roads")),
    Look("answers", at("/answers")),
    Look("answers to a question", at("/answers?q=old+sofa")),
    Look("an answer", at("/answers/bulky-waste")),
    Look("notices", at("/notices")),
    Look("suspensions of work", at("/suspensions")),
    Look("notice", at("/notices/1")),
    Look("notice, over", at("/notices/2")),
    Look("notice, being told", at("/notices/1/follow")),
    Look("sign in", at("/accounts/sign-in")),
    Look("sign in, nothing typed", at("/accounts/sign-in"), presses="form[action*='sign-in'] button"),
    Look("register", at("/accounts/register")),
    Look("register, nothing typed", at("/accounts/register"), presses="form[action*='register'] button"),
    Look("forgotten password", at("/accounts/reset")),
    Look("polls", at("/polls")),
    Look("poll, open", at("/polls/old-fire-station")),
    Look("poll, a budget", at("/polls/neighbourhood-budget")),
    Look("poll, to come", at("/polls/name-of-the-bridge")),
    Look("poll, published", at("/polls/bench-colour")),
    Look("poll, how votes are protected", at("/polls/old-fire-station/protection")),
    Look("poll, keeping signed heads", at("/polls/old-fire-station/watch")),
    Look("poll, no result yet", at("/polls/old-fire-station/results")),
    Look("poll, counts so far", live_poll("market-day", votes=150, rest="/results")),
    Look("poll, no counts yet", live_poll("playground", votes=3, rest="/results")),
    Look("poll, protection while counted", live_poll("playground", votes=3, rest="/protection")),
    Look("result", at("/polls/bench-colour/results")),
    Look("result, how to recount", at("/polls/bench-colour/recount")),
    Look("result, objecting", at("/polls/bench-colour/object")),
    Look(
        "result, objecting, nothing typed",
        at("/polls/bench-colour/object"),
        presses="form[action$='/object'] button",
    ),
    Look("receipt, not yet", at("/polls/old-fire-station/receipt")),
    Look("receipt", at("/polls/bench-colour/receipt")),
    Look("receipt, nothing typed", at("/polls/bench-colour/receipt"), presses="main form .buttons button"),
    Look("offline", at("/offline")),
    Look("report without a connection", at("/complaints/offline"), weight=ALL_STEPS),
    Look("kept on this phone", at("/complaints/kept")),
    Look("mailbox of the demo", at("/demo/mailbox")),
    Look("text message of the demo", text_message),
    Look("where a text message leads", short_link),
    Look("whose the account of a number is", known_number),
    Look("nothing here", at("/no-such-page")),
]

FILING = [
    Look("filing: photos", at("/complaints/new/photos")),
    Look("filing: place", filing("/place"), weight=WITH_MAP),
    Look("filing: words", filing("/words")),
    Look("filing: words, nothing typed", filing("/words"), presses="form[action$='/words'] button"),
    Look("filing: details", filing("/details")),
    Look("filing: similar", filing("/similar")),
    Look("filing: check", filing("/check")),
    Look("filing: sent", filing("/done")),
]

PROPOSALS = [
    Look("proposals", at("/proposals"), weight=WITH_MAP),
    Look("proposals, answer due", at("/proposals?stage=answer-due"), weight=WITH_MAP),
    Look("proposals, nothing found", at("/proposals?q=zzzzzz")),
    *(
        Look(f"proposal, {status.value}", proposal(status))
        for status in (
            *(Status.GATHERING, Status.ANSWER_DUE, Status.ANSWERED, Status.IN_DELIVERY),
            *(Status.DELIVERED, Status.EXPIRED, Status.WITHDRAWN),
        )
    ),
    Look("proposal, joined", proposal(Status.ANSWERED, outcome=Outcome.JOINED)),
    Look("proposal, signed in", proposal(Status.GATHERING), RESIDENT),
    Look("proposal, nothing said", proposal(Status.GATHERING), RESIDENT, presses="#say form button"),
    Look("proposal, asked at the end", proposal(Status.DELIVERED), RESIDENT),
    Look("supporting a proposal", proposal(Status.GATHERING, "/support")),
    Look("following a proposal", proposal(Status.GATHERING, "/follow")),
    Look("replying to a comment", comment_of("/reply"), RESIDENT),
    Look("objecting to a report", flagging(Thing.CASE)),
    Look("objecting, nothing chosen", flagging(Thing.COMMENT), presses=SENDS),
    Look("what is hidden, and why", at("/about/moderation")),
    Look("proposing: words", at("/proposals/new")),
    Look("proposing: words, nothing typed", at("/proposals/new"), presses=SENDS),
    Look("proposing: place", proposing("/place"), weight=WITH_MAP),
    Look("proposing: place, nothing chosen", proposing("/place"), presses=SENDS),
    Look("proposing: check", proposing("/check")),
    Look("proposing: check, signed in", proposing("/check"), RESIDENT),
    Look("own proposal", own_proposal(""), RESIDENT),
    Look("own proposal, its words", own_proposal("/edit"), RESIDENT),
    Look("own proposal, an addition", own_proposal("/add"), RESIDENT),
    Look("own proposal, taken back", own_proposal("/withdraw"), RESIDENT),
]

OWN = [
    Look("my proposals", at("/accounts/me/proposals"), RESIDENT),
    Look("what I support", at("/accounts/me/supports"), RESIDENT),
    Look("my page", at("/accounts/me"), RESIDENT),
    Look("my cases", at("/accounts/me/cases"), RESIDENT),
    Look("my alerts", at("/accounts/me/alerts"), RESIDENT),
    Look("my alerts, none yet", at("/accounts/me/alerts"), UNVERIFIED),
    Look("my votes", at("/accounts/me/polls"), RESIDENT),
    Look("my data", at("/accounts/me/data"), RESIDENT),
    Look("my profile", at("/accounts/me/profile"), RESIDENT),
    Look("deleting my account", at("/accounts/me/delete"), RESIDENT),
    Look("my messages", at("/accounts/me/messages"), RESIDENT),
    Look("what comes when", at("/accounts/me/messages/choices"), RESIDENT),
    Look("my devices", at("/accounts/me/devices"), RESIDENT),
    Look("my password", at("/accounts/me/password"), RESIDENT),
    Look("my second step", at("/accounts/me/two-step"), RESIDENT),
    Look("is it me", at("/accounts/me/confirm"), RESIDENT),
    Look("my e-mail address", at("/accounts/me/email"), RESIDENT),
    Look("my phone number", at("/accounts/me/phone"), RESIDENT),
    Look(
        "my phone number, nothing typed",
        at("/accounts/me/phone"),
        RESIDENT,
        presses="form[action$='/phone'] button",
    ),
    Look("my phone number, the code", coded("/accounts/me/phone", phone="010-2345-6789"), RESIDENT),
    Look("another account of mine", at("/accounts/me/join"), RESIDENT),
    Look("joining another account, to check", joining, RESIDENT),
    Look("my helpers", at("/accounts/me/helpers"), RESIDENT),
    Look("my place in the register", at("/accounts/me/register"), RESIDENT),
    Look("proving to be in the register", at("/accounts/me/register"), UNVERIFIED),
    Look(
        "proving to be in the register, nothing typed",
        at("/accounts/me/register"),
        UNVERIFIED,
        presses="form[action$='/register'] button",
    ),
    Look(
        "digits for the counter",
        at("/accounts/me/register"),
        UNVERIFIED,
        presses="form[action$='/code'] button",
    ),
    Look("sign out", at("/accounts/sign-out"), RESIDENT),
]

VOTING = [
    Look("ballot", at("/polls/old-fire-station/vote"), RESIDENT),
    Look("ballot, nothing chosen", at("/polls/old-fire-station/vote"), RESIDENT, presses=CHECK),
    Look("ballot of a budget", at("/polls/neighbourhood-budget/vote"), RESIDENT),
    Look("vote not possible yet", at("/polls/old-fire-station/vote"), UNVERIFIED),
    Look("vote before it opens", at("/polls/name-of-the-bridge/vote"), RESIDENT),
]

STAFF = [
    Look("morning report, a head of department", at("/desk/morning"), SUPERVISOR),
    Look("in the field", at("/desk/field"), OFFICER, weight=IN_THE_FIELD),
    Look("what supervisors look at", at("/desk/supervisor"), SUPERVISOR),
    Look("what residents said of answers", at("/desk/supervisor/answers"), SUPERVISOR),
    Look("morning report, all departments", at("/desk/morning"), ADMINISTRATOR),
    Look("who gets the morning report", at("/admin/morning"), ADMINISTRATOR),
    *(
        Look(f"calls: {name}", at(f"/contact{rest}"), SUPERVISOR)
        for name, rest in (
            ("who is calling", ""),
            ("what words find", "?q=lamp&phone=010-5550-0101"),
            ("a caller", "?phone=010-5550-0101"),
            ("filing", "/file?phone=010-5550-0101"),
            ("a promise", "/call-backs/new?phone=010-5550-0101"),
            ("call backs", "/call-backs"),
            ("figures", "/figures"),
            ("board", "/board"),
            ("words for contacts", "/codes"),
            ("to look at", "/warnings"),
        )
    ),
    Look("calls: a case", told_case, AGENT),
    Look("proposing for a caller", at("/contact/propose?phone=010-5550-0101"), AGENT),
    Look(
        "proposing for a caller, nothing typed",
        at("/contact/propose"),
        AGENT,
        presses="main form .buttons button",
    ),
    Look("proposed for a caller", proposed, AGENT),
    Look("registering somebody", at("/contact/register"), AGENT),
    Look("the slip of somebody registered", registered, AGENT),
    Look("check who somebody is", at("/contact/identity"), AGENT),
    Look("check who somebody is, nothing typed", at("/contact/identity"), AGENT, presses="main form button"),
    Look("answering a proposal", proposal_at_desk(Status.ANSWER_DUE, "/answer"), TRAFFIC),
    Look("sending a case back to another system", done_there, OFFICER),
    Look("lifting a proposal", proposal_at_desk(Status.GATHERING, "/lift"), TRAFFIC),
    Look("joining a proposal", proposal_at_desk(Status.GATHERING, "/into"), TRAFFIC),
    Look("beginning to deliver", proposal_at_desk(Status.ANSWERED, "/delivery"), TRAFFIC),
    Look("making a poll of a proposal", proposal_at_desk(Status.ANSWERED, "/poll"), TRAFFIC),
    Look(
        "desk, a proposal",
        proposal_at_desk(Status.ANSWER_DUE, ""),
        TRAFFIC,
        weight=DESK_CASE,
        is_desk=True,
    ),
    Look("two cases side by side", compared, OFFICER),
    Look("a case as a partner sees it", partner_link),
    Look("moderation", at("/moderation"), MODERATOR),
    Look("moderation, a photo", moderating(Thing.PHOTO), MODERATOR, weight=WITH_PICTURE),
    Look("moderation, a report that is hidden", moderating(Thing.CASE), MODERATOR),
    Look("articles", at("/answers/edit"), SUPERVISOR),
    Look("an article", at("/answers/edit/13"), SUPERVISOR),
    Look("a translation", at("/answers/edit/13/text/ko"), SUPERVISOR),
    Look("searched in vain", at("/answers/edit/unanswered"), AGENT),
    Look("what came in", at("/channels"), AGENT),
    Look("a message that waits", at("/channels/messages/1"), AGENT),
    Look("a form on paper to enter", at("/channels/paper"), AGENT),
    Look("a chat to paste", at("/channels/pasted"), AGENT),
    Look("a form to print", at("/paper/complaint")),
    Look("words that mean the same", at("/answers/edit/synonyms"), ADMINISTRATOR),
    Look("notices at the desk", at("/desk/notices"), OFFICER),
    Look("a new notice", at("/desk/notices/new"), OFFICER),
    Look("a new notice, nothing typed", at("/desk/notices/new"), OFFICER, presses=SENDS),
    Look("a notice at the desk", at("/desk/notices/1"), OFFICER),
    Look("a changed notice", at("/desk/notices/1/change"), OFFICER),
    Look("desk", at("/desk"), OFFICER, weight=DESK, is_desk=True),
    Look("desk, all filters", at("/desk/filter?box=closed&outcome=fixed"), OFFICER, weight=WITH_MAP),
    Look("views of the desk", at("/desk/views?box=late&due=three-times"), SUPERVISOR),
    Look("desk, nothing found", at("/desk?q=zzzzzz"), OFFICER, weight=DESK, is_desk=True),
    *(
        Look(
            f"desk, a case that is {status.value}",
            on_the_desk(status),
            OFFICER,
            weight=DESK_CASE,
            is_desk=True,
        )
        for status in (Status.RECEIVED, Status.IN_PROGRESS, Status.CLOSED)
    ),
]


def drafted(rest: str = "") -> Reach:
    """Return how an administrator gets to a page of a draft, which is begun where there is none."""

    def reach(site: Site) -> str:
        address = "/admin/polls/tram-depot"
        if site.get(address).status == 404:
            site.submit("/admin/polls/new", question="What should the tram depot become?", slug="tram-depot")
            for label in ("A market hall", "A park"):
                site.submit(f"{address}/options/new", label_en=label)
            site.submit(f"{address}/keys")
        return f"{address}{rest}"

    return reach


MANAGING = [
    Look("turning off a second step", at("/admin/accounts/two-step"), ADMINISTRATOR),
    Look("accounts of staff", at("/admin/accounts"), ADMINISTRATOR),
    Look("an account of staff", at("/admin/accounts/1"), ADMINISTRATOR),
    Look("what was done", at("/admin/audit"), ADMINISTRATOR),
    Look("files to bring in", at("/admin/imports"), ADMINISTRATOR),
    Look("cases to bring in", at("/admin/imports/cases"), ADMINISTRATOR),
    Look("files to take out", at("/admin/exports"), ADMINISTRATOR),
    Look("the city in administration", at("/admin/city"), ADMINISTRATOR),
    Look("crest of the city", at("/admin/city/crest"), ADMINISTRATOR),
    Look("words of the city", at("/admin/city/words"), ADMINISTRATOR),
    Look("words of the city on privacy", at("/admin/city/words/privacy"), ADMINISTRATOR),
    Look("wards in administration", at("/admin/wards"), ADMINISTRATOR),
    Look("departments", at("/admin/departments"), ADMINISTRATOR),
    Look("a department", at("/admin/departments/1"), ADMINISTRATOR),
    Look("text messages and their cost", at("/admin/sms"), ADMINISTRATOR),
    Look("text messages: settings", at("/admin/sms/settings"), ADMINISTRATOR),
    Look("what did not arrive", at("/admin/deliveries"), ADMINISTRATOR),
    Look("what the city writes", at("/admin/messages"), ADMINISTRATOR),
    Look("a message to look at", at("/admin/messages/fixed"), ADMINISTRATOR),
    Look("when messages leave", at("/admin/messages/hours"), ADMINISTRATOR),
    Look("partners", at("/admin/partners"), ADMINISTRATOR),
    Look("keys of other programs", at("/admin/open311"), ADMINISTRATOR),
    Look("the other system of a department", connected_department, ADMINISTRATOR),
    Look("administration", at("/admin"), ADMINISTRATOR),
    Look("who may read reporters", at("/admin/integrity"), ADMINISTRATOR),
    Look("suggested categories", at("/admin/suggestions"), ADMINISTRATOR),
    Look("working calendar", at("/admin/calendar"), ADMINISTRATOR),
    Look("texts of a language", at("/admin/texts/es"), ADMINISTRATOR),
    Look("categories", at("/admin/categories"), ADMINISTRATOR),
    Look("a category", at("/admin/categories/1"), ADMINISTRATOR),
    Look("a question of a category", at("/admin/categories/1/questions/1"), ADMINISTRATOR),
    Look("reply templates", at("/admin/templates"), ADMINISTRATOR),
    Look("a reply template", at("/admin/templates/1"), ADMINISTRATOR),
    Look("reasons for a no", at("/admin/reasons"), ADMINISTRATOR),
    Look("a reason for a no", at("/admin/reasons/1"), ADMINISTRATOR),
    Look("routing", at("/admin/routing"), ADMINISTRATOR),
    Look("a rule of routing", at("/admin/routing/1"), ADMINISTRATOR),
    Look("the answer clock: settings", at("/admin/clock"), ADMINISTRATOR),
    Look("goals of proposals", at("/admin/proposals"), ADMINISTRATOR),
    Look("suspending work", at("/admin/suspensions"), ADMINISTRATOR),
    Look("suspending work, nothing typed", at("/admin/suspensions"), ADMINISTRATOR, presses=SENDS),
    Look("polls in administration", at("/admin/polls"), ADMINISTRATOR),
    Look("a new poll", at("/admin/polls/new"), ADMINISTRATOR),
    Look("a draft", drafted(), ADMINISTRATOR),
    Look("a draft: question", drafted("/question"), ADMINISTRATOR),
    Look("a draft: options", drafted("/options"), ADMINISTRATOR),
    Look("a draft: option", drafted("/options/new"), ADMINISTRATOR),
    Look("a draft: option, nothing typed", drafted("/options/new"), ADMINISTRATOR, presses=SENDS),
    Look("a draft: rules", drafted("/rules"), ADMINISTRATOR),
    Look("a draft: who", drafted("/who"), ADMINISTRATOR),
    Look("a draft: times", drafted("/times"), ADMINISTRATOR),
    Look("a draft: publication", drafted("/publication"), ADMINISTRATOR),
    Look("a draft: keys", drafted("/keys"), ADMINISTRATOR),
    Look("a draft: rehearsal", drafted("/rehearsal"), ADMINISTRATOR),
    Look("a draft: open it", drafted("/open"), ADMINISTRATOR),
    Look("an open poll in administration", at("/admin/polls/old-fire-station"), ADMINISTRATOR),
    Look("a result in administration", at("/admin/polls/bench-colour"), ADMINISTRATOR),
    Look("protocol of a close", at("/admin/polls/bench-colour/protocol/closing"), ADMINISTRATOR),
    Look("witnesses of a poll", at("/admin/polls/bench-colour/witnesses"), ADMINISTRATOR),
    Look("declare a poll void", at("/admin/polls/old-fire-station/void"), ADMINISTRATOR),
    Look("counter", at("/polls/old-fire-station/counter"), AGENT),
    Look("counter, nothing typed", at("/polls/old-fire-station/counter"), AGENT, presses=SENDS),
]

LOOKS = [*PUBLIC, *FILING, *PROPOSALS, *OWN, *VOTING, *STAFF, *MANAGING]
MAPS = [Look("complaints", at("/complaints")), Look("filing: place", filing("/place"))]
