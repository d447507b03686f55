"""Where something must be mended, the title of the page says so first, as a screen reader does."""

import pytest

from tests.support import factories
from tests.support.site import Site

SENT = {
    "/accounts/sign-in": {"email": "nobody"},
    "/accounts/register": {"email": ""},
    "/accounts/me/register": {"code": "", "born_on": ""},
    "/accounts/me/profile": {"display_name": "x" * 200},
    "/accounts/prove": {"email": "nobody"},
}
SIGNED_IN = "/accounts/me"


def title(site: Site, address: str, fields: dict[str, str] | None = None) -> str:
    page = site.get(address) if fields is None else site.post_raw(address, fields)
    assert page.status == (200 if fields is None else 422)
    return page.text_of("title")


@pytest.mark.parametrize("address", SENT)
@pytest.mark.first_case("the cases differ in their wording")
def test_the_title_of_a_page_with_errors_begins_with_the_word(site: Site, address: str) -> None:
    if address.startswith(SIGNED_IN):
        site.sign_in(factories.make_resident())
    before = title(site, address)

    after = title(site, address, SENT[address])

    assert not before.startswith("Error")
    assert after == f"Error: {before}"
