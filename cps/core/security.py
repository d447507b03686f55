"""Permissions: one question, `allows(actor, can, object)`, asked by every page, photo, feed and command.

Features register their rules in their `policy.py`; a permission without a rule is refused.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app
from flask.typing import ResponseReturnValue
from flask_login import current_user


class Can(StrEnum):
    """What somebody may do; each has a rule in the `policy.py` of a feature."""

    USE_OWN_ACCOUNT = "use-own-account"
    SEE_CASE = "see-case"
    SEE_REPORTER = "see-reporter"
    SPEAK_AS_REPORTER = "speak-as-reporter"
    SUPPORT_CASE = "support-case"
    PROPOSE = "propose"
    DISCUSS = "discuss"
    MODERATE = "moderate"
    APPEAL = "appeal"
    WORK_CASES = "work-cases"
    WORK_CASE = "work-case"
    SHARE_VIEWS = "share-views"
    CHANGE_VIEW = "change-view"
    SUPERVISE = "supervise"
    HANDLE_INTEGRITY = "handle-integrity"
    MAKE_NOTICES = "make-notices"
    TELL_NOTICES = "tell-notices"
    TAKE_IN = "take-in"
    EDIT_ANSWERS = "edit-answers"
    PUBLISH_ANSWERS = "publish-answers"
    VERIFY_IDENTITY = "verify-identity"
    ANSWER_CALLS = "answer-calls"
    CALL_BACK = "call-back"
    MANAGE_CALLS = "manage-calls"
    MANAGE_CITY = "manage-city"
    MANAGE_POLLS = "manage-polls"
    TAKE_VOTES = "take-votes"
    READ_MORNING = "read-morning"
    SEE_INTERNAL_FIGURES = "see-internal-figures"


FOR_RESIDENTS = frozenset(
    {
        *(Can.USE_OWN_ACCOUNT, Can.SEE_CASE, Can.SPEAK_AS_REPORTER),
        *(Can.SUPPORT_CASE, Can.PROPOSE, Can.DISCUSS, Can.APPEAL),
    }
)
"""What residents may do; all other permissions are of staff, whose pages are in fewer languages."""

Rule = Callable[[Any, Any], bool]
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

_rules: dict[Can, Rule] = {}


def rule(can: Can) -> Callable[[Rule], Rule]:
    """Register the rule of one permission; each has exactly one."""

    def register(function: Rule) -> Rule:
        if can in _rules:
            raise RuntimeError(f"{can} has a rule already")
        _rules[can] = function
        return function

    return register


def allows(actor: Any, can: Can, about: Any = None) -> bool:
    """Return whether the actor may do this, about this object where the permission concerns one."""
    decide = _rules.get(can)
    return bool(decide and decide(actor, about))


def has_rule(can: Can) -> bool:
    """Return whether a feature has registered a rule for this permission."""
    return can in _rules


def requires(can: Can) -> Callable[[View], View]:
    """Guard a view: visitors are sent to sign in, others get 404, because existence itself is private."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kw: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                answer: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
                return answer
            if not allows(current_user, can):
                abort(404)
            return view(*args, **kw)

        guarded.cps_requires = can  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def public(view: View) -> View:
    """Mark a view as open to everybody; what it shows still asks `allows`."""
    view.cps_requires = None  # type: ignore[attr-defined]
    return view


def is_for_staff(view: Any) -> bool:
    """Return whether a view is guarded by a permission that only staff have."""
    can = getattr(view, "cps_requires", None)
    return can is not None and can not in FOR_RESIDENTS
