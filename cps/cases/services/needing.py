"""What the moves of a case need by its category, and who is a second pair of eyes for it."""

from collections.abc import Collection
from dataclasses import replace

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.queries import seconding
from cps.departments import queries as departments
from cps.departments.rules import Needs


def needs_among(cases: Collection[Case], by: Account) -> dict[int, Needs]:
    """Return by case what its category asks for.

    Where somebody took it out of a category that wants a second pair of eyes, that is wanted of them still:
    another category is no way around a colleague's yes.
    """
    needs = {case.id: Needs.of(case.category.needs) for case in cases}
    known = departments.catalogue().categories
    if any(one.needs.second for one in known.values()):
        for case_id, left in seconding.categories_left(list(needs), by.id).items():
            wanted = (known[one].needs.second for one in left if one in known)
            needs[case_id] = replace(needs[case_id], second=needs[case_id].second.union(*wanted))
    return needs


def needs_of(case: Case, by: Account) -> Needs:
    """Return the same of one case."""
    return needs_among([case], by)[case.id]


def is_second(case: Case, by: Account) -> bool:
    """Return whether somebody is a second pair of eyes for a case that another officer has.

    Whoever had it before, or wanted to end it, is none: they could hand it to somebody for a moment. Nor is
    anybody while the officer who has it did nothing with it.
    """
    return case.id in second_among([case], by)


def second_among(cases: Collection[Case], by: Account) -> frozenset[int]:
    """Return for which of these cases somebody is a second pair of eyes, as `is_second` says of one."""
    needs = needs_among(cases, by)
    free = {case.id for case in cases if not needs[case.id].second}
    holders = {
        case.id: case.assignee_id
        for case in cases
        if case.id not in free and case.assignee_id is not None and case.assignee_id != by.id
    }
    if holders:
        free |= seconding.worked_among(holders) - seconding.had_among(list(holders), by.id)
    return frozenset(free)
