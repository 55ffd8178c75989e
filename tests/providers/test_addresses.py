"""Ranges of internet addresses, and whose word on a sender's address counts (docs/attacks.md, D13)."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwatch.domain.errors import UserError
from shopwatch.domain.messages.delivery import Headers
from shopwatch.providers.addresses import THIS_COMPUTER, address, ranges, readable_ranges, sender, within

TUNNEL = ranges(THIS_COMPUTER)


def forwarded(*lines: str) -> Headers:
    return Headers(tuple((b"X-Forwarded-For", line.encode()) for line in lines))


def said(peer: str | None, headers: Headers, trusted: str = THIS_COMPUTER) -> str | None:
    found = sender(peer, headers, ranges(trusted))
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("203.0.113.0/24", "203.0.113.77", "203.0.114.1"),
        ("203.0.113.77/24", "203.0.113.1", "203.0.112.255"),
        ("198.51.100.9", "198.51.100.9", "198.51.100.10"),
        ("2001:db8:5::/48", "2001:db8:5::1", "2001:db8:6::1"),
        ("2001:db8::7", "2001:db8::7", "2001:db8::8"),
        ("::ffff:203.0.113.0/120", "203.0.113.77", "203.0.114.1"),
        ("203.0.113.0/24", "::ffff:203.0.113.77", "::ffff:203.0.114.1"),
        ("0.0.0.0/0", "8.8.8.8", "2001:db8::1"),
        ("::/0", "2001:db8::1", "8.8.8.8"),
        ("192.0.2.1, 192.0.2.5\n192.0.2.9", "192.0.2.9", "192.0.2.2"),
    ],
)
def test_an_address_lies_in_a_range_or_not(written: str, inside: str, outside: str) -> None:
    found = ranges(written)
    assert readable_ranges(written) == found

    for text, lies in ((inside, True), (outside, False)):
        one = address(text)
        assert one is not None
        assert within(one, found) is lies


@pytest.mark.parametrize(
    "written", ["shop.example", "203.0.113.0/33", "203.0.113", "1.2.3.4/24/2", "::1/129", "01.2.3.4"]
)
def test_what_is_no_range_is_told_in_words(written: str) -> None:
    with pytest.raises(UserError) as refused:
        ranges(f"192.0.2.1 {written}")

    assert written in refused.value.title
    assert refused.value.code == "range-wrong"
    assert readable_ranges(f"192.0.2.1 {written}") == ranges("192.0.2.1")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("203.0.113.5", "203.0.113.5"),
        (" 203.0.113.5 ", "203.0.113.5"),
        ("203.0.113.5:4711", "203.0.113.5"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ('"[2001:db8::1]"', "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("unknown", None),
        ("_hidden", None),
        ("", None),
        (None, None),
        ("203.0.113.5 , 1.2.3.4", None),
    ],
)
def test_addresses_are_read_as_proxies_write_them(written: str | None, meant: str | None) -> None:
    assert address(written) == (None if meant is None else ip_address(meant))


def test_a_stranger_cannot_say_where_it_is() -> None:
    headers = forwarded("203.0.113.5")

    assert said("198.51.100.200", headers) == "198.51.100.200"
    assert said("198.51.100.200", headers, trusted="") == "198.51.100.200"
    assert said(None, headers) is None


def test_the_tunnel_says_whom_it_heard_and_what_stands_before_that_is_made_up() -> None:
    assert said("127.0.0.1", forwarded("203.0.113.5")) == "203.0.113.5"
    assert said("::1", forwarded("8.8.8.8, 203.0.113.5")) == "203.0.113.5"
    assert said("127.0.0.1", forwarded("8.8.8.8", "203.0.113.5")) == "203.0.113.5"
    assert said("::ffff:127.0.0.1", forwarded("8.8.8.8, 203.0.113.5")) == "203.0.113.5"
    assert said("127.0.0.1", Headers()) == "127.0.0.1"
    assert said("127.0.0.1", forwarded("")) == "127.0.0.1"


def test_several_trusted_proxies_are_followed_one_by_one() -> None:
    chain = forwarded("1.1.1.1, 203.0.113.5, 10.0.0.7")

    assert said("127.0.0.1", chain, trusted="127.0.0.1 10.0.0.0/8") == "203.0.113.5"
    assert said("127.0.0.1", chain) == "10.0.0.7"
    assert said("127.0.0.1", forwarded("10.0.0.7"), trusted="127.0.0.1 10.0.0.0/8") == "10.0.0.7"


def test_a_word_that_is_no_address_ends_the_search() -> None:
    assert said("127.0.0.1", forwarded("203.0.113.5, unknown")) is None


def test_other_headers_say_nothing() -> None:
    headers = Headers.of({"Forwarded": "for=203.0.113.5", "X-Real-IP": "203.0.113.5", "Host": "203.0.113.5"})

    assert said("127.0.0.1", headers) == "127.0.0.1"


def test_thousands_of_hops_are_not_followed() -> None:
    assert said("127.0.0.1", forwarded(", ".join(["127.0.0.1"] * 100_000))) == "127.0.0.1"
    assert said("127.0.0.1", forwarded(", ".join(["203.0.113.5"] + ["127.0.0.1"] * 60))) == "127.0.0.1"


@given(st.text(max_size=60), st.lists(st.binary(max_size=40), max_size=4))
def test_whatever_is_written_only_the_tunnel_speaks_for_others(peer: str, lines: list[bytes]) -> None:
    headers = Headers(tuple((b"x-forwarded-for", line) for line in lines))

    found = sender(peer, headers, TUNNEL)

    own = address(peer)
    if own is None or not within(own, TUNNEL):
        assert found == own
    assert isinstance(readable_ranges(peer), tuple)
