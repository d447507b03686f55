"""Search words that both databases find alike: cut here, so that neither has to know about languages.

Words of alphabets are kept whole, without accents. Scripts that are written without spaces, and Korean, where
particles stick to words, are cut into overlapping pairs of syllables. The same words stand in SQLite's FTS5
(with ``FTS5_TOKENIZE``) and, through ``array_to_tsvector(string_to_array(search_text, ' '))``, in PostgreSQL.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from functools import lru_cache

from cps.core.text import without_piled_marks

# Splits at ASCII signs only and leaves every other character alone: our words have none of those signs.
FTS5_TOKENIZE = "ascii"

PREFIX = "*"
_LONGEST_WORD = 60  # bytes of UTF-8
LONGEST_QUERY = 200  # characters

# Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar, Hangul and the iteration marks among them.
_UNSPACED = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e00-\u0eff\u1780-\u17ff\u19e0-\u19ff\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]"
)
_ASCII_WORD = re.compile(r"[a-z0-9]+")
# Letters that stand for others but do not come apart when accents are taken off.
_PLAIN = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "ł": "l",
        "ħ": "h",
        "ŧ": "t",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ة": "ه",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ٱ": "ا",
        "ـ": None,
    }
)
# Scripts whose marks are accents or optional vowels; in the others marks are part of the spelling.
_ACCENTED = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")
# What sticks to the end of a Korean noun; the longest first.
_PARTICLES = (
    *("에서는", "으로는", "에서", "으로", "에게", "까지", "부터", "처럼", "보다"),
    *("이", "가", "을", "를", "은", "는", "에", "의", "도", "로", "와", "과", "만"),
)
_ARABIC_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")


class _Role(Enum):
    BETWEEN = auto()
    INSIDE = auto()  # joiners and soft hyphens: no part of a word, and no end of it
    SPACED = auto()
    UNSPACED = auto()
    MARK = auto()  # belongs to the letter before it


def tokens(text: str) -> list[str]:
    """Return the search words of a text in their order, repeated as often as they occur.

    A word has only letters, digits and marks, is casefolded, and takes at most 60 bytes.
    """
    return [
        token
        for run, unspaced in _runs(text)
        for token in (_pairs(run) if unspaced else [_word(run)])
        if token
    ]


def words(text: str) -> list[str]:
    """Return the words of a text in their order; those of scripts without spaces are not cut into pairs."""
    return [word for run, unspaced in _runs(text) if (word := run if unspaced else _word(run))]


def is_unspaced(word: str) -> bool:
    """Say whether a word is of a script that is written without spaces, or of Korean."""
    return bool(_UNSPACED.match(word))


def without_particle(word: str) -> str:
    """Return a Korean word without the particle at its end, where two syllables or more are left."""
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= 2:
            return word.removesuffix(particle)
    return word


def search_text(*parts: str | None, length: int = 20_000) -> str:
    """Return each search word of the parts once, joined by one space, in at most ``length`` characters."""
    joined = " ".join(dict.fromkeys(token for part in parts if part for token in tokens(part)))
    return joined if len(joined) <= length else joined[: length + 1].rpartition(" ")[0]


def query_tokens(query: str, *, complete_last: bool = True) -> list[str]:
    """Return the words of which a text must have every one to be found; none where nothing can be searched.

    A word that ends in ``PREFIX`` stands for every word that begins so: a lone syllable of an unspaced
    script, and, with ``complete_last``, the last word of an alphabet, which may be typed only in part. Korean
    particles at the end of a word are left out. Only the first 200 characters count.
    """
    runs = list(_runs(query[:LONGEST_QUERY]))
    found: dict[str, None] = {}
    for place, (run, unspaced) in enumerate(runs):
        if unspaced:
            pairs = _pairs(without_particle(run))
            wanted = pairs[:-1] if len(pairs) > 1 else [pairs[0] + PREFIX]
        else:
            last = complete_last and place == len(runs) - 1
            wanted = [_word(run) + PREFIX * (last and not run.isdecimal())]
        found.update(dict.fromkeys(token for token in wanted if token.strip(PREFIX)))
    return list(found)


def holds(text: str, query: Iterable[str]) -> bool:
    """Return whether a text has every one of these words, as both databases find them."""
    known = set(tokens(text))
    return all(
        any(word.startswith(wanted[: -len(PREFIX)]) for word in known)
        if wanted.endswith(PREFIX)
        else wanted in known
        for wanted in query
    )


def fts5_query(query: Iterable[str], *, one_is_enough: bool = False) -> str:
    """Return an FTS5 expression for texts with all of these words, or with one of them.

    Empty, which FTS5 refuses, for none.
    """
    between = " OR " if one_is_enough else " "
    return between.join(_quoted(token, '"', PREFIX) for token in query)


def tsquery_text(query: Iterable[str], *, one_is_enough: bool = False) -> str:
    """Return a PostgreSQL tsquery for texts with all of these words, or with one of them.

    Use it as ``column @@ CAST(:text AS tsquery)``: ``to_tsquery`` would change the words by a language's
    rules.
    """
    between = " | " if one_is_enough else " & "
    return between.join(_quoted(token.replace("\\", "\\\\"), "'", ":" + PREFIX) for token in query)


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each run of letters, marks and digits with whether its script is written without spaces."""
    folded = unicodedata.normalize("NFKC", without_piled_marks(text)).casefold()
    folded = unicodedata.normalize("NFKC", folded)
    if folded.isascii():
        yield from ((word, False) for word in _ASCII_WORD.findall(folded))
        return
    run: list[str] = []
    unspaced = False
    for character in folded:
        role, written = _role(character)
        if role is _Role.INSIDE:
            continue
        here = unspaced if role is _Role.MARK and run else role is _Role.UNSPACED
        if run and (role is _Role.BETWEEN or here is not unspaced):
            yield "".join(run), unspaced
            run = []
        if role is not _Role.BETWEEN:
            unspaced = here
            run.append(written)
    if run:
        yield "".join(run), unspaced


