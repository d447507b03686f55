"""Forms of what an officer does with a proposal. Each does its step once, on the proposal as it was seen."""

from collections.abc import Iterable
from typing import Any

from wtforms import FieldList, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, ValidationError

from cps.cases.rules import Outcome
from cps.core.forms import LONGEST_TEXT, SHORTEN, Form, OnceForm, VersionField, tidy_line, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.proposals.models import OfficialAnswer, Proposal
from cps.proposals.rules import NO
from cps.proposals.services import AnswerSpec, Point
from cps.proposals.services.answering import MOST_POINTS, reasons_for
from cps.proposals.wording import ANSWERS
from cps.triage.forms.base import key_of, text_field

LONGEST_HEADING = 120
SPARE_POINTS = 3
Choices = Iterable[tuple[str, str]]


class StepForm(OnceForm):
    """A step of a proposal; `version` is of what the officer saw: the case, or the draft of the answer."""

    version = VersionField(validators=[Optional()])

    @property
    def key(self) -> str:
        """What makes pressing twice one step."""
        return key_of(self, type(self).__name__)


class LiftForm(StepForm):
    """Why a proposal below the line is answered all the same."""

    reason = text_field(
        _l("Why is it answered all the same?"),
        _l("Everybody reads it on the page of the proposal."),
        _l("Say why this proposal is answered below the line; everybody reads it."),
    )


class IntoForm(StepForm):
    """Join a proposal to another; the view looks up `other`, which is None where there is none such."""

    other: Proposal | None = None

    into = StringField(
        _l("Number of the other proposal"),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Enter the number of the other proposal.")),
            Length(max=40, message=SHORTEN),
        ],
    )
    reason = text_field(
        _l("Why are they the same?"),
        _l("Everybody reads it on both pages, and those who supported this one are told."),
        _l("Say why the proposals are joined; everybody reads it."),
    )

    def validate_into(self, _field: Any) -> None:
        """Refuse a number that leads to no proposal."""
        if self.other is None:
            raise ValidationError(_("There is no proposal with this number. Please compare it."))


class PartForm(StepForm):
    """Why a join is undone."""

    reason = text_field(
        _l("Why do they stand by themselves again?"),
        _l("Everybody reads it on the page of the proposal."),
        _l("Say why the join is undone; everybody reads it."),
    )


class PointForm(Form):
    """One point of a long answer; without both it is left out."""

    heading = StringField(
        _l("Heading"), filters=[tidy_line], validators=[Length(max=LONGEST_HEADING, message=SHORTEN)]
    )
    text = TextAreaField(
        _l("Text"), filters=[tidy_text], validators=[Length(max=LONGEST_TEXT, message=SHORTEN)]
    )


class AnswerForm(StepForm):
    """A draft of the official answer; what is missing is asked for when it is published."""

    outcome = RadioField(
        _l("What does the city say?"),
        default="",
        validate_choice=False,
        validators=[AnyOf(["", *ANSWERS], message=_l("Choose one of the answers to a proposal."))],
    )
    text = TextAreaField(
        _l("The answer, with its reasons"),
        description=_l("First what the city will do, or why not; then the rest."),
        filters=[tidy_text],
        validators=[Length(max=LONGEST_TEXT, message=SHORTEN)],
    )
    unit = SelectField(
        _l("Which department stands for it?"),
        description=_l("Its name stands beside the answer."),
        validate_choice=False,
    )
    link = StringField(
        _l("Where people can see it"),
        description=_l("For “done already”: the whole address of a page, beginning with https://."),
        filters=[tidy_line],
        validators=[Length(max=500, message=SHORTEN)],
    )
    whose = StringField(
        _l("Who decides it"),
        description=_l("For “not for the city to decide”: who it is, and how to reach them."),
        filters=[tidy_line],
        validators=[Length(max=200, message=SHORTEN)],
    )
    reason = SelectField(
        _l("Why not?"),
        description=_l("For a no. The resident reads it in their language, before your words."),
        validate_choice=False,
    )
    points = FieldList(FormField(PointForm), max_entries=MOST_POINTS)

    def offer(self, departments: Choices) -> None:
        """Offer every answer, these departments, and the city's reasons for a no."""
        groups = {str(ANSWERS[no]): reasons_for(no) for no in NO}
        self.reason.choices = {
            "": [("", _("My own words say why"))],
            **{
                title: [(one.code, localized(one.text)) for one in reasons]
                for title, reasons in groups.items()
                if reasons
            },
        }
        self.outcome.choices = [(one.value, words) for one, words in ANSWERS.items()]
        offers = [("", _("Choose one")), *departments]
        self.unit.choices = offers
        codes = [code for code, _name in offers]
        self.unit.validators = [AnyOf(codes, message=_("Choose a department from the list."))]

    def validate_reason(self, field: SelectField) -> None:
        """Refuse a reason that is not for the chosen no; with all other answers none counts."""
        no = next((one for one in NO if one == self.outcome.data), None)
        if no and field.data and field.data not in {one.code for one in reasons_for(no)}:
            raise ValidationError(_("This reason is not for this answer. Choose another one, or none."))

    def fill(self, draft: OfficialAnswer | None, unit: str) -> None:
        """Show what the draft says, `unit` by its code, and room for more points."""
        self.unit.data = unit
        if draft is not None:
            self.version.data = draft.version
            self.outcome.data = draft.outcome.value if draft.outcome else ""
            self.text.data, self.link.data, self.whose.data = draft.text, draft.link, draft.whose
            self.reason.data = draft.reason_code
            for point in draft.points:
                self.points.append_entry(point)
        for _number in range(min(SPARE_POINTS, MOST_POINTS - len(self.points))):
            self.points.append_entry()

    def spec(self, *, unit_id: int | None, language: str) -> AnswerSpec:
        """Return what a valid form says; points that were left empty are none."""
        points = [Point(one.heading.data or "", one.text.data or "") for one in self.points]
        return AnswerSpec(
            outcome=Outcome(self.outcome.data) if self.outcome.data else None,
            text=self.text.data or "",
            language=language,
            points=[point for point in points if point.heading or point.text],
            unit_id=unit_id,
            whose=self.whose.data or "",
            link=self.link.data or "",
            reason=self.reason.data or "",
        )
