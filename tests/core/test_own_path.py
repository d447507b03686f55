import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core.own_path import own_path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/accounts/me",
        "/complaints?q=lamp&ward=harbour",
        "/complaints/2611-4839-1267#story",
        "/complaints?q=%E2%9C%93",
        "/complaints?from=//example.org",
    ],
)
def test_an_address_of_this_site_is_kept(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "accounts/me",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\\/evil.example",
        "/%2Fevil.example",
        "/%2fevil.example",
        "/%5Cevil.example",
        "/%252Fevil.example",
        "/%25252Fevil.example",
        "/..//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/%09/evil.example",
        "/%0d%0aSet-Cookie:x=1",
        " /accounts/me",
        "/accounts/me\r\nSet-Cookie: x=1",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/accounts/me?q=\\evil",
        "/\u202eevil",
        "/" + "x" * 500,
    ],
)
def test_what_may_lead_elsewhere_is_dropped(path: str | None) -> None:
    assert own_path(path) == ""


@given(st.text(alphabet="/\\%25Ffe.:@?# \t\nevil", max_size=30))
def test_what_is_kept_never_names_another_host(path: str) -> None:
    kept = own_path(path)

    assert kept == "" or (kept[0] == "/" and kept[1:2] not in {"/", "\\"} and not set(kept) & set("\\ \t\n"))