@lru_cache(maxsize=20_000)
def _role(character: str) -> tuple[_Role, str]:
    """Return what a character is to a word, and how it is written in it: digits of every script as ASCII."""
    category = unicodedata.category(character)
    if category == "Cf":
        return _Role.INSIDE, ""
    if category[0] == "M":
        return _Role.MARK, character
    if category[0] == "N":
        return _Role.SPACED, str(unicodedata.decimal(character, character))
    if category[0] == "L" or category == "Co":
        return (_Role.UNSPACED if _UNSPACED.match(character) else _Role.SPACED), character
    return _Role.BETWEEN, ""


def _pairs(run: str) -> list[str]:
    """Return the overlapping pairs of syllables of a run, then its last syllable alone.

    With the last one every syllable begins some word, so that a query of one syllable finds it by prefix.
    """
    syllables = _syllables(run)
    return [a + b for a, b in itertools.pairwise(syllables)] + syllables[-1:]


def _syllables(run: str) -> list[str]:
    """Return the letters of a run, each with the marks that stand on it."""
    syllables: list[str] = []
    for character in run:
        if syllables and unicodedata.category(character)[0] == "M":
            syllables[-1] += character
        else:
            syllables.append(character)
    return [_cut(syllable, _LONGEST_WORD // 2) for syllable in syllables]


def _word(run: str) -> str:
    """Return a word of an alphabet as it is searched: without accents, Arabic ones without their article."""
    if run.isascii():
        return _cut(run, _LONGEST_WORD)
    parts = unicodedata.normalize("NFD", run)
    word = "".join(c for c in parts if not (unicodedata.combining(c) and _accented(parts))).translate(_PLAIN)
    word = unicodedata.normalize("NFC", word)
    for article in _ARABIC_ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= 3:
            word = word.removeprefix(article)
            break
    return _cut(word, _LONGEST_WORD)


def _accented(parts: str) -> bool:
    return unicodedata.name(parts[0], "").startswith(_ACCENTED)


def _cut(word: str, size: int) -> str:
    return word if len(word) * 4 <= size else word.encode()[:size].decode(errors="ignore")


def _quoted(token: str, quote: str, prefix: str) -> str:
    word = token.removesuffix(PREFIX)
    return f"{quote}{word.replace(quote, quote * 2)}{quote}{prefix if word != token else ''}"
