"""The own words of a reply: without what it quotes and without its signature, where that is certain.

Cut is only what stands at the end: from a line that announces a quotation, when nothing but the quotation
follows it. Whoever writes between quoted lines loses only these. Where nothing would be left, all is kept;
the whole mail is kept anyway.
"""

import re

_WRITES = (
    *(r"on\b.{4,200}\bwrote", r"am\b.{4,200}\bschrieb\b.{0,80}", r"le\b.{4,200}\ba\s+écrit"),
    *(r"el\b.{4,200}\bescribió", r"pada\b.{4,200}\bmenulis", r"vào\b.{4,200}\bđã\s+viết"),
    *(r"noong\b.{4,200}\bsumulat.{0,80}", r"(?:في|بتاريخ)\b.{4,200}\bكتب.{0,80}"),
    r".{4,200}(?:작성|썼습니다|쓴 글).{0,10}",
)
_OLD = (
    *("original message", "forwarded message", "ursprüngliche nachricht", "message d'origine"),
    *("mensaje original", "pesan asli", "원본 메일", "원본 메시지", "thư gốc"),
)
_SENDERS = ("from", "de", "von", "dari", "từ", r"보낸\s?사람", "발신", "من")
_DATES = (
    *("sent", "date", "to", "enviado", "envoyé", "gesendet", "dikirim", "đã gửi", "تاريخ"),
    *(r"보낸\s?날짜", r"받는\s?사람", "일시"),
)
_DEVICES = ("sent from my ", "get outlook for ", "envoyé de mon ", "enviado desde mi ", "dikirim dari ")


def _any(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(words) + ")"


_ANNOUNCES = re.compile(rf"(?i)^{_any(_WRITES)}\s*[:：]?\s*$")
_DIVIDES = re.compile(rf"(?i)^\s*(?:[-_*]{{2,}}\s*{_any(_OLD)}\s*[-_*]*|_{{20,}})\s*$")
_HEADS = re.compile(rf"(?i)^\*?{_any(_SENDERS)}\*?\s*[:：]\s*\S")
_HEADS_NEXT = re.compile(rf"(?i)^\*?{_any(_DATES)}\*?\s*[:：]")
_SIGNATURE = re.compile(r"^-- ?$")
_DEVICE = re.compile(rf"(?i)^{_any(_DEVICES)}.{{0,60}}$")
_LONGEST_ANNOUNCEMENT = 400


def own_words(text: str, *, is_reply: bool) -> str:
    """Return what somebody wrote themselves; of a mail that answers nothing only the signature is cut."""
    lines = text.split("\n")
    kept = _without_signature(_without_quotation(lines) if is_reply else lines)
    words = "\n".join(kept).strip()
    return words or text.strip()


def _without_quotation(lines: list[str]) -> list[str]:
    for place, line in enumerate(lines):
        divides = _DIVIDES.match(line) or _begins_heads(lines, place)
        if divides or (_announces(lines, place) and _is_quoted(lines[place + 1 :])):
            return lines[:place]
    return [line for line in lines if not line.startswith(">")]


def _begins_heads(lines: list[str], place: int) -> bool:
    """Say whether a mail program's copy of the old mail begins here: From, then Sent or To."""
    return bool(_HEADS.match(lines[place])) and any(
        _HEADS_NEXT.match(line) for line in lines[place + 1 : place + 4]
    )


def _announces(lines: list[str], place: int) -> bool:
    """Say whether a line announces a quotation; mail programs break it in two."""
    told = [" ".join(lines[place : place + count]).strip() for count in (1, 2)]
    return any(_ANNOUNCES.match(line) for line in told if len(line) <= _LONGEST_ANNOUNCEMENT)


def _is_quoted(lines: list[str]) -> bool:
    """Say whether all lines but the second half of the announcement are quoted."""
    told = [line for line in lines if line.strip()]
    return all(line.startswith(">") for line in told[1:]) if told else True


def _without_signature(lines: list[str]) -> list[str]:
    ends = next((place for place, line in enumerate(lines) if place and _SIGNATURE.match(line)), len(lines))
    kept = lines[:ends]
    while kept and (not kept[-1].strip() or (len(kept) > 1 and _DEVICE.match(kept[-1].strip()))):
        kept = kept[:-1]
    return kept
