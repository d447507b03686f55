"""Every address × everybody: who may open or send what, written down here and walked.

An address without a line in `GETS` or `POSTS` fails. Whoever is not named gets 404, because existence
itself is private; a visitor is asked to sign in, or refused. `READERS` says who may read the words of cases
that are not public; no address may show them to anybody else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from cps.accounts.models import Account
from cps.alerts.rules import Wish
from cps.alerts.stopping import Stop
from cps.alerts.stopping import stop_path as stop_alert_path
from cps.cases.models import Attachment, Case, CaseNotice
from cps.cases.queries import lock_case
from cps.cases.rules import Channel, EventKind, Status
from cps.cases.services.photos import SIZES, storage_key
from cps.channels.rules import WayKind
from cps.contact import services as calls
from cps.contact.queries import lock_caller
from cps.contact.rules import Call, Ending
from cps.contact.services import Outcome, Promise
from cps.core import city as cities
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.keys import app_keys_dir
from cps.core.models import City
from cps.core.security import Can, has_rule
from cps.core.sms_budget import SmsPurpose
from cps.departments.models import Category, Department
from cps.insights.rules import Month
from cps.insights.services import freeze
from cps.insights.stopping import Stop as StopMorning
from cps.insights.stopping import Whom
from cps.knowledge import services as answers
from cps.knowledge.rules import Move, Words
from cps.notices.stopping import stop_path
from cps.notifications.links import short_token, unsubscribe_token
from cps.notifications.models import Message, TextMessage
from cps.notifications.rules import MessageChannel
from cps.notifications.told.stopping import stop_path as stop_digest_path
from cps.partners.models import Partner
from cps.partners.services import Errand, send
from cps.polls.services import counter
from cps.polls.services.casting import Voter
from cps.proposals.models import Delivery, Milestone
from cps.proposals.services import NewComment, comment
from cps.triage.models import SavedView
from cps.triage.work.models import DeskAct
from cps.triage.work.rules import CHOOSING
from tests.proposals.making import make_proposal, make_theme
from tests.support import factories as make
from tests.support import polls
from tests.support.fixtures import Database
from tests.support.page import Page
from tests.support.site import Site

VISITOR = "visitor"
ACTORS = (
    VISITOR,
    "resident",
    "reporter",
    "agent",
    "officer",
    "officer elsewhere",
    "triage officer",
    "supervisor",
    "moderator",
    "integrity officer",
    "administrator",
)
"""`officer` and `supervisor` work in the department that has the cases, `officer elsewhere` does not."""

EVERYBODY = frozenset(ACTORS)
SIGNED_IN = EVERYBODY - {VISITOR}
WORKERS = frozenset({"officer", "triage officer", "supervisor"})
DESK = WORKERS | {"officer elsewhere", "integrity officer"}
MAKERS = WORKERS | {"officer elsewhere"}
"""Who makes notices; agents and the integrity officer do not."""

REPORTER = frozenset({"reporter"})
CLERKS = frozenset({"agent", "officer", "officer elsewhere", "triage officer", "administrator"})

COUNTER = CLERKS | {"supervisor"}
ADMINISTRATOR = frozenset({"administrator"})
TAKERS = WORKERS | {"agent", "officer elsewhere"}
HEAD = frozenset({"supervisor"})
MORNING = frozenset({"supervisor", "administrator"})
WRITERS = MORNING | {"agent"}
"""Who writes answers; supervisors and administrators publish them."""

AGENTS = frozenset({"agent", "supervisor"})
CALLERS_BACK = AGENTS | WORKERS | {"officer elsewhere"}
CALLED_BACK = AGENTS | {"officer"}
"""Who calls back somebody who was handed to the department of the case."""

GETS: dict[str, frozenset[str]] = {
    "/": EVERYBODY,
    "/about": EVERYBODY,
    "/accessibility": EVERYBODY,
    "/answers": EVERYBODY,
    "/answers/<code:slug>": EVERYBODY,
    "/answers/<code:slug>/not-helped": EVERYBODY,
    "/answers/edit": WRITERS,
    "/answers/edit/<int:article_id>": WRITERS,
    "/answers/edit/<int:article_id>/text/<code:language>": WRITERS,
    "/answers/edit/new": WRITERS,
    "/answers/edit/synonyms": WRITERS,
    "/answers/edit/unanswered": WRITERS,
    "/answers/search.json": EVERYBODY,
    "/answers.csv": EVERYBODY,
    "/feeds/answers.atom": EVERYBODY,
    "/accounts/code": EVERYBODY,
    "/accounts/code/number": EVERYBODY,
    "/accounts/code/password": EVERYBODY,
    "/accounts/me": SIGNED_IN,
    "/accounts/me/alerts": SIGNED_IN,
    "/accounts/me/messages": SIGNED_IN,
    "/accounts/me/messages/address": SIGNED_IN,
    "/accounts/me/messages/choices": SIGNED_IN,
    "/accounts/me/alerts/<int:alert_id>": REPORTER,
    "/accounts/me/cases": SIGNED_IN,
    "/accounts/me/confirm": SIGNED_IN,
    "/accounts/me/confirm/code": SIGNED_IN,
    "/accounts/me/data": SIGNED_IN,
    "/accounts/me/data.json": SIGNED_IN,
    "/accounts/me/data.zip": SIGNED_IN,
    "/accounts/me/data/archive.zip": SIGNED_IN,
    "/accounts/me/delete": SIGNED_IN,
    "/accounts/me/devices": SIGNED_IN,
    "/accounts/me/join": SIGNED_IN,
    "/accounts/me/join/check": SIGNED_IN,
    "/accounts/me/join/code": SIGNED_IN,
    "/accounts/me/password": SIGNED_IN,
    "/accounts/me/email": SIGNED_IN,
    "/accounts/me/email/code": SIGNED_IN,
    "/accounts/me/phone": SIGNED_IN,
    "/accounts/me/phone/code": SIGNED_IN,
    "/accounts/me/polls": SIGNED_IN,
    "/accounts/me/profile": SIGNED_IN,
    "/accounts/me/proposals": SIGNED_IN,
    "/accounts/me/register": SIGNED_IN,
    "/accounts/me/supports": SIGNED_IN,
    "/accounts/me/two-step": SIGNED_IN,
    "/accounts/prove": EVERYBODY,
    "/accounts/register": EVERYBODY,
    "/accounts/reset": EVERYBODY,
    "/accounts/second-step": EVERYBODY,
    "/accounts/sign-in": EVERYBODY,
    "/accounts/sign-out": EVERYBODY,
    "/alerts/new": EVERYBODY,
    "/alerts/stop/<token:token>": EVERYBODY,
    "/admin": ADMINISTRATOR,
    "/admin/calendar": ADMINISTRATOR,
    "/admin/categories": ADMINISTRATOR,
    "/admin/categories/<int:category_id>": ADMINISTRATOR,
    "/admin/categories/<int:category_id>/questions/<int:question_id>": ADMINISTRATOR,
    "/admin/categories/<int:category_id>/questions/new": ADMINISTRATOR,
    "/admin/categories/new": ADMINISTRATOR,
    "/admin/integrity": ADMINISTRATOR,
    "/admin/morning": ADMINISTRATOR,
    "/admin/partners": ADMINISTRATOR,
    "/admin/partners/<int:partner_id>": ADMINISTRATOR,
    "/admin/polls": ADMINISTRATOR,
    "/admin/polls/<code:slug>": ADMINISTRATOR,
    "/admin/polls/<code:slug>/clone": ADMINISTRATOR,
    "/admin/polls/<code:slug>/decision": ADMINISTRATOR,
    "/admin/polls/<code:slug>/discard": ADMINISTRATOR,
    "/admin/polls/<code:slug>/draw": ADMINISTRATOR,
    "/admin/polls/<code:slug>/extend": ADMINISTRATOR,
    "/admin/polls/<code:slug>/final": ADMINISTRATOR,
    "/admin/polls/<code:slug>/import": ADMINISTRATOR,
    "/admin/polls/<code:slug>/incident": ADMINISTRATOR,
    "/admin/polls/<code:slug>/keys": ADMINISTRATOR,
    "/admin/polls/<code:slug>/open": ADMINISTRATOR,
    "/admin/polls/<code:slug>/options": ADMINISTRATOR,
    "/admin/polls/<code:slug>/options/<code:option>": ADMINISTRATOR,
    "/admin/polls/<code:slug>/options/new": ADMINISTRATOR,
    "/admin/polls/<code:slug>/preview": ADMINISTRATOR,
    "/admin/polls/<code:slug>/preview/ballot": ADMINISTRATOR,
    "/admin/polls/<code:slug>/protocol/<any(opening, closing):which>": ADMINISTRATOR,
    "/admin/polls/<code:slug>/publication": ADMINISTRATOR,
    "/admin/polls/<code:slug>/publish": ADMINISTRATOR,
    "/admin/polls/<code:slug>/question": ADMINISTRATOR,
    "/admin/polls/<code:slug>/rehearsal": ADMINISTRATOR,
    "/admin/polls/<code:slug>/resume": ADMINISTRATOR,
    "/admin/polls/<code:slug>/rules": ADMINISTRATOR,
    "/admin/polls/<code:slug>/times": ADMINISTRATOR,
    "/admin/polls/<code:slug>/void": ADMINISTRATOR,
    "/admin/polls/<code:slug>/voters": ADMINISTRATOR,
    "/admin/polls/<code:slug>/who": ADMINISTRATOR,
    "/admin/polls/<code:slug>/witnesses": ADMINISTRATOR,
    "/admin/polls/new": ADMINISTRATOR,
    "/admin/accounts/two-step": ADMINISTRATOR,
    "/admin/clock": ADMINISTRATOR,
    "/admin/proposals": ADMINISTRATOR,
    "/admin/reasons": ADMINISTRATOR,
    "/admin/reasons/<int:reason_id>": ADMINISTRATOR,
    "/admin/reasons/new": ADMINISTRATOR,
    "/admin/routing": ADMINISTRATOR,
    "/admin/routing/<int:rule_id>": ADMINISTRATOR,
    "/admin/routing/new": ADMINISTRATOR,
    "/admin/suggestions": ADMINISTRATOR,
    "/admin/texts": ADMINISTRATOR,
    "/admin/texts/<code:language>": ADMINISTRATOR,
    "/admin/texts/<code:language>.po": ADMINISTRATOR,
    "/admin/suspensions": ADMINISTRATOR,
    "/admin/suspensions/<int:suspension_id>/correct": ADMINISTRATOR,
    "/admin/sms": ADMINISTRATOR,
    "/admin/deliveries": ADMINISTRATOR,
    "/admin/messages": ADMINISTRATOR,
    "/admin/messages/<code:sample>": ADMINISTRATOR,
    "/admin/messages/<code:sample>/mail.eml": ADMINISTRATOR,
    "/admin/messages/hours": ADMINISTRATOR,
    "/admin/templates": ADMINISTRATOR,
    "/admin/templates/<int:template_id>": ADMINISTRATOR,
    "/admin/templates/new": ADMINISTRATOR,
    "/admin/sms/settings": ADMINISTRATOR,
    "/api/v1/wards.geojson": EVERYBODY,
    "/c/<reference:reference>": EVERYBODY,
    "/city.css": EVERYBODY,
    "/complaints": EVERYBODY,
    "/complaints/<reference:reference>": EVERYBODY,
    "/complaints/<reference:reference>/follow": EVERYBODY,
    "/complaints/<reference:reference>/key/<token:secret>": EVERYBODY,
    "/complaints/<reference:reference>/support": EVERYBODY,
    "/complaints/<reference:reference>/unlock": EVERYBODY,
    "/complaints.csv": EVERYBODY,
    "/complaints.geojson": EVERYBODY,
    "/complaints/kept": EVERYBODY,
    "/complaints/new": EVERYBODY,
    "/complaints/new/check": EVERYBODY,
    "/complaints/new/details": EVERYBODY,
    "/complaints/new/done/<reference:reference>": EVERYBODY,
    "/complaints/new/photos": EVERYBODY,
    "/complaints/new/photos/<token:name>": frozenset(),  # only whoever has the draft; see the test of drafts
    "/complaints/new/place": EVERYBODY,
    "/complaints/new/similar": EVERYBODY,
    "/complaints/new/whereabouts": EVERYBODY,
    "/complaints/new/words": EVERYBODY,
    "/complaints/offline": EVERYBODY,
    "/complaints/points.geojson": EVERYBODY,
    "/components": EVERYBODY,
    "/contact": AGENTS,
    "/contact/board": AGENTS,
    "/contact/call-backs": CALLERS_BACK,
    "/contact/call-backs/new": AGENTS,
    "/contact/cases/<reference:reference>": AGENTS,
    "/contact/codes": HEAD,
    "/contact/figures": AGENTS,
    "/contact/file": AGENTS,
    "/contact/filed/<reference:reference>": AGENTS,
    "/contact/warnings": HEAD,
    "/contact/identity": CLERKS,
    "/data": EVERYBODY,
    "/demo/mailbox": EVERYBODY,
    "/demo/mailbox/<int:key>": EVERYBODY,
    "/demo/mailbox/text/<int:text>": EVERYBODY,
    "/comments/flagged": frozenset({"moderator"}),
    "/desk": DESK,
    "/desk/filter": DESK,
    "/desk/views": DESK,
    "/desk/<reference:reference>": WORKERS,
    "/desk/<reference:reference>/answer": WORKERS,
    "/desk/<reference:reference>/compare/<reference:other>": WORKERS,
    "/desk/<reference:reference>/delivery": WORKERS,
    "/desk/<reference:reference>/delivery/milestones/<int:milestone_id>": WORKERS,
    "/desk/<reference:reference>/into": WORKERS,
    "/desk/<reference:reference>/lift": WORKERS,
    "/desk/<reference:reference>/part": WORKERS,
    "/desk/<reference:reference>/poll": WORKERS,
    "/desk/<reference:reference>/place.geojson": WORKERS,
    "/desk/bulk/<int:act_id>": frozenset({"officer"}),
    "/desk/<reference:reference>/integrity": frozenset(),  # only of a complaint about staff; see its tests
    "/desk/field": DESK,
    "/desk/integrity": frozenset({"integrity officer"}),
    "/desk/morning": MORNING,
    "/desk/notices": MAKERS,
    "/desk/notices/<int:notice_id>": MAKERS,
    "/desk/notices/<int:notice_id>/change": MAKERS,
    "/desk/notices/new": MAKERS,
    "/desk/supervisor": frozenset({"supervisor"}),
    "/desk/supervisor/answers": frozenset({"supervisor"}),
    "/healthz": EVERYBODY,
    "/icons/<code:icon>.png": EVERYBODY,
    "/language": EVERYBODY,
    "/manifest.webmanifest": EVERYBODY,
    "/morning/stop/<token:token>": EVERYBODY,
    "/notifications/digest/<token:token>": EVERYBODY,
    "/notifications/unsubscribe/<token:token>": EVERYBODY,
    "/notices": EVERYBODY,
    "/notices/<int:notice_id>": EVERYBODY,
    "/notices/<int:notice_id>/follow": EVERYBODY,
    "/notices/<int:notice_id>/stop/<token:token>": EVERYBODY,
    "/notices.csv": EVERYBODY,
    "/notices.geojson": EVERYBODY,
    "/polls.csv": EVERYBODY,
    "/offline": EVERYBODY,
    "/photos/<token:name>/<any(large, thumbnail, fallback):size>": EVERYBODY,
    "/channels": TAKERS,
    "/channels/entered/<reference:reference>": frozenset({"agent"}),
    "/channels/messages/<int:message_id>": TAKERS,
    "/channels/messages/<int:message_id>/original": TAKERS,
    "/channels/paper": TAKERS,
    "/channels/pasted": TAKERS,
    "/paper/complaint": EVERYBODY,
    "/partner/<token:token>": EVERYBODY,
    "/partner/<token:token>/photos/<token:name>/<any(large, thumbnail, fallback):size>": EVERYBODY,
    "/polls": EVERYBODY,
    "/feeds/complaints.atom": EVERYBODY,
    "/feeds/index.atom": EVERYBODY,
    "/feeds/notices.atom": EVERYBODY,
    "/feeds/polls.atom": EVERYBODY,
    "/feeds/polls/<code:slug>/heads.atom": EVERYBODY,
    "/polls/<code:slug>": EVERYBODY,
    "/polls/<code:slug>/bundle.zip": EVERYBODY,
    "/polls/<code:slug>/object": EVERYBODY,
    "/polls/<code:slug>/recount": EVERYBODY,
    "/polls/<code:slug>/results": EVERYBODY,
    "/polls/<code:slug>/results.csv": EVERYBODY,
    "/polls/<code:slug>/results.json": EVERYBODY,
    "/polls/<code:slug>/watch": EVERYBODY,
    "/polls/<code:slug>/counter": COUNTER,
    "/polls/<code:slug>/counter/count": COUNTER,
    "/polls/<code:slug>/counter/<token:ticket>": EVERYBODY,  # to whom a pass was given
    "/polls/<code:slug>/heads.jsonl": EVERYBODY,
    "/polls/<code:slug>/pictures/<token:picture>/<any(large, thumbnail, fallback):size>": EVERYBODY,
    "/polls/<code:slug>/protection": EVERYBODY,
    "/polls/<code:slug>/receipt": EVERYBODY,
    "/polls/<code:slug>/specification.json": EVERYBODY,
    "/polls/<code:slug>/vote": SIGNED_IN,
    "/feeds/proposals.atom": EVERYBODY,
    "/proposals": EVERYBODY,
    "/proposals.csv": EVERYBODY,
    "/proposals.geojson": EVERYBODY,
    "/proposals/points.geojson": EVERYBODY,
    "/proposals/<reference:reference>": EVERYBODY,
    "/proposals/<reference:reference>/add": REPORTER,
    "/proposals/<reference:reference>/comments/<int:comment_id>/flag": EVERYBODY,
    "/proposals/<reference:reference>/comments/<int:comment_id>/reply": EVERYBODY,
    "/proposals/<reference:reference>/discuss": EVERYBODY,
    "/proposals/<reference:reference>/edit": REPORTER,
    "/proposals/<reference:reference>/follow": EVERYBODY,
    "/proposals/<reference:reference>/support": EVERYBODY,
    "/proposals/<reference:reference>/withdraw": REPORTER,
    "/proposals/new": EVERYBODY,
    "/proposals/new/alike": EVERYBODY,
    "/proposals/new/check": EVERYBODY,
    "/proposals/new/pictures/<token:name>": frozenset(),  # only whoever has the draft; see tests of writing
    "/proposals/new/place": EVERYBODY,
    "/privacy": EVERYBODY,
    "/promises": EVERYBODY,
    "/promises/<code:month>": EVERYBODY,
    "/promises/<code:month>/<int:edition>.csv": EVERYBODY,
    "/promises/<code:month>/<int:edition>.json": EVERYBODY,
    "/promises/<code:month>/<int:edition>.sig": EVERYBODY,
    "/promises/departments/<code:department>": EVERYBODY,
    "/promises/key.pem": EVERYBODY,
    "/readyz": EVERYBODY,
    "/robots.txt": EVERYBODY,
    "/suspensions": EVERYBODY,
    "/t/<token:short>": EVERYBODY,
    "/text-size": EVERYBODY,
    "/sw.js": EVERYBODY,
    "/track": EVERYBODY,
}

POSTS: dict[str, frozenset[str]] = {
    "/answers/<code:slug>/helped": EVERYBODY,
    "/answers/edit/<int:article_id>/<code:step>": MORNING,
    "/answers/edit/<int:article_id>/facts": WRITERS,
    "/answers/edit/<int:article_id>/reviewed": MORNING,
    "/answers/edit/<int:article_id>/text/<code:language>": WRITERS,
    "/answers/edit/<int:article_id>/text/<code:language>/confirm": WRITERS,
    "/answers/edit/authors": ADMINISTRATOR,
    "/answers/edit/new": WRITERS,
    "/answers/edit/synonyms": MORNING,
    "/answers/edit/synonyms/<int:set_id>/drop": MORNING,
    "/answers/edit/unanswered/forget": WRITERS,
    "/answers/offered": EVERYBODY,
    "/complaints/new/answered": EVERYBODY,
    "/accounts/code": EVERYBODY,
    "/accounts/code/again": EVERYBODY,
    "/accounts/code/number": EVERYBODY,
    "/accounts/code/password": EVERYBODY,
    "/accounts/me/confirm": SIGNED_IN,
    "/accounts/me/confirm/code": SIGNED_IN,
    "/accounts/me/confirm/send": SIGNED_IN,
    "/accounts/me/delete": SIGNED_IN,
    "/accounts/me/join": SIGNED_IN,
    "/accounts/me/join/check": SIGNED_IN,
    "/accounts/me/join/code": SIGNED_IN,
    "/accounts/me/join/code/again": SIGNED_IN,
    "/accounts/me/join/remove": SIGNED_IN,
    "/accounts/me/password": SIGNED_IN,
    "/accounts/me/password/code": SIGNED_IN,
    "/accounts/me/data/archive": SIGNED_IN,
    "/accounts/me/email": SIGNED_IN,
    "/accounts/me/email/code": SIGNED_IN,
    "/accounts/me/email/code/again": SIGNED_IN,
    "/accounts/me/phone": SIGNED_IN,
    "/accounts/me/phone/code": SIGNED_IN,
    "/accounts/me/phone/code/again": SIGNED_IN,
    "/accounts/me/phone/keep": SIGNED_IN,
    "/accounts/me/phone/remove": SIGNED_IN,
    "/accounts/me/phone/stop-waiting": SIGNED_IN,
    "/accounts/me/profile": SIGNED_IN,
    "/accounts/me/register": SIGNED_IN,
    "/accounts/me/register/code": SIGNED_IN,
    "/accounts/me/sign-out-device": SIGNED_IN,
    "/accounts/me/sign-out-others": SIGNED_IN,
    "/accounts/me/two-step": SIGNED_IN,
    "/accounts/me/two-step/codes": SIGNED_IN,
    "/accounts/me/two-step/file": SIGNED_IN,
    "/accounts/me/two-step/off": SIGNED_IN,
    "/accounts/prove": EVERYBODY,
    "/accounts/register": EVERYBODY,
    "/accounts/reset": EVERYBODY,
    "/accounts/second-step": EVERYBODY,
    "/accounts/sign-in": EVERYBODY,
    "/accounts/sign-out": EVERYBODY,
    "/admin/integrity": ADMINISTRATOR,
    "/admin/calendar/holidays": ADMINISTRATOR,
    "/admin/calendar/holidays/remove": ADMINISTRATOR,
    "/admin/calendar/week": ADMINISTRATOR,
    "/admin/categories/<int:category_id>": ADMINISTRATOR,
    "/admin/categories/<int:category_id>/move": ADMINISTRATOR,
    "/admin/categories/<int:category_id>/questions/<int:question_id>": ADMINISTRATOR,
    "/admin/categories/<int:category_id>/questions/<int:question_id>/move": ADMINISTRATOR,
    "/admin/categories/<int:category_id>/questions/<int:question_id>/remove": ADMINISTRATOR,
    "/admin/categories/<int:category_id>/questions/new": ADMINISTRATOR,
    "/admin/categories/new": ADMINISTRATOR,
    "/admin/morning": ADMINISTRATOR,
    "/admin/morning/<int:key>/remove": ADMINISTRATOR,
    "/admin/partners": ADMINISTRATOR,
    "/admin/partners/<int:partner_id>": ADMINISTRATOR,
    "/admin/polls/<code:slug>/clone": ADMINISTRATOR,
    "/admin/polls/<code:slug>/decision": ADMINISTRATOR,
    "/admin/polls/<code:slug>/discard": ADMINISTRATOR,
    "/admin/polls/<code:slug>/draw": ADMINISTRATOR,
    "/admin/polls/<code:slug>/extend": ADMINISTRATOR,
    "/admin/polls/<code:slug>/final": ADMINISTRATOR,
    "/admin/polls/<code:slug>/import": ADMINISTRATOR,
    "/admin/polls/<code:slug>/incident": ADMINISTRATOR,
    "/admin/polls/<code:slug>/keys": ADMINISTRATOR,
    "/admin/polls/<code:slug>/keys/copy": ADMINISTRATOR,
    "/admin/polls/<code:slug>/keys/read-back": ADMINISTRATOR,
    "/admin/polls/<code:slug>/open": ADMINISTRATOR,
    "/admin/polls/<code:slug>/options/<code:option>": ADMINISTRATOR,
    "/admin/polls/<code:slug>/options/<code:option>/move": ADMINISTRATOR,
    "/admin/polls/<code:slug>/options/<code:option>/remove": ADMINISTRATOR,
    "/admin/polls/<code:slug>/options/new": ADMINISTRATOR,
    "/admin/polls/<code:slug>/preview/ballot": ADMINISTRATOR,
    "/admin/polls/<code:slug>/publication": ADMINISTRATOR,
    "/admin/polls/<code:slug>/publish": ADMINISTRATOR,
    "/admin/polls/<code:slug>/question": ADMINISTRATOR,
    "/admin/polls/<code:slug>/rehearsal": ADMINISTRATOR,
    "/admin/polls/<code:slug>/resume": ADMINISTRATOR,
    "/admin/polls/<code:slug>/rules": ADMINISTRATOR,
    "/admin/polls/<code:slug>/times": ADMINISTRATOR,
    "/admin/polls/<code:slug>/void": ADMINISTRATOR,
    "/admin/polls/<code:slug>/voters": ADMINISTRATOR,
    "/admin/polls/<code:slug>/who": ADMINISTRATOR,
    "/admin/polls/<code:slug>/witnesses/ballots": ADMINISTRATOR,
    "/admin/polls/new": ADMINISTRATOR,
    "/admin/accounts/two-step": ADMINISTRATOR,
    "/admin/clock": ADMINISTRATOR,
    "/admin/proposals": ADMINISTRATOR,
    "/admin/proposals/goal": ADMINISTRATOR,
    "/admin/proposals/goal/drop": ADMINISTRATOR,
    "/admin/reasons/<int:reason_id>": ADMINISTRATOR,
    "/admin/reasons/<int:reason_id>/move": ADMINISTRATOR,
    "/admin/reasons/new": ADMINISTRATOR,
    "/admin/routing/<int:rule_id>": ADMINISTRATOR,
    "/admin/routing/<int:rule_id>/move": ADMINISTRATOR,
    "/admin/routing/<int:rule_id>/remove": ADMINISTRATOR,
    "/admin/routing/new": ADMINISTRATOR,
    "/admin/suggestions": ADMINISTRATOR,
    "/admin/suspensions": ADMINISTRATOR,
    "/admin/suspensions/<int:suspension_id>/correct": ADMINISTRATOR,
    "/admin/sms/settings": ADMINISTRATOR,
    "/admin/deliveries/<code:way>/<int:key>/again": ADMINISTRATOR,
    "/admin/messages/hours": ADMINISTRATOR,
    "/admin/templates/<int:template_id>": ADMINISTRATOR,
    "/admin/templates/new": ADMINISTRATOR,
    "/complaints/<reference:reference>/fixed": REPORTER,
    "/complaints/<reference:reference>/follow": EVERYBODY,
    "/complaints/<reference:reference>/not-fixed": REPORTER,
    "/complaints/<reference:reference>/reply": REPORTER,
    "/complaints/<reference:reference>/support": EVERYBODY,
    "/complaints/<reference:reference>/unfollow": EVERYBODY,
    "/complaints/<reference:reference>/unlock": EVERYBODY,
    "/complaints/<reference:reference>/unsupport": EVERYBODY,
    "/complaints/kept": EVERYBODY,
    "/complaints/kept/go-on": EVERYBODY,
    "/complaints/kept/photo": EVERYBODY,
    "/complaints/new/anew": EVERYBODY,
    "/complaints/new/check": EVERYBODY,
    "/complaints/new/details": EVERYBODY,
    "/complaints/new/photos": EVERYBODY,
    "/complaints/new/photos/<token:name>/remove": EVERYBODY,
    "/complaints/new/place": EVERYBODY,
    "/complaints/new/resume": EVERYBODY,
    "/complaints/new/words": EVERYBODY,
    "/contact/answered": AGENTS,
    "/contact/call-backs/<int:call_back_id>/end": CALLED_BACK,
    "/contact/call-backs/<int:call_back_id>/hand-over": CALLED_BACK,
    "/contact/call-backs/<int:call_back_id>/move": CALLED_BACK,
    "/contact/call-backs/<int:call_back_id>/not-reached": CALLED_BACK,
    "/contact/call-backs/<int:call_back_id>/reached": CALLED_BACK,
    "/contact/call-backs/<int:call_back_id>/take": CALLED_BACK,
    "/contact/call-backs/new": AGENTS,
    "/contact/callers/<int:caller_id>/limit": HEAD,
    "/contact/callers/<int:caller_id>/name": AGENTS,
    "/contact/callers/<int:caller_id>/warn": AGENTS,
    "/contact/cases/<reference:reference>/add": AGENTS,
    "/contact/cases/<reference:reference>/prove": AGENTS,
    "/contact/cases/<reference:reference>/remove": AGENTS,
    "/contact/cases/<reference:reference>/told": AGENTS,
    "/contact/codes": HEAD,
    "/contact/end": AGENTS,
    "/contact/file": AGENTS,
    "/contact/warnings/<int:warning_id>/review": HEAD,
    "/contact/identity": CLERKS,
    "/contact/identity/document": CLERKS,
    "/contact/identity/verify": CLERKS,
    "/comments/flagged/<int:comment_id>/hide": frozenset({"moderator"}),
    "/comments/flagged/<int:comment_id>/keep": frozenset({"moderator"}),
    "/desk/<reference:reference>/answer": WORKERS,
    "/desk/<reference:reference>/answer/approve": WORKERS,
    "/desk/<reference:reference>/answer/publish": WORKERS,
    "/desk/<reference:reference>/accept": WORKERS,
    "/desk/<reference:reference>/close": WORKERS,
    "/desk/<reference:reference>/compare/<reference:other>": WORKERS,
    "/desk/<reference:reference>/contact": WORKERS,
    "/desk/<reference:reference>/decide": WORKERS,
    "/desk/<reference:reference>/extend": WORKERS,
    "/desk/<reference:reference>/join": WORKERS,
    "/desk/<reference:reference>/delivery/begin": WORKERS,
    "/desk/<reference:reference>/delivery/deliver": WORKERS,
    "/desk/<reference:reference>/delivery/milestones": WORKERS,
    "/desk/<reference:reference>/delivery/milestones/<int:milestone_id>": WORKERS,
    "/desk/<reference:reference>/delivery/progress": WORKERS,
    "/desk/<reference:reference>/into": WORKERS,
    "/desk/<reference:reference>/lift": WORKERS,
    "/desk/<reference:reference>/part": WORKERS,
    "/desk/<reference:reference>/poll": WORKERS,
    "/desk/<reference:reference>/here": WORKERS,
    "/desk/<reference:reference>/missing": WORKERS,
    "/desk/<reference:reference>/integrity/about": frozenset(),
    "/desk/<reference:reference>/integrity/ordinary": frozenset(),
    "/desk/<reference:reference>/integrity/reporter": frozenset(),
    "/desk/<reference:reference>/note": WORKERS,
    "/desk/<reference:reference>/partner": WORKERS,
    "/desk/<reference:reference>/recall": WORKERS,
    "/desk/<reference:reference>/refuse": WORKERS,
    "/desk/<reference:reference>/unjoin": WORKERS,
    "/desk/<reference:reference>/read": WORKERS,
    "/desk/<reference:reference>/release": WORKERS,
    "/desk/<reference:reference>/reopen": WORKERS,
    "/desk/<reference:reference>/reply": WORKERS,
    "/desk/<reference:reference>/sort": WORKERS,
    "/desk/<reference:reference>/take": WORKERS,
    "/desk/<reference:reference>/transfer": WORKERS,
    "/desk/bulk": DESK,
    "/desk/bulk/<int:act_id>": frozenset({"officer"}),
    "/desk/bulk/<int:act_id>/do": frozenset({"officer"}),
    "/desk/morning/mail": frozenset({"supervisor"}),
    "/desk/views": DESK,
    "/desk/views/start": DESK,
    "/desk/views/<int:view_id>/rename": HEAD,
    "/desk/views/<int:view_id>/share": HEAD,
    "/desk/views/<int:view_id>/up": HEAD,
    "/desk/views/<int:view_id>/delete": HEAD,  # last: then it is gone
    "/desk/notices/<int:notice_id>/change": MAKERS,
    "/desk/notices/<int:notice_id>/end": MAKERS,
    "/desk/notices/<int:notice_id>/extend": MAKERS,
    "/desk/notices/<int:notice_id>/hang": MAKERS,
    "/desk/notices/<int:notice_id>/take-off": MAKERS,
    "/desk/notices/<int:notice_id>/update": MAKERS,
    "/desk/notices/new": MAKERS,
    "/desk/supervisor/<reference:reference>/check": frozenset(),
    "/desk/supervisor/photos/<int:doubt_id>/check": frozenset(),
    "/desk/undo/<int:act_id>": frozenset({"officer"}),
    "/language": EVERYBODY,
    "/morning/stop/<token:token>": EVERYBODY,
    "/accounts/me/messages/address": SIGNED_IN,
    "/accounts/me/messages/choices": SIGNED_IN,
    "/accounts/me/messages/read": SIGNED_IN,
    "/accounts/me/alerts/<int:alert_id>": REPORTER,
    "/accounts/me/alerts/<int:alert_id>/pause": REPORTER,
    "/accounts/me/alerts/<int:alert_id>/resume": REPORTER,
    "/accounts/me/alerts/<int:alert_id>/delete": REPORTER,
    "/alerts/new": EVERYBODY,
    "/alerts/stop/<token:token>": EVERYBODY,
    "/notices/<int:notice_id>/follow": EVERYBODY,
    "/notices/<int:notice_id>/stop/<token:token>": EVERYBODY,
    "/notices/<int:notice_id>/unfollow": EVERYBODY,
    "/notifications/digest/<token:token>": EVERYBODY,
    "/notifications/unsubscribe/<token:token>": EVERYBODY,
    "/channels/<any(sms, chat):kind>/<code:name>": EVERYBODY,
    "/channels/mail/<code:name>": EVERYBODY,
    "/channels/messages/<int:message_id>": TAKERS,
    "/channels/paper": TAKERS,
    "/channels/pasted": TAKERS,
    "/channels/pasted/case": TAKERS,
    "/channels/unblock": TAKERS,
    "/partner/<token:token>/answer": EVERYBODY,
    "/partner/<token:token>/return": EVERYBODY,
    "/partner/<token:token>/take": EVERYBODY,
    "/polls/<code:slug>/counter": COUNTER,
    "/polls/<code:slug>/counter/count": COUNTER,
    "/polls/<code:slug>/counter/paper": COUNTER,
    "/polls/<code:slug>/counter/pass": COUNTER,
    "/polls/<code:slug>/counter/<token:ticket>": EVERYBODY,
    "/polls/<code:slug>/object": EVERYBODY,
    "/polls/<code:slug>/receipt": EVERYBODY,
    "/polls/<code:slug>/unwatch": SIGNED_IN,
    "/polls/<code:slug>/watch": SIGNED_IN,
    "/polls/<code:slug>/vote": SIGNED_IN,
    "/proposals/<reference:reference>/add": REPORTER,
    "/proposals/<reference:reference>/comments": SIGNED_IN,
    "/proposals/<reference:reference>/comments/<int:comment_id>/back": SIGNED_IN,
    "/proposals/<reference:reference>/comments/<int:comment_id>/flag": SIGNED_IN,
    "/proposals/<reference:reference>/comments/<int:comment_id>/reply": SIGNED_IN,
    "/proposals/<reference:reference>/comments/<int:comment_id>/unback": SIGNED_IN,
    "/proposals/<reference:reference>/edit": REPORTER,
    "/proposals/<reference:reference>/follow": EVERYBODY,
    "/proposals/<reference:reference>/support": EVERYBODY,
    "/proposals/<reference:reference>/unfollow": EVERYBODY,
    "/proposals/<reference:reference>/unsupport": EVERYBODY,
    "/proposals/<reference:reference>/verdict": SIGNED_IN,
    "/proposals/<reference:reference>/withdraw": REPORTER,
    "/proposals/new": EVERYBODY,
    "/proposals/new/anew": EVERYBODY,
    "/proposals/new/check": EVERYBODY,
    "/proposals/new/pictures/<token:name>/remove": EVERYBODY,
    "/proposals/new/place": EVERYBODY,
    "/proposals/new/resume": EVERYBODY,
    "/t/<token:short>": EVERYBODY,
    "/text-size": EVERYBODY,
}

READERS: dict[str, frozenset[str]] = {
    "private": WORKERS | REPORTER,
    "hidden": WORKERS | REPORTER | {"moderator"},  # reporters find their own words in their own data
    "integrity": REPORTER | {"integrity officer"},
}
WITH_RESULT = ("bundle.zip", "object", "recount", "results", "results.csv", "results.json")
"""Addresses below a poll that lead somewhere once its result is published."""

HUNG = ("public", "private")
"""Cases that hang under the notice."""

WHO_READS_NAMES = frozenset({"reporter"})
"""Whose answers may contain the reporter's name or address without being asked for: their own."""

