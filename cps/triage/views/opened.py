"""A case that is open at the desk, with the forms of what may be done to it."""

from dataclasses import dataclass
from typing import TypeVar

from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.models import Case
from cps.cases.rules import CaseKind, Outcome
from cps.core import clock
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, allows
from cps.departments import queries as departments
from cps.departments.catalogue import Catalogue, KnownCategory
from cps.departments.choices import by_group
from cps.departments.models import ReplyTemplate
from cps.triage import replies
from cps.triage.forms import (
    FORMS,
    AboutStaffForm,
    CloseForm,
    DeskForm,
    ExtendForm,
    PartnerForm,
    RefuseForm,
    ReplyForm,
    SortForm,
    TranscribeForm,
    TransferForm,
    YesOrNoForm,
)
from cps.triage.heard import Heard, heard
from cps.triage.presenting import Reporter
from cps.triage.rules import BUTTONS, SEEN_ELSEWHERE, Act, Offers, acts, moves_with_reply, offers_joined
from cps.triage.suggested import Suggested, how_right, suggested
from cps.triage.views.address import Asked, asked
from cps.triage.views.asking import Silence, reply_dates, silence_of
from cps.triage.views.between import Between, Outside, between_departments, with_partner
from cps.triage.views.more_time import MoreTimeAtDesk, more_time_for
from cps.triage.views.photos import Received
from cps.triage.views.proposal_steps import named, units
from cps.triage.views.second import SecondLook, second_of
from cps.wards import queries as wards

Sent = TypeVar("Sent", bound=DeskForm)


@dataclass(slots=True)
class Open:
    """A case that is open at the desk, with its forms; `sent` is the one that keeps what was typed."""

    case: Case
    catalogue: Catalogue
    templates: list[ReplyTemplate]
    asked: Asked
    more_time: MoreTimeAtDesk
    between: Between
    outside: Outside
    acts: list[Act]
    forms: dict[Act, DeskForm]
    suggested: list[Suggested]
    sent: DeskForm | None = None
    received: Received | None = None
    problem: str = ""
    reporter: Reporter | None = None
    silence: Silence | None = None
    heard: Heard | None = None
    second: SecondLook | None = None

    @property
    def panel(self) -> Act | None:
        """The act whose form stays open; None where nothing was typed or the case no longer allows it."""
        act = self.sent.act if self.sent else None
        return act if act in self.acts and act not in BUTTONS else None

    @property
    def first_act(self) -> Act:
        """What the officer most likely does next."""
        if Act.ACCEPT in self.acts:
            return Act.ACCEPT
        if Act.SECOND in self.acts:
            return Act.SECOND
        if Act.TRANSFER in self.acts and self.between.stands.is_unclear:
            return Act.TRANSFER
        if Act.TRANSCRIBE in self.acts and self.heard and self.heard.note.is_to_be_written_down:
            return Act.TRANSCRIBE
        return Act.TAKE if Act.TAKE in self.acts and not self.case.assignee_id else Act.REPLY

    @property
    def needs_photo(self) -> bool:
        """Whether an ending asks for a photo of the work."""
        return Act.CLOSE in self.acts and bool(self.photo_for)

    @property
    def photo_for(self) -> list[str]:
        """The endings that need a photo, or the reason why there is none, in words."""
        always = {Outcome.FIXED.value} if self.category.is_repair else set()
        needed = always | self.category.needs.photo
        return [word for value, word in replies.move_words().items() if value in needed]

    @property
    def category(self) -> KnownCategory:
        """The category of the case."""
        return self.catalogue.categories[self.case.category_id]

    @property
    def how_right(self) -> str:
        """How often what was suggested was right where it was measured."""
        return how_right()

    def sent_as(self, kind: type[Sent]) -> Sent:
        """Return the form that was sent, which is of this kind."""
        if not isinstance(self.sent, kind):
            raise TypeError(f"{self.sent!r} was sent")
        return self.sent


def get_case(reference: str) -> Case:
    """Return a case that the officer works; all others do not exist for them."""
    case = cases.get_case(reference)
    if not allows(current_user, Can.WORK_CASE, case):
        raise NotVisible(_("There is no case with this number at your desk."))
    return case


