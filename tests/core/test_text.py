import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core.text import clean, detect_language, excerpt, harmless_cell, latin, one_line

any_text = st.text(st.characters(codec=None))


def test_ordinary_words_in_any_script_are_kept_as_they_are() -> None:
    for text in (
        "Pothole at the bank",
        "가로등이 고장났어요",
        "ถนนเป็นหลุม",
        "حفرة في الشارع",
        "🚧 👩‍👩‍👧 👍🏽",
    ):
        assert clean(text) == text


def test_letters_and_marks_are_composed() -> None:
    assert clean("cafe\u0301") == "café"
    assert clean("\u1112\u1161\u11ab") == "한"


def test_of_a_text_in_latin_letters_the_plain_ones_are_left() -> None:
    assert latin("Café Señor Ångström 3") == "cafe senor angstrom 3"
    assert latin("공원").strip() == ""


def test_lines_end_in_one_way_and_tabs_stay() -> None:
    assert clean("a\r\nb\rc\u2028d\u0085e\tf") == "a\nb\nc\nd\ne\tf"


def test_spaces_after_lines_and_around_the_text_go() -> None:
    assert clean("  \n one  \n\n two\t\n \n") == "one\n\n two"


@pytest.mark.parametrize(
    "hidden",
    ["\0", "\x07", "\x1b", "\x7f", "\x9b", "\u202e", "\u202d", "\u2066", "\u2069", "\ufeff", "\uffff"],
)
def test_what_could_deceive_or_break_is_left_out(hidden: str) -> None:
    assert clean(f"in{hidden}voice") == "invoice"


@pytest.mark.parametrize("needed", ["\u200c", "\u200d", "\u200e", "\u200f", "\u00ad"])
def test_marks_that_writing_needs_stay(needed: str) -> None:
    assert clean(f"in{needed}voice") == f"in{needed}voice"


def test_a_lone_surrogate_becomes_a_replacement_and_a_pair_its_character() -> None:
    assert clean("a\ud83db") == "a\ufffdb"
    assert clean("a\ud83d\ude00b") == "a😀b"


def test_piled_up_marks_are_cut_and_a_megabyte_of_them_is_no_matter() -> None:
    piled = clean("e" + "\u0301\u0323" * 500_000)

    assert piled.startswith("ẹ")
    assert len(piled) <= 31


def test_a_megabyte_of_spaces_within_a_line_is_no_matter() -> None:
    assert clean("a" + " " * 1_000_000 + "b \n") == "a" + " " * 1_000_000 + "b"


@given(any_text)
def test_clean_text_is_clean(text: str) -> None:
    once = clean(text)

    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once.encode().decode() == once


@given(any_text)
def test_one_line_has_no_breaks_and_no_double_spaces(text: str) -> None:
    line = one_line(text)

    assert line.split() == ([] if not line else line.split(" "))


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+49 30", "-2", "@home", " =1+1", "\t=1", "\rnext", "\t", "＝1", "＋1", "－1", "＠SUM"],
)
def test_a_cell_that_a_spreadsheet_would_work_out_is_marked_as_text(formula: str) -> None:
    assert harmless_cell(formula) == f"'{formula}"


@pytest.mark.parametrize("words", ["", "Park", "K7QF-9XTM", "two + two", "공원", "'quoted'"])
def test_any_other_cell_stays_as_it_is(words: str) -> None:
    assert harmless_cell(words) == words


@given(any_text, st.integers(0, 60))
def test_an_excerpt_is_never_longer_than_asked(text: str, length: int) -> None:
    assert len(excerpt(text, length)) <= length


def test_a_short_text_is_its_own_excerpt() -> None:
    assert excerpt("The lamp\nis dark.", 40) == "The lamp is dark."


def test_a_long_text_is_cut_after_a_word() -> None:
    assert excerpt("The lamp in front of the school is dark.", 20) == "The lamp in front…"
    assert excerpt("The lamp in front of the school is dark.", 21) == "The lamp in front of…"


def test_a_text_without_spaces_is_cut_between_characters() -> None:
    assert excerpt("가로등이고장났어요빨리고쳐주세요", 8) == "가로등이고장났…"


def test_a_letter_is_not_parted_from_its_marks() -> None:
    assert excerpt("กี่กี่กี่กี่", 6) == "กี่…"
    assert excerpt("ก" * 4 + "ี่" + "ก" * 9, 6) == "กกก…"


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧", "👍🏽", "🇰🇷", "❤️"])
def test_an_emoji_is_not_parted(emoji: str) -> None:
    for length in range(1, 12):
        cut = excerpt(emoji * 6, length).removesuffix("…")
        assert cut == emoji * (len(cut) // len(emoji))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("가로등이 고장났어요 LED", "ko"),
        ("ถนนเป็นหลุม", "th"),
        ("حفرة في الشارع", "ar"),
        ("سڑک ٹوٹی ہے", "ar"),
        ("道路に穴があります", "ja"),
        ("道路有个洞", "zh-Hant"),
        ("सडकमा खाल्डो छ", "ne"),
        ("There is a hole", None),
        ("Ada lubang di jalan", None),
        ("Привет", None),
        ("12 34 !!", None),
        ("", None),
        ("hole hole hole 가", None),
    ],
)
def test_the_language_is_told_by_a_script_that_one_candidate_uses(text: str, language: str | None) -> None:
    assert detect_language(text, ["en", "id", "ko", "th", "ar", "ja", "zh-Hant", "ne"]) == language


def test_a_script_of_several_candidates_says_nothing() -> None:
    assert detect_language("सडकमा खाल्डो छ", ["ne", "hi"]) is None


def test_only_candidates_are_told() -> None:
    assert detect_language("가로등이 고장났어요", ["en", "ar"]) is None
