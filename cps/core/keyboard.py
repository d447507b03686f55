"""Hangul as it is typed: which keys of a Latin keyboard lie under the letters of the Korean one (KS X 5002).

So a slip of a finger counts as one letter in Korean too, and words typed with the wrong keyboard switched on
("rkfhemd" for 가로등) are the same word.
"""

import re
import unicodedata

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")

_INITIALS = "r rr s e ee f a q qq t tt d w ww c z x v g"
_VOWELS = "k o i o j p u p h hk ho hl y n nj np nl b m ml l"
_FINALS = "r rr rt s sw sg e f fr fa fq ft fx fv fg a q qt t tt d w c z x v g"
# Doubled letters and 얘, 예 need the shift key; they are told apart by it alone, so it is left out.
_DOUBLED = {"rr": "r", "ee": "e", "qq": "q", "tt": "t", "ww": "w"}

_KEYS = {
    chr(first + place): _DOUBLED.get(key, key)
    for first, keys in ((0x1100, _INITIALS), (0x1161, _VOWELS), (0x11A8, _FINALS))
    for place, key in enumerate(keys.split())
}


def strokes(word: str) -> str:
    """Return the keys under which a word was typed: Latin letters for Hangul, all else as it is."""
    if not HANGUL.search(word):
        return word
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word))
    return "".join(_KEYS.get(letter, letter) for letter in letters)
