import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core.mask import Placeholders, mask

WORDS = Placeholders(email="[e-mail]", phone="[phone]", number="[number]")


def masked(text: str) -> str:
    return mask(text, WORDS)


@pytest.mark.parametrize(
    "address",
    [
        "ann@example.org",
        "a.b+c@mail.example.co.kr",
        "ANN_B@EXAMPLE.ORG",
        "김철수@예시.한국",
        "a%b@x-y.example",
        "ann＠example.org",
    ],
)
def test_an_email_address_is_hidden(address: str) -> None:
    assert masked(f"Write to {address}, please.") == "Write to [e-mail], please."


@pytest.mark.parametrize(
    "phone",
    [
        "1410-1590",
        "1412-1410",
        "010-1234-5678",
        "01012345678",
        "010.1234.5678",
        "+82 10 1234 5678",
        "+628123456789",
        "(02) 555-1234",
        "0812 3456 789",
        "555-1234",
        "09171234567",
        "٠١٠١٢٣٤٥٦٧٨",
        "０１０-１２３４-５６７８",
        "+1 (212) 555-0123",
        "０１０－１２３４－５６７８",
        "010 - 1234 - 5678",
        "010   1234   5678",
        "010.12345678",
        "010\n1234\n5678",
        "010—1234—5678",
        "010·1234·5678",
        "010_1234_5678",
        "010~1234~5678",
        "010, 1234, 5678",
        "010: 1234: 5678",
        "010\u30001234\u30005678",
        "0\u200b10\u00ad1234\u20605678",
        "+82 10 - 1234 - 5678",
    ],
)
def test_a_phone_number_is_hidden(phone: str) -> None:
    assert masked(f"Call {phone} at night") == "Call [phone] at night"


@pytest.mark.parametrize(
    "number",
    ["900101-1234567", "3171234567890123", "1234 5678 9012 3456", "123456789012", "M12345678", "AB1234567"],
)
def test_an_identity_number_is_hidden(number: str) -> None:
    assert masked(f"My number: {number}.") == "My number: [number]."


@pytest.mark.parametrize(
    "text",
    [
        "1410-1412 Hyde Park Avenue",
        "1010–1010 River Street",
        "Since 2026-11-22 it is dark.",
        "On 22.11.2026 and 22/11/2026 and 11/22/2026.",
        "2026. 11. 22. 부터, 2026-11-22에, 2026-11-22T09:00",
        "In 2024-2025 and 2024 – 2026.",
        "At 37.566535, 126.977969 it leaks.",
        "At 37.566535 126.977969 it leaks.",
        "At 0.566535, 6.977969 it leaks.",
        "Lamp post 1234567, permit 12345678.",
        "It cost 1,250,000,000 won, then 1,050,000,000.",
        "05:00-06:00, 09:30 - 18:30, 11.22 - 11.25, from 00:15:30 on.",
        "Bus 7016, route 12-14, 3.5 m.",
        "From 09:00 to 18:30 on 2026-11-22 09:00.",
        "Flat A1234, plate 12가3456.",
        "@city please look",
        "a@b",
    ],
)
def test_dates_places_amounts_and_short_numbers_stay(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    "number",
    [
        "case #101002139264",
        "Case # 101002139264",
        "Case No. 101002139264",
        "SR 1234567890",
        "SR#1234567890",
        "SR-1234567890",
        "ticket 123456789012",
        "Ticket number: 123456789012",
        "request ID 1234567890123",
        "접수번호 123456789012",
    ],
)
def test_what_is_called_the_number_of_a_case_stays(number: str) -> None:
    assert masked(f"Duplicate of {number}. 5 more.") == f"Duplicate of {number}. 5 more."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("case #010-1234-5678", "case #[phone]"),
        ("ticket 01012345678", "ticket [phone]"),
        ("case #+821012345678", "case #[phone]"),
        ("case #1234 5678 9012 3456", "case #[number]"),
        ("SR 900101-1234567", "SR [number]"),
        ("in case 101002139264", "in case [number]"),
        ("Mr Sr 123456789012", "Mr Sr [number]"),
        ("showcase #101002139264", "showcase #[number]"),
        ("ticket 12345678901234567", "ticket [number]"),
    ],
)
def test_nothing_else_hides_behind_the_word_for_a_case(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_several_things_in_one_text_are_all_hidden() -> None:
    text = "Kim (kim@example.org, 010-1234-5678)\n900101-1234567"

    assert masked(text) == "Kim ([e-mail], [phone])\n[number]"


def test_a_number_is_seen_where_a_word_is_written_against_it() -> None:
    assert (
        masked("전화010-1234-5678로 연락 주세요. Tel010-1234-5678") == "전화[phone]로 연락 주세요. Tel[phone]"
    )


@pytest.mark.parametrize("end", ["x", "abc", "로"])
def test_letters_behind_a_phone_number_save_no_digit_of_it(end: str) -> None:
    assert masked(f"call010-1234-5678{end} or 01012345678{end}") == f"call[phone]{end} or [phone]{end}"


def test_a_day_before_a_phone_number_stays() -> None:
    assert masked("2026. 11. 22. 010 - 1234 - 5678") == "2026. 11. 22. [phone]"


def test_numbers_on_different_lines_are_not_taken_together() -> None:
    assert masked("123\n456\n789") == "123\n456\n789"


def test_a_bracket_before_a_number_stays_with_its_other_half() -> None:
    assert masked("the centre (059-555-0161) helps") == "the centre ([phone]) helps"


def test_what_the_caller_keeps_stays() -> None:
    text = "See 2611-4839-1266, call 010-1234-5678"

    assert (
        mask(text, WORDS, keep=lambda found: found == "2611-4839-1266") == "See 2611-4839-1266, call [phone]"
    )
    assert masked(text) == "See [number], call [phone]"


@pytest.mark.parametrize(
    "text",
    ["1" * 200_000, "1-" * 200_000, "a" * 200_000, "a." * 100_000 + "@", "a@" * 100_000, "+(" * 100_000],
)
def test_a_long_hostile_text_is_done_in_one_walk(text: str) -> None:
    assert masked(text) is not None


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)
