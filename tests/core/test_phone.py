"""Phone numbers have one form, however people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core import phone
from cps.core.phone import BadPhone, PhoneFault, normal_phone

ONE = "+821012345678"


@pytest.mark.parametrize(
    "typed",
    [
        "01012345678",
        "010-1234-5678",
        "010 1234 5678",
        "(010) 1234.5678",
        "０１０－１２３４－５６７８",
        "٠١٠١٢٣٤٥٦٧٨",
        "۰۱۰ ۱۲۳۴ ۵۶۷۸",
        "๐๑๐-๑๒๓๔-๕๖๗๘",
        "০১০ ১২৩৪ ৫৬৭৮",
        "+82 10 1234 5678",
        "＋８２ １０ １２３４ ５６７８",
        "+82 (0)10-1234-5678",
        "0082 10 1234 5678",
        "001 82 10 1234 5678",
        "\u202d010‑1234‑5678\u202c",
        "010\u00a01234\u00a05678",
        "  010–1234–5678  ",
    ],
)
def test_one_number_in_many_spellings_is_one(typed: str) -> None:
    assert normal_phone(typed, "KR") == ONE


def test_a_number_of_another_country_keeps_its_own() -> None:
    assert normal_phone("+84 91 234 5678", "KR") == "+84912345678"
    assert normal_phone("091 234 5678", "VN") == "+84912345678"


@pytest.mark.parametrize("typed", ["010-1234-5678 ext. 12", "010-1234-5678#12", "01012345678;ext=3"])
def test_an_extension_is_refused(typed: str) -> None:
    assert fault_of(typed) is PhoneFault.EXTENSION


@pytest.mark.parametrize("typed", ["02-123-4567", "1588-1234", "060-700-1234", "080-123-4567"])
def test_what_takes_no_text_messages_is_refused(typed: str) -> None:
    assert fault_of(typed) is PhoneFault.NOT_A_MOBILE


@pytest.mark.parametrize(
    "typed", ["", "+", "call me", "12", "010-1234", "0" * 400, "+82 1012345678901", "1+2"]
)
def test_what_is_no_number_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(BadPhone) as refused:
        normal_phone(typed, "KR")

    assert refused.value.fault is PhoneFault.NOT_A_NUMBER
    assert str(refused.value) == "not-a-number"


@given(st.text(max_size=80))
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    try:
        normal = normal_phone(typed, "KR")
    except BadPhone:
        return
    assert phone.is_phone(normal)
    assert len(normal) <= phone.LONGEST_PHONE
    assert normal_phone(normal, "VN") == normal


def test_a_number_reads_as_people_write_it() -> None:
    assert phone.readable_phone(ONE, "KR") == "010-1234-5678"
    assert phone.readable_phone(ONE, "VN") == "+82 10-1234-5678"
    assert (
        phone.readable_phone("+82595550177", "KR") == "+82 595550177"
    )  # In no plan: no leading zero is known
    assert phone.hidden_phone(ONE) == "•••• 5678"


def test_an_address_of_mail_is_no_number() -> None:
    assert not phone.looks_like_phone("a1@example.org")
    assert not phone.is_phone("+821@example.org")
    assert phone.looks_like_phone("٠١٠١٢٣٤٥٦٧٨")


def fault_of(typed: str) -> PhoneFault:
    with pytest.raises(BadPhone) as refused:
        normal_phone(typed, "KR")
    return refused.value.fault
