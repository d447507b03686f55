"""The short screens of a draft that fix how, who, when and what is published."""

from datetime import datetime
from typing import Any

from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from cps.core import city
from cps.core.forms import (
    LONGEST_LINE,
    LONGEST_TEXT,
    VersionedForm,
    add_error,
    tidy_line,
    tidy_text,
)
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.polls.forms.fields import LONGEST_REASON, DayField, Given, MinuteField, OneOf, WholeField, moment
from cps.polls.manage import wording as words
from cps.polls.rules import CountKey, Lines, Method, OptionOrder, ResultsWhen, TieRule
from cps.polls.soundness import LARGEST_BUDGET, MOST_DAYS, MOST_WITNESSES, OLDEST

FEWEST_SEVERAL = 2


class RulesForm(VersionedForm):
    """How people vote and how it is counted."""

    method = OneOf(_l("Kind of ballot"), words.METHOD_NAMES)
    most = WholeField(
        _l("How many options one ballot may hold"),
        [Optional(), NumberRange(1, 60, message=_l("From 1 to 60."))],
        description=_l("For several choices and for a ranking; a ranking holds up to 3."),
    )
    budget = WholeField(
        _l("What there is to spend"),
        description=_l("For a budget only, in whole units of the city’s currency."),
    )
    option_order = OneOf(_l("Order of the options"), words.ORDERS)
    tie = OneOf(_l("If options are equal"), words.TIES)
    draw_text = TextAreaField(
        _l("How the draw is held"),
        [Length(max=LONGEST_REASON, message=_l("That is too long; %(max)d letters at most."))],
        filters=[tidy_text],
        description=_l("For a draw only: when, where, by whom, and how everybody can watch."),
    )

    def validate_draw_text(self, field: TextAreaField) -> None:
        """Ask for the words where a draw is announced."""
        if self.tie.data == TieRule.DRAW and not field.data:
            raise ValidationError(_("Say how the draw will be held."))

    def validate_most(self, field: WholeField) -> None:
        """Refuse what the method cannot hold."""
        if self.method.data == Method.RANKING and (field.data or 0) > 3:
            raise ValidationError(_("A ranking holds up to 3."))

    def validate_budget(self, field: WholeField) -> None:
        """Ask for the budget where there is one."""
        if self.method.data == Method.BUDGET and not field.data and not field.errors:
            raise ValidationError(_("Write how much there is to spend."))
        if field.data is not None and not 1 <= field.data <= LARGEST_BUDGET:
            raise ValidationError(_("This amount cannot be a budget."))

    def validate(self, *args: Any, **more: Any) -> bool:
        """Ask how many a ballot may hold where it holds several: one alone is another kind of ballot."""
        is_right = super().validate(*args, **more)
        holds_several = self.method.data in {Method.APPROVAL, Method.RANKING}
        if holds_several and not self.most.errors and (self.most.data or 0) < FEWEST_SEVERAL:
            add_error(self.most, _("Write 2 or more. With 1 it is one choice."))
        return is_right and not self.errors

    def values(self) -> dict[str, Any]:
        """Return the columns of a poll."""
        return {
            "method": Method(self.method.data),
            "most": self.most.data or 1,
            "budget": self.budget.data,
            "option_order": OptionOrder(self.option_order.data),
            "tie": TieRule(self.tie.data),
            "draw_text": self.draw_text.data or "",
        }


class WhoForm(VersionedForm):
    """Who may vote, and what one vote is counted by."""

    key = OneOf(_l("One vote is counted"), words.KEY_NAMES)
    ward_codes = SelectMultipleField(
        _l("Wards"), validate_choice=False, description=_l("None chosen: the whole city.")
    )
    age_from = WholeField(
        _l("Youngest age"), [Optional(), NumberRange(0, OLDEST, message=_l("From 0 to 150."))]
    )
    age_to = WholeField(_l("Oldest age"), [Optional(), NumberRange(0, OLDEST, message=_l("From 0 to 150."))])
    is_declared = BooleanField(_l("People say their ward and age themselves"))
    verified_on = DayField(_l("Proven before this day"), [Optional()])
    verified_time = MinuteField(_l("Proven before this time"), [Optional()])
    age_bands = StringField(
        _l("Age groups in the turnout"),
        filters=[tidy_line],
        description=_l("The youngest age of each group, such as 16, 30, 45, 60."),
    )

    bounds: list[int]
    """The youngest age of each group, once the form is right."""
    before: datetime | None
    """Before when the key must be proven, once the form is right; None for the opening."""

    def validate_age_to(self, field: WholeField) -> None:
        """Refuse ages the wrong way round."""
        if field.data is not None and (self.age_from.data or 0) > field.data:
            raise ValidationError(_("The oldest age is below the youngest."))

    def validate_age_bands(self, field: StringField) -> None:
        """Read the bounds."""
        parts = (field.data or "").replace(",", " ").split()
        if any(not part.isdecimal() or len(part) > 3 or int(part) > OLDEST for part in parts):
            raise ValidationError(_("Write ages with commas between them, such as 16, 30, 45, 60."))
        self.bounds = sorted({int(part) for part in parts})
        if len(self.bounds) > 20:
            raise ValidationError(_("Twenty groups at most."))

    def validate_ward_codes(self, field: SelectMultipleField) -> None:
        """Refuse wards that are not on offer."""
        if {*(field.data or [])} - {choice[0] for choice in field.choices or []}:
            raise ValidationError(_("One of these wards does not exist any more."))

    def validate_is_declared(self, field: BooleanField) -> None:
        """Refuse what people say themselves where the register says it."""
        if field.data and self.key.data == CountKey.REGISTER:
            raise ValidationError(words.REGISTER_DECIDES)

    def validate(self, *args: Any, **more: Any) -> bool:
        """Read the moment before which the key must be proven."""
        is_right = super().validate(*args, **more)
        self.before = moment(self.verified_on, self.verified_time, city.get().zone)
        return is_right and not self.errors

    def values(self) -> dict[str, Any]:
        """Return the columns of a poll; call it once the form is valid."""
        return {
            "key": CountKey(self.key.data),
            "ward_codes": sorted(self.ward_codes.data or []),
            "age_from": self.age_from.data,
            "age_to": self.age_to.data,
            "is_declared": bool(self.is_declared.data),
            "verified_before": self.before,
            "age_bands": self.bounds,
        }


