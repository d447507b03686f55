"""Appeals: once, within thirty days, decided by another moderator than the one who hid it."""

from datetime import datetime

from cps.accounts.models import Account
from cps.cases.masking import masked
from cps.core import outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.outbox import Fact
from cps.moderation import queries
from cps.moderation.models import Act
from cps.moderation.queries import Found
from cps.moderation.rules import LONGEST_APPEAL, LONGEST_WORDS, may_appeal, may_decide
from cps.moderation.services.flagging import trace
from cps.moderation.services.hiding import show_again


def appeal(act: Act, found: Found, words: str, *, language: str, at: datetime) -> None:
    """Let the author of a thing say why it should be shown again; who that is, the page asked."""
    is_over, was_appealed = act.ended_at is not None, act.appealed_at is not None
    if not may_appeal(at, hidden_at=act.at, is_over=is_over, was_appealed=was_appealed):
        raise RuleViolation(_("An appeal is possible once, within 30 days."))
    if not words.strip():
        raise RuleViolation(_("Say why it should be shown again."))
    act.appealed_at, act.appeal = at, masked(words, language)[:LONGEST_APPEAL]
    trace(found, "appeal", None, at)
    db.session.flush()


def decide(act: Act, found: Found, words: str, *, granted: bool, by: Account, at: datetime) -> None:
    """Decide an appeal: what it is about is shown again, or stays as it is. The author reads the words."""
    others = queries.other_moderators(act.by_id, found.author_id)
    if not may_decide(by.id, by_id=act.by_id, author_id=found.author_id, others=others):
        raise RuleViolation(_("Another moderator than the one who hid it decides about the appeal."))
    if act.appealed_at is None or act.decided_at is not None:
        raise RuleViolation(_("This appeal is decided already."))
    if not words.strip():
        raise RuleViolation(_("Say why. The author will read it."))
    act.decided_at, act.decided_by_id, act.is_granted = at, by.id, granted
    act.decided_alone, act.decision = by.id == act.by_id, words[:LONGEST_WORDS]
    trace(found, "decide-appeal", by, at, is_granted=[None, granted])
    if granted and act.ended_at is None:
        show_again(act, found, by=by, at=at)
    else:
        outbox.state(Fact.MODERATED, act.id, at=at, step="decide")
    db.session.flush()
