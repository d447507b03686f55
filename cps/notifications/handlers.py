"""What follows from facts: messages; and the rounds in which they leave."""

from datetime import datetime

from cps.accounts import joins, partings
from cps.accounts.rules import CodePurpose
from cps.cases.services import forgetting
from cps.core import clock, outbox, retention, upkeep, worker
from cps.core.models import Job, OutboxFact
from cps.core.outbox import Fact
from cps.notices.models import NoticeFollow
from cps.notifications import delivery, services, sms_delivery
from cps.notifications.alerts import handlers as _of_alerts  # noqa: F401 - registers its own
from cps.notifications.asking import handlers as _of_asking  # noqa: F401 - registers its own
from cps.notifications.callers import handlers as _of_callers  # noqa: F401 - registers its own
from cps.notifications.clock import handlers as _of_clock  # noqa: F401 - registers its own
from cps.notifications.counter import handlers as _of_counters  # noqa: F401 - registers its own
from cps.notifications.handoff import handlers as _of_handoff  # noqa: F401 - registers its own
from cps.notifications.helping import handlers as _of_helping  # noqa: F401 - registers its own
from cps.notifications.inviting import handlers as _of_inviting  # noqa: F401 - registers its own
from cps.notifications.models import BouncedAddress, Message, MessageWish, TextMessage, Told
from cps.notifications.moderation import handlers as _of_moderation  # noqa: F401 - registers its own
from cps.notifications.morning import handlers as _of_mornings  # noqa: F401 - registers its own
from cps.notifications.notices import handlers as _of_notices  # noqa: F401 - registers its own
from cps.notifications.queries import Recipient
from cps.notifications.services.forgetting import forget_messages, forget_messages_to_reporters
from cps.notifications.told import handlers as _of_told  # noqa: F401 - registers its own
from cps.notifications.told.services import rename
from cps.polls.models import PollWatch

worker.each_round(delivery.deliver)
worker.each_round(sms_delivery.deliver)
upkeep.each_hour(services.forget_old)
upkeep.each_hour(services.forget_old_texts)
upkeep.each_hour(services.forget_old_told)
upkeep.each_hour(delivery.warn_without_server)
upkeep.each_hour(sms_delivery.warn_without_gateway)
partings.forgets(forget_messages)
forgetting.also(forget_messages_to_reporters)
forgetting.also(rename)
retention.step("messages that were sent", count=services.count_old, clear=services.forget_old)
retention.step(
    "text messages that were sent", count=services.count_old_texts, clear=services.forget_old_texts
)
retention.step("what people were told", count=services.count_old_told, clear=services.forget_old_told)
joins.carries(Message.account_id, TextMessage.account_id, NoticeFollow.account_id, PollWatch.account_id)
joins.carries(MessageWish.account_id, Told.account_id)
joins.drops(BouncedAddress.account_id)


@outbox.on(Fact.CODE_WANTED)
def send_code(fact: OutboxFact) -> None:
    """Write the mail with a one-time code; the payload has code, purpose, address and language."""
    purpose = CodePurpose(fact.payload["purpose"])
    services.tell_code(fact.dedupe_key, fact.payload["code"], purpose, _to(fact), at=clock.now())


@outbox.on(Fact.ADDRESS_ALREADY_KNOWN)
def send_known_address(fact: OutboxFact) -> None:
    """Write the mail that the address has an account already, with a code that opens it."""
    services.tell_code(fact.dedupe_key, fact.payload["code"], None, _to(fact), at=clock.now())


@outbox.on(Fact.CASE_FILED)
def confirm_filing(fact: OutboxFact) -> None:
    """Write to the reporter that the city has the case."""
    services.tell_filed(fact.about_id, at=clock.now())


@outbox.on(Fact.CASE_EVENT)
def tell_news(fact: OutboxFact) -> None:
    """Write to whom an event of a case concerns."""
    services.tell_event(fact.about_id, at=clock.now())


@outbox.job(services.TELL_FOLLOWERS)
def tell_more_followers(job: Job) -> None:
    """Write to the followers that did not fit into the transaction before."""
    services.tell_more_followers(job.payload["event_id"], after=job.payload["after"], at=clock.now())


@outbox.on(Fact.PROPOSAL_REACHED)
def tell_reached(fact: OutboxFact) -> None:
    """Write to the department that it owes a proposal an answer."""
    services.tell_reached(fact.about_id, at=clock.now())


@outbox.on(Fact.POLL_HEAD)
def tell_head(fact: OutboxFact) -> None:
    """Write a signed head of a poll to everybody who asked for it."""
    services.tell_head(fact.about_id, fact.payload["batch"], at=clock.now())


@outbox.on(Fact.PHONE_CHANGED)
def tell_phone_changed(fact: OutboxFact) -> None:
    """Tell an account that it has another number."""
    services.tell_phone_changed(fact.about_id, fact.dedupe_key, at=clock.now())


@outbox.on(Fact.EMAIL_ADDED)
def tell_email_added(fact: OutboxFact) -> None:
    """Tell an account, on its number, that it has an address of mail now."""
    services.tell_email_added(fact.about_id, fact.dedupe_key, at=clock.now())


@outbox.on(Fact.PHONE_CLAIMED)
def tell_phone_claimed(fact: OutboxFact) -> None:
    """Tell who holds a number that somebody else has proven it; the payload has number and tag."""
    services.tell_phone_claimed(fact.about_id, fact.payload["tag"], fact.payload["phone"], at=clock.now())


@outbox.on(Fact.ACCOUNTS_JOINED)
def tell_joined(fact: OutboxFact) -> None:
    """Tell every address of two accounts that were joined; the payload has them and the language."""
    addresses, language = fact.payload["addresses"], fact.payload["language"]
    services.tell_joined(fact.about_id, addresses, language, fact.dedupe_key, at=clock.now())


@outbox.on(Fact.TWO_STEP_CHANGED)
def tell_two_step(fact: OutboxFact) -> None:
    """Tell an account that its second step was turned on or off."""
    by_city = bool(fact.payload.get("by_city"))
    is_on = fact.payload["is_on"]
    services.tell_two_step(fact.about_id, fact.dedupe_key, is_on=is_on, by_city=by_city, at=clock.now())


@outbox.on(Fact.OWN_ARCHIVE_READY)
def tell_archive_ready(fact: OutboxFact) -> None:
    """Tell an account that its archive can be taken along; the payload says until when."""
    until = datetime.fromisoformat(fact.payload["until"])
    services.tell_archive_ready(fact.about_id, fact.dedupe_key, until=until, at=clock.now())


@outbox.on(Fact.SMS_BUDGET_SPENT)
def tell_budget_spent(fact: OutboxFact) -> None:
    """Tell the administrators; the payload has the name of the budget."""
    services.tell_budget_spent(fact.payload["budget"], fact.dedupe_key, at=clock.now())


def _to(fact: OutboxFact) -> Recipient:
    return Recipient(fact.payload["address"], fact.payload["language"])
