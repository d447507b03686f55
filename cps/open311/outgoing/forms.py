"""Where a department's other system is, and which of our categories goes to which of its services."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from cps.core import offline, outward
from cps.core.forms import LONGEST_TEXT, SHORTEN, OnceForm, SeenForm, tidy_line, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.open311.outgoing.models import OtherSystem
from cps.open311.outgoing.rules import EVERYTHING_ELSE, STAYS, Connection

ROUTE = "route-"
LONGEST_KEY = 400


class ConnectionForm(SeenForm):
    """Where the other system is and what it gave us; without a key the one it gave before stays."""

    base_url = StringField(
        _l("Address"),
        description=_l(
            "Where its services list stands, without the name of the list: https://city.example/open311/v2"
        ),
        filters=[tidy_line],
        validators=[
            DataRequired(_l("Write the address.")),
            Length(max=outward.LONGEST_ADDRESS, message=SHORTEN),
        ],
    )
    api_key = PasswordField(
        _l("Key"),
        description=_l("By which we file there. It is kept sealed and never shown."),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_KEY, message=SHORTEN)],
    )
    jurisdiction = StringField(
        _l("Jurisdiction"),
        description=_l("Only where it serves several cities: its jurisdiction_id for ours."),
        filters=[tidy_line],
        validators=[Length(max=120, message=SHORTEN)],
    )

    def validate_base_url(self, field: StringField) -> None:
        """Refuse what can be no address of another system, with what is to be written instead."""
        field.data = (field.data or "").rstrip("/")
        if not outward.is_address(field.data, may_be_here=offline.settings().is_demo):
            raise ValidationError(
                _("Write a public address that begins with https://, without user, question mark or #.")
            )

    def fill(self, system: OtherSystem) -> None:
        """Show a system as it is; not its key."""
        self.base_url.data, self.jurisdiction.data = system.base_url, system.jurisdiction
        self.version.data = str(system.version)

    @property
    def connection(self) -> Connection:
        """What a valid form says."""
        return Connection(self.base_url.data or "", self.jurisdiction.data or "", self.api_key.data or "")


class SendBackForm(OnceForm):
    """Why a case is not done of which the other system says that it is; for the case as it was seen."""

    why = TextAreaField(
        _l("What is not done?"),
        description=_l("The other system gets it, and everybody can read it. The date stays."),
        filters=[tidy_text],
        validators=[
            DataRequired(_l("Say what is not done.")),
            Length(max=LONGEST_TEXT, message=SHORTEN),
        ],
    )
    version = HiddenField()


class RoutesForm(SeenForm):
    """A service for each category; made by `routes_form`."""

    codes: Sequence[str] = ()

    def offer(self, services: Sequence[Mapping[str, Any]], routes: Mapping[str, str], *, show: bool) -> None:
        """Offer these services for each category; with `show` what stands now is chosen."""
        there = [(one["code"], f"{one['name'] or one['code']} ({one['code']})") for one in services]
        of_one = [("", str(_("As everything else"))), (STAYS, str(_("Stays here"))), *there]
        of_all_others = [("", str(_("Stays here"))), *there]
        for code in self.codes:
            item = self[f"{ROUTE}{code}"]
            choices = of_all_others if code == EVERYTHING_ELSE else of_one
            now = routes.get(code, "")
            is_gone = now and now not in [choice[0] for choice in choices]
            item.choices = [*choices, (now, now)] if is_gone else choices
            if show:
                item.data = now

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether every service is one that was offered."""
        right = bool(super().validate(*args, **more))
        for code in self.codes:
            item = self[f"{ROUTE}{code}"]
            if (item.data or "") not in [choice[0] for choice in item.choices]:
                item.errors = [*item.errors, _("Choose one of these.")]
                right = False
        return right

    @property
    def routes(self) -> dict[str, str]:
        """What a valid form says; without a route for all others, what stays here has no entry."""
        chosen = {code: self[f"{ROUTE}{code}"].data or "" for code in self.codes}
        none = {""} if chosen.get(EVERYTHING_ELSE) else {"", STAYS}
        return {code: service for code, service in chosen.items() if service not in none}


def routes_form(categories: Mapping[str, str]) -> type[RoutesForm]:
    """Return the form for these categories, `{code: name}`, and for all others."""
    named = {**categories, EVERYTHING_ELSE: _("Everything else")}
    fields: dict[str, Any] = {
        f"{ROUTE}{code}": SelectField(name, validate_choice=False) for code, name in named.items()
    }
    return type("RoutesOfDepartment", (RoutesForm,), {**fields, "codes": tuple(named)})
