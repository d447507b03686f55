"""Phone numbers: the one form (E.164) in which each is kept, compared and written, however it was typed."""

import unicodedata
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

LONGEST_TYPED = 60
LONGEST_PHONE = 16
"""A plus and fifteen digits (ITU-T E.164)."""

_PLUS = "+"
_BETWEEN = frozenset("-.()/~_")
_FROM_ABROAD = "00"


class PhoneFault(StrEnum):
    """Why a text is no number that a text message can be sent to."""

    NOT_A_NUMBER = "not-a-number"
    EXTENSION = "extension"
    NOT_A_MOBILE = "not-a-mobile"


class BadPhone(ValueError):
    """A text that is no number a text message can be sent to; its words never hold the text."""

    def __init__(self, fault: PhoneFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def normal_phone(text: str, country: str) -> str:
    """Return the one form of a number, `+821012345678`; `country` (ISO 3166) is where it was typed.

    Digits of every script count, full-width forms are folded, and what people write between them is left
    out. Raises BadPhone: for what is no number of any country, for an extension, and for a number that no
    text message reaches, such as a fixed line or one that is paid for by whoever calls it.
    """
    import phonenumbers

    number = _read(text, country, phonenumbers.is_valid_number)
    if not _takes_texts(number):
        raise BadPhone(PhoneFault.NOT_A_MOBILE)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def any_phone(text: str, country: str) -> str:
    """Return the one form of a number that somebody called from or can be called on, also of a fixed line.

    Its length must be right, but it need not be in the lists of numbers given out: those lag behind. Raises
    BadPhone for what is no number of any country, and for an extension.
    """
    import phonenumbers

    number = _read(text, country, phonenumbers.is_possible_number)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@lru_cache(maxsize=1_000)
def takes_texts(address: str) -> bool:
    """Return whether text messages reach a kept number."""
    import phonenumbers

    return _takes_texts(phonenumbers.parse(address))


def is_phone(address: str) -> bool:
    """Return whether a kept address is a number; the others are of mail."""
    return address.startswith(_PLUS) and address[1:].isdecimal()


def looks_like_phone(text: str) -> bool:
    """Return whether somebody who could write an address or a number has written a number."""
    return "@" not in unicodedata.normalize("NFKC", text) and any(sign.isdecimal() for sign in text)


@lru_cache(maxsize=1_000)
def readable_phone(address: str, country: str = "") -> str:
    """Return a kept number as people write it: `010-1234-5678` in its country, else `+82 10-1234-5678`."""
    import phonenumbers

    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return address
    # A number that is in no plan has no form at home: its leading zero would miss
    at_home = bool(country) and phonenumbers.is_valid_number_for_region(number, country)
    forms = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(number, forms.NATIONAL if at_home else forms.INTERNATIONAL))


@lru_cache(maxsize=300)
def example_phone(country: str) -> str:
    """Return a mobile number of a country as people write it, to show what is asked for."""
    import phonenumbers

    kinds, forms = phonenumbers.PhoneNumberType, phonenumbers.PhoneNumberFormat
    number = phonenumbers.example_number_for_type(country, kinds.MOBILE)
    return str(phonenumbers.format_number(number, forms.NATIONAL)) if number else "+1 202 555 0123"


@lru_cache(maxsize=1_000)
def country_of(address: str) -> str:
    """Return the country (ISO 3166) of a kept number; "" for one that none has."""
    import phonenumbers

    try:
        return str(phonenumbers.region_code_for_number(phonenumbers.parse(address)) or "")
    except phonenumbers.NumberParseException:
        return ""


def has_phones(country: str) -> bool:
    """Return whether a text is the code of a country (ISO 3166) that has phone numbers."""
    import phonenumbers

    return country in phonenumbers.SUPPORTED_REGIONS


def hidden_phone(address: str) -> str:
    """Return a number by which its owner knows it and nobody else can call it: `•••• 5678`."""
    return f"•••• {address[-4:]}"


def _plain(text: str) -> str:
    """Return the digits of what was typed, with the plus before them; raises BadPhone for words and signs.

    An extension is what comes after the number with a word or a sign of its own: `ext. 12`, `#12`, `;12`.
    """
    if len(text) > LONGEST_TYPED:
        raise BadPhone(PhoneFault.NOT_A_NUMBER)
    signs: list[str] = []
    for sign in unicodedata.normalize("NFKC", text):
        if sign.isdecimal():
            signs.append(str(unicodedata.decimal(sign)))
        elif sign == _PLUS and not signs:
            signs.append(sign)
        elif not (sign.isspace() or sign in _BETWEEN or unicodedata.category(sign) in {"Pd", "Cf"}):
            has_number = len(signs) >= 7
            raise BadPhone(PhoneFault.EXTENSION if has_number else PhoneFault.NOT_A_NUMBER)
    return "".join(signs)


def _read(text: str, country: str, is_one: Callable[[Any], bool]) -> "PhoneNumber":
    typed = _plain(text)
    number = _parsed(typed, country, is_one)
    if number is None and typed.startswith(_FROM_ABROAD):
        number = _parsed(_PLUS + typed.removeprefix(_FROM_ABROAD), country, is_one)
    if number is None:
        raise BadPhone(PhoneFault.NOT_A_NUMBER)
    return number


def _parsed(typed: str, country: str, is_one: Callable[[Any], bool]) -> "PhoneNumber | None":
    import phonenumbers

    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    return number if is_one(number) else None


def _takes_texts(number: "PhoneNumber") -> bool:
    import phonenumbers

    kinds = phonenumbers.PhoneNumberType
    return phonenumbers.number_type(number) in {kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE}
