"""Which property of a file of wards holds the code, and which the names; no database.

Every office names its columns its own way (`code`, `adm4_psgc`, `name_eng`), so the usual spellings are
recognised; who imports can always say it instead.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cps.core.text import detect_language

Properties = Mapping[str, Any]

_SUFFIXES = {
    "eng": "en", "kor": "ko", "ind": "id", "tgl": "fil", "vie": "vi", "spa": "es", "fra": "fr", "fre": "fr",
    "ara": "ar", "nep": "ne", "hin": "hi", "jpn": "ja", "zho": "zh", "chi": "zh", "tha": "th", "msa": "ms",
}  # fmt: skip
"""Three-letter codes that follow `name_`, and the language they mean."""

_CODE = re.compile(
    r"(?i)^(?:ward|area|dist|district|region|adm\d?)?_?(?:code|cd|psgc|pcode|id|no|nr|num|number|gid|fid|key)$"
    r"|^.+_(?:code|cd|psgc|pcode|id)$"
)
_NAME = re.compile(r"(?i)^(?:(?:.*_)?(?:name|nm)|adm\d)(?:_([a-z]{2,3}))?$")
_AREA = re.compile(r"(?i)^(?:ward|barangay|dong|kelurahan|phuong|district|municipality|neighbou?rhood)$")


def guess_code(rows: Sequence[Properties]) -> str | None:
    """Return the property with a different code for each ward; of several levels the deepest."""
    fitting = [key for key in _common(rows) if _CODE.fullmatch(key) and _tells_apart(rows, key)]
    exact = [key for key in fitting if key.lower() in {"code", "ward_code"}]
    return exact[0] if exact else max(fitting, default=None, key=_depth)


def guess_names(rows: Sequence[Properties], *, default: str, languages: Sequence[str]) -> dict[str, str]:
    """Return `{language: property}` of the names; a property without a language is read by its script."""
    names: dict[str, str] = {}
    for key in sorted(_common(rows), key=lambda key: (_depth(key), key.lower() != "name")):
        found = _NAME.fullmatch(key)
        if found is None or not all(isinstance(row[key], str) for row in rows):
            continue
        suffix = (found.group(1) or "").lower()
        language = _SUFFIXES.get(suffix, suffix) or _written_in(rows, key, default, languages)
        names[language] = key
    if names:
        return names
    areas = [key for key in _common(rows) if _AREA.fullmatch(key)]
    texts = [key for key in _common(rows) if all(isinstance(row[key], str) for row in rows)]
    best = areas or texts
    return {_written_in(rows, best[0], default, languages): best[0]} if best else {}


def _written_in(rows: Sequence[Properties], key: str, default: str, languages: Sequence[str]) -> str:
    text = " ".join(str(row[key]) for row in rows[:200])
    return detect_language(text, languages) or default


def _common(rows: Sequence[Properties]) -> list[str]:
    return [key for key in rows[0] if all(row.get(key) not in (None, "") for row in rows)] if rows else []


def _tells_apart(rows: Sequence[Properties], key: str) -> bool:
    values = [row[key] for row in rows]
    plain = all(isinstance(value, (str, int)) and not isinstance(value, bool) for value in values)
    return plain and len({str(value) for value in values}) == len(values)


def _depth(key: str) -> int:
    """Return the level in names such as `adm4_psgc`; a deeper one is a smaller area."""
    found = re.search(r"(?i)adm(\d)", key)
    return int(found.group(1)) if found else 0
