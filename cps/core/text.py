"""Texts that people type: made safe to keep and to show, cut to length, their language told by script."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection

# Overrides, embeddings and isolates can make a text read differently from what it says. The plain marks for
# left-to-right and right-to-left stay: people who write both need them.
_BIDI_CONTROLS = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BYTE_ORDER_MARK = 0xFEFF
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
_NOT_CHARACTERS = [
    *range(0xFDD0, 0xFDF0),
    *(plane + end for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)),
]
_REMOVED = dict.fromkeys(
    {*_CONTROLS, *_BIDI_CONTROLS, *_NOT_CHARACTERS, _BYTE_ORDER_MARK} - {ord("\n"), ord("\t")}
)
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Unicode's Stream-Safe Text Format (UAX 15) allows thirty; putting longer runs in order takes quadratic time.
_MARKS_IN_A_ROW = 30

# Dashes have category Pd; these three are typed or pasted in their place.
_OTHER_DASHES = frozenset("\u2212\u30fc\u00af")

_ELLIPSIS = "…"
_JOINER = "\u200d"

# Scripts that point to few languages, by the first word of their characters' Unicode names.
_LANGUAGES = {
    "HANGUL": ("ko",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "THAI": ("th",),
    "LAO": ("lo",),
    "KHMER": ("km",),
    "MYANMAR": ("my",),
    "ARABIC": ("ar", "fa", "ur"),
    "HEBREW": ("he",),
    "DEVANAGARI": ("hi", "ne", "mr"),
    "BENGALI": ("bn",),
    "TAMIL": ("ta",),
    "SINHALA": ("si",),
    "GEORGIAN": ("ka",),
    "ARMENIAN": ("hy",),
    "ETHIOPIC": ("am",),
    "GREEK": ("el",),
    "CYRILLIC": ("ru", "uk", "bg", "sr", "kk", "mn"),
    "CJK": ("zh",),  # Japanese without a single kana is rare
}


def without_halves(text: str) -> str:
    """Return a text that every database keeps: halves of signs (surrogates) are marked, NUL is left out."""
    return _SURROGATE.sub("\ufffd", text).replace("\0", "")


def clean(text: str) -> str:
    """Return the text as it is stored: NFC, lines ended by one LF, without spaces at its ends or after lines.

    Control characters but tab and line feed, bidirectional overrides and isolates, and code points that are
    no characters are left out; a lone surrogate becomes U+FFFD, a pair of them the character they stand for.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _LINE_BREAKS.sub("\n", text).translate(_REMOVED)
    text = unicodedata.normalize("NFC", without_piled_marks(text))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def one_line(text: str) -> str:
    """Return the clean text with every run of spaces and line breaks made one space."""
    return " ".join(clean(text).split())


def without_piled_marks(text: str) -> str:
    """Return the text with at most thirty combining marks in a row, so that NFC takes linear time."""
    if text.isascii():
        return text
    kept = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def separates(character: str) -> bool:
    """Say whether it stands between the groups of a code that people type: space, dash, invisible mark."""
    return (
        character.isspace()
        or unicodedata.category(character) in {"Pd", "Zs", "Cf"}
        or character in _OTHER_DASHES
    )


def harmless_cell(text: str) -> str:
    """Return the text for a cell of a table: no spreadsheet takes it for a formula and works it out."""
    return f"'{text}" if _FORMULA.match(text) else text


def latin(text: str) -> str:
    """Return the ASCII of a text in small letters, marks taken off its letters: for codes and addresses."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def excerpt(text: str, length: int) -> str:
    """Return the text in one line of at most ``length`` characters.

    It is cut after a word where one ends near the cut, and then ends with an ellipsis, which counts. A letter
    is never parted from its marks, nor an emoji from what belongs to it.
    """
    line = one_line(text)
    if len(line) <= length:
        return line
    cut = max(0, length - len(_ELLIPSIS))
    space = line.rfind(" ", 0, cut + 1)
    if space >= cut * 2 // 3 and space > 0:
        cut = space
    else:
        while cut > 0 and _belongs_together(line, cut):
            cut -= 1
    return line[:cut].rstrip() + _ELLIPSIS if length > 0 else ""


def detect_language(text: str, candidates: Collection[str]) -> str | None:
    """Return the one of ``candidates`` (language tags) that the text's script points to, else None.

    Most of the letters must be of one script, and only one candidate may be written in it; a script that many
    languages share, such as Latin, says nothing.
    """
    if text.isascii():
        return None
    scripts = Counter(_script(letter) for letter in text if letter.isalpha())
    if not scripts:
        return None
    if scripts["HIRAGANA"] + scripts["KATAKANA"]:
        scripts["HIRAGANA"] += scripts.pop("KATAKANA", 0) + scripts.pop("CJK", 0)
    script, count = scripts.most_common(1)[0]
    if count * 2 <= scripts.total():
        return None
    fitting = [tag for tag in candidates if re.split("[-_]", tag)[0].lower() in _LANGUAGES.get(script, ())]
    return fitting[0] if len(fitting) == 1 else None


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]


def _belongs_together(line: str, cut: int) -> bool:
    """Say whether a cut before this place would part what is seen as one character."""
    before, after = line[cut - 1], line[cut]
    return (
        unicodedata.category(after).startswith("M")
        or _JOINER in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= after <= "\U000e007f"  # the letters of a region's flag
        or ("\U0001f1e6" <= after <= "\U0001f1ff" and _flags_before(line, cut) % 2 == 1)
    )


def _flags_before(line: str, cut: int) -> int:
    """Count the regional letters that stand directly before the cut; two of them make a flag."""
    count = 0
    while count < cut and "\U0001f1e6" <= line[cut - 1 - count] <= "\U0001f1ff":
        count += 1
    return count