SECRETS = {kind: f"the words of the {kind} case" for kind in READERS}
REPORTER_NAME, REPORTER_EMAIL = "Sunmi Unsaid", "sunmi.unsaid@testford.test"
CONTACT_PHONE = "+82595550177"
REPORTER_MARKS = (REPORTER_NAME, REPORTER_EMAIL, CONTACT_PHONE)
WRITTEN_NUMBERS = ("010-4711-0815", "kim.unmasked@example.org", "900101-1234567", "4111 1111 1111 1111")
"""What somebody wrote into every case; everybody but its readers finds it masked."""

TELLING = (*SECRETS.values(), *REPORTER_MARKS, *WRITTEN_NUMBERS)
"""Words that must not show to everybody."""
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b(?! INTO (inbox_look|case_presence))", re.IGNORECASE)
"""What changes something. Who has a case open, and who looked, is noted, as the use of a device is."""

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")
PART = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")

OF_PROPOSALS = tuple(
    f"/desk/<reference:reference>/{act}" for act in ("answer", "delivery", "into", "lift", "part", "poll")
)
"""What is done at the desk with proposals alone."""


OF_FEATURE = {
    "/notices/": ("token", "token that stops a notice"),
    "/answers/": ("slug", "slug of an answer"),
    "/partner/": ("token", "token of a partner"),
    "/morning/": ("token", "token that stops a report"),
    "/alerts/": ("token", "token that stops an alert"),
    "/notifications/digest/": ("token", "token that stops a digest"),
    "/admin/polls/": ("slug", "slug of a draft"),
    "/channels/": ("name", "name of a channel"),
    "/channels/mail/": ("name", "name of a mailbox"),
}
"""Typed parts that mean something else below some addresses."""


