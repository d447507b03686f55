import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core.keyboard import strokes
from cps.core.search import without_particle
from cps.core.word_forms import Nearness, keys, nearness, one_slip

LETTERS = st.text("abcde", min_size=4, max_size=9)


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("가로등", "rkfhemd"),
        ("쓰레기", "tmfprl"),
        ("닭", "ekfr"),
        ("ㄴㅅㄱㄷㄷㅅ", "street"),
        ("street", "street"),
        ("đèn", "đèn"),
    ],
)
def test_hangul_is_told_by_the_keys_under_which_it_is_typed(word: str, typed: str) -> None:
    assert strokes(word) == typed


@pytest.mark.parametrize(
    ("word", "other", "how"),
    [
        ("rkfhemd", "가로등", Nearness.SAME),
        ("potholes", "pothole", Nearness.FORM),
        ("flooding", "flooded", Nearness.FORM),
        ("lubang", "berlubang", Nearness.FORM),
        ("menyapu", "sapu", Nearness.FORM),
        ("memperbaiki", "perbaikan", Nearness.FORM),
        ("streetlihgt", "streetlight", Nearness.SLIP),
        ("banjr", "banjir", Nearness.SLIP),
        ("가로동", "가로등", Nearness.SLIP),
        ("oothole", "pothole", Nearness.SLIP),
        ("light", "night", None),
        ("lamp", "pothole", None),
        ("가로수", "신호등", None),
    ],
)
def test_two_words_are_near_by_their_keys_their_root_or_one_slip(
    word: str, other: str, how: Nearness | None
) -> None:
    assert nearness(word, other) is how


@pytest.mark.parametrize("word", ["bus", "물", "a" * 33, "26114839", "b12", ""])
def test_short_words_endless_ones_and_numbers_have_no_near_words(word: str) -> None:
    assert keys(word) == set()


@given(LETTERS, st.data())
def test_a_word_with_one_slip_has_a_key_in_common_with_it(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(["", *"abcde"]))
    swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    for slip in (word[:at] + letter + word[at + 1 :], word[:at] + letter + word[at:], swapped):
        assert one_slip(word, slip)
        assert one_slip(slip, word)
        assert len(slip) < 4 or keys(word) & keys(slip)


def test_two_slips_are_one_too_many() -> None:
    assert not one_slip("streetlight", "sreetlihgt")
    assert not one_slip("lamp", "palm")


@pytest.mark.parametrize(
    ("word", "left"), [("가로등이", "가로등"), ("도로에서", "도로"), ("놀이", "놀이"), ("street", "street")]
)
def test_a_korean_particle_is_left_out_where_two_syllables_stay(word: str, left: str) -> None:
    assert without_particle(word) == left
