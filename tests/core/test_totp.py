"""Codes of an app, against the tables of the standards."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from cps.core import totp

STANDARD = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""12345678901234567890 in base 32, the secret of RFC 4226 and RFC 6238."""


@pytest.mark.parametrize(
    ("step", "code"),
    list(
        enumerate(
            [
                "755224",
                "287082",
                "359152",
                "969429",
                "338314",
                "254676",
                "287922",
                "162583",
                "399871",
                "520489",
            ]
        )
    ),
)
def test_counted_codes_are_those_of_rfc_4226(step: int, code: str) -> None:
    assert totp.code_of(STANDARD, step) == code


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_timed_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    step = totp.step_at(datetime.fromtimestamp(seconds, UTC))

    assert totp.code_of(STANDARD, step, digits=8) == code


@pytest.mark.parametrize(
    ("late", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_one_step_early_or_late(late: int, is_taken: bool) -> None:
    at = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
    code = totp.code_of(STANDARD, totp.step_at(at + timedelta(seconds=late)))

    assert (totp.step_of(STANDARD, code, at=at) is not None) is is_taken


def test_a_spent_step_is_refused_and_the_next_is_taken() -> None:
    at = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
    now = totp.step_at(at)

    assert totp.step_of(STANDARD, totp.code_of(STANDARD, now), at=at, after=now) is None
    assert totp.step_of(STANDARD, totp.code_of(STANDARD, now + 1), at=at, after=now) == now + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert totp.step_of(STANDARD, code, at=datetime(2026, 11, 18, tzinfo=UTC)) is None


def test_secrets_have_160_bits_and_differ() -> None:
    made = {totp.new_secret() for _number in range(50)}

    assert len(made) == 50
    assert {len(secret) for secret in made} == {32}


def test_an_app_reads_city_account_and_secret_from_the_address() -> None:
    address = totp.app_address(STANDARD, account="ann@example.org", issuer="Dear: City & 시")

    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/Dear%20%20City%20%26%20%EC%8B%9C%3Aann@example.org"
    assert parse_qs(parts.query) == {"secret": [STANDARD], "issuer": ["Dear  City & 시"]}
