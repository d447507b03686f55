import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core.email import BadAddress, normal_email, readable_email


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann@Example.ORG", "ann@example.org"),
        ("  ann@example.org ", "ann@example.org"),
        ("ann+city@example.org", "ann+city@example.org"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("A@BÜCHER.example", "a@xn--bcher-kva.example"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("ａｎｎ＠ｅｘａｍｐｌｅ。ｏｒｇ", "ann@example.org"),
        ("김@시험.example", "김@xn--vv4b606a.example"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    assert normal_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "ann@example",
        "ann@example..org",
        "ann@.example.org",
        "ann@example.org.",
        "ann@-example.org",
        "ann@exam ple.org",
        "an n@example.org",
        ".ann@example.org",
        "ann.@example.org",
        "an..n@example.org",
        "ann@10.0.0.1",
        "ann@[10.0.0.1]",
        '"ann"@example.org',
        "ann@bob@example.org",
        "Ann <ann@example.org>",
        "ann@example.org,bob@example.org",
        "ann@example.org\nBcc: bob@example.org",
        "ann\0@example.org",
        "ann@example.org\u202e",
        "ann\ud800@example.org",
        "a" * 65 + "@example.org",
        "ann@" + "x" * 64 + ".org",
        "ann@" + "x." * 130 + "org",
        "x" * 1_000_000,
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        normal_email(typed)


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_one_form_is_its_own_form_and_fits_into_a_header(local: str, domain: str) -> None:
    try:
        kept = normal_email(f"{local}@{domain}.example")
    except BadAddress:
        return

    assert normal_email(kept) == kept
    assert kept.isprintable()
    assert not set(kept) & set(' ,;<>"()[]\\')


def test_a_domain_is_shown_in_its_own_script() -> None:
    assert readable_email("a@xn--bcher-kva.example") == "a@bücher.example"


@pytest.mark.parametrize("address", ["ann@example.org", "a@xn--99999999999.example", ""])
def test_what_needs_no_decoding_is_shown_as_it_is(address: str) -> None:
    assert readable_email(address) == address
