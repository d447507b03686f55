"""What administrators choose for text messages: countries, price, budgets."""

from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import Field, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError

from cps.core.forms import Form, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.phone import has_phones
from cps.core.sms_budget import SmsPurpose, SmsSettings

MOST = 1_000_000
THOUSANDTHS = 1000
BUDGET_NAMES = ("hourly", "daily", "range_hourly", "range_daily")


def _number(label: Any) -> IntegerField:
    message = _l("Write a whole number from 0 to 1,000,000.")
    return IntegerField(label, [InputRequired(message), NumberRange(0, MOST, message)])


class SmsSettingsForm(Form):
    """Countries as codes, the price of one segment, and for each purpose what may leave."""

    countries = StringField(
        _l("Countries"),
        [DataRequired(_l("Write at least one country."))],
        filters=[tidy_line],
        description=_l("Two letters each, with commas, like KR, VN. To others no text message is sent."),
    )
    price = StringField(
        _l("Price of one segment"),
        [DataRequired(_l("Write a price, or 0."))],
        filters=[tidy_line],
        description=_l("In the city’s currency, as your gateway charges it, like 9.5."),
    )
    code_hourly = _number(_l("Codes in an hour"))
    code_daily = _number(_l("Codes in a day"))
    code_range_hourly = _number(_l("Codes in an hour to one range of numbers"))
    code_range_daily = _number(_l("Codes in a day to one range of numbers"))
    news_hourly = _number(_l("News in an hour"))
    news_daily = _number(_l("News in a day"))
    news_range_hourly = _number(_l("News in an hour to one range of numbers"))
    news_range_daily = _number(_l("News in a day to one range of numbers"))
    notice_hourly = _number(_l("Notices about accounts in an hour"))
    notice_daily = _number(_l("Notices about accounts in a day"))
    notice_range_hourly = _number(_l("Notices in an hour to one range of numbers"))
    notice_range_daily = _number(_l("Notices in a day to one range of numbers"))

    @classmethod
    def of(cls, settings: SmsSettings) -> "SmsSettingsForm":
        """Return the form filled with what holds now, or with what was sent."""
        budgets = {
            f"{purpose}_{name}": getattr(budget, name)
            for purpose, budget in settings.budgets.items()
            for name in BUDGET_NAMES
        }
        price = f"{Decimal(settings.price_thousandths) / THOUSANDTHS:f}"
        return cls(countries=", ".join(settings.countries), price=price, **budgets)

    def validate_countries(self, _field: Field) -> None:
        """Take codes of countries that have phone numbers."""
        unknown = [code for code in self.codes if not has_phones(code)]
        if unknown or not self.codes:
            raise ValidationError(_("“%(code)s” is no code of a country.", code=", ".join(unknown)[:40]))

    def validate_price(self, field: Field) -> None:
        """Take a price that is not below zero."""
        try:
            price = Decimal((field.data or "").replace(",", "."))
        except InvalidOperation:
            price = Decimal(-1)
        if not price.is_finite() or not 0 <= price <= MOST:
            raise ValidationError(_("Write a price like 9.5."))

    @property
    def codes(self) -> list[str]:
        """The countries, each once."""
        written = (self.countries.data or "").upper().replace(";", ",").split(",")
        return list(dict.fromkeys(code.strip() for code in written if code.strip()))

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, as the city's row keeps it."""
        price = Decimal((self.price.data or "0").replace(",", "."))
        return {
            "countries": self.codes,
            "price_thousandths": int(price * THOUSANDTHS),
            "budgets": {
                purpose.value: {name: self[f"{purpose}_{name}"].data for name in BUDGET_NAMES}
                for purpose in SmsPurpose
            },
        }