class TimesForm(VersionedForm):
    """Opening and close, in the city's time."""

    opens_on = DayField(_l("Opens on"), [Optional()])
    opens_time = MinuteField(_l("Opens at"), [Optional()])
    closes_on = DayField(_l("Closes on"), [Optional()])
    closes_time = MinuteField(_l("Closes at"), [Optional()])

    opens_at: datetime | None
    closes_at: datetime | None

    def validate(self, *args: Any, **more: Any) -> bool:
        """Read both moments; a poll closes after it opens."""
        super().validate(*args, **more)
        zone = city.get().zone
        self.opens_at = moment(self.opens_on, self.opens_time, zone)
        self.closes_at = moment(self.closes_on, self.closes_time, zone)
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            add_error(self.closes_on, _("It must close after it opens."))
        return not self.errors

    def values(self) -> dict[str, Any]:
        """Return the columns of a poll; call it once the form is valid."""
        return {"opens_at": self.opens_at, "closes_at": self.closes_at}


class PublicationForm(VersionedForm):
    """What is published when, who watches, and by when the city answers."""

    results = OneOf(_l("Counts are shown"), words.RESULTS)
    lines = OneOf(_l("The ballots one by one"), words.LINES)
    is_sensitive = BooleanField(_l("Sensitive: only totals are published"))
    witnesses = TextAreaField(
        _l("Witnesses outside the city hall"),
        [Optional(), Length(max=LONGEST_TEXT)],
        filters=[tidy_text],
        description=_l(
            "One a line: newspapers, associations, a university. They keep the signed heads, and get the"
            " ballots where not everybody does."
        ),
    )
    has_no_witnesses = BooleanField(_l("There are no witnesses, and the poll says so"))
    objection_days = WholeField(
        _l("Working days to object to the result"),
        [Given(_l("Write a number.")), NumberRange(1, MOST_DAYS, message=_l("From 1 to 366."))],
    )
    objection_category_id = SelectField(_l("Objections are filed as"), validate_choice=False)
    decision_days = WholeField(
        _l("Working days until the city says what it decided"),
        [Given(_l("Write a number.")), NumberRange(1, MOST_DAYS, message=_l("From 1 to 366."))],
    )

    def names(self) -> list[str]:
        """Return the witnesses in their order, each once."""
        lines = [line.strip() for line in (self.witnesses.data or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def validate_witnesses(self, field: TextAreaField) -> None:
        """Refuse what the specification cannot hold."""
        if len(self.names()) > MOST_WITNESSES or any(len(name) > LONGEST_LINE for name in self.names()):
            raise ValidationError(_("Twenty witnesses at most, each on one short line."))
        if self.has_no_witnesses.data and field.data:
            raise ValidationError(_("You named witnesses and said that there are none."))

    def values(self) -> dict[str, Any]:
        """Return the columns of a poll; of the category only one that is offered."""
        chosen = self.objection_category_id.data
        offered = {choice[0] for choice in self.objection_category_id.choices or []}
        return {
            "results": ResultsWhen(self.results.data),
            "lines": Lines(self.lines.data),
            "is_sensitive": bool(self.is_sensitive.data),
            "witnesses": self.names(),
            "has_no_witnesses": bool(self.has_no_witnesses.data),
            "objection_days": self.objection_days.data,
            "objection_category_id": int(chosen) if chosen and chosen in offered else None,
            "decision_days": self.decision_days.data,
        }
