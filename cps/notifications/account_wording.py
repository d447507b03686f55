"""Letters about an account itself: codes, its number, its joining; and about spent budgets."""

from collections.abc import Mapping
from typing import Any

from cps.accounts.rules import CODE_FOR, CodePurpose, grouped_code
from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.email import readable_email
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.phone import hidden_phone
from cps.notifications.letters import Letter, Part, link, words
from cps.notifications.parts import foot

CODE_OPENS: Mapping[CodePurpose, Any] = {
    CodePurpose.SIGN_IN: _l("This is your code to sign in."),
    CodePurpose.VERIFY_EMAIL: _l("This is your code to confirm your address."),
    CodePurpose.RESET_PASSWORD: _l("This is your code to choose a new password."),
    CodePurpose.VERIFY_PHONE: _l("This is your code to confirm your phone number."),
    CodePurpose.JOIN: _l("This is your code to join two accounts of yours."),
    CodePurpose.CONFIRM: _l("This is your code to confirm a change of your account."),
}


def code_letter(city: CityFacts, code: str, purpose: CodePurpose) -> Letter:
    """Return the letter with a one-time code, which stands first and not in the subject."""
    return _with_code(city, code, str(CODE_OPENS[purpose]))


def known_address_letter(city: CityFacts, code: str) -> Letter:
    """Return the letter to somebody who wanted a new account and has one already."""
    return _with_code(
        city,
        code,
        _("You asked for an account with this address. You have one already. This code opens it."),
    )


def _with_code(city: CityFacts, code: str, opens: str) -> Letter:
    minutes = int(CODE_FOR.total_seconds() // 60)
    return Letter(
        _("Your code for %(city)s", city=i18n.localized(city.name)),
        (
            Part("code", grouped_code(code)),
            words(opens),
            words(
                _(
                    "It works for %(minutes)s minutes, once, on the page where you asked for it.",
                    minutes=i18n.number(minutes),
                )
            ),
            words(
                _("You did not ask for it? Then do nothing. Nobody gets in without the code.")
                + " "
                + _("Tell it to nobody: the city never asks for it.")
            ),
        ),
        foot(city),
    )


def phone_changed_letter(city: CityFacts, phone: str, page: str) -> Letter:
    """Return the letter that an account has another number now."""
    return Letter(
        _("A phone number was added to your account"),
        (
            words(
                _("With %(phone)s one can sign in to your account from now on.", phone=hidden_phone(phone))
            ),
            words(_("Was it not you? Remove the number, and change your password.")),
            link(_("See my phone number"), page),
        ),
        foot(city),
    )


def email_added_letter(city: CityFacts, email: str, page: str) -> Letter:
    """Return the letter that an account has an address of mail now."""
    return Letter(
        _("Your e-mail address is confirmed"),
        (
            words(_("%(email)s belongs to your account now.", email=readable_email(email))),
            words(_("From now on codes and news of your cases come here instead of to your phone.")),
            link(_("See my e-mail address"), page),
        ),
        foot(city),
    )


def claimed_letter(city: CityFacts, phone: str, until: str, page: str) -> Letter:
    """Return the letter that somebody else has proven a number of an account, and how to keep it."""
    return Letter(
        _("Is this still your number? %(phone)s", phone=hidden_phone(phone)),
        (
            words(
                _(
                    "Somebody else showed with a code that they have the phone with your number %(phone)s.",
                    phone=hidden_phone(phone),
                )
            ),
            words(
                _(
                    "Numbers are given away and sold anew. On %(day)s the number leaves your account. Nothing"
                    " else changes.",
                    day=until,
                )
            ),
            words(_("Is it still yours? Confirm it with a code before that day, and it stays with you.")),
            link(_("Keep my number"), page),
        ),
        foot(city),
    )


def joined_letter(city: CityFacts, page: str) -> Letter:
    """Return the letter that two accounts were joined, sent to every address of both."""
    return Letter(
        _("Your two accounts are one now"),
        (
            words(_("You joined two accounts. All your cases and proven addresses are in one of them.")),
            words(_("The other account is closed, and its devices are signed out.")),
            words(_("Was it not you? Then call the city at once.")),
            link(_("Open my account"), page),
        ),
        foot(city),
    )


def two_step_letter(city: CityFacts, page: str, *, is_on: bool) -> Letter:
    """Return the letter that the second step of an account was turned on or off."""
    if is_on:
        title = _("The second step is on")
        what = _("From now on we ask at sign-in for a code of your app too.")
    else:
        title = _("The second step is off")
        what = _("From now on your password or a code is enough to sign in.")
    return Letter(
        title,
        (
            words(what),
            words(_("Was it not you? Change your password, and call the city.")),
            link(_("See my second step"), page),
        ),
        foot(city),
    )


def reset_letter(city: CityFacts, page: str) -> Letter:
    """Return the letter that an administrator turned off the second step of an account."""
    return Letter(
        _("The city turned off your second step"),
        (
            words(_("You said that you have lost your phone and your recovery codes.")),
            words(_("All your devices are signed out. Your password or a code is enough to sign in.")),
            words(_("Turn the second step on again with your new phone.")),
            words(_("Was it not you? Then call the city at once.")),
            link(_("See my second step"), page),
        ),
        foot(city),
    )


def archive_letter(city: CityFacts, until: str, page: str) -> Letter:
    """Return the letter that the archive of one's own data is ready."""
    return Letter(
        _("Your data is ready to take along"),
        (
            words(_("All that we hold about you, with your photos, is in one archive.")),
            words(_("It is there until %(day)s. Sign in to get it; nobody else can.", day=until)),
            link(_("Get my data"), page),
        ),
        foot(city),
    )


def budget_letter(city: CityFacts, budget: str, page: str) -> Letter:
    """Return the letter to administrators that a budget of text messages is spent."""
    return Letter(
        _("A budget of text messages is spent"),
        (
            words(_("The budget %(budget)s is spent. Until it is new, codes go by mail.", budget=budget)),
            words(_("If nothing special is going on, somebody may be sending messages on purpose.")),
            link(_("See text messages and their cost"), page),
        ),
        (words(i18n.localized(city.name)),),
    )
