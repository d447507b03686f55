"""What the worker clears away for the administration."""

from cps.admin.people import queries, services
from cps.core import retention, upkeep

upkeep.each_hour(services.forget_expired)
retention.step("invitations that ended", count=queries.count_forgotten, clear=services.forget_expired)
