"""Languages: texts of the program, translated data of the city, dates and numbers.

A page says hundreds of texts, numbers and dates, mostly the same as the page before: each is worked out once
for a language and then remembered, in functions that depend on nothing but their arguments.
"""

from flask import Flask
from flask_babel import Babel

from cps.core.i18n import formats
from cps.core.i18n.formats import (
    ago,
    compact,
    date_time,
    dated,
    exact_money,
    hour,
    in_order,
    listed,
    long_date,
    money,
    month_and_year,
    number,
    percent,
    short_date,
    stamp,
    zone,
)
from cps.core.i18n.languages import (
    LANGUAGE_COOKIE,
    OWN_NAMES,
    PSEUDO,
    STAFF_LANGUAGES,
    available,
    choose_language,
    current_language,
    direction,
    for_staff,
    html_language,
    language_of,
    locale_of,
    use_language,
)
from cps.core.i18n.texts import (
    TRANSLATIONS,
    for_templates,
    gettext,
    gettext_in,
    lazy_gettext,
    localized,
    ngettext,
    plural_for_templates,
    unfilled,
)

__all__ = [
    "LANGUAGE_COOKIE",
    "OWN_NAMES",
    "PSEUDO",
    "STAFF_LANGUAGES",
    "TRANSLATIONS",
    "ago",
    "available",
    "choose_language",
    "compact",
    "current_language",
    "date_time",
    "dated",
    "direction",
    "exact_money",
    "for_staff",
    "gettext",
    "gettext_in",
    "hour",
    "html_language",
    "in_order",
    "init_app",
    "language_of",
    "lazy_gettext",
    "listed",
    "localized",
    "long_date",
    "money",
    "month_and_year",
    "ngettext",
    "number",
    "percent",
    "prepare",
    "short_date",
    "stamp",
    "unfilled",
    "use_language",
    "zone",
]

_babel = Babel()


def init_app(app: Flask) -> None:
    """Install translations into the application and its templates."""
    _babel.init_app(
        app,
        locale_selector=lambda: str(locale_of(current_language())),
        timezone_selector=lambda: str(zone()),
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext=gettext, ngettext=ngettext, newstyle=False)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(_=for_templates, gettext=for_templates, ngettext=plural_for_templates)
    app.jinja_env.filters.update(
        localized=localized,
        long_date=long_date,
        short_date=short_date,
        date_time=date_time,
        hour=hour,
        listed=listed,
        stamp=stamp,
        number=number,
        percent=percent,
        money=money,
    )


def prepare() -> None:
    """Load the dates and numbers of every language that has translations, which takes a while."""
    for code in {"en", *(folder.parent.name for folder in TRANSLATIONS.glob("*/LC_MESSAGES"))}:
        formats.load(code)
