"""Every text of the program is translated, nothing more, and no place in it is lost."""

import ast
import re
from collections.abc import Iterable

import pytest
from babel.messages.catalog import Message

from scripts import texts

PLACE = re.compile(r"%(?:\(\w+\))?[sd]")


def places(text: str) -> list[str]:
    return sorted(PLACE.findall(text))


def translated(language: str) -> Iterable[Message]:
    return [message for message in texts.read(language) if message.id]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_text_has_a_translation(language: str) -> None:
    missing = list(texts.missing(language))

    assert not missing, f"run `python scripts/texts.py` and translate {len(missing)} texts: {missing[:5]}"


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_translation_is_kept_for_a_text_that_is_gone(language: str) -> None:
    obsolete = list(texts.obsolete(language))

    assert not obsolete, f"run `python scripts/texts.py`; these are gone: {obsolete[:5]}"


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_translation_loses_or_invents_a_place(language: str) -> None:
    wrong = []
    for message in translated(language):
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        results = message.string if isinstance(message.string, tuple) else (message.string,)
        if any(places(result) != places(sources[-1]) for result in results if result):
            wrong.append(message.id)

    assert not wrong


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_translation_breaks_out_of_an_attribute(language: str) -> None:
    """Templates put texts into attributes as they are: a straight quote would end them."""
    assert [
        m.id for m in translated(language) if re.search(r'["<>]', "".join(m.string)) and '"' not in str(m.id)
    ] == []


def test_no_text_hides_in_a_formatted_string() -> None:
    """What reads the texts for the catalogs does not look into f-strings; nobody would translate them."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in texts.PACKAGE.rglob("*.py")
        for string in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in texts.KEYWORDS
    ]

    assert hidden == []


ONE_IN_ARABIC = re.compile(r"\b(?:أنت|اختر|اكتب|استعمل|استمع|احذف|احفظ|أوقف|سجّل|قل|قلها|لك|يساعدك|تقوله)\b")
"""What is said to one person; our Arabic speaks to residents in the plural."""

OF_VOICE_NOTES = {
    "templates/components/voice.html",
    "templates/complaints/filing/words.html",
    "complaints/forms.py",
}
OF_VOICE_NOTES |= {"cases/uploads.py"}


def test_arabic_speaks_of_voice_notes_as_of_everything_else() -> None:
    catalog = texts.read("ar")
    found = [key for key, use in texts.used("ar").items() if use.files & OF_VOICE_NOTES]
    found += ["The voice note is larger than 3 MB. Please record a shorter one."]
    found += ["This is not a voice note we can take. Use Ogg, WebM, M4A, MP3, WAV or AMR."]

    assert [key for key in found if ONE_IN_ARABIC.search("".join(catalog[key].string))] == []


WORDS_IN_KAF = (
    "ذلك ولذلك كذلك لذلك بذلك وذلك تلك هناك وهناك شباك لشباك الشباك شبابيك الشبابيك شريك"
    " تحرك ترك تترك يترك مشترك"
)
"""Words that end in kaf by themselves; at the end of others it says "you" to one man."""


def test_arabic_speaks_to_readers_in_the_plural_as_everywhere() -> None:
    words = {
        word: message.id
        for message in translated("ar")
        for text in (message.string if isinstance(message.string, tuple) else (message.string,))
        for word in re.findall("[\u0621-\u064a]+", re.sub("[\u064b-\u0652]", "", text))
    }
    to_one = {word for word in words if word.endswith("ك") and len(word) > 2} - set(WORDS_IN_KAF.split())

    assert {word: words[word] for word in (to_one | {"أنت", "اكتب", "اختر", "اطلب"}) & words.keys()} == {}
