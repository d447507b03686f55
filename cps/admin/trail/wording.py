"""Audit rows as sentences: what was done to what, and the fields that may be shown."""

from collections.abc import Sequence
from typing import Any

from cps.accounts.queries import names_of
from cps.admin import category_words, history, routing_words
from cps.admin.imports.wording import FIGURES
from cps.admin.known_values import known_value
from cps.admin.offices.wording import ACTS as OF_OFFICES
from cps.admin.offices.wording import LABELS as OFFICE_LABELS
from cps.admin.people.wording import ACTS as OF_PEOPLE
from cps.admin.people.wording import LABELS as PEOPLE_LABELS
from cps.admin.townhall.wording import LABELS as TOWNHALL_LABELS
from cps.admin.townhall.wording import PAGES
from cps.admin.trail import queries
from cps.cases.reference import display
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.core.models import AuditRow
from cps.departments import queries as departments

KINDS = {
    "account": _l("Account"),
    "article": _l("Answer"),
    "case": _l("Case"),
    "category": _l("Category"),
    "channel": _l("Channel"),
    "city": _l("City"),
    "city-text": _l("Words of the city"),
    "crest": _l("Crest"),
    "department": _l("Department"),
    "holiday": _l("Holiday"),
    "incoming-file": _l("File"),
    "integrity-readers": _l("Readers of reporters"),
    "invitation": _l("Invitation"),
    "month": _l("Figures of a month"),
    "notice": _l("Notice"),
    "open311-key": _l("Other programs"),
    "paper": _l("Forms on paper"),
    "partner": _l("Partner"),
    "poll": _l("Poll"),
    "proposal": _l("Proposal"),
    "reason": _l("Reason for a no"),
    "routing": _l("Rule of routing"),
    "saved-view": _l("View of the desk"),
    "suspension": _l("Suspended work"),
    "template": _l("Reply template"),
    "ward": _l("Ward"),
    "threshold": _l("Goal of proposals"),
    "wrap-up-code": _l("Ending of calls"),
}
"""What kinds of objects are called."""

GROUPS = {
    "people": (_l("Accounts and invitations"), ("account", "invitation", "integrity-readers")),
    "rules": (
        _l("Departments and rules"),
        (
            *("category", "city", "department", "holiday", "partner", "reason", "routing", "suspension"),
            *("ward", "template", "threshold", "channel", "wrap-up-code", "month", "open311-key"),
            *("city-text", "crest", "incoming-file"),
        ),
    ),
    "polls": (_l("Polls"), ("poll",)),
    "words": (_l("Answers and notices"), ("article", "notice")),
    "cases": (_l("Cases"), ("case", "proposal", "saved-view", "paper")),
}
"""What the list can be narrowed to."""

