"""What Eventbrite's messages hint at, and that nothing of them is believed."""

import json
from typing import Any

import pytest

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Reason, Rejected, Verdict
from shopwatch.domain.source import Secrets
from tests.providers.cases import BY_ID, NOW, URL

EVENTBRITE = BY_ID["eventbrite"]
ORDER = "https://www.eventbriteapi.com/v3/orders/1012345678/"
HINT = Rejected(Reason.HINT, "1012345678")
NO = Rejected(Reason.HANDSHAKE)


def heard(body: bytes, url: str = URL, method: str = "POST") -> Verdict:
    return EVENTBRITE.judge(Request(method, url, Headers(), body), Secrets(), NOW)


def told(api_url: Any = ORDER, **config: Any) -> Verdict:
    about = {"action": "order.placed", "user_id": "1", "endpoint_url": URL, "webhook_id": "2"} | config
    return heard(json.dumps({"config": about, "api_url": api_url}).encode())


@pytest.mark.parametrize("action", ["order.placed", "order.updated", "order.refunded"])
def test_an_order_is_hinted_at_whatever_became_of_it(action: str) -> None:
    assert told(action=action) == HINT
    assert told(ORDER.rstrip("/"), action=action) == HINT


@pytest.mark.parametrize(
    "api_url",
    [
        "https://www.eventbriteapi.com.evil.example/v3/orders/1012345678/",
        "https://evil.example/https://www.eventbriteapi.com/v3/orders/1012345678/",
        "https://www.eventbriteapi.com@evil.example/v3/orders/1012345678/",
        "https://www.eventbriteapi.com:8443/v3/orders/1012345678/",
        "https://www-eventbriteapi.com/v3/orders/1012345678/",
        "http://www.eventbriteapi.com/v3/orders/1012345678/",
        "https://www.eventbriteapi.com/v3/orders/1012345678/attendees/",
        "https://www.eventbriteapi.com/v3/orders/../users/me/",
        "https://www.eventbriteapi.com/v3/orders/1012345678/?token=x",
        "https://www.eventbriteapi.com/v3/orders/1012345678/\nx",
        "https://www.eventbriteapi.com/v3/orders//",
        "https://www.eventbriteapi.com/v3/orders/" + "1" * 21,
        "https://www.eventbriteapi.com/v3/orders/\u0661\u0662/",
        "https://www.eventbriteapi.com/v3/events/1012345678/",
        "",
        None,
        1012345678,
        [ORDER],
    ],
)
def test_only_an_order_at_its_own_address_is_a_hint(api_url: Any) -> None:
    assert told(api_url) == NO


@pytest.mark.parametrize("action", ["attendee.updated", "event.published", "ORDER.PLACED", "", None, 7])
def test_what_is_no_order_is_no_hint(action: Any) -> None:
    assert told(action=action) == NO


def test_its_test_is_a_ping() -> None:
    assert told("https://www.eventbriteapi.com/{api-endpoint-to-fetch-object-details}/", action="test") == Rejected(
        Reason.PING
    )


def test_a_message_for_another_address_is_none_for_this_one() -> None:
    assert told(endpoint_url="https://shop.example/in/y") == NO
    assert told(endpoint_url="https://[bad/in/x") == NO
    # The same source may be known by an older name of this computer.
    assert told(endpoint_url=URL.replace("shop.example", "old.example")) == HINT
    assert told(endpoint_url=None) == HINT


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b"null", b'{"config":[]}', b'{"config":{},"api_url":{}}'])
def test_what_cannot_be_read_is_nothing(body: bytes) -> None:
    assert heard(body) == NO


def test_a_hint_is_short_and_comes_by_post() -> None:
    body = json.dumps({"config": {"action": "order.placed"}, "api_url": ORDER}).encode()
    assert heard(body + b" " * 4_000) == NO
    assert heard(body, method="GET") == Rejected(Reason.METHOD)
