from datetime import timedelta

import pytest

from cps.accounts.devices import device_label
from cps.accounts.passwords import (
    LONGEST_PASSWORD,
    NOBODYS_HASH,
    PasswordFault,
    hash_password,
    is_outdated,
    is_password,
    password_fault,
)
from cps.accounts.rules import STAFF_ROLES, Role, is_fresh, read_code, signed_in_for
from tests.support.factories import QUICK
from tests.support.fixtures import WEDNESDAY


@pytest.mark.parametrize(
    "typed",
    [
        "123456",
        "123 456",
        " 12 34 56 ",
        "123-456",
        "123–456",
        "١٢٣٤٥٦",
        "१२३ ४५६",
        "１２３４５６",
        "123\u200e456",
    ],
)
def test_a_code_may_be_typed_in_groups_and_in_any_script(typed: str) -> None:
    assert read_code(typed) == "123456"


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "12345a", "١٢٣", "1²3456", "\0" * 6, "9" * 1_000_000]
)
def test_anything_but_six_digits_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


def test_residents_stay_signed_in_for_a_month() -> None:
    assert signed_in_for(frozenset({Role.RESIDENT})) == timedelta(days=30)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_staff_stay_signed_in_for_twelve_hours(role: Role) -> None:
    assert signed_in_for(frozenset({Role.RESIDENT, role})) == timedelta(hours=12)


def test_a_sign_in_is_fresh_for_a_quarter_of_an_hour() -> None:
    assert is_fresh(WEDNESDAY, WEDNESDAY + timedelta(minutes=15))
    assert not is_fresh(WEDNESDAY, WEDNESDAY + timedelta(minutes=15, seconds=1))


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", PasswordFault.TOO_SHORT),
        ("nine sign", PasswordFault.TOO_SHORT),
        ("short         ", PasswordFault.TOO_SHORT),
        ("x" * 201, PasswordFault.TOO_LONG),
        ("x" * 1_000_000, PasswordFault.TOO_LONG),
        ("ann.example@testford.test", PasswordFault.LIKE_EMAIL),
        ("ANN.EXAMPLE@testford.test", PasswordFault.LIKE_EMAIL),
        ("ann.example1990", PasswordFault.LIKE_EMAIL),
        ("password123!", PasswordFault.TOO_COMMON),
        ("PassWord2026", PasswordFault.TOO_COMMON),
        ("qwertyuiop12", PasswordFault.TOO_COMMON),
        ("aaaaaaaaaaaa", PasswordFault.TOO_SIMPLE),
        ("1212121212", PasswordFault.TOO_SIMPLE),
        ("abcabcabcabc", PasswordFault.TOO_SIMPLE),
        ("1234567890", PasswordFault.TOO_SIMPLE),
        ("987654321098", PasswordFault.TOO_SIMPLE),
        ("lkjhgfdsa;lkjhgfdsa"[:9] + "aa", PasswordFault.TOO_SIMPLE),
        ("😀" * 12, PasswordFault.TOO_SIMPLE),
    ],
)
def test_a_password_that_is_guessed_easily_is_refused(password: str, fault: PasswordFault) -> None:
    assert password_fault(password, email="ann.example@testford.test") is fault


@pytest.mark.parametrize(
    "password",
    [
        "try-the-demo-city",
        "four words in row",
        "비밀번호를 길게 쓰자요",
        "k8#Vq!z2Lm",
        "x y z " * 33,
        "correct 1234567890",
    ],
)
def test_a_password_of_ones_own_is_taken(password: str) -> None:
    assert password_fault(password, email="ann.example@testford.test") is None


def test_a_megabyte_of_figures_as_address_is_no_matter_to_a_password() -> None:
    address = f"x{'1' * 1_000_000}x@testford.test"

    assert password_fault("correct horse battery", email=address) is None


def test_a_password_is_known_again_and_no_other() -> None:
    stored = hash_password("four words in row")

    assert is_password("four words in row", stored)
    assert not is_password("four words in rows", stored)
    assert not is_password("", stored)


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    assert is_password("cafe\u0301 wordsｉn row", hash_password("caf\u00e9 wordsin row"))


def test_where_no_password_is_stored_none_is_right() -> None:
    assert not is_password("", "")
    assert not is_password("four words in row", "")


def test_a_password_beyond_the_limit_is_not_even_hashed() -> None:
    stored = QUICK.hash("x" * (LONGEST_PASSWORD + 1))

    assert not is_password("x" * (LONGEST_PASSWORD + 1), stored)


def test_a_damaged_hash_lets_nobody_in() -> None:
    assert not is_password("four words in row", "$argon2id$damaged")


def test_the_hash_of_nobody_costs_what_everybodys_costs() -> None:
    assert not is_outdated(NOBODYS_HASH)
    assert is_outdated(QUICK.hash("four words in row"))


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            "Chrome · Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (Linux; Android 13) SamsungBrowser/23.0 Chrome/115.0 Mobile",
            "Samsung Internet · Android",
        ),
        ("curl/8.0", ""),
        ("", ""),
        ("Chrome" * 100_000, "Chrome"),
    ],
)
def test_a_device_is_called_by_browser_and_system(user_agent: str, label: str) -> None:
    assert device_label(user_agent) == label