@dataclass
class World:
    """Somebody of each kind and something for every typed part of an address."""

    people: dict[str, Account]
    cases: dict[str, Case]
    proposals: dict[str, Case]
    values: dict[str, str]

    def fill(self, rule: str, kind: str = "public") -> str:
        """Return an address of this rule that leads to something, about the case of this kind."""
        case = self.cases[kind]
        values = {**self.values, "reference": case.reference, "secret": make.secret_of(case)}
        if rule.startswith(("/proposals/", *OF_PROPOSALS)):
            values["reference"] = self.proposals["hidden" if kind == "hidden" else "public"].reference
        for start, (name, known) in OF_FEATURE.items():
            if rule.startswith(start):
                values[name] = values[known]
        if rule.startswith("/polls/<code:slug>/") and rule.rsplit("/", 1)[1] in WITH_RESULT:
            values["slug"] = values["slug of a result"]
        missing = {part["name"] for part in PART.finditer(rule)} - set(values)
        assert not missing, f"{rule}: say in `World.values` what {missing} may be"
        asked = "?lat=36.01&lon=129.51" if rule.endswith("/whereabouts") else ""
        return PART.sub(lambda part: values[part["name"]], rule) + asked

    def visitor(self, site: Site, actor: str) -> Site:
        """Return a fresh browser of this person."""
        fresh = site.another()
        return fresh if actor == VISITOR else fresh.sign_in(self.people[actor])


