"""Every write on departments, categories and working time. Services flush and never commit."""

from cps.departments.services.categories import (
    move_category,
    move_question,
    remove_question,
    save_question,
)
from cps.departments.services.closing import (
    close_department,
    move_department,
    reopen_department,
    sort_new_cases,
)
from cps.departments.services.learning import keep_learned
from cps.departments.services.reasons import move_reason, save_reason
from cps.departments.services.routing import (
    add_routing_rule,
    change_routing_rule,
    move_routing_rule,
    remove_routing_rule,
)
from cps.departments.services.saving import (
    add_staff,
    due_at,
    remove_holiday,
    remove_staff,
    save_category,
    save_department,
    save_holiday,
    save_opening_hours,
    save_template,
)
from cps.departments.services.suspending import correct_suspension, suspend_work

__all__ = [
    "add_routing_rule",
    "add_staff",
    "change_routing_rule",
    "close_department",
    "correct_suspension",
    "due_at",
    "keep_learned",
    "move_category",
    "move_department",
    "move_question",
    "move_reason",
    "move_routing_rule",
    "remove_holiday",
    "remove_question",
    "remove_routing_rule",
    "remove_staff",
    "reopen_department",
    "save_category",
    "save_department",
    "save_holiday",
    "save_opening_hours",
    "save_question",
    "save_reason",
    "save_template",
    "sort_new_cases",
    "suspend_work",
]