def open_case(
    reference: str, sent: DeskForm | None = None, *, received: Received | None = None, problem: str = ""
) -> Open:
    """Open a case with fresh forms; the one that was sent goes on as it is, against the case as it is now."""
    case = get_case(reference)
    catalogue = departments.catalogue()
    more_time, between, outside = more_time_for(case), between_departments(case), with_partner(case)
    voice, second = heard(case, current_user), second_of(case)
    offers = Offers(
        may_extend=more_time.why_not is None,
        may_decide=more_time.may_decide,
        may_second=second is not None and second.may_decide,
        hand=between.offered,
        is_joined=offers_joined(case.kind, case.outcome),
        may_send=outside.may_send,
        may_write_down=voice is not None and voice.may_write_down,
        may_be_about_staff=_may_be_about_staff(case, catalogue),
    )
    may = acts(case.kind, case.status, is_own=case.assignee_id == current_user.id, offers=offers)
    if case.is_integrity:
        may = [act for act in may if act not in SEEN_ELSEWHERE]
    more = (Act.READ, *([Act.RECALL] if outside.link is not None else []))
    forms = {act: FORMS[act](formdata=None, version=case.version) for act in (*may, *more)}
    if sent is not None:
        forms[sent.act] = sent
    templates = departments.templates_for(case.department_id, case.category_id) if Act.REPLY in may else []
    desk = Open(
        case,
        catalogue,
        templates,
        asked(catalogue, wards.areas()),
        more_time,
        between,
        outside,
        may,
        forms,
        suggested(case) if Act.SORT in may and not (voice and voice.note.is_to_be_written_down) else [],
        sent,
        received,
        problem,
        silence=silence_of(case),
        heard=voice,
        second=second,
    )
    for form in forms.values():
        _offer(form, desk)
    _show_what_was_heard(desk)
    return desk


def _may_be_about_staff(case: Case, catalogue: Catalogue) -> bool:
    """Return whether a case can be handed to the integrity officers, if there are categories for it."""
    return case.kind is CaseKind.COMPLAINT and not case.is_integrity and bool(catalogue.about_staff())


def _offer(form: DeskForm, desk: Open) -> None:
    """Give a form the choices that fit the case."""
    case = desk.case
    if "template" in form:
        moves = replies.ENDS if isinstance(form, CloseForm) else moves_with_reply(case.kind, case.status)
        form["template"].choices = replies.offered(desk.templates, moves)
    if isinstance(form, YesOrNoForm):
        form.offer()
    elif isinstance(form, CloseForm):
        _offer_end(form, desk)
    elif isinstance(form, ReplyForm):
        form.offer(moves_with_reply(case.kind, case.status), *reply_dates(clock.now()))
    elif isinstance(form, ExtendForm):
        form.offer(desk.more_time.dates, desk.more_time.hint)
    elif isinstance(form, PartnerForm | TransferForm | RefuseForm):
        form.offer(_whom(form, desk))
    elif isinstance(form, SortForm | AboutStaffForm):
        _offer_sorting(form, desk)


def _show_what_was_heard(desk: Open) -> None:
    """Fill in what was written down of a voice note before, to be corrected."""
    form = desk.forms.get(Act.TRANSCRIBE)
    if isinstance(form, TranscribeForm) and form is not desk.sent and desk.heard is not None:
        form.message.data = desk.heard.words


def _offer_sorting(form: SortForm | AboutStaffForm, desk: Open) -> None:
    """Give the form of category and priority what the case can be, and what it is."""
    if isinstance(form, AboutStaffForm):
        form.offer(named(desk.catalogue.about_staff()), units())
        return
    form.offer(by_group(one for one in desk.catalogue.categories.values() if _may_be_of(desk.case, one)))
    if form is not desk.sent:
        form.category.data, form.priority.data = desk.category.code, desk.case.priority.value


def _offer_end(form: CloseForm, desk: Open) -> None:
    """Give the form of an end the city's reasons for a no; where nobody replied, words to close with."""
    form.offer(departments.offered_reasons())
    refused = desk.second if desk.second is not None and desk.second.no is not None else None
    if refused is not None and refused.is_own and form is not desk.sent:
        form.outcome.data, form.message.data = refused.request.outcome.value, refused.event.message
    elif desk.silence is not None and form is not desk.sent:
        form.outcome.data, form.message.data = Outcome.CANNOT_BE_DONE.value, desk.silence.proposal


def _whom(form: DeskForm, desk: Open) -> list[tuple[str, str]]:
    """Return to whom a case may go: to partners, or to the other departments."""
    if isinstance(form, PartnerForm):
        return [(str(one.id), one.name) for one in desk.outside.partners]
    known = desk.catalogue.departments.values()
    others = [one for one in known if one.is_active and one.id != desk.case.department_id]
    return [(one.code, localized(one.name)) for one in others]


def _may_be_of(case: Case, category: KnownCategory) -> bool:
    """Return whether a category fits a case; the one it has also when it is no longer in use."""
    fits = category.kind.value == case.kind.value and category.is_integrity == case.is_integrity
    return category.id == case.category_id or (category.is_active and fits)