@pytest.fixture
def world(app: Flask) -> World:
    department, elsewhere = make.make_department("Roads"), make.make_department("Waste")
    reporter = make.make_resident(display_name=REPORTER_NAME, email=REPORTER_EMAIL)
    people = {
        "resident": make.make_resident(),
        "reporter": reporter,
        "agent": make.make_agent(),
        "officer": make.make_officer(department),
        "officer elsewhere": make.make_officer(elsewhere),
        "triage officer": make.make_officer(make.triage_department()),
        "supervisor": make.make_supervisor(department),
        "moderator": make.make_moderator(),
        "integrity officer": make.make_integrity_officer(),
        "administrator": make.make_administrator(),
    }
    category = make.make_category(department=department, questions=[make.question()])
    ward = make.make_ward()
    with transaction() as session:
        session.get_one(City, 1).accent = "#1f6f5c"
    contact = {"name": REPORTER_NAME, "email": REPORTER_EMAIL, "phone": CONTACT_PHONE}

    def complaint(kind: str, **columns: object) -> Case:
        words = SECRETS.get(kind, "A hole in the road")
        phone, mail, identity, card = WRITTEN_NUMBERS
        case = make.make_complaint(
            Status.IN_PROGRESS,
            category=category,
            ward=ward,
            reporter=reporter,
            contact=dict(contact),
            title=f"{words}, ask {phone}",
            body=f"{words}, at length; mail to {mail} or call {phone}",
            message=f"{words}, answered to {identity}",
            address=f"{words}, in front of it, {phone}",
            answers={"depth": [f"{card}"]},
            **columns,  # type: ignore[arg-type]
        )
        make.make_event(case, EventKind.UPDATED, message=f"{words}, told to {mail}")
        return case

    cases = {
        "public": complaint("public", filed_by_id=people["agent"].id),
        "private": complaint("private", is_private=True),
        "hidden": complaint("hidden", is_hidden=True),
        "integrity": complaint("integrity", is_private=True, is_integrity=True),
    }
    make.make_follow(cases["public"], people["resident"])
    values = {
        "name": make_photo(app, cases["public"]),
        "size": "large",
        "notice_id": str(make_notice(cases)),
        "token that stops a notice": stop_path(1, people["resident"].id).rsplit("/", 1)[1],
        "view_id": str(make.save(saved_view(department)).id),
        **make_alert(people["reporter"], cases["public"].category_id),
        **make_partner(cases["public"], people["officer"]),
        "message_id": str(make.make_incoming().id),
        "kind": make.make_way().kind.value,
        "name of a mailbox": make.make_way(WayKind.MAIL, "post").name,
        "name of a channel": "city-number",
        "other": make.make_complaint(category=category).reference,
        **make_call(people["agent"], department),
        "token that stops a report": StopMorning(Whom.HEAD, people["supervisor"].id).path.rsplit("/", 1)[1],
        "token that stops a digest": stop_digest_path(people["resident"].id).rsplit("/", 1)[1],
        "sample": "fixed",
        "way": "mail",
        "department": department.code,
        "month": publish_month(),
        "edition": "1",
        "icon": "192",
        "suspension_id": str(make.make_suspension().id),
        "category_id": str(category.id),
        "question_id": str(category.questions[0].id),
        "template_id": str(make.make_template(department).id),
        "rule_id": str(make.make_routing_rule(department).id),
        "reason_id": str(make.make_reason().id),
        "doubt_id": "1",
        "token": unsubscribe_token(people["resident"].id, cases["public"].id),
        "short": short_token(cases["public"].id, people["resident"].id),
        "text": str(make_text().id),
        "key": str(make_message().id),
        **make_poll(app),
        **make_answer(people),
    }
    proposals = make_proposals(people, make_theme(department=department))
    values["comment_id"] = str(say_something(proposals["public"]))
    values["act_id"] = str(make_act(people["officer"]))
    values["milestone_id"] = str(make_milestone(proposals["public"]))
    return World(people, cases, proposals, values)


