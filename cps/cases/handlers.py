"""What becomes of cases when accounts are joined, and what the worker does for them."""

from datetime import datetime

from cps.accounts import joins, partings
from cps.accounts import queries as accounts
from cps.cases import retention, services, vocabulary
from cps.cases.clock_models import ExtensionRequest
from cps.cases.closing_models import ClosingRequest
from cps.cases.handoff_models import Transfer
from cps.cases.models import Case, Draft, Follow, Support
from cps.cases.queries import clock as clocks
from cps.cases.queries import map_cells, people
from cps.cases.question_models import CaseQuestion
from cps.cases.rules import Outcome
from cps.cases.services import asking, escalating, forgetting, map_counting, silence
from cps.cases.services.notices import ANSWER_MORE, Closing
from cps.cases.voice_models import VoiceNote
from cps.core import city as cities
from cps.core import clock, outbox, upkeep, worker
from cps.core import retention as kept
from cps.core.db import transaction
from cps.core.i18n import ngettext
from cps.core.leases import Turn
from cps.core.models import Job
from cps.notices import queries as notices

joins.moves(services.hand_over)
upkeep.each_hour_alone(vocabulary.learn_words)
joins.carries(Case.reporter_id, Draft.account_id, Follow.account_id, Support.account_id)
joins.carries(ExtensionRequest.asked_by_id, Transfer.asked_by_id, Transfer.answered_by_id)
joins.carries(CaseQuestion.asked_by_id, VoiceNote.written_by_id, ClosingRequest.asked_by_id)
partings.forgets(forgetting.forget_reporter)
upkeep.each_hour(retention.forget_reporters)
kept.step("reporters of closed cases", count=retention.count_known, clear=retention.forget_reporters)


@worker.each_round
def count_into_map(turn: Turn) -> int:
    """Count what changed on the map into its cells, some thousands at a time."""
    done = 0
    while map_cells.has_changes() and not turn.is_over():
        with transaction():
            counted = map_counting.count_in()
        if not counted:  # another worker is at it
            break
        done += counted
    return done


@upkeep.each_hour
def tell_silence(at: datetime) -> None:
    """Tell of departments of which nobody looks at what is new."""
    if cities.find() is not None:
        silence.tell_silence(at)


@partings.warns
def tell_of_open_cases(account_id: int) -> str | None:
    """Tell what becomes of cases that are open when their reporter goes."""
    number = people.count_open_reported_by(account_id)
    if not number:
        return None
    return ngettext(
        "%(num)s of your cases is open. The city goes on with it, and you hear nothing more of it.",
        "%(num)s of your cases are open. The city goes on with them, and you hear nothing more of them.",
        number,
    )


@outbox.job(ANSWER_MORE)
def answer_more(job: Job) -> None:
    """Write an update of a notice into the stories of the next cases under it."""
    update = notices.update(job.payload["update_id"])
    by = accounts.lock_account(job.payload["by_id"])
    outcome = job.payload["outcome"]
    closing = Closing(Outcome(outcome), job.payload["why_no_photo"]) if outcome else None
    if update is not None:
        services.answer_all(update, by=by, at=clock.now(), closing=closing)


@outbox.job(asking.END)
def end_question(job: Job) -> None:
    """Bring a case back to who asked when nobody has answered in time."""
    asking.lapse(job.payload["event_id"], clock.now())


@worker.each_round
def keep_clocks(turn: Turn) -> int:
    """Let pauses end, suspensions of work count and late cases escalate, some cases in each transaction."""
    done, at = 0, clock.now()
    if not clocks.anything_to_do(at):
        return done
    for work in (escalating.end_pauses, escalating.count_suspensions, escalating.escalate):
        found = escalating.AT_ONCE
        while found == escalating.AT_ONCE and not turn.is_over():
            with transaction():
                found = work(at)
            done += found
    return done
