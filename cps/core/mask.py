"""Hiding what people should not publish about themselves or others: addresses, phone and identity numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_BETWEEN = r"[-./][ ]?"
_GAP = r"[ \u00a0\u2000-\u200d\u202f\u2060\u3000\u00ad.．()（）/／\-‐-―−－·・]"
"""What stands between the groups of a number: spaces seen or not, points, brackets, dashes of every width."""

_WIDE_GAP = rf"(?: {_GAP} | [\s,，_~～|*:：] ){{0,3}}"
"""What else stands there where the groups are those of a phone number that begins as these do."""

_CASE = r"""(?:
      (?i: case | report | request | reference | enquiry | inquiry | incident )
      [ ]{0,2} (?i: \# | no\.? | number | id )
    | (?: SR | (?i: ticket ) ) [ ]? (?i: \# | no\.? | number | id )?
    | 접수[ ]?번호 | 민원[ ]?번호
)"""
"""What says that the plain number behind it is that of a case, here or in an earlier system."""

_FOUND = re.compile(
    rf"""
      (?P<email> (?<![\w.+%-]) [\w.+%-]{{1,64}} [@＠] [\w-]{{1,63}} (?:\.[\w-]{{1,63}}){{1,5}} )
    | (?P<keep> (?<![\d.]) (?:
          {_YEAR} {_BETWEEN} {_MONTH} {_BETWEEN} {_DAY}
        | {_DAY} {_BETWEEN} {_MONTH} {_BETWEEN} {_YEAR}
        | {_MONTH} / {_DAY} / {_YEAR}
        | {_YEAR} [ ]? [-–/~] [ ]? {_YEAR} (?![./-])
        | (?: 0 | [1-9]\d{{0,2}} ) \. \d{{3,}} (?![.-])  # a coordinate
      ) (?!\d) )
    | (?P<case> (?<!\w) {_CASE} [ ]? [:-]? [ ]? [1-9]\d{{4,14}}+ (?! [ .-]? \d ) )
    | (?P<phone> (?<!\d) (?<!\d[.,])
          (?: 0\d{{1,3}} | \+\d{{1,3}} (?: {_WIDE_GAP} \d{{1,3}} )? )
          {_WIDE_GAP} \d{{3,4}} {_WIDE_GAP} \d{{3,4}} (?!\d) )
    | (?P<card> (?<!\w) [A-Z]{{1,2}} \d{{7,9}} (?![A-Za-z\d]) )
    | (?P<number> (?<!\d) [+(]? \d (?: {_GAP}{{0,2}} \d ){{6,24}} (?![A-Za-z\d]) )
    """,
    re.VERBOSE,
)


_SPAN = re.compile(r"([1-9]\d{3})[-–]([1-9]\d{3})", re.ASCII)
WIDEST_HOUSE = 20
"""So many numbers one house may have; two halves of a phone number are seldom so near."""


@dataclass(frozen=True)
class Placeholders:
    """The words that stand in place of what was hidden, in the reader's language."""

    email: str
    phone: str
    number: str


def mask(text: str, placeholders: Placeholders, *, keep: Callable[[str], bool] = lambda _: False) -> str:
    """Return the text with e-mail addresses, phone numbers and long identity numbers replaced.

    Dates, spans of years and of house numbers, coordinates, short plain numbers (a lamp post, a permit) and
    what is called the number of a case ("case #101002139264") stay, and so does what ``keep`` says to keep.
    Digits of every script are seen. Where it is unclear what a long number is, it is hidden.
    """

    def replacement(found: re.Match[str]) -> str:
        if found["keep"] or found["case"] or _is_house(found[0]) or keep(found[0]):
            return found[0]
        if found["email"]:
            return placeholders.email
        if found["phone"]:
            return placeholders.phone
        if found["card"]:
            return placeholders.number
        opened = "(" if found[0][0] == "(" and ")" not in found[0] else ""  # it belongs to the words around
        return opened + _numeral(found[0], placeholders)

    return _FOUND.sub(replacement, text)


def is_identity(written: str) -> bool:
    """Say whether something that `mask` finds is an identity or card number, and no way to reach somebody."""
    return mask(written, Placeholders("", "", _IDENTITY)) == _IDENTITY


_IDENTITY = "identity"


def _is_house(written: str) -> bool:
    """Say whether it is a span of house numbers, such as 1410-1412 or 1010–1010."""
    span = _SPAN.fullmatch(written)
    return span is not None and 0 <= int(span[2]) - int(span[1]) <= WIDEST_HOUSE


def _numeral(written: str, placeholders: Placeholders) -> str:
    """Return what stands for a run of seven digits or more with gaps."""
    digits = [character for character in written if character.isdecimal()]
    starts_like_a_phone = written[0] in "+(" or int(digits[0]) == 0
    if len(digits) == len(written) and len(digits) <= 8 and not starts_like_a_phone:
        return written
    if len(digits) >= 12 and not starts_like_a_phone:
        return placeholders.number
    return placeholders.phone
