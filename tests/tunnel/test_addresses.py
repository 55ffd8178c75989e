"""The owner's own address, and none."""

import pytest

from shopwatch.domain.connection.reach import TunnelKind, TunnelState
from shopwatch.domain.errors import UserError
from shopwatch.tunnel.own import OwnAddress, parse_address
from shopwatch.tunnel.practice import NoTunnel
from tests.tunnel.scene import Told


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        (" https://Shop.Example.com/ \n", "https://shop.example.com"),
        ("shop.example.com", "https://shop.example.com"),
        ("HTTPS://shop.example.com:8443/in/", "https://shop.example.com:8443/in"),
        ("https://blüten.example", "https://xn--blten-lva.example"),
        ("https://8.8.8.8", "https://8.8.8.8"),
        ("https://[2001:4860:4860::8888]", "https://[2001:4860:4860::8888]"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_has_one_spelling(typed: str, meant: str) -> None:
    assert parse_address(typed) == meant
    assert parse_address(meant) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "https://",
        "shop",
        "http://shop.example.com",
        "ftp://shop.example.com",
        "javascript://shop.example.com",
        "https://user:word@shop.example.com",
        "https://shop.example.com?a=b",
        "https://shop.example.com/#part",
        "https://shop.example.com\\@evil.example",
        "https://shop.example.com/a/../b",
        "https://shop.example.com//b",
        "https://shop.example.com/%2e%2e",
        "https://shop .example.com",
        "https://shop.example.com\nX: y",
        "https://shop.example.com:0",
        "https://shop.example.com:99999",
        "https://192.168.1.5",
        "https://10.0.0.1",
        "https://[fe80::1]",
        "https://[::1",
        "https://0x7f.0.0.1",
        "https://2130706433",
        "https://1.2.3",
        "https://-shop.example.com",
        "https://shop..example.com",
        "https://" + "a" * 300 + ".example",
    ],
)
def test_what_cannot_be_a_public_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_address(typed)
    assert refused.value.code == "address-invalid"
    assert refused.value.title.endswith(".")
    assert refused.value.hint.endswith(".")


async def test_the_owners_address_is_open_at_once(told: Told) -> None:
    tunnel = OwnAddress(told, "shop.example.com/in", clock=lambda: 7)
    await tunnel.start(1234)
    assert (tunnel.status.kind, tunnel.status.state) == (TunnelKind.OWN, TunnelState.ONLINE)
    assert (tunnel.status.public_url, tunnel.status.since) == ("https://shop.example.com/in", 7)
    tunnel.reopen()
    tunnel.accept_url()
    await tunnel.stop()
    assert told.states == [TunnelState.ONLINE, TunnelState.STOPPED]


async def test_practice_leads_to_the_listener_itself(told: Told) -> None:
    tunnel = NoTunnel(told)
    await tunnel.start(1234)
    assert tunnel.status.public_url == "http://127.0.0.1:1234"
    await tunnel.stop()
    assert tunnel.status.public_url == ""
    assert told.states == [TunnelState.ONLINE, TunnelState.STOPPED]