def make_proposals(people: dict[str, Account], theme: Category) -> dict[str, Case]:
    """Make a proposal of the reporter that everybody sees, and one that a moderator hid."""
    made = {
        kind: make_proposal(
            f"{SECRETS.get(kind, 'Plant trees')}, a proposal",
            body=f"{kind} words, at length",
            category=theme,
            author=people["reporter"],
        ).case
        for kind in ("public", "hidden")
    }
    with transaction() as session:
        session.get_one(Case, made["hidden"].id).is_hidden = True
    return made


def say_something(case: Case) -> int:
    """Let somebody comment on a proposal."""
    somebody = make.make_resident()
    with transaction():
        return comment(case.id, NewComment("Yes, please."), by=somebody, at=clock.now()).id


def make_milestone(case: Case) -> int:
    """Promise a part of a proposal."""
    at = clock.now()
    make.save(Delivery(case_id=case.id, unit_id=case.department_id, began_at=at))
    return make.save(Milestone(case_id=case.id, title="Dig", due_on=at.date(), promised_on=at.date())).id


def saved_view(department: Department) -> SavedView:
    """Return a view of the desk that belongs to a department."""
    return SavedView(department_id=department.id, name="Late", asked={"box": "late"}, made_at=clock.now())


def make_act(officer: Account) -> int:
    """Let an officer begin to do something with many cases."""
    return make.save(DeskAct(kind=CHOOSING, is_bulk=True, by_id=officer.id, planned_at=clock.now())).id


