"""What a short message asks for: its command word in any of the languages, a reference, a PIN; no database.

Words are compared without capitals and marks, so that `Báo` and `BAO` are one. Digits of every script count.
What begins with no command is told from what it holds: a reference alone asks how that case stands, a
reference with words answers there, everything else is a report.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cps.cases import reference as references
from cps.cases.reference import NotAReference
from cps.core.text import clean, separates


class Verb(StrEnum):
    """What a message wants."""

    REPORT = "report"
    STATUS = "status"
    ANSWER = "answer"
    STOP = "stop"
    HELP = "help"
    TALK = "talk"
    """No command and no reference: a report, or the answer to what the city asked."""


WORDS: Mapping[Verb, Mapping[str, tuple[str, ...]]] = {
    Verb.REPORT: {
        "en": ("report",),
        "ko": ("신고", "제보"),
        "id": ("lapor", "laporan"),
        "fil": ("iulat", "ulat"),
        "vi": ("báo", "báo cáo"),
        "es": ("reportar", "reporte", "informar"),
        "fr": ("signaler", "signalement"),
        "ar": ("بلاغ", "أبلغ", "ابلاغ"),
    },
    Verb.STATUS: {
        "en": ("status",),
        "ko": ("상태", "조회"),
        "id": ("cek",),
        "fil": ("katayuan",),
        "vi": ("tra cứu", "tình trạng"),
        "es": ("estado",),
        "fr": ("statut", "état"),
        "ar": ("حالة",),
    },
    Verb.ANSWER: {
        "en": ("answer", "reply"),
        "ko": ("답변", "답장"),
        "id": ("jawab",),
        "fil": ("sagot",),
        "vi": ("trả lời",),
        "es": ("responder", "respuesta"),
        "fr": ("répondre", "réponse"),
        "ar": ("رد", "جواب"),
    },
    Verb.STOP: {
        "en": ("stop", "unsubscribe"),
        "ko": ("중지", "수신거부"),
        "id": ("berhenti",),
        "fil": ("itigil",),
        "vi": ("dừng",),
        "es": ("parar", "alto"),
        "fr": ("arrêt", "arrêter"),
        "ar": ("إيقاف", "توقف"),
    },
    Verb.HELP: {
        "en": ("help", "info"),
        "ko": ("도움말", "도움"),
        "id": ("bantuan",),
        "fil": ("tulong",),
        "vi": ("trợ giúp",),
        "es": ("ayuda",),
        "fr": ("aide",),
        "ar": ("مساعدة",),
    },
}
ALONE = frozenset({Verb.STOP, Verb.HELP})
"""Commands only where nothing else is said: "Stop the noise in Mill Lane" is a report."""

_LONGEST_COMMAND = 2
_AFTER_COMMAND = " \t\n:：,،.-–—"
_LOOK_ALIKES = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "|": "1"})


@dataclass(frozen=True, slots=True)
class Order:
    """What a message wants; `rest` are the words after command and reference, in clean form.

    `reference` is of twelve digits that pass their check; `mistyped` are digits where one was meant that
    do not. `language` is that of the command word, "" where there was none.
    """

    verb: Verb
    rest: str
    reference: str = ""
    mistyped: str = ""
    pin: str = ""
    language: str = ""


def understood(message: str) -> Order:
    """Return what a message wants."""
    said = clean(message)
    verb, language, rest = _command(said)
    if verb in ALONE:
        says_more = any(sign.isalnum() for sign in rest)
        return Order(Verb.TALK, said) if says_more else Order(verb, "", language=language)
    if verb is Verb.REPORT:
        return Order(verb, rest, language=language)
    found, mistyped, after = _reference(rest)
    if verb is Verb.STATUS:
        is_asking = found or mistyped or not after
        asked = Order(verb, after, found, mistyped, references.parse_pin(after) or "", language)
        return asked if is_asking else Order(Verb.TALK, said)
    if verb is Verb.ANSWER:
        return Order(verb, after, found, mistyped, language=language)
    if not found:
        return Order(Verb.TALK, said)
    pin = references.parse_pin(after) or ""
    return Order(Verb.STATUS if pin or not after else Verb.ANSWER, after, found, pin=pin)


def nearest(mistyped: str, candidates: Iterable[str]) -> str | None:
    """Return the one of these references that differs by one slip: a digit wrong, missing, doubled, swapped.

    None where none does, or more than one.
    """
    near = {one for one in candidates if _is_one_slip(mistyped, one)}
    return near.pop() if len(near) == 1 else None


def _command(said: str) -> tuple[Verb, str, str]:
    """Return the command that a message begins with, its language, and what follows; TALK for none."""
    words = re.split(rf"[{re.escape(_AFTER_COMMAND)}]+", said, maxsplit=_LONGEST_COMMAND)
    for length in range(_LONGEST_COMMAND, 0, -1):
        known = _COMMANDS.get(folded(" ".join(words[:length])))
        if known and len([word for word in words[:length] if word]) == length:
            return (*known, _after(said, words[:length]))
    return Verb.TALK, "", said


def _after(said: str, words: list[str]) -> str:
    for word in words:
        said = said[said.index(word) + len(word) :]
    return said.lstrip(_AFTER_COMMAND)


def folded(words: str) -> str:
    """Return words without capitals, marks and what is not a letter, as commands are compared."""
    plain = unicodedata.normalize("NFKD", words.casefold().replace("đ", "d"))
    kept = (sign for sign in plain if not unicodedata.combining(sign) and sign != "\u0640")
    return " ".join("".join(kept).split()).strip("!?.[]<>\"'“”")


def _known_commands() -> Iterator[tuple[str, tuple[Verb, str]]]:
    for verb, languages in WORDS.items():
        for language, words in languages.items():
            yield from ((folded(word), (verb, language)) for word in words)


_COMMANDS = dict(_known_commands())


def _reference(said: str) -> tuple[str, str, str]:
    """Return the reference that a text begins with, or digits like one, and what follows.

    The letters O, l and I stand for the digits that they look like.
    """
    end, digits = _leading_digits(said.translate(_LOOK_ALIKES))
    for length in (references.LENGTH, references.LENGTH + 1, references.LENGTH - 1):
        cut = end.get(length)
        if cut is None or _goes_on(said, cut):
            continue
        try:
            found = references.parse(digits[:length])
        except NotAReference:
            return "", digits[:length], said[cut:].lstrip(_AFTER_COMMAND)
        return found, "", said[cut:].lstrip(_AFTER_COMMAND)
    return "", "", said


def _leading_digits(said: str) -> tuple[dict[int, int], str]:
    """Return the digits that a text begins with, and where each number of them ends."""
    ends: dict[int, int] = {}
    digits = ""
    for place, sign in enumerate(said):
        value = unicodedata.decimal(sign, None)
        if value is not None:
            digits += str(value)
            ends[len(digits)] = place + 1
        elif not (separates(sign) or sign in "#./"):
            break
    return ends, digits


def _goes_on(said: str, cut: int) -> bool:
    """Say whether a number goes on behind the cut."""
    return cut < len(said) and said[cut].isdecimal()


def _is_one_slip(typed: str, meant: str) -> bool:
    if len(typed) == len(meant):
        wrong = [place for place in range(len(meant)) if typed[place] != meant[place]]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return typed[wrong[0]] == meant[wrong[1]] and typed[wrong[1]] == meant[wrong[0]]
        return len(wrong) <= 1
    longer, shorter = sorted((typed, meant), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    )
