"""What lets somebody in is shown as dots."""

import pytest

from shopwatch.presenting.inbox.secrecy import DOTS, shown, shown_url


@pytest.mark.parametrize(
    "name", ["Authorization", "cookie", "X-Gitlab-Token", "X-Api-Key", "apikey", "X-Shop-Secret", "Proxy-Authorization"]
)
def test_keys_are_dots(name: str) -> None:
    assert shown(((name, "5ecret"),)) == ((name, DOTS),)


@pytest.mark.parametrize("name", ["Stripe-Signature", "Content-Type", "User-Agent", "Webhook-Id", "X-Forwarded-For"])
def test_everything_else_is_readable(name: str) -> None:
    assert shown(((name, "value"),)) == ((name, "value"),)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://shop.example/in/gumroad/abc?token=5ecret&x=1", f"/in/gumroad/abc?token={DOTS}&x=1"),
        ("https://shop.example/in/x?api_key=5ecret", f"/in/x?api_key={DOTS}"),
        ("https://shop.example", "/"),
        ("/in/x?y=1", "/in/x?y=1"),
        ("", "/"),
    ],
)
def test_an_address_hides_the_keys_in_its_query(url: str, text: str) -> None:
    assert shown_url(url) == text