ACTS: dict[str, Any] = {
    **history.ACTS,
    "accept": _l("Accepted"),
    "add": _l("Added"),
    "answer": _l("Answered"),
    "appeal": _l("Appealed against"),
    "assign": _l("Handed to somebody"),
    "begin": _l("Begun"),
    "block": _l("Blocked"),
    "categorise": _l("Sorted"),
    "close": _l("Closed"),
    "complete": _l("Done"),
    "copy": _l("Copied"),
    "correct": _l("Corrected"),
    "decide": _l("Decided"),
    "delete": _l("Deleted"),
    "deliver": _l("Done"),
    "draft": _l("Drafted"),
    "drop": _l("Taken away"),
    "end": _l("Ended"),
    "export": _l("Taken out"),
    "extend": _l("Later date"),
    "found": _l("Founded"),
    "freeze": _l("Kept for good"),
    "hand-to-integrity-officers": _l("Handed to the integrity officers"),
    "hang": _l("Put under a notice"),
    "hide": _l("Hidden"),
    "import": _l("Brought in"),
    "invite": _l("Invited"),
    "join": _l("Joined"),
    "keep": _l("Kept"),
    "leave": _l("Let stand"),
    "lift": _l("Let go on"),
    "look": _l("Looked up"),
    "make": _l("Made"),
    "mark": _l("Marked"),
    "name": _l("Named"),
    "note": _l("Note written"),
    "open": _l("Opened"),
    "part": _l("Taken apart"),
    "prioritise": _l("Made more or less urgent"),
    "progress": _l("Told something new"),
    "publish": _l("Published"),
    "read": _l("Read"),
    "redact": _l("Blacked out in part"),
    "recall": _l("Called back"),
    "refuse": _l("Refused"),
    "rehearse": _l("Rehearsed"),
    "rename": _l("Renamed"),
    "reopen": _l("Opened again"),
    "retire": _l("Taken out of use"),
    "revoke": _l("Taken out of use"),
    "save": _l("Saved"),
    "send": _l("Sent"),
    "set": _l("Changed"),
    "settle": _l("Settled"),
    "share": _l("Shared"),
    "show": _l("Shown again"),
    "suspend": _l("Suspended"),
    "take": _l("Taken"),
    "tell": _l("Told something new"),
    "transfer": _l("Handed on"),
    "undo": _l("Undone"),
    "update": _l("Told something new"),
    "upload": _l("Uploaded"),
    "verify": _l("Checked"),
    "withdraw": _l("Withdrawn"),
    **OF_PEOPLE,
    **OF_OFFICES,
    "invite-again": _l("Sent again"),
    "drop-file": _l("Not taken over"),
    "take-file": _l("Takeover asked for"),
    "load-demo-city": _l("Filled with the demo city"),
    "poll-opened": _l("Opened"),
    "poll-closed": _l("Closed"),
    "poll-decided": _l("What follows was told"),
    "poll-publish-asked": _l("Publication asked for"),
    "poll-published": _l("Published"),
    "turn-on-channel": _l("Turned on"),
    "turn-off-channel": _l("Turned off"),
    "unblock-sender": _l("Let in again"),
    "review-caller": _l("Looked at again"),
    "issue-counter-pass": _l("Pass for a vote given"),
    "withdraw-invitation": _l("Withdrawn"),
}
"""What was done: by the whole name of an act, else by its first word."""

LABELS: dict[str, Any] = {
    **category_words.LABELS,
    **routing_words.LABELS,
    **PEOPLE_LABELS,
    **OFFICE_LABELS,
    **TOWNHALL_LABELS,
    "population": _l("How many live there"),
    "created": _l("New"),
    "changed": _l("Changed"),
    "imported": _l("Kind of file"),
    "exported": _l("What was taken out"),
    **FIGURES,
    "languages": _l("Languages"),
    "default_language": _l("The city’s own language"),
    "accent": _l("Colour"),
    "emergency_phone": _l("Number when somebody is in danger"),
    "welcome": _l("Welcome"),
    "danger_words": _l("Words of danger"),
}
"""The fields that are shown. All others are left out: what a feature keeps in its rows is its own."""


def told(rows: Sequence[AuditRow], *, names_of: history.Names = names_of) -> list[history.Change]:
    """Return rows as people read them, in their order."""
    names = names_of(
        int(row.object_id) for row in rows if row.object_kind == "account" and row.object_id.isdecimal()
    )
    partners = queries.partner_names(row.object_id for row in rows if row.object_kind == "partner")

    def name(row: AuditRow) -> str:
        kind = str(KINDS.get(row.object_kind, row.object_kind))
        return f"{kind} {_called(row, names, partners)}".strip()

    return history.in_words(rows, LABELS, show=known_value, name=name, acts=ACTS, names=names_of)


def _called(row: AuditRow, names: dict[int, str], partners: dict[str, str]) -> str:
    """Return how the object of a row is called; "" where its kind says enough."""
    key, catalogue = row.object_id, departments.catalogue()
    if row.object_kind == "account":
        return names.get(int(key), key) if key.isdecimal() else key
    if row.object_kind == "case":
        return display(key)
    if row.object_kind == "partner":
        return partners.get(key, key)
    if row.object_kind == "department" and (found := catalogue.department(key)):
        return localized(found.name)
    if row.object_kind == "category" and (known := catalogue.category(key)):
        return localized(known.name)
    if row.object_kind == "city-text":
        return next((str(look.name) for page, look in PAGES.items() if page == key), key)
    return "" if row.object_kind in {"city", "crest", "invitation", "integrity-readers"} else key