def make_call(agent: Account, department: Department) -> dict[str, str]:
    """Let somebody call, be promised a call by a department, and be warned; returns what leads to it."""
    at = clock.now()
    with transaction():
        call = Call(Channel.PHONE, "en", phone="+821055500199", name="Somebody Else")
        contact = calls.record(call, Outcome(Ending.ABUSIVE), by=agent, at=at)
        promise = Promise(call.phone, at, caller_id=contact.caller_id, department_id=department.id)
        call_back = calls.promise_call(promise, by=agent, at=at)
        caller = lock_caller(contact.caller_id or 0)
        warning = calls.warn(caller, "Shouted.", contact_id=contact.id, by=agent, at=at)
        return {
            "caller_id": str(caller.id),
            "call_back_id": str(call_back.id),
            "warning_id": str(warning.id),
        }


def make_alert(owner: Account, category_id: int) -> dict[str, str]:
    """Let somebody have an alert; returns what leads to it."""
    alert = make.make_alert(owner, Wish(category_id=category_id))
    token = stop_alert_path(Stop(owner.id, alert.id)).rsplit("/", 1)[1]
    return {"alert_id": str(alert.id), "token that stops an alert": token}


def make_partner(case: Case, officer: Account) -> dict[str, str]:
    """Send a case to a partner, with no more than everybody sees; returns what leads to it."""
    partner = make.save(Partner(name="Water company", email="water@example.org"))
    errand = Errand("Please look.", frozenset(), "We asked the water company.")
    with transaction():
        locked = lock_case(case.reference)
        token = send(locked, partner, errand, by=officer, at=clock.now())
    return {"partner_id": str(partner.id), "token of a partner": token}


