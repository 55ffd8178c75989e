"""What Mercado Pago hints at: the payment whose id is in the address."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected, Verdict
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from tests.providers.cases import BY_ID, NOW, accepted, judge, one_sale, options_of, rejected, secret_of

MERCADOPAGO = BY_ID["mercadopago"]
PLACE = "https://shop.example/in/x"


def made(query: str = "data.id=123&type=payment", action: str = "payment.updated", **more: Any) -> Request:
    body = {"id": "9", "action": action, "type": "payment", "data": {"id": "123"}} | more
    request = Request("POST", f"{PLACE}?{query}", Headers.of({"x-request-id": "r-1"}), json.dumps(body).encode())
    signed = MERCADOPAGO.recipe.sign(request, secret_of(MERCADOPAGO), NOW, "", options_of(MERCADOPAGO))
    assert signed is not None
    return signed


def judged(request: Request) -> Verdict:
    return judge(MERCADOPAGO, request)


@pytest.mark.parametrize("action", ["payment.created", "payment.updated"])
def test_a_payment_is_no_sale_before_it_was_read(action: str) -> None:
    """Pending, refused and refunded payments are told in the same words."""
    event = accepted(judged(made(action=action)))

    assert event.claim == SaleClaim("123", None, unconfirmed=True)
    assert event.needs_fetch == "GET /v1/payments/123"
    assert one_sale(event).state is SaleState.INCOMPLETE


def test_the_id_of_the_address_counts_and_a_body_about_another_is_refused() -> None:
    """The body is not signed (mercadopago 3.6.1, WebhookSignatureValidator)."""
    request = made()
    bent = replace(request, body=request.body.replace(b'"123"', b'"124"'))
    nameless = replace(request, body=b'{"id":"9","action":"payment.updated"}')

    assert rejected(judged(bent)).reason is Reason.SIGNATURE_MISMATCH
    assert accepted(judged(nameless)).claim == SaleClaim("123", None, unconfirmed=True)
    assert accepted(judged(made("type=payment", data={}))).unreadable


def test_an_id_with_letters_may_be_signed_in_small_ones() -> None:
    lower = made("data.id=abc1", data={"id": "ABC1"})
    rejected(judged(lower))
    signature = made("data.id=abc1", data={}).headers.only("x-signature") or ""
    request = made("data.id=ABC1", data={"id": "ABC1"})
    lines = [line for line in request.headers.lines if line[0] != b"x-signature"]
    resigned = replace(request, headers=Headers((*lines, (b"x-signature", signature.encode()))))
    assert isinstance(judged(resigned), Accepted)


def test_parts_of_the_header_come_in_any_order_and_unknown_ones_are_left_out() -> None:
    request = made()
    parts = dict(part.split("=") for part in (request.headers.only("x-signature") or "").split(","))
    written = f"v2=aa, v1={parts['v1']} , ts={parts['ts']}"
    headers = Headers.of({"x-request-id": "r-1", "x-signature": written})

    assert isinstance(judged(replace(request, headers=headers)), Accepted)


def test_notices_of_the_older_kind_are_hints() -> None:
    """IPN bears no signature; it names the payment in the address."""
    hint = Request("POST", f"{PLACE}?topic=payment&id=123", Headers(), b'{"resource":"123","topic":"payment"}')

    assert judged(hint) == Rejected(Reason.HINT, "123")
    for url in (
        f"{PLACE}?topic=merchant_order&id=123",
        f"{PLACE}?topic=payment&id=../1",
        f"{PLACE}?data.id=123",
        PLACE,
    ):
        assert rejected(judged(replace(hint, url=url))).reason is Reason.SIGNATURE_MISSING


def test_other_notices_are_kept_and_not_asked_about() -> None:
    event = accepted(judged(made(action="order.processed")))
    assert (event.kind, event.claim, event.needs_fetch) == (Kind.OTHER, None, "")


def test_an_address_that_is_no_text_gets_a_verdict() -> None:
    """Bytes beyond ASCII in a target come as halves of characters."""
    request = Request("POST", f"{PLACE}?data.id=1\udcc9&type=payment", made().headers, b"{}")
    assert rejected(judged(request)).reason is Reason.SIGNATURE_MISMATCH
