"""What staff enter: forms that were filled in on paper, chats that were copied."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts.phone_fields import normal_address
from cps.cases import queries as cases
from cps.cases import reference as references
from cps.cases.models import Case
from cps.cases.rules import Channel
from cps.cases.services import Contact, Filed
from cps.cases.services.filing import link_secret
from cps.channels import conversation, services
from cps.channels.forms import PRIVATE, ConversationForm, EntryForm, PaperEntryForm, PastedForm
from cps.channels.services import EnteredBefore, Entry
from cps.core import clock, offline
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.forms import add_error, used_key
from cps.core.i18n import current_language, html_language, localized
from cps.core.i18n import gettext as _
from cps.core.phone import is_phone
from cps.core.security import Can, requires
from cps.core.text import detect_language
from cps.departments import queries as departments
from cps.departments.choices import by_group
from cps.notifications import links, sms_wording
from cps.wards import queries as wards

Asked = TypeVar("Asked", bound=EntryForm)

JUST_NOW = timedelta(hours=1)
"""So long the link that is the reporter's is shown to who entered their case."""

bp = Blueprint("channel_entries", __name__, url_prefix="/channels")


@bp.get("/paper")
@requires(Can.TAKE_IN)
def paper() -> ResponseReturnValue:
    """Show the form in which a form on paper is typed in."""
    form = _offered(PaperEntryForm(formdata=None))
    form.language.data, form.received.data = html_language(current_language()), form.today
    form.reference.data = request.args.get("reference", "")[:20]
    return _paper_page(form)


@bp.post("/paper")
@requires(Can.TAKE_IN)
def enter_paper() -> ResponseReturnValue:
    """Enter a form on paper; one that was entered before is refused, with the way to its case."""
    form = _offered(PaperEntryForm())
    reference = ""
    if form.validate():
        reference = references.parse(form.reference.data) if form.reference.data else ""

    def enter(at: datetime) -> Filed:
        return services.enter_form(
            _entry(form, at), reference, form.form_key.data or "", by=current_user, city=g.city, at=at
        )

    return _entered(form, enter, _paper_page)


@bp.get("/pasted")
@requires(Can.TAKE_IN)
def pasted() -> ResponseReturnValue:
    """Show the field for a chat that was copied."""
    return render_template("channels/pasted.html", form=ConversationForm(formdata=None))


@bp.post("/pasted")
@requires(Can.TAKE_IN)
def read_pasted() -> ResponseReturnValue:
    """Read a chat: what the resident said stands in the form of a case, to be looked at before it is sent."""
    asked = ConversationForm()
    if not asked.validate():
        return render_template("channels/pasted.html", form=asked), HTTPStatus.UNPROCESSABLE_ENTITY
    ours = frozenset(name.lower() for name in (*g.city.name.values(), current_user.display_name))
    said = conversation.of_resident(conversation.read(asked.conversation.data or ""), ours=ours)
    form = _offered(PastedForm(formdata=None))
    form.body.data, form.name.data = said.text, said.name
    form.language.data = detect_language(said.text, g.city.languages) or g.city.default_language
    form.received.data, form.privacy.data = form.today, PRIVATE
    return _pasted_page(form)


@bp.post("/pasted/case")
@requires(Can.TAKE_IN)
def enter_pasted() -> ResponseReturnValue:
    """Make a case of what was said in a chat."""
    form = _offered(PastedForm())

    def enter(at: datetime) -> Filed:
        return services.enter_chat(
            _entry(form, at), form.form_key.data or "", by=current_user, city=g.city, at=at
        )

    form.validate()
    return _entered(form, enter, _pasted_page)


@bp.get("/entered/<reference:reference>")
@requires(Can.TAKE_IN)
def entered(reference: str) -> ResponseReturnValue:
    """Show a case to whoever entered it, for an hour: its number, and for a chat the words to paste back."""
    case = cases.get_case(reference)
    if case.filed_by_id != current_user.id or clock.now() - case.entered_at > JUST_NOW:
        abort(HTTPStatus.NOT_FOUND)
    is_chat = case.channel is Channel.CHAT
    return render_template(
        "channels/entered.html",
        case=case,
        answer=_words_for(case) if is_chat else None,
        again=url_for(".pasted" if is_chat else ".paper"),
    )


def _words_for(case: Case) -> str:
    """Return what is pasted into the chat: the number, the promise, and the link that is its reporter's."""
    link = f"{links.case_link(case)}/key/{link_secret(case.reference)}"
    city = g.city  # the block below has a context of its own
    with offline.speaking(offline.language_for(case.language, city), city):
        return sms_wording.filed_text(city, case, link)


def _entered(
    form: EntryForm,
    enter: Callable[[datetime], Filed],
    page: Callable[..., str],
) -> ResponseReturnValue:
    if form.errors:
        return page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            reference = enter(clock.now()).case.reference
    except EnteredBefore as before:
        db.session.rollback()
        known = before.reference or used_key(form.form_key.data or "") or ""
        return page(form, before=known), before.status
    except RuleViolation as refused:
        db.session.rollback()
        add_error(form.reference if isinstance(form, PaperEntryForm) else form.body, refused.message)
        return page(form), refused.status
    return redirect(url_for(".entered", reference=reference), HTTPStatus.SEE_OTHER)


def _paper_page(form: EntryForm, before: str = "") -> str:
    return render_template(
        "channels/entry.html",
        form=form,
        action=url_for(".enter_paper"),
        title=_("Enter a form on paper"),
        text=_("Type what stands on it, word by word."),
        before=before,
        today=form.today,
    )


def _pasted_page(form: EntryForm, before: str = "") -> str:
    return render_template(
        "channels/entry.html",
        form=form,
        action=url_for(".enter_pasted"),
        title=_("A case from a chat"),
        text=_("This is what the resident said. Look at it, and take out what does not belong there."),
        before=before,
        today=form.today,
    )


def _offered(form: Asked) -> Asked:
    """Offer the form the categories, wards and languages of the city, and its day."""
    groups = by_group(departments.catalogue().offered())
    known = [(ward.code, localized(ward.name)) for ward in wards.areas().wards.values()]
    form.offer(groups, known, g.city.languages, clock.now().astimezone(g.city.zone).date())
    return form


def _entry(form: EntryForm, at: datetime) -> Entry:
    ward = wards.areas().wards.get(form.ward.data or "")
    address = normal_address(form.contact.data) if form.contact.data else ""
    named = {"phone": address} if is_phone(address) else {"email": address}
    return Entry(
        body=form.body.data or "",
        language=form.language.data,
        category=departments.catalogue().offer(form.category.data or ""),
        ward_id=ward.id if ward else None,
        address=form.address.data or "",
        is_private=form.privacy.data == PRIVATE,
        contact=Contact(name=form.name.data or "", language=form.language.data, **named),
        received_at=_noon(form.received.data, at),
    )


def _noon(day: date | None, at: datetime) -> datetime:
    """Return the middle of a day in the city, and not later than now."""
    if day is None:
        return at
    return min(at, datetime.combine(day, time(12), g.city.zone))