def publish_month() -> str:
    """Publish the figures of the last month."""
    month = Month.of(clock.now(), make.ZONE).before
    with transaction():
        freeze(month, cities.get(), at=clock.now(), keys=app_keys_dir())
    return str(month)


def make_answer(people: dict[str, Account]) -> dict[str, str]:
    """Publish an answer; returns what leads to it."""
    with transaction():
        article = answers.begin("en", Words("Parking", "Ask for it."), by=people["agent"], at=clock.now())
        answers.move(article, Move.SEND, by=people["agent"], at=clock.now())
        answers.move(article, Move.PUBLISH, by=people["supervisor"], at=clock.now())
        words = answers.save_synonyms(["car", "vehicle"], by=None, at=clock.now())
        return {
            "slug of an answer": article.slug,
            "article_id": str(article.id),
            "language": "ko",
            "step": "retire",
            "set_id": str(words.id),
        }


def make_notice(cases: dict[str, Case]) -> int:
    """Make a notice under which a public and a private case hang."""
    notice = make.make_notice()
    hung = [CaseNotice(case_id=cases[kind].id, notice_id=notice.id, at=clock.now()) for kind in HUNG]
    make.save(*hung)
    return notice.id


def make_photo(app: Flask, case: Case) -> str:
    name = "0123456789abcdef0123456789abcdef"
    for size in SIZES:
        app.extensions["cps_storage"].put(storage_key(name, size), b"a picture", "image/webp")
    make.save(
        Attachment(
            name=name,
            case_id=case.id,
            original_sha256="0" * 64,
            perceptual_hash="0" * 16,
            width=640,
            height=480,
            added_at=clock.now(),
        )
    )
    return name


def make_poll(app: Flask) -> dict[str, str]:
    """Make an open poll with a picture and a pass of the counter; returns what leads to them."""
    picture = "fedcba9876543210fedcba9876543210"
    for size in SIZES:
        app.extensions["cps_storage"].put(storage_key(picture, size), b"a picture", "image/webp")
    poll = polls.make_poll("open-poll", picture=picture)
    by = make.make_agent()
    with transaction():
        ticket = counter.issue_pass(poll, Voter("0" * 64, "-|-"), by=by, at=clock.now())
    result = polls.make_published("published-poll", ["park"])
    draft = polls.make_draft("draft-poll")
    return {
        "slug": poll.slug,
        "slug of a result": result.slug,
        "slug of a draft": draft.slug,
        "picture": picture,
        "ticket": ticket,
        "option": draft.options[0].code,
        "which": "opening",
    }


def make_message() -> Message:
    return make.save(
        Message(
            dedupe_key="one",
            channel=MessageChannel.MAIL,
            address="somebody@testford.test",
            language="en",
            subject="Something happened",
            body_text="It is done.",
            created_at=clock.now(),
            run_at=clock.now(),
            done_at=clock.now(),
        )
    )


def make_text() -> TextMessage:
    return make.save(
        TextMessage(
            dedupe_key="one",
            purpose=SmsPurpose.NEWS,
            phone="+821012345678",
            language="en",
            text="It is done.",
            created_at=clock.now(),
            run_at=clock.now(),
            done_at=clock.now(),
        )
    )


def rules(app: Flask, method: str) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint != "static"
    ]


@pytest.mark.one_database("the table of addresses")
@pytest.mark.parametrize(("method", "table"), [("GET", GETS), ("POST", POSTS)])
def test_every_address_has_a_line_and_every_line_an_address(
    app: Flask, method: str, table: dict[str, frozenset[str]]
) -> None:
    existing = {rule.rule for rule in rules(app, method)}

    assert existing - set(table) == set(), f"say in tests/test_routes.py who may {method} these"
    assert set(table) - existing == set(), "these are gone"


@pytest.mark.one_database("the table of addresses")
def test_no_other_methods_are_answered(app: Flask) -> None:
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}

    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.one_database("the table of addresses")
