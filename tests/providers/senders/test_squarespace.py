"""What Squarespace tells of orders, which must be asked for."""

import base64
import hashlib
import hmac
import json

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from tests.providers.cases import BY_ID, NOW, accepted, judge, judged, keys_of, one_sale, rejected, secret_of
from tests.providers.senders.said import sent

SQUARESPACE = BY_ID["squarespace"]
ORDER = "585d498fdee9f31a60284a37"


def squarespace(topic: str, event_id: str = "n1", **data: str) -> Event:
    return judged(SQUARESPACE, json.dumps({"id": event_id, "topic": topic, "data": {"orderId": ORDER} | data}).encode())


def test_an_order_is_no_sale_before_it_was_read() -> None:
    """It may be one of the test mode, or of nothing (developers.squarespace.com, "Retrieve a specific order")."""
    event = squarespace("order.create")

    assert event.claim == SaleClaim(ORDER, None, unconfirmed=True)
    assert event.needs_fetch == f"GET /1.0/commerce/orders/{ORDER}"
    assert one_sale(event).state is SaleState.INCOMPLETE


def test_an_update_is_asked_about_unless_it_surely_moves_no_money() -> None:
    """The documentation does not name the member that says what changed, so an update without it is read."""
    assert not squarespace("order.update", update="FULFILLED").needs_fetch
    for event in (squarespace("order.update"), squarespace("order.update", update="CANCELED")):
        assert (event.kind, event.claim, bool(event.needs_fetch)) == (Kind.OTHER, None, True)
    assert squarespace("order.update", orderUpdate="REFUNDED").kind is Kind.REFUND
    assert squarespace("order.update", update="REFUNDED", orderId="../1").needs_fetch == ""
    assert squarespace("extension.uninstall").kind is Kind.OTHER


def test_the_signature_may_be_hexadecimal_or_base64_of_the_key_that_the_digits_write() -> None:
    """The page "Verifying notifications" does not say how the header is written."""
    body = json.dumps({"id": "n1", "topic": "order.create", "data": {"orderId": ORDER}}).encode()
    mac = hmac.digest(bytes.fromhex(secret_of(SQUARESPACE)), body, "sha256")
    for written in (mac.hex(), base64.b64encode(mac).decode()):
        request = sent("POST", "https://shop.example/in/x", body, Squarespace_Signature=written)
        assert accepted(judge(SQUARESPACE, request)).id == "n1"
    as_text = hmac.new(secret_of(SQUARESPACE).encode(), body, hashlib.sha256).hexdigest()
    request = sent("POST", "https://shop.example/in/x", body, Squarespace_Signature=as_text)
    rejected(SQUARESPACE.judge(request, keys_of(SQUARESPACE), NOW))
