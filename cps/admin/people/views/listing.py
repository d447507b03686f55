"""Who works for the city: the list, an account found by its whole address, and the page of one account."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.accounts.rules import STAFF_ROLES, AccountState, Role
from cps.accounts.wording import ROLE_NAMES
from cps.admin import history
from cps.admin import queries as changes
from cps.admin.known_values import known_value
from cps.admin.people import queries, services
from cps.admin.people.forms import FindForm
from cps.admin.people.queries import PAGE_SIZE, Wanted
from cps.admin.people.rules import LOOK_LASTS
from cps.admin.people.wording import ACTS, LABELS, STATES
from cps.cases.queries import assigned
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import OWN_NAMES, localized
from cps.core.i18n import gettext as _
from cps.core.paging import place
from cps.core.security import Can, requires
from cps.core.text import one_line
from cps.departments import queries as departments

bp = Blueprint("people", __name__, url_prefix="/admin/accounts")

LONGEST_WORDS = 100


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show who works for the city and who is invited, narrowed to what the address says."""
    return _list(FindForm(formdata=None))


@bp.post("/find")
@requires(Can.MANAGE_CITY)
def find() -> ResponseReturnValue:
    """Open the account of a whole address or number; of a resident, this is noted for them to see."""
    form = FindForm()
    if not form.validate():
        return _list(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            found = services.look_up(form.address, by=current_user.id, at=clock.now())
    except RuleViolation as refused:
        db.session.rollback()
        form.email.errors = [refused.message]
        return _list(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for(".show", account_id=found.id), HTTPStatus.SEE_OTHER)


@bp.get("/<int:account_id>")
@requires(Can.MANAGE_CITY)
def show(account_id: int) -> ResponseReturnValue:
    """Show one account: what it is, where it works, what is open with it, its devices, what was changed."""
    account = get_account(account_id)
    at = clock.now()
    return render_template(
        "admin/person.html",
        row=account,
        is_own=account.id == current_user.id,
        state=STATES[account.state],
        roles=role_names(account),
        departments=_names([account.id]).get(account.id, []),
        language=OWN_NAMES.get(account.language, account.language),
        two_step=accounts.two_step_of(account.id),
        opened=open_cases(account.id),
        sessions=accounts.sessions_of(account.id, at=at),
        history=history.in_words(
            changes.history(["account"], account.id), LABELS, show=known_value, acts=ACTS
        ),
    )


def get_account(account_id: int) -> Account:
    """Return an account of staff, one's own, or one that was looked up lately; raises NotVisible."""
    account = queries.account(account_id)
    if account is None or account.state is AccountState.DELETED or not _may_see(account):
        raise NotVisible(_("There is no such account."))
    return account


def _may_see(account: Account) -> bool:
    if account.is_staff or account.id == current_user.id:
        return True
    since = clock.now() - LOOK_LASTS
    return queries.has_looked_up(current_user.id, account.id, since=since) or changes.has_changed(
        "account", account.id, by=current_user.id, since=since
    )


def open_cases(account_id: int) -> list[tuple[str, int]]:
    """Return how many open cases lie with an account, by the name of their department."""
    known = departments.catalogue().departments
    found = assigned.count_assigned(account_id)
    return [(localized(known[key].name), number) for key, number in found.items() if key in known]


def role_names(account: Account) -> list[str]:
    """Return what an account is, besides a resident."""
    return [str(ROLE_NAMES[role]) for role in Role if role in account.roles & STAFF_ROLES]


def _list(form: FindForm) -> str:
    wanted, start = _wanted(), request.args.get("from", 0, type=place)
    rows = queries.staff(wanted, start=start)
    ids = [row.id for row in rows[:PAGE_SIZE]]
    works_in, safe = _names(ids), queries.with_second_step(ids)
    return render_template(
        "admin/people.html",
        form=form,
        rows=[(row, role_names(row), works_in.get(row.id, []), row.id in safe) for row in rows[:PAGE_SIZE]],
        total=queries.count_staff(wanted),
        wanted=wanted,
        roles=[(role.value, ROLE_NAMES[role]) for role in Role if role in STAFF_ROLES],
        departments=[(one.code, localized(one.name)) for one in departments.catalogue().departments.values()],
        invitations=[(row, _as_what(row.roles)) for row in queries.invitations()],
        now=clock.now(),
        earlier=_page(wanted, start - PAGE_SIZE) if start else None,
        later=_page(wanted, start + PAGE_SIZE) if len(rows) > PAGE_SIZE else None,
    )


def _wanted() -> Wanted:
    role = request.args.get("role", "")
    return Wanted(
        one_line(request.args.get("q", "")[:LONGEST_WORDS]),
        Role(role) if role in list(STAFF_ROLES) else None,
        one_line(request.args.get("department", "")[:LONGEST_WORDS]),
    )


def _page(wanted: Wanted, start: int) -> str:
    values: dict[str, Any] = {"q": wanted.words, "role": wanted.role, "department": wanted.department}
    kept = {name: value for name, value in values.items() if value}
    return url_for(".index", **kept | {"from": max(start, 0)})


def _names(account_ids: list[int]) -> dict[int, list[str]]:
    found = queries.departments_of(account_ids)
    return {key: [localized(one.name) for one in there] for key, there in found.items()}


def _as_what(roles: list[str]) -> str:
    return ", ".join(str(ROLE_NAMES[Role(role)]) for role in roles)