def test_addresses_are_written_in_kebab_case_with_typed_parts(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        for part in PART.finditer(rule.rule):
            assert part["kind"], f"{rule.rule}: say of which type {part['name']} is"
        for word in PART.sub("part", rule.rule).split("/"):
            assert not word or KEBAB.fullmatch(word), rule.rule


@pytest.mark.one_database("the table of addresses")
def test_every_view_is_public_or_names_its_permission_and_the_permission_has_a_rule(app: Flask) -> None:
    for rule in [*rules(app, "GET"), *rules(app, "POST")]:
        view = app.view_functions[rule.endpoint]
        assert hasattr(view, "cps_requires"), f"{rule.endpoint} is neither @public nor @requires(…)"
        can = view.cps_requires
        assert can is None or has_rule(can), f"{rule.endpoint} asks for {can}, which has no rule"
    assert [can for can in Can if not has_rule(can)] == []


@pytest.mark.one_database("the table of addresses")
def test_what_needs_a_permission_is_not_open_to_everybody(app: Flask) -> None:
    for method, table in (("GET", GETS), ("POST", POSTS)):
        for rule in rules(app, method):
            if app.view_functions[rule.endpoint].cps_requires is not None:
                assert VISITOR not in table[rule.rule], rule.rule


@dataclass(frozen=True)
class Answer:
    """How an address answered, without the page itself: a thousand parsed pages fill a process."""

    status: int
    location: str

    @classmethod
    def of(cls, page: Page) -> "Answer":
        """Keep of a page what says who may open it."""
        return cls(page.status, page.header("Location"))


@dataclass(frozen=True)
class Seen:
    """What somebody got from one address, about a case of this kind, and which of the `TELLING` words."""

    rule: str
    kind: str
    answer: Answer
    words: frozenset[str]
    writes: list[str]


_walks: dict[tuple[str, str], list[Seen]] = {}


@pytest.fixture
def walk(request: pytest.FixtureRequest, database: Database, app: Flask, actor: str) -> list[Seen]:
    """What this person sees at every address; walked once for the tests that ask for it."""
    key = (database.kind, actor)
    if key not in _walks:
        world, site = request.getfixturevalue("world"), request.getfixturevalue("site")
        walker = world.visitor(site, actor)
        _walks[key] = [see(walker, world, rule, kind) for rule in GETS for kind in kinds_of(rule)]
    return _walks[key]


def kinds_of(rule: str) -> list[str]:
    """Return about which cases an address is opened; the secret link opens a case to whoever has it."""
    return ["public", *READERS] if "reference" in rule and "secret" not in rule else ["public"]


def see(walker: Site, world: World, rule: str, kind: str) -> Seen:
    page = walker.get(world.fill(rule, kind), follow=False)
    words = frozenset(one for one in TELLING if says(page, one))
    return Seen(rule, kind, Answer.of(page), words, writes(walker))


def writes(walker: Site) -> list[str]:
    """Return what the last request of somebody wrote into the database."""
    return [statement for statement in walker.statements if WRITES.match(statement)]


def everybody(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test for each actor; those of one actor run in one process, which walks once."""
    return pytest.mark.parametrize("actor", ACTORS)(test)


@everybody
def test_a_page_opens_to_those_it_is_for_and_is_not_there_for_others(walk: list[Seen], actor: str) -> None:
    for seen in walk:
        if seen.kind == "public":
            check(seen.answer, "GET", seen.rule, actor, actor in GETS[seen.rule])


@everybody
def test_no_address_fails_whatever_the_case_is(walk: list[Seen], actor: str) -> None:
    broken = [f"{seen.rule} of a {seen.kind} case" for seen in walk if seen.answer.status >= 500]

    assert broken == []


@everybody
def test_looking_changes_nothing(walk: list[Seen], actor: str) -> None:
    assert [(seen.rule, seen.writes) for seen in walk if seen.writes] == []


@everybody
def test_what_is_not_public_shows_to_its_readers_alone(walk: list[Seen], actor: str) -> None:
    for kind, readers in READERS.items():
        shown = {seen.rule for seen in walk if SECRETS[kind] in seen.words}
        if actor in readers:
            assert shown, f"{actor} may read the {kind} case and finds it nowhere"
        else:
            assert shown == set(), f"{actor} reads the words of the {kind} case"


@everybody
def test_numbers_in_texts_are_masked_for_all_but_the_reporter_and_who_works_the_case(
    walk: list[Seen], actor: str
) -> None:
    shown = {seen.rule for seen in walk if seen.words & {*WRITTEN_NUMBERS}}

    if actor in WORKERS | REPORTER:
        assert shown, f"{actor} may read the numbers and finds them nowhere"
        assert "/complaints" not in shown
    else:
        assert shown == set()


@everybody
def test_nobody_meets_the_name_of_a_reporter_without_asking_for_it(walk: list[Seen], actor: str) -> None:
    told = {(seen.rule, name) for seen in walk for name in seen.words & {*REPORTER_MARKS}}

    assert told == set() or actor in WHO_READS_NAMES


@everybody
def test_a_form_is_taken_from_those_it_is_for_and_from_nobody_else(
    site: Site, world: World, actor: str
) -> None:
    for rule, may in POSTS.items():
        walker = world.visitor(site, actor)
        page = walker.post_raw(world.fill(rule), follow=False)
        check(Answer.of(page), "POST", rule, actor, actor in may)
        if actor not in may:
            assert writes(walker) == [], f"POST {rule} as {actor} was refused and wrote all the same"


def check(answer: Answer, method: str, rule: str, actor: str, may: bool) -> None:
    what = f"{method} {rule} as {actor} answered {answer.status} {answer.location}"
    asked_to_sign_in = answer.location.startswith("/accounts/sign-in?next=")
    if may:
        fine = {200, 303} if method == "GET" else {200, 303, 400, 401, 409, 410, 422}
        assert answer.status in fine, what
        assert not (asked_to_sign_in and actor != VISITOR), what
    elif actor == VISITOR:
        assert answer.status in {403, 404} or (answer.status == 303 and asked_to_sign_in), what
    else:
        assert answer.status == 404, what


@pytest.mark.parametrize("kind", READERS)
def test_the_photos_of_a_case_are_as_private_as_the_case(
    site: Site, world: World, app: Flask, kind: str
) -> None:
    move_photo(world.cases[kind])
    address = world.fill("/photos/<token:name>/<any(large, thumbnail, fallback):size>")

    opened = {actor for actor in ACTORS if world.visitor(site, actor).get(address).status == 200}

    assert opened == READERS[kind] - (REPORTER if kind == "hidden" else frozenset())


def move_photo(case: Case) -> None:
    with transaction() as session:
        session.scalars(db.select(Attachment)).one().case_id = case.id


@pytest.mark.parametrize("actor", [VISITOR, "officer"])
def test_the_headers_of_a_page_can_be_asked_for_alone(site: Site, world: World, actor: str) -> None:
    walker = world.visitor(site, actor)

    for rule in GETS:
        address = world.fill(rule)
        page, head = walker.get(address, follow=False), walker.head(address)
        assert (head.status, head.data) == (page.status, b""), rule
        assert head.header("Cache-Control") == page.header("Cache-Control"), rule


STRANGE: list[Callable[[str], str]] = [
    lambda value: "0" * len(value),
    lambda value: value[::-1],
    lambda value: value + "x" * 300,
    lambda _value: "%00",
    lambda _value: "-1",
    lambda _value: str(2**70),
]


@pytest.mark.parametrize("actor", [VISITOR, "officer"])
def test_what_does_not_exist_is_not_found(site: Site, world: World, actor: str) -> None:
    walker = world.visitor(site, actor)
    known = dict(world.values, reference=world.cases["public"].reference, secret="x" * 32)

    for rule in [one for one in GETS if PART.search(one)]:
        for strange in STRANGE:
            address = PART.sub(lambda part, strange=strange: strange(known[part["name"]]), rule)  # type: ignore[misc]
            if address == world.fill(rule):
                continue
            page = walker.get(address, follow=False)
            assert page.status in {404, 303}, f"{address} answered {page.status}"
            assert not page.header("Location").startswith("http"), address


def says(page: Page, words: str) -> bool:
    return words in (page.html if page.is_html else page.data.decode(errors="replace"))
