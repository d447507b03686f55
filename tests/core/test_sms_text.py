"""A text message is paid by the segment, so that each sign is counted as the network counts it."""

import pytest

from cps.core.sms_text import Alphabet, alphabet, plainer, segments


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" * 10, 2),
        ("가" * 70, 1),
        ("가" * 71, 2),
        ("가" * 134, 2),
        ("가" * 135, 3),
        ("🚧" * 35, 1),
        ("🚧" * 36, 2),
        ("가" * 66 + "🚧" * 4, 2),
        ("a" * 159 + "가", 3),
    ],
)
def test_segments_are_counted_as_the_network_counts(text: str, number: int) -> None:
    assert segments(text) == number


def test_a_sign_of_two_is_never_cut_between_segments() -> None:
    assert segments("가" * 66 + "🚧" + "가" * 66) == 3
    assert segments("a" * 152 + "€" + "a" * 152) == 3


def test_one_sign_outside_makes_the_whole_message_the_costly_kind() -> None:
    assert alphabet("Fixed: £3 for ñ, Ä and {x}") is Alphabet.GSM_7
    assert alphabet("Fixed: ☂") is Alphabet.UCS_2


def test_typographic_signs_are_made_plain_only_where_that_saves_something() -> None:
    assert plainer("The city’s “answer” – done…") == 'The city\'s "answer" - done...'
    assert plainer("시청의 “답변” – 끝") == "시청의 “답변” – 끝"
